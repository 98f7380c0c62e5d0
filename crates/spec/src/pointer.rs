//! JSON Pointer (RFC 6901): tokens, and writing.
//!
//! Reading is `serde_json::Value::pointer`. Writing stays here because a missing path is created in a way that fits error
//! bodies: see [`set`].

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Escapes a key as a token of a pointer.
pub fn escape(key: &str) -> Cow<'_, str> {
    // Hardly a key needs it, and there are very many.
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// Unescapes a token of a pointer.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Iterates over the unescaped tokens of a pointer; none for the root.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// Returns the last token of a pointer, `""` for the root.
pub fn leaf(pointer: &str) -> Cow<'_, str> {
    tokens(pointer).last().unwrap_or_default()
}

/// Appends a key to a pointer.
pub fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", escape(key))
}

/// Writes a value at a pointer, creating missing objects on the way and replacing scalars by objects.
///
/// A number addresses an existing element of an array. Token `0` on null or an empty array creates an array of one element.
pub fn set(root: &mut Value, pointer: &str, value: Value) {
    let mut at = root;
    for token in tokens(pointer) {
        let index = token.parse::<usize>().ok();
        if let (true, Some(0)) = (at.is_null() || *at == Value::Array(Vec::new()), index) {
            *at = Value::Array(vec![Value::Null]);
        }
        let in_array =
            matches!((&*at, index), (Value::Array(list), Some(index)) if index < list.len());
        if !in_array && !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = match (at, index) {
            (Value::Array(list), Some(index)) => match list.get_mut(index) {
                Some(element) => element,
                None => return,
            },
            (Value::Object(members), _) => members.entry(token.into_owned()).or_insert(Value::Null),
            _ => return,
        };
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn set_creates_missing_objects_and_arrays() {
        let mut value = json!({"list": [{"a": 1}]});
        set(&mut value, "/meta/page/number", json!(3));
        set(&mut value, "/list/0/a", json!(2));
        set(&mut value, "/with~1slash", json!(true));
        assert_eq!(
            value,
            json!({"list": [{"a": 2}], "meta": {"page": {"number": 3}}, "with/slash": true})
        );
        set(&mut value, "/errors/0/code", json!(4));
        assert_eq!(value["errors"], json!([{"code": 4}]));
        value["errors"] = json!([]);
        set(&mut value, "/errors/0/code", json!(5));
        assert_eq!(value["errors"], json!([{"code": 5}]));
        set(&mut value, "", json!([1]));
        assert_eq!(value, json!([1]));
    }

    #[test]
    fn leaf_is_the_last_token() {
        assert_eq!(leaf("/a/b~1c"), "b/c");
        assert_eq!(leaf(""), "");
        assert_eq!(child("/a", "b/c"), "/a/b~1c");
    }
}
