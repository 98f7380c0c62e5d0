//! Timestamps of signatures, in the expected format and in mistaken ones.

use jiff::Timestamp;
use std::time::{Duration, SystemTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignatureTimeFormat {
    Seconds,
    Millis,
    Rfc3339,
}

impl SignatureTimeFormat {
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
            Self::Rfc3339 => "an RFC 3339 timestamp in UTC with whole seconds",
        }
    }

    /// Formats a time.
    pub(super) fn write(self, millis: i64) -> String {
        match self {
            Self::Seconds => millis.div_euclid(1000).to_string(),
            Self::Millis => millis.to_string(),
            Self::Rfc3339 => Timestamp::from_second(millis.div_euclid(1000))
                .unwrap_or_default()
                .to_string(),
        }
    }

    /// Parses a time in this format, to milliseconds.
    pub(super) fn parse(self, text: &str) -> Option<i64> {
        let millis = guess(text).filter(|(format, _)| *format == self)?.1;
        (self.write(millis) == text).then_some(millis)
    }
}

/// The format that a string appears to have, and its time in milliseconds.
pub(super) fn guess(text: &str) -> Option<(SignatureTimeFormat, i64)> {
    if let Ok(number) = text.parse::<i64>() {
        // Seconds have ten digits from 2001 to 2286, milliseconds then have thirteen.
        return Some(match number {
            ..100_000_000_000 => (SignatureTimeFormat::Seconds, number.saturating_mul(1000)),
            _ => (SignatureTimeFormat::Millis, number),
        });
    }
    if let Ok(number) = text.parse::<f64>() {
        let since = Duration::try_from_secs_f64(number).ok()?;
        return Some((
            SignatureTimeFormat::Seconds,
            i64::try_from(since.as_millis()).ok()?,
        ));
    }
    let time = text.parse::<Timestamp>().ok()?;
    Some((SignatureTimeFormat::Rfc3339, time.as_millisecond()))
}

pub(super) fn millis(time: SystemTime) -> i64 {
    Timestamp::try_from(time)
        .unwrap_or_default()
        .as_millisecond()
}

/// What is wrong with a timestamp that arrives at `now`, in milliseconds.
pub(super) fn problem(
    format: SignatureTimeFormat,
    text: &str,
    now: i64,
    tolerance: Duration,
) -> Option<String> {
    let Some(time) = format.parse(text) else {
        let got = match guess(text) {
            Some((SignatureTimeFormat::Seconds, _)) if text.contains(['.', 'e']) => {
                "seconds with a fraction"
            }
            Some((guessed, _)) if guessed == format => "the same time in another spelling",
            Some((SignatureTimeFormat::Seconds, _)) => "seconds",
            Some((SignatureTimeFormat::Millis, _)) => "milliseconds",
            Some((SignatureTimeFormat::Rfc3339, _)) => "a date",
            None => "something else",
        };
        return Some(format!("must be {}, got {got}", format.name()));
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
        assert_eq!(is(SignatureTimeFormat::Seconds, "1735689600"), None);
        assert_eq!(is(SignatureTimeFormat::Seconds, "1735689300"), None);
        assert_eq!(
            is(SignatureTimeFormat::Seconds, "1735689188").unwrap(),
            "is 412 s old; 300 s are tolerated"
        );
        assert_eq!(
            is(SignatureTimeFormat::Seconds, "1735690000").unwrap(),
            "is 400 s ahead of the clock here; 300 s are tolerated"
        );
        assert_eq!(
            is(SignatureTimeFormat::Seconds, "1735689600000").unwrap(),
            "must be seconds since 1970, got milliseconds"
        );
        assert_eq!(
            is(SignatureTimeFormat::Millis, "1735689600").unwrap(),
            "must be milliseconds since 1970, got seconds"
        );
        assert_eq!(
            is(SignatureTimeFormat::Seconds, "1735689600.5").unwrap(),
            "must be seconds since 1970, got seconds with a fraction"
        );
        assert_eq!(
            is(SignatureTimeFormat::Rfc3339, "2025-01-01T00:00:00Z"),
            None
        );
        assert_eq!(
            is(SignatureTimeFormat::Rfc3339, "2025-01-01T00:00:00.000Z").unwrap(),
            "must be an RFC 3339 timestamp in UTC with whole seconds, got the same time in another spelling"
        );
        assert_eq!(
            is(SignatureTimeFormat::Seconds, "today").unwrap(),
            "must be seconds since 1970, got something else"
        );
    }
}
