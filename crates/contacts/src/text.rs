use serde_json::Value;

/// The text of a scalar: a string as it is, a number or boolean as its JSON text.
///
/// `None` for null, for objects and arrays, and for strings that are empty or only white space: to the common model
/// these all mean "not known".
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.chars().all(char::is_whitespace) => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("true".to_owned()),
        Value::Bool(false) => Some("false".to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Who wrote something: `user`, `bot` or `agent` whatever the platform's capitals, anything else as it is.
pub(crate) fn author(value: &Value) -> Option<String> {
    let text = text(value)?;
    let known = ["user", "bot", "agent"]
        .into_iter()
        .find(|known| text.eq_ignore_ascii_case(known));
    Some(known.map_or(text, str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::{author, text};
    use serde_json::json;

    #[test]
    fn scalars_become_text() {
        assert_eq!(text(&json!(" a ")).as_deref(), Some(" a "));
        assert_eq!(text(&json!(12)).as_deref(), Some("12"));
        assert_eq!(text(&json!(1.5)).as_deref(), Some("1.5"));
        assert_eq!(
            text(&json!(u64::MAX)).as_deref(),
            Some("18446744073709551615")
        );
        assert_eq!(text(&json!(true)).as_deref(), Some("true"));
        assert_eq!(text(&json!(false)).as_deref(), Some("false"));
    }

    #[test]
    fn nothing_known_is_absent() {
        for value in [
            json!(null),
            json!(""),
            json!(" \t\n\u{a0}"),
            json!({}),
            json!({ "a": 1 }),
            json!([]),
            json!(["a"]),
        ] {
            assert_eq!(text(&value), None, "{value}");
        }
    }

    #[test]
    fn authors_are_known_by_any_capitals_and_else_kept() {
        assert_eq!(author(&json!("User")).as_deref(), Some("user"));
        assert_eq!(author(&json!("BOT")).as_deref(), Some("bot"));
        assert_eq!(author(&json!("aGent")).as_deref(), Some("agent"));
        assert_eq!(author(&json!("Operator X")).as_deref(), Some("Operator X"));
        assert_eq!(author(&json!("user ")).as_deref(), Some("user "));
        assert_eq!(author(&json!("")), None);
    }
}
