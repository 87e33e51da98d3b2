use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP
/// date. A date in the past means no wait. Dates are compared with the server's own `Date` header
/// if there is one, as our clock (`now`) may be wrong.
pub(crate) fn of(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(|value| number(value, 1e-3));
    milliseconds.or_else(|| {
        let value = text(RETRY_AFTER.as_str())?;
        number(value, 1.0).or_else(|| {
            let until = httpdate::parse_http_date(value).ok()?;
            let date = text(DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
            Some(until.duration_since(date.unwrap_or(now)).unwrap_or_default())
        })
    })
}

fn number(value: &str, seconds: f64) -> Option<Duration> {
    let is_decimal = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = value.parse::<f64>().ok().filter(|_| is_decimal)?;
    Some(Duration::try_from_secs_f64(number * seconds).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::of;

    const DATE_7: &str = "Mon, 23 Nov 2026 12:00:07 GMT";

    type Headers = &'static [(&'static str, &'static str)];

    #[test]
    fn every_form_of_a_hint_is_understood_and_anything_else_is_none() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").unwrap();
        let table: [(Headers, Option<f64>); 16] = [
            (&[], None),
            (&[("retry-after", "3")], Some(3.0)),
            (&[("retry-after", " 1.5 ")], Some(1.5)),
            (&[("retry-after", "0")], Some(0.0)),
            (&[("retry-after-ms", "250")], Some(0.25)),
            (&[("retry-after-ms", "250"), ("retry-after", "3")], Some(0.25)),
            (&[("retry-after-ms", "soon"), ("retry-after", "3")], Some(3.0)),
            (&[("retry-after", DATE_7)], Some(7.0)),
            (&[("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT")], Some(0.0)),
            (&[("retry-after", DATE_7), ("date", "Mon, 23 Nov 2026 12:00:02 GMT")], Some(5.0)),
            (&[("retry-after", DATE_7), ("date", "Mon, 23 Nov 2026 12:59:59 GMT")], Some(0.0)),
            (&[("retry-after", DATE_7), ("date", "today")], Some(7.0)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "inf")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "tomorrow")], None),
        ];
        for (headers, expected) in table {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| {
                    (HeaderName::from_static(name), HeaderValue::from_static(value))
                })
                .collect();
            assert_eq!(of(&map, now), expected.map(Duration::from_secs_f64), "{headers:?}");
        }
    }

    #[test]
    fn a_hint_without_end_is_very_long_and_no_overflow() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("99999999999999999999999999"));
        assert_eq!(of(&headers, SystemTime::now()), Some(Duration::MAX));
    }
}
