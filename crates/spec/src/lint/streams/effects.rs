//! What writes do to the records of a stream.

use crate::{
    lint::{
        kinds::{Kind, kind},
        lookup::body,
        report::Report,
        streams::{Streams, unknown},
    },
    rules,
};

const EFFECTS: &[&str] = &["create", "merge", "add", "remove", "replace", "set"];

pub(super) fn check(report: &mut Report<'_>, operation: &str, streams: &Streams) {
    let at = format!("{operation}/x-effect");
    let value = report.value(&at);
    if !value.is_object() {
        return;
    }
    let words: Vec<&str> = EFFECTS
        .iter()
        .copied()
        .filter(|word| value.get(word).is_some())
        .collect();
    let [word] = words.as_slice() else {
        report.add(
            rules::EFFECT,
            &at,
            format!("an effect is one word, here are {}", words.len()),
            format!("write one of {}", EFFECTS.join(", ")),
        );
        return;
    };
    let place = format!("{at}/{word}");
    if let Some(name) = value[*word].as_str()
        && !streams.contains_key(name)
    {
        unknown(report, &place, name, streams);
    }
    if (*word == "create") == value.get("at").is_some() {
        report.add(
            rules::EFFECT,
            &at,
            if *word == "create" {
                "a new record has no place in itself"
            } else {
                "nothing says which part of the record changes"
            },
            if *word == "create" {
                "leave `at` out"
            } else {
                "write `at`"
            },
        );
    }
    let wanted: &[Kind] = match *word {
        "add" | "remove" | "replace" => &[Kind::List],
        _ => &[Kind::Record, Kind::Map, Kind::OneOf],
    };
    match body(report, operation).map(|body| kind(report, &body)) {
        Some(Kind::Json | Kind::Nothing) => {}
        // A body that is none of JSON is told already.
        None if report
            .value(&format!("{operation}/requestBody"))
            .is_object() => {}
        Some(found) if wanted.contains(&found) => {}
        _ => report.add(
            rules::EFFECT,
            &place,
            format!("`{word}` takes another body"),
            if wanted.contains(&Kind::List) {
                "let the body be a list"
            } else {
                "let the body be an object"
            },
        ),
    }
    let path = operation.split('/').nth(2).unwrap_or_default();
    if *word != "create" && !path.contains('{') {
        report.add(
            rules::EFFECT,
            &place,
            "the path has no key of a record",
            "write the operation under a path with the record's key as last parameter",
        );
    }
}
