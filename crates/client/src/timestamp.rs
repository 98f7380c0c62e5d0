//! Timestamps of platforms.

mod parse;

use std::{
    borrow::Cow,
    cmp::Ordering,
    convert::Infallible,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, civil::DateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use parse::parse;

/// A timestamp in the form in which a platform sent it.
///
/// The original text is kept, so that a round trip through serde changes nothing; [`instant`](Self::instant) parses it. A text
/// that is not a timestamp (platforms send `""`, for example) is not an error: its instant is `None`.
///
/// # Equality and order
///
/// Timestamps compare by instant, not by text: `2019-01-23T13:32:30Z` equals `2019-01-23T15:32:30+02:00` and the integer
/// `1548250350000`. Texts that are not timestamps are less than every instant and compare by text among themselves. Compare
/// [`as_text`](Self::as_text) to compare the texts.
///
/// ```
/// # use botroster_client::Timestamp;
/// let utc = Timestamp::from("2019-01-23T22:49:26Z");
/// let local = Timestamp::from("2019-01-23T17:49:27-05:00");
/// assert!(utc < local);
/// assert_eq!(Timestamp::from(1_548_283_766_000), utc);
/// assert!(Timestamp::from("tomorrow") < utc);
/// ```
#[derive(Clone, Default)]
pub struct Timestamp(Text);

#[derive(Clone)]
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
    /// The instant; `None` if the text is not a timestamp. Accepts RFC 3339 in the years 0 to 9999, with a space in place of
    /// `T` and offsets like `Z`, `+hh:mm` and `+hhmm`, and integers, which are milliseconds since 1970.
    pub fn instant(&self) -> Option<SystemTime> {
        let since = self.utc()?.duration_since(EPOCH);
        let by = since.unsigned_abs();
        if since.is_negative() {
            SystemTime::UNIX_EPOCH.checked_sub(by)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(by)
        }
    }

    /// Formats the instant in UTC with three fraction digits, such as `2019-01-23T13:32:30.163Z`. Further digits are truncated.
    /// Returns `None` if the text is not a timestamp.
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

    /// The text as received; integers in decimal.
    pub fn as_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Text::String(text) => text.as_str().into(),
            Text::Millis(millis) => millis.to_string().into(),
        }
    }

    /// Date and time in UTC, in a year that RFC 3339 can represent.
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

/// The start of the Unix epoch. jiff's `Timestamp` is not used, because its range ends one day before the year 9999 does, whose last
/// second platforms send for "never".
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// What timestamps compare by.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Rank<'t> {
    NotAnInstant(Cow<'t, str>),
    Instant(DateTime),
}

impl Timestamp {
    fn rank(&self) -> Rank<'_> {
        match self.utc() {
            Some(utc) => Rank::Instant(utc),
            None => Rank::NotAnInstant(self.as_text()),
        }
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
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

/// Parses an integer as milliseconds since 1970. Any other text is kept.
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
    /// Formats the instant as RFC 3339 in UTC. Instants outside the years -9999 to 9999 saturate.
    fn from(instant: SystemTime) -> Self {
        let nearest = if instant < SystemTime::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        Self(Text::String(
            jiff::Timestamp::try_from(instant)
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

/// The text as received or sent.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_text())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Other texts are hidden, because a platform may put anything into the field.
        match self.utc() {
            Some(_) => f.write_str(&self.as_text()),
            None => f.write_str("(not a timestamp)"),
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
    fn every_format_is_parsed() {
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
    fn parsing_and_formatting_round_trip() {
        for text in ["2019-01-23T13:32:30.163Z", "", "tomorrow", "1548250350163"] {
            let read: Timestamp = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
            let is_number = text.starts_with("15");
            assert_eq!(read == Timestamp::from(text), !is_number, "{text}");
            let is_instant = is_number || text.starts_with("2019");
            assert_eq!(read == Timestamp::from(1_548_250_350_163), is_instant);
        }
    }

    #[test]
    fn other_texts_are_kept_and_have_no_instant() {
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
            assert_eq!(format!("{stamp:?}"), "(not a timestamp)");
        }
    }

    fn hash_of(timestamp: &Timestamp) -> u64 {
        use std::hash::BuildHasher as _;
        std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().hash_one(timestamp)
    }

    #[test]
    fn timestamps_compare_by_instant() {
        let same = [
            Timestamp::from("2019-01-23T13:32:30Z"),
            "2019-01-23 15:32:30.000+0200".into(),
            1_548_250_350_000.into(),
        ];
        for left in &same {
            for right in &same {
                assert_eq!(left, right);
                assert_eq!(left.cmp(right), Ordering::Equal);
                assert_eq!(hash_of(left), hash_of(right));
            }
        }
        assert_ne!(same[0].as_text(), same[1].as_text());
        let ascending: [Timestamp; 7] = [
            "".into(),
            "1548250350000".into(),
            "yesterday".into(),
            "1969-12-31T23:59:59Z".into(),
            "2019-01-23T22:49:26Z".into(),
            "2019-01-23T17:49:27-05:00".into(),
            "9999-12-31T23:59:59Z".into(),
        ];
        for (index, left) in ascending.iter().enumerate() {
            for (other, right) in ascending.iter().enumerate() {
                assert_eq!(left.cmp(right), index.cmp(&other), "{left} {right}");
                assert_eq!(left == right, index == other, "{left} {right}");
            }
        }
    }
}
