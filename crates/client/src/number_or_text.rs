//! Numbers that a platform sends as a number or as a string.

use std::{
    borrow::Cow,
    cmp::Ordering,
    convert::Infallible,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Number;

/// A number or string, for fields that a platform sends sometimes as `5` and sometimes as `"5"`.
///
/// It is serialised in the form received. Values compare by their text, so `5` equals `"5"`. `Debug` shows only the form.
#[derive(Clone)]
pub struct NumberOrText(Form);

#[derive(Clone)]
enum Form {
    Number(Number),
    Text(String),
}

impl NumberOrText {
    /// The integer, whether received as a number or as a string.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Number(number) => number.as_i64(),
            Form::Text(text) => text.trim().parse().ok(),
        }
    }

    /// The number, whether received as a number or as a string.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Form::Number(number) => number.as_f64(),
            Form::Text(text) => text
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite()),
        }
    }

    /// The text, whether received as a number or as a string.
    pub fn as_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Form::Number(number) => number.to_string().into(),
            Form::Text(text) => text.as_str().into(),
        }
    }

    /// Returns whether the value is received or sent as a number.
    pub fn is_number(&self) -> bool {
        matches!(self.0, Form::Number(_))
    }
}

macro_rules! from_numbers {
    ($($ty:ty),*) => {$(
        impl From<$ty> for NumberOrText {
            fn from(number: $ty) -> Self {
                Self(Form::Number(number.into()))
            }
        }
    )*};
}
from_numbers!(i32, i64, u32, u64);

impl From<Number> for NumberOrText {
    fn from(number: Number) -> Self {
        Self(Form::Number(number))
    }
}

impl From<String> for NumberOrText {
    fn from(text: String) -> Self {
        Self(Form::Text(text))
    }
}

impl From<&str> for NumberOrText {
    fn from(text: &str) -> Self {
        Self(Form::Text(text.to_owned()))
    }
}

impl FromStr for NumberOrText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

/// The text of the value.
impl fmt::Display for NumberOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_text())
    }
}

impl fmt::Debug for NumberOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_number() {
            "(number)"
        } else {
            "(text)"
        })
    }
}

impl PartialEq for NumberOrText {
    fn eq(&self, other: &Self) -> bool {
        self.as_text() == other.as_text()
    }
}

impl Eq for NumberOrText {}

impl Hash for NumberOrText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_text().hash(state);
    }
}

impl PartialOrd for NumberOrText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares the texts, consistent with `Eq`.
impl Ord for NumberOrText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_text().cmp(&other.as_text())
    }
}

impl Serialize for NumberOrText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Number(number) => number.serialize(serializer),
            Form::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for NumberOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl de::Visitor<'_> for Either {
            type Value = NumberOrText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a string")
            }
            fn visit_i64<E>(self, number: i64) -> Result<NumberOrText, E> {
                Ok(number.into())
            }
            fn visit_u64<E>(self, number: u64) -> Result<NumberOrText, E> {
                Ok(Number::from(number).into())
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<NumberOrText, E> {
                let number = Number::from_f64(number);
                number
                    .map(NumberOrText::from)
                    .ok_or_else(|| E::custom("not a finite number"))
            }
            fn visit_str<E>(self, text: &str) -> Result<NumberOrText, E> {
                Ok(text.into())
            }
            fn visit_string<E>(self, text: String) -> Result<NumberOrText, E> {
                Ok(text.into())
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_came_is_kept() {
        for json in [
            "5",
            "\"5\"",
            "-7",
            "18446744073709551615",
            "2.5",
            "\" x\"",
            "\"\"",
        ] {
            let value: NumberOrText = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
        for json in ["null", "true", "[5]", "{}"] {
            assert!(
                serde_json::from_str::<NumberOrText>(json).is_err(),
                "{json}"
            );
        }
    }

    #[test]
    fn it_reads_as_either() {
        let (number, text) = (NumberOrText::from(5), NumberOrText::from("5"));
        assert_eq!((number.as_i64(), text.as_i64()), (Some(5), Some(5)));
        assert_eq!((number.as_f64(), text.as_f64()), (Some(5.0), Some(5.0)));
        assert_eq!(
            (number.to_string(), text.to_string()),
            ("5".into(), "5".into())
        );
        assert!(number.is_number() && !text.is_number());
        assert_eq!(number, text);
        assert_eq!(HashSet::from([number, text]).len(), 1);
        assert_eq!(NumberOrText::from("inf").as_f64(), None);
        assert_eq!(NumberOrText::from("x").as_i64(), None);
        assert_ne!(NumberOrText::from("5.0"), 5.into());
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", NumberOrText::from(5)), "(number)");
        assert_eq!(format!("{:?}", NumberOrText::from("joe")), "(text)");
    }
}
