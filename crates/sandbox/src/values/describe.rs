//! Descriptions of received values for the request log. Personal data is described, not quoted.

use botroster_spec::{Personal, schema::kind};
use serde_json::Value;

/// Number of characters of a value that are quoted.
const QUOTED: usize = 40;

/// A received value, where the schema of the expected one is known.
pub(crate) fn received(schema: &Value, value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Array(list) => format!("an array of length {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
        _ if is_quotable(schema) => quoted(value),
        Value::Number(_) => "a number".to_owned(),
        Value::String(text) => format!("a string of {} characters", text.chars().count()),
    }
}

/// Returns whether a value with this schema cannot be a name, an address or a message.
fn is_quotable(schema: &Value) -> bool {
    let none = Personal::of(schema) == Some(Personal::None);
    let fixed = schema.get("enum").is_some() || schema.get("x-timestamp").is_some();
    none || fixed || matches!(kind(schema), Some("integer" | "number" | "boolean"))
}

fn quoted(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A foreign credential: its length and, if it is long, its first four characters.
pub(crate) fn foreign_credential(text: &str) -> String {
    let length = text.chars().count();
    match length {
        0 => "an empty one".to_owned(),
        1..16 => format!("one of {length} characters"),
        _ => {
            let start: String = text.chars().take(4).collect();
            format!("one of {length} characters starting with {start:?}")
        }
    }
}

/// The name of a type with its article.
pub(crate) fn with_article(kind: &str) -> String {
    match kind {
        "integer" | "array" | "object" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_are_not_quoted() {
        let name = json!({"type": "string", "x-personal": "name"});
        assert_eq!(received(&name, &json!("Ada")), "a string of 3 characters");
        assert_eq!(received(&name, &json!(491234567)), "a number");
        let number = json!({"type": "integer"});
        assert_eq!(received(&number, &json!("one")), "\"one\"");
        assert_eq!(received(&number, &json!([1])), "an array of length 1");
        let long = received(&number, &json!("x".repeat(99)));
        assert!(long.ends_with('…') && long.chars().count() == 41, "{long}");
    }
}
