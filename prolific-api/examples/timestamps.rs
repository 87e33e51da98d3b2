//! Reads points in time in each of the forms that the API writes.

use std::time::{Duration, SystemTime};

use prolific_api::Timestamp;

fn main() {
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_650_280_000);
    for text in ["2022-04-18T11:06:40Z", "2022-04-18 13:06:40+02:00", "2022-04-18T11:06:40"] {
        let timestamp = Timestamp::new(text);
        assert_eq!(timestamp.to_system_time(), Some(moment));
        assert_eq!(timestamp.as_str(), text);
    }
    assert_eq!(Timestamp::from(moment).as_str(), "2022-04-18T11:06:40Z");
}
