//! Streams: the lists that sync reads.

mod effects;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, list, meant},
        kinds::{Kind, Lead, kind, lead, own_kind, target},
        lookup::{answer, body, parameter, property, unknown_parameter},
        mapping, pointers,
        report::{Report, problem},
        schemas::{allows, needs_arguments},
    },
    rules,
};

/// Stream names with the pointers of the stream and of its operation.
type Streams = BTreeMap<String, (String, String)>;

pub(super) fn check(report: &mut Report<'_>) {
    let mut streams = Streams::new();
    let mut operations = Vec::new();
    for (_, item) in entries(report, "/paths") {
        for (_, operation) in entries(report, &item) {
            for at in of(report, &operation) {
                name(report, &mut streams, &at, &operation);
            }
            operations.push(operation);
        }
    }
    for operation in &operations {
        for at in of(report, operation) {
            stream(report, operation, &at, &streams);
        }
        effects::check(report, operation, &streams);
    }
    circles(report, &streams);
    mapping::check(report);
}

/// Returns the pointers to the streams of an operation.
fn of(report: &Report<'_>, operation: &str) -> Vec<String> {
    let at = format!("{operation}/x-stream");
    match report.value(&at) {
        Value::Object(_) => vec![at],
        Value::Array(list) => (0..list.len())
            .map(|index| format!("{at}/{index}"))
            .collect(),
        _ => Vec::new(),
    }
}

fn name(report: &mut Report<'_>, streams: &mut Streams, at: &str, operation: &str) {
    let place = format!("{at}/name");
    let Some(name) = report.value(&place).as_str() else {
        return;
    };
    let is_kebab = name.split('-').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    }) && name.starts_with(|c: char| c.is_ascii_lowercase());
    if !is_kebab {
        problem!(report, rules::NAME_FORM, &place;
            "`{name}` is not in kebab-case";
            format!( "write `{}` instead", crate::idents::snake(name).to_string().replace('_', "-") ));
    }
    match streams.get(name) {
        Some((first, _)) => {
            let first = format!("{first}/name");
            problem!(report, rules::DUPLICATE_NAME, &place;
                "the stream name `{name}` is already used"; "choose another name");
            report.also(&first, "first used here");
        }
        None => {
            streams.insert(name.to_owned(), (at.to_owned(), operation.to_owned()));
        }
    }
}

fn stream(report: &mut Report<'_>, operation: &str, at: &str, streams: &Streams) {
    if !report.value(at).is_object() {
        return;
    }
    if !report
        .value(&format!("{operation}/x-pagination"))
        .is_object()
    {
        problem!(report, rules::STREAM_PAGING, at;
            "the operation of the stream is not a list";
            "add `x-pagination`, with `style: single` if one response contains all records");
    }
    stream_body(report, operation, at);
    parent(report, operation, at, streams);
    parameters(report, operation, at);
    let Some(answer) = answer(report, operation) else {
        return;
    };
    let schema = match records(report, operation, &answer) {
        Records::Of(record) => {
            for pointer in ["key", "updated"] {
                pointers::follow(report, &format!("{at}/{pointer}"), &record);
            }
            record
        }
        Records::Open => answer,
        Records::Nowhere => return,
    };
    let Some(mapped) = target(report, &schema) else {
        return;
    };
    let mapping = report.value(&format!("{mapped}/x-maps-to"));
    let has_id = || {
        mapping
            .as_object()
            .is_some_and(|kinds| kinds.values().any(|fields| fields.get("id").is_some()))
    };
    let problem = if !mapping.is_object() {
        Some((
            "the records of the stream have no `x-maps-to`",
            "add it to their component",
        ))
    } else if report.value(&format!("{at}/key")).is_null()
        && !has_id()
        && mapping.get("message").is_none()
    {
        Some((
            "the records of the stream have no key",
            "add `key`, or map an `id`",
        ))
    } else {
        None
    };
    if let Some((what, fix)) = problem {
        report.add(rules::STREAM_MAPPING, at, what, fix);
    }
}

