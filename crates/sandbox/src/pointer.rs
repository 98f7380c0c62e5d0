//! JSON Pointers (RFC 6901) that also write.

use serde_json::{Map, Value};

/// The unescaped tokens of a pointer; none for the root.
pub(crate) fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The last token of a pointer, "" for the root.
pub(crate) fn leaf(pointer: &str) -> String {
    tokens(pointer).last().unwrap_or_default()
}

/// `parent` with one more token.
pub(crate) fn child(parent: &str, token: &str) -> String {
    format!("{parent}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// Writes a value at a pointer; objects on the way that are missing or no objects are made.
///
/// A number addresses an element when the pointer passes through an array that has it; where there is nothing, or nothing in it, 0 makes an array of one.
pub(crate) fn set(root: &mut Value, pointer: &str, value: Value) {
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
            (Value::Object(members), _) => members.entry(token).or_insert(Value::Null),
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
    fn writes_through_missing_objects_and_arrays() {
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
