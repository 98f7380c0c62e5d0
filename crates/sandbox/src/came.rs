//! What came, in words that a record of requests may hold: values of personal data are only described.

use crate::schema::kind;
use serde_json::Value;

/// As many characters of a value are shown.
const SHOWN: usize = 40;

/// A value where something of this flat schema is expected.
pub(crate) fn came(schema: &Value, value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
        _ if is_shown(schema) => shown(value),
        Value::Number(_) => "a number".to_owned(),
        Value::String(text) => format!("a text of {} characters", text.chars().count()),
    }
}

/// Whether a value here can be nobody's name, address or message.
fn is_shown(schema: &Value) -> bool {
    let none = schema
        .get("x-personal")
        .is_some_and(|personal| personal == "none");
    let fixed = schema.get("enum").is_some() || schema.get("x-timestamp").is_some();
    none || fixed || matches!(kind(schema), Some("integer" | "number" | "boolean"))
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A credential that is none of ours: how long it is and, if it is long, how it begins.
pub(crate) fn credential(text: &str) -> String {
    let length = text.chars().count();
    match length {
        0 => "an empty one".to_owned(),
        ..16 => format!("one of {length} characters"),
        _ => {
            let start: String = text.chars().take(4).collect();
            format!("one of {length} characters that begins with {start:?}")
        }
    }
}

/// A type as a word with its article.
pub(crate) fn a(kind: &str) -> String {
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
        assert_eq!(came(&name, &json!("Ada")), "a text of 3 characters");
        assert_eq!(came(&name, &json!(491234567)), "a number");
        let number = json!({"type": "integer"});
        assert_eq!(came(&number, &json!("one")), "\"one\"");
        assert_eq!(came(&number, &json!([1])), "a list of 1");
        let long = came(&number, &json!("x".repeat(99)));
        assert!(long.ends_with('…') && long.chars().count() == 41, "{long}");
    }
}
