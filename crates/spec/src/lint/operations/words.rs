//! Extensions of an operation: headers, errors, envelope and request rules.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    idents::snake,
    lint::{
        keys::{entries, list},
        kinds::{Kind, kind},
        lookup::{answer, body, is_token, parameter, unknown_parameter},
        names, pointers,
        report::{Report, problem},
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
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, at) in entries(report, &format!("{at}/x-headers")) {
        let is_name = is_token(&name);
        let is_value = report
            .value(&at)
            .as_str()
            .is_none_or(|value| value.chars().all(|c| c == ' ' || c.is_ascii_graphic()));
        if !is_name || !is_value {
            problem!(report, rules::HEADER_TEXT, key &at;
                "the header cannot be sent"; "write a valid header name and a value of visible ASCII");
        }
        names::distinct(
            report,
            &mut seen,
            &at,
            &name,
            name.to_lowercase(),
            "header",
            "remove one of the two",
        );
    }
}

fn errors(report: &mut Report<'_>, at: &str) {
    for index in 0..list(report, &format!("{at}/x-errors")).len() {
        let at = format!("{at}/x-errors/{index}");
        let value = report.value(&at);
        if let Some(name) = value["name"].as_str() {
            let is_form = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if !is_form {
                problem!(report, rules::NAME_FORM, &format!("{at}/name");
                    "`{name}` is not in UPPER_SNAKE_CASE";
                    format!("write `{}` instead", snake(name).to_string().to_uppercase()));
            }
        }
    }
}

fn envelope(report: &mut Report<'_>, at: &str) {
    for index in 0..list(report, &format!("{at}/x-envelope/fail-when")).len() {
        let at = format!("{at}/x-envelope/fail-when/{index}");
        let value = report.value(&at);
        let tests = ["is", "not", "min"]
            .iter()
            .filter(|test| value.get(test).is_some())
            .count();
        if value.is_object() && tests != 1 {
            problem!(report, rules::CONDITION, &at;
                "the condition has {tests} tests"; "write exactly one of `is`, `not` and `min`");
        }
    }
    let has_pages = report.value(&format!("{at}/x-pagination")).is_object();
    let data = format!("{at}/x-envelope/data");
    if has_pages && report.value(&data).is_string() {
        problem!(report, rules::PAGING_WORDS, key &data;
            "`x-pagination.items` already locates the records"; "remove it");
        return;
    }
    let Some(answer) = answer(report, at) else {
        return;
    };
    let payload = match report.value(&data).as_str() {
        Some(_) => pointers::follow(report, &data, &answer),
        None => Some(answer),
    };
    let unwrap = format!("{at}/x-envelope/unwrap");
    if let Some(payload) = payload
        && report.value(&unwrap).is_string()
        && !has_pages
        && !matches!(
            kind(report, &payload),
            Kind::List | Kind::Json | Kind::Nothing
        )
    {
        problem!(report, rules::UNKNOWN_PROPERTY, &unwrap;
            "the payload is not a list"; "remove it, or point `data` to the list");
    }
}

fn request_rules(report: &mut Report<'_>, at: &str) {
    for index in 0..list(report, &format!("{at}/x-rules")).len() {
        let place = format!("{at}/x-rules/{index}");
        let rule = report.value(&place);
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
    let Some(body) = body(report, at) else {
        // A body that is not JSON is reported by `responses`.
        if report.value(&format!("{at}/requestBody")).is_object() {
            return;
        }
        problem!(report, rules::REQUEST_RULE, place;
            "the operation has no JSON body"; "remove the rule; `any-of` applies to bodies");
        return;
    };
    for index in 0..list(report, &format!("{place}/any-of")).len() {
        pointers::follow(report, &format!("{place}/any-of/{index}"), &body);
    }
}

fn less(report: &mut Report<'_>, at: &str, place: &str) {
    let names = list(report, &format!("{place}/less"));
    let mut types = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Some(name) = name.as_str() else { continue };
        let name_at = format!("{place}/less/{index}");
        let Some(parameter) = parameter(report, at, name) else {
            unknown_parameter(report, at, &name_at, name);
            continue;
        };
        let value = report.value(&parameter);
        types.push(value["schema"].as_object().and_then(ordered));
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
