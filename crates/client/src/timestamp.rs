//! A moment as a platform wrote it.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment as a platform wrote it, whatever it wrote.
///
/// The text is kept exactly, so that decoding and encoding again loses nothing; [`instant`](Self::instant) reads it.
/// A text that is no moment (platforms send `""` and worse) never fails an answer: its instant is `None`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(Text);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Text {
    String(String),
    Millis(i64),
}

impl Default for Text {
    fn default() -> Self {
        Self::String(String::new())
    }
}

impl Timestamp {
    /// The moment, or `None` where the text is none. Read are RFC 3339 texts (a space may stand for the `T`, an offset may be
    /// `Z`, `+hh:mm` or `+hhmm`) and integers, which are milliseconds since 1970.
    pub fn instant(&self) -> Option<SystemTime> {
        self.parse().map(SystemTime::from)
    }

    /// The moment in UTC with exactly three fraction digits, such as `2019-01-23T13:32:30.163Z`; finer digits are cut.
    pub fn to_rfc3339_millis(&self) -> Option<String> {
        let millis = self.parse()?.as_nanosecond().div_euclid(1_000_000);
        let moment = jiff::Timestamp::from_millisecond(i64::try_from(millis).ok()?).ok()?;
        Some(format!("{moment:.3}"))
    }

    /// The text as the platform wrote it; integers in decimal.
    pub fn as_text(&self) -> std::borrow::Cow<'_, str> {
        match &self.0 {
            Text::String(text) => text.as_str().into(),
            Text::Millis(millis) => millis.to_string().into(),
        }
    }

    fn parse(&self) -> Option<jiff::Timestamp> {
        match &self.0 {
            Text::Millis(millis) => jiff::Timestamp::from_millisecond(*millis).ok(),
            Text::String(text) => parse_text(text),
        }
    }
}

/// Stricter than the parser: a date alone, a missing offset or words around it are no moment.
fn parse_text(text: &str) -> Option<jiff::Timestamp> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let at =
        |index: usize, allowed: &[u8]| bytes.get(index).is_some_and(|byte| allowed.contains(byte));
    let shape = digits(0..4)
        && at(4, b"-")
        && digits(5..7)
        && at(7, b"-")
        && digits(8..10)
        && at(10, b"Tt ")
        && digits(11..13)
        && at(13, b":")
        && digits(14..16)
        && at(16, b":")
        && digits(17..19);
    let rest = shape.then(|| text.get(19..)).flatten()?;
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let trimmed = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if trimmed.len() == fraction.len() {
                return None;
            }
            trimmed
        }
    };
    let offset_is_one = match offset.as_bytes() {
        b"Z" | b"z" => true,
        [b'+' | b'-', a, b, b':', c, d] | [b'+' | b'-', a, b, c, d] => {
            [a, b, c, d].iter().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    };
    if !offset_is_one {
        return None;
    }
    // The parser takes at most nine fraction digits; more say nothing that a clock could.
    let fraction_end = text.len() - offset.len();
    let kept = text.get(..fraction_end.min(29))?;
    format!("{kept}{offset}").parse().ok()
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(Text::String(text.to_owned()))
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(Text::String(text))
    }
}

impl From<i64> for Timestamp {
    /// Milliseconds since 1970.
    fn from(millis: i64) -> Self {
        Self(Text::Millis(millis))
    }
}

impl From<SystemTime> for Timestamp {
    /// RFC 3339 in UTC; moments outside the years -9999 to 9999 become the nearest bound.
    fn from(moment: SystemTime) -> Self {
        let nearest = if moment < SystemTime::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        Self(Text::String(
            jiff::Timestamp::try_from(moment)
                .unwrap_or(nearest)
                .to_string(),
        ))
    }
}

impl From<Duration> for Timestamp {
    /// Time since 1970, in whole milliseconds.
    fn from(since_epoch: Duration) -> Self {
        Self(Text::Millis(
            i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX),
        ))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only what reads as a moment is shown: a platform may put anything into the field.
        match self.parse() {
            Some(_) => f.write_str(&self.as_text()),
            None => f.write_str("(no moment)"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Text::String(text) => serializer.serialize_str(text),
            Text::Millis(millis) => serializer.serialize_i64(*millis),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Ok(text.into())
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Timestamp, E> {
                Ok(text.into())
            }
            fn visit_i64<E: de::Error>(self, millis: i64) -> Result<Timestamp, E> {
                Ok(millis.into())
            }
            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Timestamp, E> {
                i64::try_from(millis)
                    .map(Timestamp::from)
                    .map_err(|_| E::custom("a timestamp out of range"))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_in_every_form_are_read() {
        for (text, millis) in [
            ("2019-01-23T13:32:30.163Z", "2019-01-23T13:32:30.163Z"),
            ("2019-01-23 13:32:30.163Z", "2019-01-23T13:32:30.163Z"),
            ("2019-01-23 13:32:30.163+0000", "2019-01-23T13:32:30.163Z"),
            ("2019-01-23T15:32:30+02:00", "2019-01-23T13:32:30.000Z"),
            (
                "2019-01-23T13:32:30.1639999999999Z",
                "2019-01-23T13:32:30.163Z",
            ),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(
                Timestamp::from(text).to_rfc3339_millis().as_deref(),
                Some(millis),
                "{text}"
            );
        }
        assert_eq!(
            Timestamp::from(1_548_250_350_163)
                .to_rfc3339_millis()
                .as_deref(),
            Some("2019-01-23T13:32:30.163Z")
        );
    }

    #[test]
    fn what_is_no_moment_is_kept_and_has_no_instant() {
        for text in [
            "",
            "yesterday",
            "2019-01-23",
            "2019-01-23T13:32:30",
            "2019-01-23T13:32:30.Z",
            "2019-13-01T00:00:00Z",
            "2019-01-23T13:32:30Z[UTC]",
            "2019-01-23T13:32:30é",
        ] {
            let stamp = Timestamp::from(text);
            assert_eq!(stamp.instant(), None, "{text}");
            assert_eq!(
                serde_json::to_string(&stamp).unwrap(),
                serde_json::to_string(text).unwrap()
            );
            assert_eq!(format!("{stamp:?}"), "(no moment)");
        }
    }
}
