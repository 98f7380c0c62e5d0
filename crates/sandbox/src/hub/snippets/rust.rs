//! The example from the documentation of the generated client, with the values of this sandbox.

use crate::{generated::EXAMPLES, platform::Platform};
use serde_json::Value;
use std::collections::BTreeMap;

/// `None` if there is no generated client.
pub(super) fn snippet(platform: &Platform, address: &str, operation: &str) -> Option<String> {
    let spec = &platform.spec;
    let (_, programs) = EXAMPLES.iter().find(|(name, _)| *name == spec.platform)?;
    let programs: BTreeMap<String, String> = serde_json::from_str(programs).ok()?;
    let mut program = programs.get(operation)?.clone();
    let keys = platform.access.keys();
    let base_url = format!("{address}{}", spec.base_path);
    for (variable, values) in [
        ("running.credentials", &keys.first()?.credentials),
        ("running.scope", &platform.scope.iter().cloned().collect()),
        ("arguments", &platform.arguments(operation)?),
    ] {
        for (name, value) in values {
            let place = format!("{variable}[{}]", literal(name));
            program = program
                .replace(&format!("{place}.as_str()"), &literal(value))
                .replace(&place, &literal(value));
        }
    }
    Some(program.replace("&running.base_url", &literal(&base_url)))
}

/// A string literal; those of JSON without control characters are valid in Rust.
fn literal(text: &str) -> String {
    Value::from(text).to_string()
}
