//! Operations that the generator would refuse, mistake or clash on.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::{Map, Value};

use super::{
    Report,
    keys::{entries, list, meant},
    kinds::{Kind, kind, target},
    names::{self, PRELUDE},
    paging, parameters, pointers, responses, rules, security, streams,
};
use crate::codegen::{camel, integer_format, snake};

const RESERVED: &[&str] = &["send", "send_raw", "stream", "pages", "rows", "bytes"];

/// Names in the file of the request builders, and those of the client that handles must not have either.
const TAKEN: &[&str] = &[
    "Builder",
    "Call",
    "CallFuture",
    "Client",
    "Connection",
    "Core",
    "CredentialSet",
    "Credentials",
    "Error",
    "ErrorKind",
    "Items",
    "Json",
    "Operation",
    "Options",
    "Outgoing",
    "Page",
    "PageNumber",
    "Pages",
    "Platform",
    "Position",
    "RawResponse",
    "Rows",
    "Secret",
    "Settings",
    "Source",
    "Timestamp",
];

/// Functions that progenitor's client has itself.
const FUNCTIONS: &[&str] = &["new", "new_with_client"];

pub(super) fn check(report: &mut Report<'_>) {
    let (mut ids, mut methods) = (BTreeMap::new(), BTreeMap::new());
    security::check(report);
    for (path, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            if !report.value(&at).is_object() {
                continue;
            }
            operation(report, &path, &at);
            id(report, &at, &mut ids);
            method(report, &at, &mut methods);
        }
    }
    let paths = report.value("/paths").as_object();
    if paths.is_some_and(|paths| {
        paths
            .values()
            .all(|path| path.as_object().is_some_and(Map::is_empty))
    }) {
        report.add(
            rules::EMPTY,
            "/paths",
            "a platform without operations",
            "write one",
        );
    }
    handles(report, &mut ids);
    streams::check(report);
}

fn operation(report: &mut Report<'_>, path: &str, at: &str) {
    if report
        .value(&format!("{at}/summary"))
        .as_str()
        .is_some_and(|summary| summary.trim().contains('\n') || summary.contains('|'))
    {
        report.add(
            rules::SUMMARY_LINE,
            &format!("{at}/summary"),
            "a summary is one line, without bars",
            "write the rest into the description instead",
        );
    }
    tags(report, at);
    headers(report, at);
    parameters::check(report, path, at);
    responses::check(report, at);
    security::requirements(report, &format!("{at}/security"));
    paging::check(report, at);
    errors(report, at);
    envelope(report, at);
    request_rules(report, at);
}