/// The records that a list response contains.
enum Records {
    /// The pointer to their schema.
    Of(String),
    /// The response has no schema down to the records.
    Open,
    /// The response has no such list.
    Nowhere,
}

fn records(report: &Report<'_>, operation: &str, answer: &str) -> Records {
    let items = report.value(&format!("{operation}/x-pagination/items"));
    let pointers: Vec<&str> = match items {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let mut is_open = pointers.is_empty();
    for pointer in pointers {
        match lead(report, answer, pointer) {
            Lead::To(list) => match target(report, &list) {
                Some(list) if own_kind(report.value(&list)) == Kind::List => {
                    return Records::Of(format!("{list}/items"));
                }
                _ => is_open = true,
            },
            Lead::Open => is_open = true,
            Lead::Nowhere(..) => {}
        }
    }
    if is_open {
        Records::Open
    } else {
        Records::Nowhere
    }
}

fn stream_body(report: &mut Report<'_>, operation: &str, at: &str) {
    let Some(body) = body(report, operation) else {
        return;
    };
    let Some(record) = target(report, &body) else {
        return;
    };
    let is_named = !super::schemas::is_in_place(report.value(&body));
    let is_optional = report.value(&format!("{operation}/requestBody"))["required"] != true;
    let is_object = is_named && kind(report, &body) == Kind::Record;
    let stream = report.value(at);
    let seeds = stream["seeds"].as_array();
    let paging = report.value(&format!("{operation}/x-pagination"));
    let is_given = |wire: &str| {
        stream["with"].get(wire).is_some()
            || stream["parent"]["bind"].get(wire).is_some()
            || seeds.is_some_and(|seeds| seeds.iter().any(|seed| seed == wire))
            || (paging["at"]["in"] == "body"
                && (paging["at"]["name"] == wire || paging["size"] == wire))
    };
    let lacks = !is_object || needs_arguments(report, &record, is_given);
    if lacks && !is_optional {
        problem!(report, rules::STREAM_BODY, at;
            "sync cannot build the request body of this operation";
            "make the body an object whose properties are optional or have `x-send: always`");
        report.also(&body, "request body");
    }
}

fn parent(report: &mut Report<'_>, operation: &str, at: &str, streams: &Streams) {
    let place = format!("{at}/parent/stream");
    let Some(name) = report.value(&place).as_str() else {
        return;
    };
    let Some((_, other)) = streams.get(name) else {
        unknown(report, &place, name, streams);
        return;
    };
    let record = answer(report, other).and_then(|answer| match records(report, other, &answer) {
        Records::Of(record) => Some(record),
        _ => None,
    });
    for (wire, bound) in entries(report, &format!("{at}/parent/bind")) {
        read(report, operation, &bound, &wire);
        // `/id` can refer to the mapped id.
        if let Some(record) = &record
            && report.value(&bound) != "/id"
        {
            pointers::follow(report, &bound, record);
        }
    }
}

fn unknown(report: &mut Report<'_>, place: &str, name: &str, streams: &Streams) {
    let known: Vec<&str> = streams.keys().map(String::as_str).collect();
    problem!(report, rules::UNKNOWN_STREAM, place;
        "the stream `{name}` does not exist"; meant(name, &known));
}

/// Checks that each parameter of a stream's operation is set once.
fn parameters(report: &mut Report<'_>, operation: &str, at: &str) {
    let mut all: Vec<(String, String)> = entries(report, &format!("{at}/with"));
    for (index, seed) in list(report, &format!("{at}/seeds")).iter().enumerate() {
        let place = format!("{at}/seeds/{index}");
        if let Some(seed) = seed.as_str() {
            read(report, operation, &place, seed);
            all.push((seed.to_owned(), place));
        }
    }
    all.extend(entries(report, &format!("{at}/parent/bind")));
    let scope = list(report, "/x-scope");
    let paging = report.value(&format!("{operation}/x-pagination"));
    let paged = [&paging["at"]["name"], &paging["size"]];
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (wire, place) in &all {
        let taken = if scope.iter().any(|scope| scope == wire) {
            Some("is already in `x-scope`")
        } else if paged.iter().any(|name| *name == wire) {
            Some("is set by pagination")
        } else if seen.contains_key(wire.as_str()) {
            Some("is set twice")
        } else {
            None
        };
        if let Some(what) = taken {
            problem!(report, rules::STREAM_PARAMETER, key place;
                "`{wire}` {what}"; "remove it here");
        }
        seen.insert(wire, place);
    }
    for (wire, place) in entries(report, &format!("{at}/with")) {
        fixed(report, operation, &place, &wire);
    }
    for parameter in list(report, &format!("{operation}/parameters")) {
        let Some(wire) = parameter["name"].as_str() else {
            continue;
        };
        let is_covered = parameter["required"] != true
            || scope.iter().any(|scope| scope == wire)
            || paged.iter().any(|name| *name == wire)
            || seen.contains_key(wire);
        if !is_covered {
            problem!(report, rules::STREAM_PARAMETER, at;
                "the stream does not set the required parameter `{wire}`";
                "add it under `with`, `seeds` or `parent.bind`");
        }
    }
}

/// Returns the pointer to the schema of a parameter or of a top-level property of the body that a stream sets.
fn given(report: &mut Report<'_>, operation: &str, place: &str, wire: &str) -> Option<String> {
    if let Some(parameter) = parameter(report, operation, wire) {
        return Some(format!("{parameter}/schema"));
    }
    if body(report, operation).is_some() {
        return property(report, operation, place, wire);
    }
    unknown_parameter(report, operation, place, wire);
    None
}

/// Checks a value from a seed or a parent record, which is parsed from one string.
fn read(report: &mut Report<'_>, operation: &str, place: &str, wire: &str) {
    let Some(schema) = given(report, operation, place, wire) else {
        return;
    };
    let is_parameter = parameter(report, operation, wire).is_some();
    let kind = match target(report, &schema) {
        // A list parameter receives one item.
        Some(list) if is_parameter && own_kind(report.value(&list)) == Kind::List => {
            kind(report, &format!("{list}/items"))
        }
        Some(schema) => own_kind(report.value(&schema)),
        None => return,
    };
    if matches!(
        kind,
        Kind::Record | Kind::OneOf | Kind::List | Kind::Map | Kind::Json
    ) {
        problem!(report, rules::STREAM_VALUE, place;
            "`{wire}` is not a scalar"; "set a string, a number, a boolean or an enum instead");
        report.also(&schema, "declared here");
    }
}

/// Checks a constant value under `with`.
fn fixed(report: &mut Report<'_>, operation: &str, place: &str, wire: &str) {
    let schema = given(report, operation, place, wire);
    let Some(schema) = schema.and_then(|schema| target(report, &schema)) else {
        return;
    };
    let value = report.value(place);
    let schema = report.value(&schema);
    if own_kind(schema) == Kind::Nothing {
        return;
    }
    let is_plain = matches!(
        own_kind(schema),
        Kind::Text
            | Kind::Enum
            | Kind::Whole
            | Kind::Number
            | Kind::NumberOrText
            | Kind::Truth
            | Kind::Moment
            | Kind::List
    );
    let fix = match allows(schema, value) {
        Err(fix) => fix,
        Ok(()) if !is_plain || value.is_null() => {
            "set a string, a number, a boolean, an enum or a list of these instead".into()
        }
        Ok(()) => return,
    };
    problem!(report, rules::STREAM_VALUE, place;
        "the value is not valid for `{wire}`"; fix.trim_end_matches(", or remove it"));
}

/// Checks that no stream is its own ancestor.
fn circles(report: &mut Report<'_>, streams: &Streams) {
    for (name, (at, _)) in streams {
        let mut next = name.clone();
        for _ in 0..=streams.len() {
            let Some((parent_at, _)) = streams.get(&next) else {
                break;
            };
            let Some(parent) = report.value(&format!("{parent_at}/parent/stream")).as_str() else {
                break;
            };
            parent.clone_into(&mut next);
            if next == *name {
                problem!(report, rules::UNKNOWN_STREAM, &format!("{at}/parent/stream");
                    "the stream `{name}` is its own ancestor";
                    "write a stream without such a parent");
                break;
            }
        }
    }
}
