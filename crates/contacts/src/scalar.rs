use serde_json::Value;

/// Converts a JSON scalar to a string: a string unchanged, a number or boolean as its JSON text.
///
/// Returns `None` for null, objects, arrays, and strings that are empty or only white space. The common model treats all
/// of them as absent.
#[must_use]
pub fn scalar_to_string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.chars().all(char::is_whitespace) => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("true".to_owned()),
        Value::Bool(false) => Some("false".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Converts the author of a message: `user`, `bot` and `agent` in lower case, any other string unchanged.
pub(crate) fn author(value: &Value) -> Option<String> {
    let text = scalar_to_string(value)?;
    let known = ["user", "bot", "agent"]
        .into_iter()
        .find(|known| text.eq_ignore_ascii_case(known));
    Some(known.map_or(text, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::{author, scalar_to_string};
    use serde_json::json;

    #[test]
    fn scalars_become_strings() {
        assert_eq!(scalar_to_string(&json!(" a ")).as_deref(), Some(" a "));
        assert_eq!(scalar_to_string(&json!(12)).as_deref(), Some("12"));
        assert_eq!(scalar_to_string(&json!(1.5)).as_deref(), Some("1.5"));
        assert_eq!(
            scalar_to_string(&json!(u64::MAX)).as_deref(),
            Some("18446744073709551615")
        );
        assert_eq!(scalar_to_string(&json!(true)).as_deref(), Some("true"));
        assert_eq!(scalar_to_string(&json!(false)).as_deref(), Some("false"));
    }

    #[test]
    fn empty_values_are_absent() {
        for value in [
            json!(null),
            json!(""),
            json!(" \t\n\u{a0}"),
            json!({}),
            json!({ "a": 1 }),
            json!([]),
            json!(["a"]),
        ] {
            assert_eq!(scalar_to_string(&value), None, "{value}");
        }
    }

    #[test]
    fn known_authors_are_lower_cased_and_others_unchanged() {
        assert_eq!(author(&json!("User")).as_deref(), Some("user"));
        assert_eq!(author(&json!("BOT")).as_deref(), Some("bot"));
        assert_eq!(author(&json!("aGent")).as_deref(), Some("agent"));
        assert_eq!(author(&json!("Operator X")).as_deref(), Some("Operator X"));
        assert_eq!(author(&json!("user ")).as_deref(), Some("user "));
        assert_eq!(author(&json!("")), None);
    }
}
