//! How lists are read.

use serde_json::Value;

use crate::{
    lint::{
        keys::list,
        kinds::{Kind, Lead, kind, lead, own_kind, target},
        lookup::{answer, body, parameter, property, unknown_parameter},
        pointers,
        report::Report,
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
    let Some(answer) = answer(report, operation) else {
        if report.value(&format!("{operation}/x-csv")).is_object() {
            report.add_key(
                rules::PAGING_WORDS,
                &at,
                "rows of CSV come in one answer",
                "leave it out",
            );
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
        pointers::follow(report, &format!("{at}/{pointer}"), &answer);
    }
    let Some(record) = items(report, &at, &answer) else {
        return;
    };
    for pointer in ["key", "next/last-item"] {
        pointers::follow(report, &format!("{at}/{pointer}"), &record);
    }
}

/// Which words go with a style.
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
            report.add(
                rules::PAGING_WORDS,
                at,
                format!("the style `{style}` needs `{word}`"),
                format!("write `{word}`"),
            );
        }
    }
    let refused: &[&str] = match style {
        "single" => &["at", "size", "first", "next", "end", "echo", "order"],
        "cursor" => &["first"],
        _ => &["next"],
    };
    for word in refused {
        if value.get(word).is_some() {
            report.add_key(
                rules::PAGING_WORDS,
                &format!("{at}/{word}"),
                format!("the style `{style}` takes no `{word}`"),
                "leave it out",
            );
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
            report.add(
                rules::PAGING_WORDS,
                &format!("{at}/{word}"),
                format!("`{word}` has {either} of `{}`", choices.join("` and `")),
                "write it so",
            );
        }
    }
}

fn position(report: &mut Report<'_>, operation: &str, at: &str) {
    let place = format!("{at}/at/name");
    let Some(wire) = report.value(&place).as_str() else {
        return;
    };
    let is_cursor = report.value(&format!("{at}/style")) == "cursor";
    let in_body = report.value(&format!("{at}/at/in")) == "body";
    let Some(found) = find(report, operation, &place, wire, in_body) else {
        return;
    };
    let value = report.value(&found);
    let schema = if in_body {
        found.clone()
    } else {
        format!("{found}/schema")
    };
    // What is wrong with the declaration itself is told already.
    if !report.value(&schema).is_object() || value["in"] == "cookie" {
        return;
    }
    let is_scope = list(report, "/x-scope").iter().any(|scope| scope == wire);
    let is_always = value.get("x-send").is_some();
    let is_required = in_body && is_required(report, operation, wire) && !is_always;
    let problem = match (is_cursor, kind_in_place(report, &schema)) {
        _ if is_scope => Some("a scope parameter is the same on every page"),
        _ if !in_body && value["in"] != "query" => Some("the position is no query parameter"),
        (true, _) if is_required => Some("a cursor is absent at first"),
        (true, Kind::Text) if is_always => Some("a cursor is absent at first"),
        (true, Kind::Text | Kind::Moment | Kind::Whole | Kind::NumberOrText)
        | (false, Kind::Whole) => None,
        (true, _) => Some("a cursor is a text or a whole number"),
        (false, _) => Some("a page number or an offset is a whole number"),
    };
    if let Some(what) = problem {
        report.add(
            rules::PAGING_POSITION,
            &place,
            what,
            "declare it as `type: integer`, or `type: string` for a cursor; in a body neither `required` nor, for a cursor, `x-send`",
        );
        let shown = if in_body {
            found
        } else {
            format!("{found}/name")
        };
        report.also(&shown, "declared here");
    }
}

/// The kind of a schema that is written where it is used.
fn kind_in_place(report: &Report<'_>, at: &str) -> Kind {
    let value = report.value(at);
    if super::schemas::is_in_place(value) && value.is_object() {
        own_kind(value)
    } else {
        Kind::Nothing
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
            report.add(
                rules::PAGING_POSITION,
                place,
                "there is no body",
                "write `in: query`, or describe the body",
            );
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
    let in_body = report.value(&format!("{at}/at/in")) == "body";
    let is_position = report.value(&format!("{at}/at/name")) == wire;
    let Some(found) = find(report, operation, &place, wire, in_body) else {
        return;
    };
    let value = report.value(&found);
    let schema = if in_body { value } else { &value["schema"] };
    let is_scope = list(report, "/x-scope").iter().any(|scope| scope == wire);
    let is_count = own_kind(schema) == Kind::Whole;
    let problem = if is_scope || is_position {
        Some("the size of a page is a parameter of its own")
    } else if !in_body && value["in"] != "query" {
        Some("the size of a page is no query parameter")
    } else if !is_count {
        Some("the size of a page is a whole number")
    } else {
        None
    };
    if let Some(what) = problem {
        report.add(
            rules::PAGING_SIZE,
            &place,
            what,
            "declare it as `{ type: integer, format: int32, minimum: 1 }`",
        );
        let shown = if in_body {
            found
        } else {
            format!("{found}/name")
        };
        report.also(&shown, "declared here");
    }
}

/// The pointer of the schema of a record, where the answer is described that far.
fn items(report: &mut Report<'_>, at: &str, answer: &str) -> Option<String> {
    let at = format!("{at}/items");
    let places = match report.value(&at) {
        Value::Array(list) => (0..list.len())
            .map(|index| format!("{at}/{index}"))
            .collect(),
        _ => vec![at],
    };
    let is_choice = places.len() > 1;
    let mut record = None;
    for place in &places {
        let found = if is_choice {
            // Of several places only one need be there.
            match lead(report, answer, report.value(place).as_str()?) {
                Lead::To(found) => Some(found),
                _ => None,
            }
        } else {
            pointers::follow(report, place, answer)
        };
        let Some(found) = found.and_then(|found| target(report, &found)) else {
            continue;
        };
        match own_kind(report.value(&found)) {
            Kind::List => {
                record = record.or(Some(format!("{found}/items")));
            }
            Kind::Json => {}
            _ if is_choice => {}
            _ => report.add(
                rules::PAGING_ITEMS,
                place,
                "this leads to no list",
                "write the pointer of the array of records",
            ),
        }
    }
    let record = record?;
    let is_named = !super::schemas::is_in_place(report.value(&record));
    match kind(report, &record) {
        Kind::Record if is_named => Some(record),
        Kind::Json => Some(record),
        Kind::Nothing => None,
        _ => {
            report.add(
                rules::PAGING_ITEMS,
                places.first()?,
                "the entries of this list are no records",
                "let the list hold a $ref to an object, or any JSON",
            );
            None
        }
    }
}
