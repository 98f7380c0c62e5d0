//! The example of the generated client's documentation, with the values of this sandbox.

use crate::platform::Platform;
use serde_json::Value;

/// How the example begins what only its test needs.
const HIDDEN: &str = "# ";

pub(super) fn snippet(platform: &Platform, address: &str, operation: &str) -> Option<String> {
    let operations = &platform.spec.operations;
    let example = operations.iter().find(|known| known.id == operation)?.example.as_deref()?;
    let arguments = platform.arguments(operation)?;
    let keys = platform.gate.keys();
    let credentials = &keys.first()?.credentials;
    let literal = |text: &str| Value::from(text).to_string();
    let base_url = format!("{address}{}", platform.spec.base_path);
    let mut text: String = example
        .lines()
        .map(|line| line.strip_prefix(HIDDEN).unwrap_or(line))
        .map(|line| format!("{line}\n"))
        .collect();
    for (from, values) in [
        ("running.credentials", credentials),
        ("running.scope", &platform.scope.iter().cloned().collect()),
        ("arguments", &arguments),
    ] {
        for (name, value) in values {
            text = text.replace(&format!("{from}[{}].as_str()", literal(name)), &literal(value));
        }
    }
    Some(text.replace("&running.base_url", &literal(&base_url)))
}