fn tags(report: &mut Report<'_>, at: &str) {
    let known: Vec<&str> = list(report, "/tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let tags = list(report, &format!("{at}/tags"));
    if tags.len() > 1 {
        report.add(
            rules::UNKNOWN_TAG,
            &format!("{at}/tags"),
            "an operation has one tag",
            "write the resource it belongs to",
        );
    }
    for (index, tag) in tags.iter().enumerate() {
        if let Some(tag) = tag.as_str()
            && !known.contains(&tag)
        {
            let fix = match super::nearest(tag, &known) {
                Some(near) => format!("write `{near}` instead"),
                None => "write it under `tags` at the top".into(),
            };
            report.add(
                rules::UNKNOWN_TAG,
                &format!("{at}/tags/{index}"),
                format!("the tag `{tag}` is not described"),
                fix,
            );
        }
    }
}

fn id(report: &mut Report<'_>, at: &str, ids: &mut BTreeMap<String, String>) {
    let at = format!("{at}/operationId");
    let Some(id) = report.value(&at).as_str() else {
        return;
    };
    if FUNCTIONS.contains(&id) {
        report.add(
            rules::TAKEN_NAME,
            &at,
            format!("`{id}` is a function of every client"),
            "write `create`, or what it does, instead",
        );
    } else if !names::is_snake(id) || id != id.to_snake_case() {
        let better = snake(id).to_string();
        let fix = if better == id || better.trim_end_matches('_') == id {
            "write another name instead".into()
        } else {
            format!("write `{better}` instead")
        };
        report.add(
            rules::NAME_FORM,
            &at,
            format!("`{id}` cannot name a function"),
            fix,
        );
    }
    let rust = camel(id).to_string();
    if PRELUDE.contains(&rust.as_str()) || TAKEN.contains(&rust.as_str()) {
        report.add(
            rules::TAKEN_NAME,
            &at,
            format!("`{rust}` clashes with generated code"),
            "write another name instead",
        );
    }
    names::distinct_value(report, ids, &at, id, rust);
}

fn method(report: &mut Report<'_>, at: &str, methods: &mut BTreeMap<String, String>) {
    let tag = report.value(&format!("{at}/tags/0")).as_str();
    let at = format!("{at}/x-name");
    let Some(name) = report.value(&at).as_str() else {
        return;
    };
    if RESERVED.contains(&name) {
        report.add(
            rules::TAKEN_NAME,
            &at,
            format!("`{name}` is a method of every request"),
            "write another name instead",
        );
    } else if !names::is_snake(name) {
        report.add(
            rules::NAME_FORM,
            &at,
            format!("`{name}` cannot name a method"),
            format!("write snake_case, such as `{}`", snake(name)),
        );
    }
    let tag = tag.unwrap_or_default();
    names::distinct_value(report, methods, &at, name, format!("{tag}().{name}"));
}

/// Handles and request builders share one namespace.
fn handles(report: &mut Report<'_>, types: &mut BTreeMap<String, String>) {
    let scope: Vec<&str> = list(report, "/x-scope")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let (mut scoped, mut plain) = (BTreeSet::new(), BTreeSet::new());
    for (_, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            let value = report.value(&at);
            let Some(tag) = value["tags"][0].as_str() else {
                continue;
            };
            let parameters = value["parameters"].as_array().into_iter().flatten();
            let is_scoped = parameters
                .filter_map(|parameter| parameter["name"].as_str())
                .any(|wire| scope.contains(&wire));
            let set = if is_scoped { &mut scoped } else { &mut plain };
            set.insert(tag.to_owned());
        }
    }
    let last = format!("/x-scope/{}", scope.len().saturating_sub(1));
    let scope_method = scope.last().map(|wire| crate::codegen::scope_method(wire));
    let scope_type = scope_method.as_deref().map(|name| camel(name).to_string());
    if let Some(name) = scope_type.clone().filter(|_| !scoped.is_empty()) {
        handle(report, types, &last, name);
    }
    for (index, tag) in list(report, "/tags").iter().enumerate() {
        let at = format!("/tags/{index}/name");
        let Some(tag) = tag["name"].as_str() else {
            continue;
        };
        names::taken(
            report,
            &at,
            &snake(tag).to_string(),
            &[&["builder", "clone"]],
        );
        let own = camel(tag).to_string();
        if plain.contains(tag) || scoped.contains(tag) {
            handle(report, types, &at, own.clone());
        }
        if let Some(scope) = &scope_type
            && plain.contains(tag)
            && scoped.contains(tag)
        {
            handle(report, types, &at, format!("{scope}{own}"));
        }
    }
}

fn handle(report: &mut Report<'_>, types: &mut BTreeMap<String, String>, at: &str, name: String) {
    names::taken(report, at, &name, &[PRELUDE, TAKEN]);
    let wire = report.value(at).as_str().unwrap_or_default();
    names::distinct_value(report, types, at, wire, name);
}

/// Constant headers as they are sent.
fn headers(report: &mut Report<'_>, at: &str) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, at) in entries(report, &format!("{at}/x-headers")) {
        let is_name = is_token(&name);
        let is_value = report
            .value(&at)
            .as_str()
            .is_none_or(|value| value.chars().all(|c| c == ' ' || c.is_ascii_graphic()));
        if !is_name || !is_value {
            report.add_key(
                rules::HEADER_TEXT,
                &at,
                "this header cannot be sent",
                "write a header's name, and visible ASCII",
            );
        }
        names::distinct(
            report,
            &mut seen,
            &at,
            &name,
            name.to_lowercase(),
            "one header",
        );
    }
}

/// The characters of a header's name.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn errors(report: &mut Report<'_>, at: &str) {
    let has_code = !list(report, &format!("{at}/x-envelope/code")).is_empty();
    for index in 0..list(report, &format!("{at}/x-errors")).len() {
        let at = format!("{at}/x-errors/{index}");
        let value = report.value(&at);
        if let Some(name) = value["name"].as_str() {
            let is_form = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if !is_form {
                report.add(
                    rules::NAME_FORM,
                    &format!("{at}/name"),
                    format!("`{name}` is not in UPPER_SNAKE_CASE"),
                    format!("write `{}` instead", snake(name).to_string().to_uppercase()),
                );
            }
        }
        if value.is_object() && value.get("find").is_none() && !has_code {
            report.add(
                rules::ERROR_CODE,
                &at,
                "nothing says where this code stands",
                "write `find: anywhere`, or `code` into `x-envelope`",
            );
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
            report.add(
                rules::CONDITION,
                &at,
                format!("this condition has {tests} tests"),
                "write one of `is`, `not` and `min`",
            );
        }
    }
    let has_pages = report.value(&format!("{at}/x-pagination")).is_object();
    let data = format!("{at}/x-envelope/data");
    if has_pages && report.value(&data).is_string() {
        report.add_key(
            rules::PAGING_WORDS,
            &data,
            "where the records are is said by `x-pagination.items`",
            "leave it out",
        );
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
        report.add(
            rules::UNKNOWN_PROPERTY,
            &unwrap,
            "the payload is no list",
            "leave it out, or let `data` lead to the list",
        );
    }
}

