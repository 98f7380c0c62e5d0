//! JSON as other libraries write it.

use serde::Serialize as _;
use serde_json::{Value, ser::PrettyFormatter};

/// As Python writes JSON: with spaces after colons and commas.
pub(super) fn spaced(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let items: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)))
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// With sorted properties.
pub(super) fn sorted(value: &Value) -> Value {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    sorted
}

pub(super) fn indented(value: &Value, indent: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    match value.serialize(&mut serializer) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_in_other_ways() {
        let value = json!({"b": [1, 2], "a": {"x": null}});
        assert_eq!(spaced(&value), r#"{"b": [1, 2], "a": {"x": null}}"#);
        assert_eq!(sorted(&value).to_string(), r#"{"a":{"x":null},"b":[1,2]}"#);
        assert!(indented(&value, "  ").starts_with(b"{\n  \"b\""));
    }
}
