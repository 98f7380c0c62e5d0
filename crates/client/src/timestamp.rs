//! A moment as a platform wrote it.

use std::{
    convert::Infallible,
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, civil::DateTime};
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
    /// The moment, or `None` where the text is none. Read are RFC 3339 texts of the years 0 to 9999 (a space may stand for
    /// the `T`, an offset may be `Z`, `+hh:mm` or `+hhmm`) and integers, which are milliseconds since 1970.
    pub fn instant(&self) -> Option<SystemTime> {
        let since = self.utc()?.duration_since(EPOCH);
        let by = since.unsigned_abs();
        if since.is_negative() {
            SystemTime::UNIX_EPOCH.checked_sub(by)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(by)
        }
    }

    /// The moment in UTC with exactly three fraction digits, such as `2019-01-23T13:32:30.163Z`; finer digits are cut.
    pub fn to_rfc3339_millis(&self) -> Option<String> {
        let at = self.utc()?;
        Some(format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond(),
        ))
    }

    /// The text as the platform wrote it; integers in decimal.
    pub fn as_text(&self) -> std::borrow::Cow<'_, str> {
        match &self.0 {
            Text::String(text) => text.as_str().into(),
            Text::Millis(millis) => millis.to_string().into(),
        }
    }

    /// Date and time in UTC, of a year that RFC 3339 can write.
    fn utc(&self) -> Option<DateTime> {
        let utc = match &self.0 {
            Text::Millis(millis) => EPOCH
                .checked_add(SignedDuration::from_millis(*millis))
                .ok()?,
            Text::String(text) => parse(text)?,
        };
        (utc.year() >= 0).then_some(utc)
    }
}

/// Not the library's instants: they end a day before the year 9999 does, whose last second platforms use for "never".
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Stricter than the library's parser: a date alone, a missing offset or words around it are no moment.
fn parse(text: &str) -> Option<DateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            if end == 0 {
                return None;
            }
            rest.split_at(end)
        }
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    // Nine digits are a nanosecond; more say nothing that a clock could.
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok()?;
    let small = |number: i16| i8::try_from(number).ok();
    let local = DateTime::new(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanoseconds,
    )
    .ok()?;
    local.checked_sub(parse_offset(offset)?).ok()
}

/// `Z`, `+hh:mm` or `+hhmm`.
fn parse_offset(text: &str) -> Option<SignedDuration> {
    if text.eq_ignore_ascii_case("z") {
        return Some(SignedDuration::ZERO);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_at_checked(2)?;
    let [hours] = numbers(hours, ':', [2])?;
    let [minutes] = numbers(minutes.strip_prefix(':').unwrap_or(minutes), ':', [2])?;
    (hours < 24 && minutes < 60)
        .then(|| SignedDuration::from_mins(sign * i64::from(hours * 60 + minutes)))
}

/// Numbers of exactly so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i16; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (slot, digits) in found.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        })?;
        *slot = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
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

/// A whole number is milliseconds since 1970, any other text is kept.
impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.parse::<i64>() {
            Ok(millis) => millis.into(),
            Err(_) => text.into(),
        })
    }
}

impl From<i64> for Timestamp {
    /// Milliseconds since 1970.
    fn from(millis: i64) -> Self {
        Self(Text::Millis(millis))
    }
}

impl From<SystemTime> for Timestamp {
    /// RFC 3339 in UTC, in nanoseconds; moments outside the years -9999 to 9999 become the nearest bound.
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

/// The text as the platform wrote it, or is to be sent it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_text())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only what reads as a moment is shown: a platform may put anything into the field.
        match self.utc() {
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
    fn texts_are_read_as_they_are_written() {
        for text in ["2019-01-23T13:32:30.163Z", "", "tomorrow", "1548250350163"] {
            let read: Timestamp = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
            let is_number = text.starts_with("15");
            assert_eq!(read == Timestamp::from(text), !is_number, "{text}");
            assert_eq!(read == Timestamp::from(1_548_250_350_163), is_number);
        }
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
            "2019-01-23T13:32:30+24:00",
            "2019-01-23T13:32:30+1:00",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-00:01",
            "é019-01-23T13:32:30Z",
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
