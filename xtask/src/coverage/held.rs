//! Where each row is held to, besides generation, compilation and lint.

use super::Row;

const SYNC: &str = "sync";
const WIRE: &str = "wire";
const BOTH: &str = "sync, wire";
const SIGNED: &str = "wire; sync, since the sandbox lets nobody else in";
const SANDBOX: &str = "wire, `crates/sandbox/tests/it/chatbot.rs`";
const ERRORS: &str = "wire, `tests/tests/refusals.rs`";
const LIMITS: &str = "wire, `tests/tests/limits.rs`";
const RETRIES: &str = "`tests/tests/transport.rs`";
const DEBUG: &str = "wire, `tests/tests/leaks.rs`";
const CSV: &str = "wire, `tests/tests/csv.rs`";
const SHAPES: &str = "`tests/tests/shapes.rs`";
const BOUNDS: &str = "wire, `tests/tests/shapes.rs`";
const BODIES: &str = "sync, `tests/tests/shapes.rs`";
const ADDRESS: &str = "sync, `tests/tests/origin.rs`";
const ALWAYS: &str = "wire, `tests/tests/requests.rs`";
const TIMES: &str = "sync, `tests/tests/records.rs`";

/// Beginning of a place and a word, and what holds it; the first that fits counts.
const HELD: &[(&str, &str, &str)] = &[
    ("root", "x-base-url", ADDRESS),
    ("root", "servers", ADDRESS),
    ("root", "x-scope", BOTH),
    ("root", "x-platform", SYNC),
    ("how words are put together", "x-scope", BOTH),
    ("how words are put together", "security", SIGNED),
    ("how words are put together", "request", WIRE),
    ("how words are put together", "requestBody", SHAPES),
    ("how words are put together", "parameter in a query", SHAPES),
    ("how words are put together", "status", BODIES),
    ("how words are put together", "response", BODIES),
    ("x-header-value", "", SIGNED),
    ("x-signature", "", SIGNED),
    ("security scheme", "x-evidence", ""),
    ("security scheme", "description", ""),
    ("security scheme", "", SIGNED),
    ("x-maps-to", "", SYNC),
    ("operation › x-pagination", "", BOTH),
    ("operation › x-envelope", "", ERRORS),
    ("operation › x-errors", "x-evidence", ""),
    ("operation › x-errors", "", ERRORS),
    ("operation › x-stream", "", SYNC),
    ("operation › x-effect", "", SANDBOX),
    ("operation › x-csv", "", CSV),
    ("operation › x-rules", "", WIRE),
    ("operation › x-rate-limit", "", LIMITS),
    ("operation", "x-pagination", BOTH),
    ("operation", "x-envelope", ERRORS),
    ("operation", "x-errors", ERRORS),
    ("operation", "x-stream", SYNC),
    ("operation", "x-effect", SANDBOX),
    ("operation", "x-csv", CSV),
    ("operation", "x-rules", WIRE),
    ("operation", "x-rate-limit", LIMITS),
    ("operation", "x-headers", WIRE),
    ("operation", "x-retry", RETRIES),
    ("operation", "security", SIGNED),
    ("operation", "parameters", WIRE),
    ("operation", "requestBody", WIRE),
    ("parameter", "name", WIRE),
    ("parameter", "style", SHAPES),
    ("parameter", "explode", SHAPES),
    ("parameter", "x-style", SHAPES),
    ("parameter", "in", WIRE),
    ("parameter", "required", WIRE),
    ("schema", "x-personal", DEBUG),
    ("schema", "x-timestamp", TIMES),
    ("schema", "x-send", ALWAYS),
    ("schema", "x-maps-to", SYNC),
    ("schema", "minimum", BOUNDS),
    ("schema", "maximum", BOUNDS),
    ("schema", "exclusiveMinimum", BOUNDS),
    ("schema", "exclusiveMaximum", BOUNDS),
    ("schema", "minLength", BOUNDS),
    ("schema", "maxLength", BOUNDS),
    ("schema", "minItems", BOUNDS),
    ("schema", "maxItems", BOUNDS),
    ("schema", "uniqueItems", BOUNDS),
    ("schema", "minProperties", BOUNDS),
    ("schema", "maxProperties", BOUNDS),
    ("schema", "nullable", SHAPES),
    ("schema", "type", BOTH),
    ("schema", "enum", BOTH),
    ("schema", "oneOf", WIRE),
    ("schema", "additionalProperties", BOTH),
];

/// What holds a row.
pub(super) fn by(row: &Row) -> &'static str {
    let fits = |(of, word, _): &&(&str, &str, &str)| {
        let is_place = row.of == *of
            || row
                .of
                .strip_prefix(of)
                .is_some_and(|rest| rest.starts_with(" ›"));
        is_place && (word.is_empty() || row.word == *word) && (row.of == *of || word.is_empty())
    };
    HELD.iter().find(fits).map_or("", |(.., held)| held)
}

#[cfg(test)]
pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    HELD.iter().map(|(.., held)| *held)
}
