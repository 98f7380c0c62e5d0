//! Effects of write operations on the records of a stream.

use crate::{
    lint::{
        lookup::body,
        report::{Report, problem},
        schema_kind::{SchemaKind, kind},
        streams::{StreamIndex, unknown},
    },
    rules,
};

const EFFECTS: [&str; 6] = ["create", "merge", "add", "remove", "replace", "set"];

pub(super) fn check(report: &mut Report<'_>, operation: &str, streams: &StreamIndex) {
    let at = format!("{operation}/x-effect");
    let value = report.value(&at);
    if !value.is_object() {
        return;
    }
    let mut words = EFFECTS.to_vec();
    words.retain(|word| value.get(word).is_some());
    let [word] = *words.as_slice() else {
        let (count, known) = (words.len(), EFFECTS.join(", "));
        problem!(report, rules::EFFECT, &at;
            "the effect names {count} changes"; "write exactly one of {known}");
        return;
    };
    let place = format!("{at}/{word}");
    if let Some(name) = value[word].as_str()
        && !streams.contains_key(name)
    {
        unknown(report, &place, name, streams);
    }
    let creates = word == "create";
    match (creates, value.get("at").is_some()) {
        (true, true) => problem!(report, rules::EFFECT, &at;
            "`create` does not support `at`"; "remove `at`"),
        (false, false) => problem!(report, rules::EFFECT, &at;
            "the effect does not name the part of the record that changes"; "add `at`"),
        _ => {}
    }
    let found = match body(report, operation) {
        Some(body) => kind(report, &body),
        // A body that is not JSON is reported by `responses`.
        None if report.at(operation, "requestBody").is_object() => SchemaKind::Json,
        None => SchemaKind::Text,
    };
    let (wanted, what): (&[SchemaKind], _) = match word {
        "add" | "remove" | "replace" => (&[SchemaKind::List], "a list"),
        _ => (
            &[SchemaKind::Record, SchemaKind::Map, SchemaKind::OneOf],
            "an object",
        ),
    };
    let is_open = matches!(found, SchemaKind::Json | SchemaKind::Nothing);
    if !is_open && !wanted.contains(&found) {
        problem!(report, rules::EFFECT, &place;
            "`{word}` requires another request body"; "make the body {what}");
    }
    let path = operation.split('/').nth(2).unwrap_or_default();
    if !creates && !path.contains('{') {
        problem!(report, rules::EFFECT, &place;
            "the path does not contain the key of a record";
            "use a path whose last parameter is the record's key");
    }
}
