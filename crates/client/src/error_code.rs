//! The platforms' own error codes.

use std::fmt;

use serde_json::Value;

use crate::operation::Code;

/// A platform's own code of an error.
///
/// `Debug` does not show a text: what stands where a platform is to put its codes may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A number, also one that came as a text.
    Number(i64),
    /// Any other text.
    Text(String),
}

impl ErrorCode {
    /// The code that a value is; none for an empty text, a fraction, and everything else.
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

    /// `007` and `+7` are texts: nobody writes the number 7 so.
    fn of_text(text: &str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// The number, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

/// The code itself.
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

impl PartialEq<Code> for ErrorCode {
    fn eq(&self, code: &Code) -> bool {
        match code {
            Code::Number(number) => self == number,
            Code::Text(text) => self == *text,
        }
    }
}

impl From<Code> for ErrorCode {
    fn from(code: Code) -> Self {
        match code {
            Code::Number(number) => Self::Number(number),
            Code::Text(text) => Self::Text(text.to_owned()),
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
        assert!(number == Code::Number(42) && text == Code::Text("E42"));
        assert_eq!(
            (number.to_string(), text.to_string()),
            ("42".into(), "E42".into())
        );
        assert_eq!((number.as_i64(), text.as_i64()), (Some(42), None));
        assert_eq!(format!("{number:?} {text:?}"), "42 (text)");
    }
}
