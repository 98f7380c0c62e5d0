//! Values as strings in a URL or a header, and back.

use botroster_spec::schema::{kind, number_or_text};
use serde_json::Value;

/// Decodes percent-encoding; `None` for a stray `%` or bytes that are not UTF-8.
///
/// Not the crate `percent-encoding`, which passes a stray `%` through: a strict host refuses it.
pub(crate) fn percent_decode(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let (high, low) = (rest.next()?, rest.next()?);
                let digit = |byte: u8| char::from(byte).to_digit(16);
                bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encodes everything except unreserved characters and `kept`.
pub(crate) fn percent_encode(text: &str, kept: &str) -> String {
    let bytes = text.bytes().map(|byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match plain || kept.as_bytes().contains(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        }
    });
    bytes.collect()
}

/// Parses a string as the type that a flat schema requires; returns the string itself if it is no such value.
pub(crate) fn typed(schema: &Value, text: &str) -> Value {
    let plain = !text.starts_with('+');
    let number = number_or_text(schema);
    let parsed = match kind(number.unwrap_or(schema)) {
        Some("integer") if plain => text.parse::<i64>().ok().map(Value::from),
        Some("number") if plain => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from),
        Some("boolean") => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::from(text))
}

/// A value as a string: the content of a string, any other value as JSON.
pub(crate) fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding() {
        assert_eq!(percent_decode("a%20b+c", true).as_deref(), Some("a b c"));
        assert_eq!(percent_decode("a+b", false).as_deref(), Some("a+b"));
        assert_eq!(percent_decode("%E9", true), None);
        assert_eq!(percent_decode("%C3%A9", true).as_deref(), Some("é"));
        assert_eq!(percent_decode("100%", true), None);
        assert_eq!(percent_decode("%+1", true), None);
        assert_eq!(percent_encode("/a b", "/"), "/a%20b");
    }

    #[test]
    fn integers_are_strict() {
        let schema = serde_json::json!({"type": "integer"});
        assert_eq!(typed(&schema, "12"), 12);
        for text in ["+1", "1.0", " 1", "1e3", ""] {
            assert!(typed(&schema, text).is_string(), "{text}");
        }
    }
}
