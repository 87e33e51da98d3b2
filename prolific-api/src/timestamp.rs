use std::{cmp::Ordering, convert::Infallible, fmt, str::FromStr, time::SystemTime};

use jiff::{civil::DateTime, tz::TimeZone};

/// A point in time, as written.
///
/// The API mostly writes RFC 3339, but also a space instead of the `T`, or no offset for UTC. No
/// form fails a response: the text is kept, and parsed on demand.
///
/// # Examples
///
/// ```
#[doc = include_str!("../examples/timestamps.rs")]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// Creates a timestamp from any text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// How it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the text: RFC 3339, with a space or a `T`, in UTC if it has no offset. `None` for
    /// any other text.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        self.instant().map(SystemTime::from)
    }

    fn instant(&self) -> Option<jiff::Timestamp> {
        let text = self.0.trim();
        text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let civil: DateTime = text.parse().ok()?;
            Some(TimeZone::UTC.to_zoned(civil).ok()?.timestamp())
        })
    }
}

impl Ord for Timestamp {
    /// Compares points in time, then texts. Texts that are not points in time come first.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_text = || self.0.cmp(&other.0);
        self.instant().cmp(&other.instant()).then_with(by_text)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A [`Timestamp`] that is not a point in time.
#[cfg(any(feature = "jiff", feature = "chrono"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPointInTime(());

#[cfg(any(feature = "jiff", feature = "chrono"))]
impl fmt::Display for NoPointInTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a timestamp")
    }
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
impl std::error::Error for NoPointInTime {}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time.to_string())
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = NoPointInTime;

    fn try_from(timestamp: &Timestamp) -> Result<Self, NoPointInTime> {
        timestamp.instant().ok_or(NoPointInTime(()))
    }
}

#[cfg(feature = "chrono")]
impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(time: chrono::DateTime<chrono::Utc>) -> Self {
        Self(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = NoPointInTime;

    fn try_from(timestamp: &Timestamp) -> Result<Self, NoPointInTime> {
        let instant = timestamp.instant().ok_or(NoPointInTime(()))?;
        let nanoseconds = instant.subsec_nanosecond();
        let (seconds, nanoseconds) = match u32::try_from(nanoseconds) {
            Ok(nanoseconds) => (instant.as_second(), nanoseconds),
            // Before 1970 both parts are negative.
            Err(_) => (instant.as_second() - 1, (1_000_000_000 + nanoseconds).unsigned_abs()),
        };
        Self::from_timestamp(seconds, nanoseconds).ok_or(NoPointInTime(()))
    }
}

impl From<SystemTime> for Timestamp {
    /// Written in UTC. Years that can't be written become the nearest that can.
    fn from(time: SystemTime) -> Self {
        let nearest = match time < SystemTime::UNIX_EPOCH {
            true => jiff::Timestamp::MIN,
            false => jiff::Timestamp::MAX,
        };
        Self(jiff::Timestamp::try_from(time).unwrap_or(nearest).to_string())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Timestamp;

    #[test]
    fn every_form_that_the_api_writes_is_read() {
        let table = [
            ("2022-04-18T11:25:02.734Z", Some(1_650_281_102_734)),
            ("2022-04-18 11:25:02.734000+00:00", Some(1_650_281_102_734)),
            ("2022-04-18T13:25:02.734+02:00", Some(1_650_281_102_734)),
            ("2022-04-18T11:25:02.734", Some(1_650_281_102_734)),
            ("2022-04-18 11:25:02.734", Some(1_650_281_102_734)),
            ("1969-12-31T23:59:59Z", None),
            ("2022-02-30T00:00:00Z", None),
            ("18/04/2022", None),
            ("soon", None),
            ("", None),
        ];
        for (text, milliseconds) in table {
            let expected =
                milliseconds.map(|ms| SystemTime::UNIX_EPOCH + Duration::from_millis(ms));
            let found = Timestamp::new(text).to_system_time();
            let found = found.filter(|time| *time >= SystemTime::UNIX_EPOCH);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_text_survives_reading_and_writing() {
        for json in ["\"2022-04-18 11:25:02+00:00\"", "\"not a time\"", "\"\""] {
            let timestamp: Timestamp = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&timestamp).unwrap(), json);
        }
    }

    #[test]
    fn timestamps_are_ordered_by_the_point_in_time_and_equal_only_as_texts() {
        let mut texts = [
            "2022-04-18T13:25:02+02:00",
            "2022-04-18 11:25:01",
            "soon",
            "2022-04-18T11:25:02Z",
            "2022-04-18T12:00:00+01:00",
        ]
        .map(Timestamp::new);
        texts.sort();
        let sorted = texts.each_ref().map(Timestamp::as_str);
        assert_eq!(
            sorted,
            [
                "soon",
                "2022-04-18T12:00:00+01:00",
                "2022-04-18 11:25:01",
                "2022-04-18T11:25:02Z",
                "2022-04-18T13:25:02+02:00",
            ]
        );
        assert_ne!(texts[3], texts[4]);
    }

    #[cfg(all(feature = "jiff", feature = "chrono"))]
    #[test]
    fn a_point_in_time_survives_the_types_of_jiff_and_chrono() {
        for text in ["2022-04-18T11:25:02.734Z", "1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z"] {
            let timestamp = Timestamp::new(text);
            let jiff = jiff::Timestamp::try_from(&timestamp).unwrap();
            assert_eq!(Timestamp::from(jiff).as_str(), text);
            let chrono = chrono::DateTime::<chrono::Utc>::try_from(&timestamp).unwrap();
            let back = Timestamp::from(chrono);
            assert_eq!(back.to_system_time(), timestamp.to_system_time());
        }
        assert!(jiff::Timestamp::try_from(&Timestamp::new("soon")).is_err());
        assert!(chrono::DateTime::<chrono::Utc>::try_from(&Timestamp::new("soon")).is_err());
    }

    #[test]
    fn the_ends_of_time_are_written() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert!(Timestamp::from(far).as_str().starts_with("9999-12-30"));
        let old = SystemTime::UNIX_EPOCH - Duration::from_secs(1 << 40);
        assert!(Timestamp::from(old).to_system_time().is_some());
    }
}
