//! Values of enumerations and constants of a spec.

use std::fmt;

use serde::{Deserializer, de};

use crate::{Error, UnknownValue, operation::Operation};

/// Creates an unknown value of an open enumeration.
pub fn unknown(text: String) -> UnknownValue {
    UnknownValue::new(text)
}

/// A number of a spec; 0 if JSON cannot represent it.
pub fn number(number: f64) -> serde_json::Number {
    serde_json::Number::from_f64(number).unwrap_or_else(|| 0.into())
}

/// The response status of an error of this operation.
pub fn answered(operation: &'static Operation, error: &Error) -> Option<u16> {
    error.status_of(operation)
}

/// Deserializes a value from a string without copying the string.
///
/// # Errors
/// The value is not a string, or `make` does not accept it.
pub fn deserialize_text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    make: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Text<F>(F);
    impl<T, F: Fn(&str) -> Option<T>> de::Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one of the documented strings")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).ok_or_else(|| E::invalid_value(de::Unexpected::Other("text"), &self))
        }
    }
    deserializer.deserialize_str(Text(make))
}
