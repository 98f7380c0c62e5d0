//! Pagination of lists.

use serde_json::Value;

use crate::{
    lint::{
        lookup::{body, parameter, property, success_schema, unknown_parameter},
        pointers,
        report::{Report, problem},
        schema_kind::{Lead, SchemaKind, kind, lead, own_kind, target},
        schemas::is_in_place,
    },
    rules,
};

pub(super) fn check(report: &mut Report<'_>, operation: &str) {
    let at = format!("{operation}/x-pagination");
    let value = report.value(&at);
    if !value.is_object() {
        return;
    }
    words(report, &at, value);
    position(report, operation, &at);
    size(report, operation, &at);
    let Some(success) = success_schema(report, operation) else {
        if report.at(operation, "x-csv").is_object() {
            problem!(report, rules::PAGING_WORDS, key &at;
                "a CSV response is not paginated"; "remove it");
        }
        return;
    };
    for pointer in [
        "next/pointer",
        "end/total-pages",
        "end/total",
        "echo/size",
        "echo/position",
        "echo/count",
    ] {
        pointers::follow(report, &format!("{at}/{pointer}"), &success);
    }
    let Some(record) = items(report, &at, &success) else {
        return;
    };
    for pointer in ["key", "next/last-item"] {
        pointers::follow(report, &format!("{at}/{pointer}"), &record);
    }
}

/// Checks the keys that a style requires or does not support.
fn words(report: &mut Report<'_>, at: &str, value: &Value) {
    let needed: &[&str] = match value["style"].as_str() {
        Some("page" | "offset") => &["at", "end"],
        Some("cursor") => &["at", "end", "next"],
        Some("single") => &[],
        _ => return,
    };
    let style = value["style"].as_str().unwrap_or_default();
    for word in needed {
        if value.get(word).is_none() {
            problem!(report, rules::PAGING_WORDS, at;
                "the style `{style}` requires `{word}`"; "add `{word}`");
        }
    }
    let refused: &[&str] = match style {
        "single" => &["at", "size", "first", "next", "end", "echo", "order"],
        "cursor" => &["first"],
        _ => &["next"],
    };
    for word in refused {
        if value.get(word).is_some() {
            problem!(report, rules::PAGING_WORDS, key &format!("{at}/{word}");
                "the style `{style}` does not support `{word}`"; "remove it");
        }
    }
    for (word, choices, either) in [
        ("next", &["pointer", "last-item"] as &[_], "exactly one"),
        ("end", &["total-pages", "total"], "one or both"),
        ("echo", &["size", "position", "count"], "at least one"),
    ] {
        let inner = &value[word];
        let count = choices
            .iter()
            .filter(|name| inner.get(name).is_some())
            .count();
        if inner.is_object() && (count == 0 || (count == 2 && word == "next")) {
            let known = choices.join("`, `");
            problem!(report, rules::PAGING_WORDS, &format!("{at}/{word}");
                "`{word}` does not have {either} of `{known}`"; "write {either} of `{known}`");
        }
    }
}

fn position(report: &mut Report<'_>, operation: &str, at: &str) {
    let place = format!("{at}/at/name");
    let Some(wire) = report.value(&place).as_str() else {
        return;
    };
    let is_cursor = report.at(at, "style") == "cursor";
    let in_body = report.at(at, "at/in") == "body";
    let Some(found) = find(report, operation, &place, wire, in_body) else {
        return;
    };
    let value = report.value(&found);
    let schema = match in_body {
        true => found.clone(),
        false => format!("{found}/schema"),
    };
    // Other checks report an invalid declaration.
    if !report.value(&schema).is_object() || value["in"] == "cookie" {
        return;
    }
    let is_scope = report.list("/x-scope").iter().any(|scope| scope == wire);
    let is_always = value.get("x-send").is_some();
    let is_required = in_body && is_required(report, operation, wire) && !is_always;
    let problem = match (is_cursor, kind_in_place(report, &schema)) {
        _ if is_scope => Some("a scope parameter cannot hold the position"),
        _ if !in_body && value["in"] != "query" => Some("the position is not a query parameter"),
        (true, _) if is_required => Some("a cursor must be optional: the first request has none"),
        (true, SchemaKind::Text) if is_always => {
            Some("a cursor must be optional: the first request has none")
        }
        (
            true,
            SchemaKind::Text | SchemaKind::Moment | SchemaKind::Whole | SchemaKind::NumberOrText,
        )
        | (false, SchemaKind::Whole) => None,
        (true, _) => Some("a cursor must be a string or an integer"),
        (false, _) => Some("a page number or offset must be an integer"),
    };
    if let Some(what) = problem {
        problem!(report, rules::PAGING_POSITION, &place; what;
            "declare it as `type: integer`, or `type: string` for a cursor; in a body, neither `required` nor, for a cursor, with `x-send`");
        declared(report, &found, in_body);
    }
}

