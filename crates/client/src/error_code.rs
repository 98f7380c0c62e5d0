//! Error codes of platforms.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::operation::DocumentedCode;

/// A platform's error code.
///
/// `Debug` hides a string, because a platform may send anything in place of a code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// An integer, or a string that contains one.
    Number(i64),
    /// Any other string.
    Text(String),
}

impl ErrorCode {
    /// The code in a JSON value; `None` for an empty string, a fraction or another type.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().map(Self::Number),
            Value::String(text) => match text.trim() {
                "" => None,
                text => Some(Self::of_text(text)),
            },
            _ => None,
        }
    }

    /// `007` and `+7` are strings, not the number 7.
    fn of_text(text: &str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// The number, unless the code is another string.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

/// Serialises a number as a number and another string as a string.
impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The code.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(_) => f.write_str("(text)"),
        }
    }
}

impl PartialEq<i64> for ErrorCode {
    fn eq(&self, number: &i64) -> bool {
        self.as_i64() == Some(*number)
    }
}

impl PartialEq<str> for ErrorCode {
    fn eq(&self, text: &str) -> bool {
        match self {
            Self::Number(_) => *self == Self::of_text(text),
            Self::Text(own) => own == text,
        }
    }
}

impl PartialEq<&str> for ErrorCode {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

impl PartialEq<DocumentedCode> for ErrorCode {
    fn eq(&self, code: &DocumentedCode) -> bool {
        match code {
            DocumentedCode::Number(number) => self == number,
            DocumentedCode::Text(text) => self == *text,
        }
    }
}

impl From<DocumentedCode> for ErrorCode {
    fn from(code: DocumentedCode) -> Self {
        match code {
            DocumentedCode::Number(number) => Self::Number(number),
            DocumentedCode::Text(text) => Self::Text(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_texts() {
        let code = |value: Value| ErrorCode::of(&value);
        for (value, number) in [(json!(42), 42), (json!("42"), 42), (json!(" -7 "), -7)] {
            assert_eq!(code(value), Some(ErrorCode::Number(number)));
        }
        for text in ["E42", "007", "+7", "4.2", "not found"] {
            assert_eq!(code(json!(text)), Some(ErrorCode::Text(text.to_owned())));
        }
        for value in [
            json!(""),
            json!(" "),
            json!(4.2),
            json!(null),
            json!(true),
            json!({}),
        ] {
            assert_eq!(code(value), None);
        }
    }

    #[test]
    fn they_compare_with_what_one_writes() {
        let (number, text) = (ErrorCode::Number(42), ErrorCode::Text("E42".to_owned()));
        assert!(number == 42 && number == "42" && number == *"42");
        assert!(number != 7 && number != "E42" && number != "042");
        assert!(text == "E42" && text != "e42" && text != 42);
        assert!(number == DocumentedCode::Number(42) && text == DocumentedCode::Text("E42"));
        assert_eq!(
            (number.to_string(), text.to_string()),
            ("42".into(), "E42".into())
        );
        assert_eq!((number.as_i64(), text.as_i64()), (Some(42), None));
        assert_eq!(format!("{number:?} {text:?}"), "42 (text)");
    }
}
