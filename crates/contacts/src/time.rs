use serde_json::Value;

/// Converts an instant to RFC 3339 in UTC with milliseconds. Returns `None` if the value is not an instant.
///
/// A number counts milliseconds since the Unix epoch.
pub(crate) fn to_rfc3339(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => {
            botroster_client::Timestamp::from(number.as_i64()?).to_rfc3339_millis()
        }
        Value::String(text) => botroster_client::Timestamp::from(text.as_str()).to_rfc3339_millis(),
        _ => None,
    }
}
