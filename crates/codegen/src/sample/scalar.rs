//! Strings, numbers and timestamps.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// Returns the example or default of the spec.
pub(crate) fn given(schema: &Value) -> Option<&Value> {
    schema.get("example").or_else(|| schema.get("default"))
}

pub(super) fn number(schema: &Value) -> TokenStream {
    let bound = |word: &str| schema[word].as_i64();
    let number = given(schema).and_then(Value::as_i64).unwrap_or_else(|| {
        let least = bound("minimum").unwrap_or(1).max(1);
        bound("maximum").map_or(least, |most| least.min(most))
    });
    let number = Literal::i64_unsuffixed(number);
    quote!(#number)
}

pub(super) fn moment(schema: &Value) -> TokenStream {
    let style = schema["x-timestamp"]
        .as_str()
        .or_else(|| schema["x-timestamp"][0].as_str());
    let text = given(schema).and_then(Value::as_str);
    match style {
        Some("unix-millis") => quote!(1_767_225_600_000_i64),
        _ if text.is_some_and(|text| !text.is_empty()) => quote!(#text),
        Some("space-separated") => quote!("2026-01-01 00:00:00.000Z"),
        _ => quote!("2026-01-01T00:00:00.000Z"),
    }
}

/// Returns a string of the schema's category, within its length limits.
pub(super) fn text(schema: &Value) -> String {
    let given = given(schema).and_then(Value::as_str);
    let text = given
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| match schema["x-personal"].as_str() {
            Some("name") => "Ada Example",
            Some("email") => "ada@example.com",
            Some("phone") => "+15550100",
            Some("address") => "1 Example Street",
            Some("location") => "Utrecht",
            Some("ip") => "192.0.2.1",
            Some("identifier") => "ada",
            Some("demographic") => "en",
            Some("url") => "https://example.com/",
            Some("message") => "Hello",
            _ => "example",
        });
    let length = |word: &str| {
        let length = schema[word].as_u64();
        length.and_then(|length| usize::try_from(length).ok())
    };
    let least = length("minLength").unwrap_or_default();
    let padded = format!("{text:-<least$}");
    let most = length("maxLength").unwrap_or(usize::MAX);
    padded.chars().take(most).collect()
}
