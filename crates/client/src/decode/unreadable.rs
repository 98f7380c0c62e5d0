//! The error of a response that could not be decoded.

use crate::record::INVALID_KEY;

/// The reason why a response could not be decoded. The text repeats no value of the response.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Whether the body is not JSON, as opposed to JSON of another structure.
    pub(crate) syntax: bool,
    pub(crate) text: String,
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let place = format!("line {}, column {}", error.line(), error.column());
        match error.classify() {
            // A syntax error that the decoder reports as a data error.
            Category::Data if error.to_string().starts_with(INVALID_KEY) => Self {
                syntax: true,
                text: format!("invalid JSON at {place}"),
            },
            Category::Data => Self {
                syntax: false,
                text: format!("{} at {place}", without_values(&error.to_string())),
            },
            Category::Eof => Self {
                syntax: true,
                text: format!("unexpected end of JSON at {place}"),
            },
            Category::Syntax | Category::Io => Self {
                syntax: true,
                text: format!("invalid JSON at {place}"),
            },
        }
    }
}

/// Removes values from serde's messages, which quote them: `invalid type: string "joe", expected u64`.
fn without_values(message: &str) -> String {
    let expected = message
        .rfind(", expected ")
        .and_then(|at| message.get(at + 11..));
    let expected = expected.and_then(|rest| rest.split(" at line ").next());
    let found = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split([' ', ',']).next());
    match (found, expected) {
        (Some(found), Some(expected)) => format!("found {found}, expected {expected}"),
        (None, Some(expected)) => format!("unexpected value, expected {expected}"),
        // Messages of this crate quote only names of fields in the spec.
        _ => match message.split('`').nth(1) {
            Some(field) if message.contains("missing") || message.contains("null") => {
                format!("`{field}` is missing or null")
            }
            _ => "unexpected structure".to_owned(),
        },
    }
}
