//! Extensions of an operation: headers, errors, envelope and request rules.

use serde_json::{Map, Value};

use crate::{
    idents::snake,
    lint::{
        clashes::{self, FirstUses},
        lookup::{body, is_token, parameter, success_schema, unknown_parameter},
        pointers,
        report::{Report, problem},
        schema_kind::{SchemaKind, kind},
    },
    rules,
    schema::integer_format,
};

pub(super) fn check(report: &mut Report<'_>, at: &str) {
    headers(report, at);
    errors(report, at);
    envelope(report, at);
    request_rules(report, at);
}

/// Checks constant headers.
fn headers(report: &mut Report<'_>, at: &str) {
    let mut seen = FirstUses::new();
    for (name, at) in report.entries(&format!("{at}/x-headers")) {
        let value = report.value(&at).as_str().unwrap_or_default();
        if !is_token(name) || !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
            problem!(report, rules::HEADER_TEXT, key &at;
                "the header cannot be sent"; "write a valid header name and a value of visible ASCII");
        }
        let named = (at.as_str(), name, name.to_lowercase());
        clashes::distinct(report, &mut seen, named, "header", "remove one of the two");
    }
}

fn errors(report: &mut Report<'_>, at: &str) {
    for (error, at) in report.items(&format!("{at}/x-errors")) {
        if let Some(name) = error["name"].as_str()
            && !clashes::is_made_of(name, |c| c.is_ascii_uppercase(), "_")
        {
            let better = snake(name).to_string().to_uppercase();
            problem!(report, rules::NAME_FORM, &format!("{at}/name");
                "`{name}` is not in UPPER_SNAKE_CASE"; "write `{better}` instead");
        }
    }
}

fn envelope(report: &mut Report<'_>, at: &str) {
    for (value, at) in report.items(&format!("{at}/x-envelope/fail-when")) {
        let tests = ["is", "not", "min"];
        let tests = tests
            .iter()
            .filter(|test| value.get(test).is_some())
            .count();
        if value.is_object() && tests != 1 {
            problem!(report, rules::CONDITION, &at;
                "the condition has {tests} tests"; "write exactly one of `is`, `not` and `min`");
        }
    }
    let has_pages = report.at(at, "x-pagination").is_object();
    let data = format!("{at}/x-envelope/data");
    if has_pages && report.value(&data).is_string() {
        problem!(report, rules::PAGING_WORDS, key &data;
            "`x-pagination.items` already locates the records"; "remove it");
        return;
    }
    let Some(success) = success_schema(report, at) else {
        return;
    };
    let payload = match report.value(&data).as_str() {
        Some(_) => pointers::follow(report, &data, &success),
        None => Some(success),
    };
    let unwrap = format!("{at}/x-envelope/unwrap");
    if let Some(payload) = payload
        && report.value(&unwrap).is_string()
        && !has_pages
        && !matches!(
            kind(report, &payload),
            SchemaKind::List | SchemaKind::Json | SchemaKind::Nothing
        )
    {
        problem!(report, rules::UNKNOWN_PROPERTY, &unwrap;
            "the payload is not a list"; "remove it, or point `data` to the list");
    }
}

fn request_rules(report: &mut Report<'_>, at: &str) {
    for (rule, place) in report.items(&format!("{at}/x-rules")) {
        match (rule.get("any-of"), rule.get("less")) {
            (Some(_), None) => any_of(report, at, &place),
            (None, Some(_)) => less(report, at, &place),
            _ if !rule.is_object() => {}
            _ => problem!(report, rules::REQUEST_RULE, &place;
                "the rule is not exactly one of `any-of` and `less`"; "write one of them per entry"),
        }
    }
}

fn any_of(report: &mut Report<'_>, at: &str, place: &str) {
    if let Some(body) = body(report, at) {
        for (_, at) in report.items(&format!("{place}/any-of")) {
            pointers::follow(report, &at, &body);
        }
    } else if !report.at(at, "requestBody").is_object() {
        // A body that is not JSON is reported by `responses`.
        problem!(report, rules::REQUEST_RULE, place;
            "the operation has no JSON body"; "remove the rule; `any-of` applies to bodies");
    }
}

fn less(report: &mut Report<'_>, at: &str, place: &str) {
    let names = report.items(&format!("{place}/less"));
    let mut types = Vec::new();
    for (name, name_at) in &names {
        let Some(name) = name.as_str() else { continue };
        let Some(parameter) = parameter(report, at, name) else {
            unknown_parameter(report, at, name_at, name);
            continue;
        };
        types.push(
            report
                .at(&parameter, "schema")
                .as_object()
                .and_then(ordered),
        );
    }
    if names.len() != 2
        || types.windows(2).any(|pair| pair.first() != pair.last())
        || types.contains(&None)
    {
        problem!(report, rules::REQUEST_RULE, place;
            "`less` does not name two parameters of the same type";
            "write two parameters with the same `type` and `format`");
    }
}

/// Returns the type of a comparable parameter; parameters of the same type can be compared.
fn ordered(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")?.as_str()? {
        "integer" => Some(integer_format(schema)),
        name @ ("string" | "number") if !schema.contains_key("enum") => Some(name),
        _ => None,
    }
}
