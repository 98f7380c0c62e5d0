//! Dates in headers.

use std::time::SystemTime;

use jiff::{fmt::strtime, tz::TimeZone};

/// The form of today and the two obsolete ones that recipients must read (RFC 9110, section 5.6.7).
const FORMS: [&str; 3] = [
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %e %H:%M:%S %Y",
];

/// The moment that an HTTP date names; `None` for any other text.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    FORMS.iter().find_map(|form| {
        let date = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        let moment = TimeZone::UTC.to_timestamp(date).ok()?;
        Some(SystemTime::from(moment))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn all_three_forms_name_the_same_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
            assert_eq!(parse(text), Some(moment), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for seconds in [0, 951_782_400, 4_102_444_799, 253_370_764_800] {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(parse(&httpdate::fmt_http_date(moment)), Some(moment));
        }
    }

    #[test]
    fn other_texts_name_none() {
        for text in [
            "",
            "tomorrow",
            "Sun, 06 Nov 1994 08:49:37 +0200",
            "1994-11-06T08:49:37Z",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
