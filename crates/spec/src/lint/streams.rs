//! What sync reads, and what writes do to it.

mod effects;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, list, meant},
        kinds::{Kind, Lead, kind, lead, own_kind, target},
        lookup::{answer, body, parameter, property, unknown_parameter},
        mapping, pointers,
        report::Report,
        schemas::{allows, needs_arguments},
    },
    rules,
};

/// A stream: its pointer and its operation's.
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

/// The pointers of the streams of an operation.
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
        report.add(
            rules::NAME_FORM,
            &place,
            format!("`{name}` is not in kebab-case"),
            format!(
                "write `{}` instead",
                crate::idents::snake(name).to_string().replace('_', "-")
            ),
        );
    }
    match streams.get(name) {
        Some((first, _)) => {
            let first = format!("{first}/name");
            report.add(
                rules::DUPLICATE_NAME,
                &place,
                format!("`{name}` names two streams"),
                "write a name of its own",
            );
            report.also(&first, "first here");
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
        report.add(
            rules::STREAM_PAGING,
            at,
            "a stream of an operation that is no list",
            "write `x-pagination`, with `style: single` where one answer holds everything",
        );
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
            "the records of this stream have no `x-maps-to`",
            "write it on their component",
        ))
    } else if report.value(&format!("{at}/key")).is_null()
        && !has_id()
        && mapping.get("message").is_none()
    {
        Some((
            "nothing tells the records of this stream apart",
            "write `key`, or map an `id`",
        ))
    } else {
        None
    };
    if let Some((what, fix)) = problem {
        report.add(rules::STREAM_MAPPING, at, what, fix);
    }
}

/// The records of a list.
enum Records {
    /// The pointer of their schema.
    Of(String),
    /// The answer is not described that far.
    Open,
    /// The answer has no such list.
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
        report.add(
            rules::STREAM_BODY,
            at,
            "sync cannot make the body of this operation",
            "let the body be an object whose properties are optional or `x-send: always`",
        );
        report.also(&body, "this body");
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
        // `/id` may be the mapped one.
        if let Some(record) = &record
            && report.value(&bound) != "/id"
        {
            pointers::follow(report, &bound, record);
        }
    }
}

fn unknown(report: &mut Report<'_>, place: &str, name: &str, streams: &Streams) {
    let known: Vec<&str> = streams.keys().map(String::as_str).collect();
    report.add(
        rules::UNKNOWN_STREAM,
        place,
        format!("there is no stream `{name}`"),
        meant(name, &known),
    );
}

/// Where each parameter of a stream's operation comes from.
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
            Some("is in `x-scope` already")
        } else if paged.iter().any(|name| *name == wire) {
            Some("is moved by paging")
        } else if seen.contains_key(wire.as_str()) {
            Some("is given twice")
        } else {
            None
        };
        if let Some(what) = taken {
            report.add_key(
                rules::STREAM_PARAMETER,
                place,
                format!("`{wire}` {what}"),
                "leave it out here",
            );
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
            report.add(
                rules::STREAM_PARAMETER,
                at,
                format!("nothing gives the parameter `{wire}`"),
                "write it under `with`, `seeds` or `parent.bind`",
            );
        }
    }
}

/// The schema of what a stream gives: of a parameter, or of a property at the top of the body.
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

/// What rows and records give is read from a text, as one value.
fn read(report: &mut Report<'_>, operation: &str, place: &str, wire: &str) {
    let Some(schema) = given(report, operation, place, wire) else {
        return;
    };
    let is_parameter = parameter(report, operation, wire).is_some();
    let kind = match target(report, &schema) {
        // The one item of a list.
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
        report.add(
            rules::STREAM_VALUE,
            place,
            format!("`{wire}` is no single value"),
            "give it to a text, a number, a truth value or an enum",
        );
        report.also(&schema, "declared here");
    }
}

/// A value that makes this stream, of a parameter or of a property of the body.
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
            "give it to a text, a whole number, a truth value or an enum".into()
        }
        Ok(()) => return,
    };
    report.add(
        rules::STREAM_VALUE,
        place,
        format!("`{wire}` does not take this value"),
        fix.trim_end_matches(", or leave it out"),
    );
}

/// No stream begins with its own records.
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
                report.add(
                    rules::UNKNOWN_STREAM,
                    &format!("{at}/parent/stream"),
                    format!("`{name}` begins with its own records"),
                    "name a stream that is listed by itself",
                );
                break;
            }
        }
    }
}