/// Adds the declaration of a parameter or property to the last problem.
fn declared(report: &mut Report<'_>, found: &str, in_body: bool) {
    let shown = if in_body { "" } else { "/name" };
    report.also(&format!("{found}{shown}"), "declared here");
}

/// Returns the kind of an inline schema.
fn kind_in_place(report: &Report<'_>, at: &str) -> SchemaKind {
    let value = report.value(at);
    if is_in_place(value) && value.is_object() {
        own_kind(value)
    } else {
        SchemaKind::Nothing
    }
}

fn is_required(report: &Report<'_>, operation: &str, wire: &str) -> bool {
    body(report, operation)
        .and_then(|body| target(report, &body))
        .and_then(|record| report.value(&record)["required"].as_array())
        .is_some_and(|required| required.iter().any(|name| name == wire))
}

fn find(
    report: &mut Report<'_>,
    operation: &str,
    place: &str,
    wire: &str,
    in_body: bool,
) -> Option<String> {
    if in_body {
        if body(report, operation).is_none() {
            problem!(report, rules::PAGING_POSITION, place;
                "the operation has no JSON body"; "write `in: query`, or declare the body");
        }
        return property(report, operation, place, wire);
    }
    let found = parameter(report, operation, wire);
    if found.is_none() {
        unknown_parameter(report, operation, place, wire);
    }
    found
}

fn size(report: &mut Report<'_>, operation: &str, at: &str) {
    let place = format!("{at}/size");
    let Some(wire) = report.value(&place).as_str() else {
        return;
    };
    let in_body = report.at(at, "at/in") == "body";
    let is_position = report.at(at, "at/name") == wire;
    let Some(found) = find(report, operation, &place, wire, in_body) else {
        return;
    };
    let value = report.value(&found);
    let schema = if in_body { value } else { &value["schema"] };
    let is_scope = report.list("/x-scope").iter().any(|scope| scope == wire);
    let is_count = own_kind(schema) == SchemaKind::Whole;
    let problem = if is_scope || is_position {
        Some("the page size must be a parameter other than the position")
    } else if !in_body && value["in"] != "query" {
        Some("the page size is not a query parameter")
    } else if !is_count {
        Some("the page size must be an integer")
    } else {
        None
    };
    if let Some(what) = problem {
        problem!(report, rules::PAGING_SIZE, &place; what;
            "declare it as `{{ type: integer, format: int32, minimum: 1 }}`");
        declared(report, &found, in_body);
    }
}

/// Returns the pointer to the schema of a record, if the response has a schema down to it.
fn items(report: &mut Report<'_>, at: &str, success: &str) -> Option<String> {
    let places = report.one_or_many(&format!("{at}/items"));
    let is_choice = places.len() > 1;
    let mut record = None;
    for place in &places {
        let found = if is_choice {
            // Only one of several pointers needs to exist.
            match lead(report, success, report.value(place).as_str()?) {
                Lead::To(found) => Some(found),
                _ => None,
            }
        } else {
            pointers::follow(report, place, success)
        };
        let Some(found) = found.and_then(|found| target(report, &found)) else {
            continue;
        };
        match own_kind(report.value(&found)) {
            SchemaKind::List => {
                record = record.or(Some(format!("{found}/items")));
            }
            SchemaKind::Json => {}
            _ if is_choice => {}
            _ => problem!(report, rules::PAGING_ITEMS, place;
                "the pointer does not lead to a list"; "write the pointer to the array of records"),
        }
    }
    let record = record?;
    let is_named = !is_in_place(report.value(&record));
    match kind(report, &record) {
        SchemaKind::Record if is_named => Some(record),
        SchemaKind::Json => Some(record),
        SchemaKind::Nothing => None,
        _ => {
            problem!(report, rules::PAGING_ITEMS, places.first()?;
                "the items of the list are not records";
                "make the items a $ref to an object, or any JSON");
            None
        }
    }
}
