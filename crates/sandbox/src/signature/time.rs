//! Times of signatures, as they should be written and as they are written by mistake.

use jiff::Timestamp;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Seconds,
    Millis,
    Rfc3339,
}

impl Format {
    pub(super) fn read(word: &str) -> Self {
        match word {
            "unix-millis" => Self::Millis,
            "rfc3339" => Self::Rfc3339,
            _ => Self::Seconds,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds since 1970",
            Self::Millis => "milliseconds since 1970",
            Self::Rfc3339 => "a time as in RFC 3339, in UTC and whole seconds",
        }
    }

    /// A time in this format.
    pub(super) fn write(self, millis: i64) -> String {
        match self {
            Self::Seconds => millis.div_euclid(1000).to_string(),
            Self::Millis => millis.to_string(),
            Self::Rfc3339 => Timestamp::from_second(millis.div_euclid(1000))
                .unwrap_or_default()
                .to_string(),
        }
    }

    /// The time of a text that is written as it should be, in milliseconds.
    pub(super) fn parse(self, text: &str) -> Option<i64> {
        let millis = guess(text).filter(|(format, _)| *format == self)?.1;
        (self.write(millis) == text).then_some(millis)
    }
}

/// The format that a text is in, by its looks, and its time in milliseconds.
pub(super) fn guess(text: &str) -> Option<(Format, i64)> {
    if let Ok(number) = text.parse::<i64>() {
        // Seconds have ten digits from 2001 to 2286, milliseconds then have thirteen.
        return Some(match number {
            ..100_000_000_000 => (Format::Seconds, number.saturating_mul(1000)),
            _ => (Format::Millis, number),
        });
    }
    if let Ok(number) = text.parse::<f64>() {
        let since = Duration::try_from_secs_f64(number).ok()?;
        return Some((Format::Seconds, i64::try_from(since.as_millis()).ok()?));
    }
    let time = text.parse::<Timestamp>().ok()?;
    Some((Format::Rfc3339, time.as_millisecond()))
}

pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// What is wrong with a timestamp that arrives at `now`, in milliseconds.
pub(super) fn problem(format: Format, text: &str, now: i64, tolerance: Duration) -> Option<String> {
    let Some(time) = format.parse(text) else {
        let came = match guess(text) {
            Some((Format::Seconds, _)) if text.contains(['.', 'e']) => "seconds with a fraction",
            Some((Format::Seconds, _)) if format != Format::Seconds => "seconds",
            Some((Format::Millis, _)) if format != Format::Millis => "milliseconds",
            Some((Format::Rfc3339, _)) if format != Format::Rfc3339 => "a date",
            Some(_) => "the same in another spelling",
            None => "something else",
        };
        return Some(format!("must be {}; {came} came", format.name()));
    };
    let away = now.saturating_sub(time);
    let seconds = away.unsigned_abs() / 1000;
    let allowed = tolerance.as_secs();
    if u128::from(away.unsigned_abs()) <= tolerance.as_millis() {
        return None;
    }
    Some(match away > 0 {
        true => format!("is {seconds} s old; {allowed} s are tolerated"),
        false => format!("is {seconds} s ahead of the clock here; {allowed} s are tolerated"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        let now = 1_735_689_600_000;
        let tolerance = Duration::from_secs(300);
        let is = |format, text: &str| problem(format, text, now, tolerance);
        assert_eq!(is(Format::Seconds, "1735689600"), None);
        assert_eq!(is(Format::Seconds, "1735689300"), None);
        assert_eq!(
            is(Format::Seconds, "1735689188").unwrap(),
            "is 412 s old; 300 s are tolerated"
        );
        assert_eq!(
            is(Format::Seconds, "1735690000").unwrap(),
            "is 400 s ahead of the clock here; 300 s are tolerated"
        );
        assert_eq!(
            is(Format::Seconds, "1735689600000").unwrap(),
            "must be seconds since 1970; milliseconds came"
        );
        assert_eq!(
            is(Format::Millis, "1735689600").unwrap(),
            "must be milliseconds since 1970; seconds came"
        );
        assert_eq!(
            is(Format::Seconds, "1735689600.5").unwrap(),
            "must be seconds since 1970; seconds with a fraction came"
        );
        assert_eq!(is(Format::Rfc3339, "2025-01-01T00:00:00Z"), None);
        assert_eq!(
            is(Format::Rfc3339, "2025-01-01T00:00:00.000Z").unwrap(),
            "must be a time as in RFC 3339, in UTC and whole seconds; the same in another spelling came"
        );
        assert_eq!(
            is(Format::Seconds, "today").unwrap(),
            "must be seconds since 1970; something else came"
        );
    }
}
