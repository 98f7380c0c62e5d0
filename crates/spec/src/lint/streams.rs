//! Streams: the lists that sync reads.

mod effects;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    idents::snake,
    lint::{
        clashes,
        lookup::{body, parameter, property, success_schema, unknown_parameter},
        mapping, pointers,
        report::{Report, known_instead, problem},
        schema_kind::{Lead, SchemaKind, kind, lead, own_kind, target},
        schemas::{allows, is_in_place, needs_arguments},
    },
    rules,
};

/// Stream names with the pointers of the stream and of its operation.
type StreamIndex = BTreeMap<String, (String, String)>;

pub(super) fn check(report: &mut Report<'_>) {
    let mut streams = StreamIndex::new();
    let operations = report.operations();
    for operation in &operations {
        for at in report.one_or_many(&format!("{operation}/x-stream")) {
            name(report, &mut streams, &at, operation);
        }
    }
    for operation in &operations {
        for at in report.one_or_many(&format!("{operation}/x-stream")) {
            stream(report, operation, &at, &streams);
        }
        effects::check(report, operation, &streams);
    }
    circles(report, &streams);
    mapping::check(report);
}

fn name(report: &mut Report<'_>, streams: &mut StreamIndex, at: &str, operation: &str) {
    let place = format!("{at}/name");
    let Some(name) = report.value(&place).as_str() else {
        return;
    };
    let is_kebab = clashes::is_made_of(name, |c| c.is_ascii_lowercase(), "-");
    if !is_kebab || name.ends_with('-') || name.contains("--") {
        let better = snake(name).to_string().replace('_', "-");
        problem!(report, rules::NAME_FORM, &place;
            "`{name}` is not in kebab-case"; "write `{better}` instead");
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

fn stream(report: &mut Report<'_>, operation: &str, at: &str, streams: &StreamIndex) {
    if !report.value(at).is_object() {
        return;
    }
    if !report.at(operation, "x-pagination").is_object() {
        problem!(report, rules::STREAM_PAGING, at;
            "the operation of the stream is not a list";
            "add `x-pagination`, with `style: single` if one response contains all records");
    }
    stream_body(report, operation, at);
    parent(report, operation, at, streams);
    parameters(report, operation, at);
    let Some(success) = success_schema(report, operation) else {
        return;
    };
    let schema = match records(report, operation, &success) {
        RecordSchema::Of(record) => {
            for pointer in ["key", "updated"] {
                pointers::follow(report, &format!("{at}/{pointer}"), &record);
            }
            record
        }
        RecordSchema::Open => success,
        RecordSchema::Nowhere => return,
    };
    let Some(mapped) = target(report, &schema) else {
        return;
    };
    let mapping = report.at(&mapped, "x-maps-to");
    let mut entities = mapping.as_object().into_iter().flatten();
    let has_id = entities.any(|(entity, fields)| entity == "message" || fields.get("id").is_some());
    if !mapping.is_object() {
        problem!(report, rules::STREAM_MAPPING, at;
            "the records of the stream have no `x-maps-to`"; "add it to their component");
    } else if report.at(at, "key").is_null() && !has_id {
        problem!(report, rules::STREAM_MAPPING, at;
            "the records of the stream have no key"; "add `key`, or map an `id`");
    }
}

/// The records that a list response contains.
enum RecordSchema {
    /// The pointer to their schema.
    Of(String),
    /// The response has no schema down to the records.
    Open,
    /// The response has no such list.
    Nowhere,
}

fn records(report: &Report<'_>, operation: &str, success: &str) -> RecordSchema {
    let pointers = report.one_or_many(&format!("{operation}/x-pagination/items"));
    let pointers = pointers.iter().filter_map(|at| report.value(at).as_str());
    let mut pointers = pointers.peekable();
    let mut is_open = pointers.peek().is_none();
    for pointer in pointers {
        match lead(report, success, pointer) {
            Lead::To(list) => match target(report, &list) {
                Some(list) if own_kind(report.value(&list)) == SchemaKind::List => {
                    return RecordSchema::Of(format!("{list}/items"));
                }
                _ => is_open = true,
            },
            Lead::Open => is_open = true,
            Lead::Nowhere(..) => {}
        }
    }
    match is_open {
        true => RecordSchema::Open,
        false => RecordSchema::Nowhere,
    }
}

fn stream_body(report: &mut Report<'_>, operation: &str, at: &str) {
    let Some(body) = body(report, operation) else {
        return;
    };
    let Some(record) = target(report, &body) else {
        return;
    };
    let is_named = !is_in_place(report.value(&body));
    let is_optional = *report.at(operation, "requestBody/required") != true;
    let is_object = is_named && kind(report, &body) == SchemaKind::Record;
    let stream = report.value(at);
    let seeds = stream["seeds"].as_array();
    let paging = report.at(operation, "x-pagination");
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

fn parent(report: &mut Report<'_>, operation: &str, at: &str, streams: &StreamIndex) {
    let place = format!("{at}/parent/stream");
    let Some(name) = report.value(&place).as_str() else {
        return;
    };
    let Some((_, other)) = streams.get(name) else {
        unknown(report, &place, name, streams);
        return;
    };
    let record =
        success_schema(report, other).and_then(|success| match records(report, other, &success) {
            RecordSchema::Of(record) => Some(record),
            _ => None,
        });
    for (wire, bound) in report.entries(&format!("{at}/parent/bind")) {
        read(report, operation, &bound, wire);
        // `/id` can refer to the mapped id.
        if let Some(record) = &record
            && report.value(&bound) != "/id"
        {
            pointers::follow(report, &bound, record);
        }
    }
}

fn unknown(report: &mut Report<'_>, place: &str, name: &str, streams: &StreamIndex) {
    let known: Vec<&str> = streams.keys().map(String::as_str).collect();
    problem!(report, rules::UNKNOWN_STREAM, place;
        "the stream `{name}` does not exist"; known_instead(name, &known));
}

/// Checks that each parameter of a stream's operation is set once.
fn parameters(report: &mut Report<'_>, operation: &str, at: &str) {
    let mut all = report.entries(&format!("{at}/with"));
    for (seed, place) in report.items(&format!("{at}/seeds")) {
        if let Some(seed) = seed.as_str() {
            read(report, operation, &place, seed);
            all.push((seed, place));
        }
    }
    all.extend(report.entries(&format!("{at}/parent/bind")));
    let scope = report.list("/x-scope");
    let paging = report.at(operation, "x-pagination");
    let paged = [&paging["at"]["name"], &paging["size"]];
    let in_scope = |wire: &str| scope.iter().any(|scope| scope == wire);
    let is_paged = |wire: &str| paged.iter().any(|name| *name == wire);
    let mut seen = BTreeSet::new();
    for (wire, place) in &all {
        let is_new = seen.insert(*wire);
        let what = match () {
            () if in_scope(wire) => "is already in `x-scope`",
            () if is_paged(wire) => "is set by pagination",
            () if !is_new => "is set twice",
            () => continue,
        };
        problem!(report, rules::STREAM_PARAMETER, key place; "`{wire}` {what}"; "remove it here");
    }
    for (wire, place) in report.entries(&format!("{at}/with")) {
        fixed(report, operation, &place, wire);
    }
    for parameter in report.list(&format!("{operation}/parameters")) {
        let Some(wire) = parameter["name"].as_str() else {
            continue;
        };
        let is_set = in_scope(wire) || is_paged(wire) || seen.contains(wire);
        if parameter["required"] == true && !is_set {
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
        Some(list) if is_parameter && own_kind(report.value(&list)) == SchemaKind::List => {
            kind(report, &format!("{list}/items"))
        }
        Some(schema) => own_kind(report.value(&schema)),
        None => return,
    };
    if !kind.is_scalar() && kind != SchemaKind::Nothing {
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
    let kind = own_kind(schema);
    if kind == SchemaKind::Nothing {
        return;
    }
    let is_plain = kind.is_scalar() || kind == SchemaKind::List;
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
fn circles(report: &mut Report<'_>, streams: &StreamIndex) {
    for (name, (at, _)) in streams {
        let mut next = name.clone();
        for _ in 0..=streams.len() {
            let Some((parent_at, _)) = streams.get(&next) else {
                break;
            };
            let Some(parent) = report.at(parent_at, "parent/stream").as_str() else {
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
