use serde_json::Value;

/// An instant as the model writes it, or `None` where the value is no instant.
pub(crate) fn normalised(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => {
            botroster_client::Timestamp::from(number.as_i64()?).to_rfc3339_millis()
        }
        Value::String(text) => botroster_client::Timestamp::from(text.as_str()).to_rfc3339_millis(),
        _ => None,
    }
}