/// The pointer of the schema of a JSON success.
pub(super) fn answer(report: &Report<'_>, at: &str) -> Option<String> {
    let responses = entries(report, &format!("{at}/responses"));
    let (_, success) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    let schema = format!("{success}/content/application~1json/schema");
    report.value(&schema).is_object().then_some(schema)
}

/// The pointer of the schema of a JSON body.
pub(super) fn body(report: &Report<'_>, at: &str) -> Option<String> {
    let schema = format!("{at}/requestBody/content/application~1json/schema");
    report.value(&schema).is_object().then_some(schema)
}

fn request_rules(report: &mut Report<'_>, at: &str) {
    for index in 0..list(report, &format!("{at}/x-rules")).len() {
        let place = format!("{at}/x-rules/{index}");
        let rule = report.value(&place);
        match (rule.get("any-of"), rule.get("less")) {
            (Some(_), None) => any_of(report, at, &place),
            (None, Some(_)) => less(report, at, &place),
            _ if !rule.is_object() => {}
            _ => report.add(
                rules::REQUEST_RULE,
                &place,
                "a rule is either `any-of` or `less`",
                "write one of them, in an entry of its own",
            ),
        }
    }
}

fn any_of(report: &mut Report<'_>, at: &str, place: &str) {
    let Some(body) = body(report, at) else {
        // A body that is none of JSON is told already.
        if report.value(&format!("{at}/requestBody")).is_object() {
            return;
        }
        report.add(
            rules::REQUEST_RULE,
            place,
            "there is no body to look into",
            "leave the rule out; `any-of` is for bodies",
        );
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
        if value["required"] == true {
            report.add(
                rules::REQUEST_RULE,
                &name_at,
                format!("`{name}` is required"),
                "compare optional parameters",
            );
        }
        types.push(value["schema"].as_object().and_then(ordered));
    }
    if names.len() != 2
        || types.windows(2).any(|pair| pair.first() != pair.last())
        || types.contains(&None)
    {
        report.add(
            rules::REQUEST_RULE,
            place,
            "`less` compares two parameters of one type",
            "write two, with the same `type` and `format`",
        );
    }
}

/// The type of values that can be compared; two of them are compared when it is the same.
fn ordered(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")?.as_str()? {
        "integer" => Some(integer_format(schema)),
        name @ ("string" | "number") if !schema.contains_key("enum") => Some(name),
        _ => None,
    }
}

/// The pointer of a parameter.
pub(super) fn parameter(report: &Report<'_>, at: &str, wire: &str) -> Option<String> {
    let at = format!("{at}/parameters");
    let index = list(report, &at)
        .iter()
        .position(|parameter| parameter["name"] == wire)?;
    Some(format!("{at}/{index}"))
}

pub(super) fn unknown_parameter(report: &mut Report<'_>, at: &str, place: &str, wire: &str) {
    let known: Vec<&str> = list(report, &format!("{at}/parameters"))
        .iter()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    let fix = match super::nearest(wire, &known) {
        Some(near) => format!("write `{near}` instead"),
        None => "write it under `parameters`".into(),
    };
    report.add(
        rules::UNKNOWN_PARAMETER,
        place,
        format!("there is no parameter `{wire}`"),
        fix,
    );
}

/// The pointer of a property at the top of a body, and whether the body is described at all.
pub(super) fn property(
    report: &mut Report<'_>,
    at: &str,
    place: &str,
    wire: &str,
) -> Option<String> {
    let body = body(report, at)?;
    let record = target(report, &body)?;
    let properties = entries(report, &format!("{record}/properties"));
    let found = properties.iter().find(|(name, _)| name == wire);
    if found.is_none() {
        let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        report.add(
            rules::UNKNOWN_PROPERTY,
            place,
            format!("the body has no property `{wire}`"),
            meant(wire, &known),
        );
    }
    found.map(|(_, at)| at.clone())
}
