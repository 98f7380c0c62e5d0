//! Effects of write operations on the records of a stream.

use crate::{
    lint::{
        kinds::{Kind, kind},
        lookup::body,
        report::{Report, problem},
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
            format!("the effect names {} changes", words.len()),
            format!("write exactly one of {}", EFFECTS.join(", ")),
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
                "`create` does not support `at`"
            } else {
                "the effect does not name the part of the record that changes"
            },
            if *word == "create" {
                "remove `at`"
            } else {
                "add `at`"
            },
        );
    }
    let wanted: &[Kind] = match *word {
        "add" | "remove" | "replace" => &[Kind::List],
        _ => &[Kind::Record, Kind::Map, Kind::OneOf],
    };
    match body(report, operation).map(|body| kind(report, &body)) {
        Some(Kind::Json | Kind::Nothing) => {}
        // A body that is not JSON is reported by `responses`.
        None if report
            .value(&format!("{operation}/requestBody"))
            .is_object() => {}
        Some(found) if wanted.contains(&found) => {}
        _ => problem!(report, rules::EFFECT, &place;
        "`{word}` requires another request body";
        if wanted.contains(&Kind::List) {
            "make the body a list"
        } else {
            "make the body an object"
        }),
    }
    let path = operation.split('/').nth(2).unwrap_or_default();
    if *word != "create" && !path.contains('{') {
        problem!(report, rules::EFFECT, &place;
            "the path does not contain the key of a record";
            "use a path whose last parameter is the record's key");
    }
}
