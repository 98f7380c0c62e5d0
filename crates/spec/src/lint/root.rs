//! The top-level keys of the document.

use crate::{
    idents::{camel, snake},
    lint::{
        clashes::{self, FirstUses},
        lookup::parameter,
        report::{Report, problem},
    },
    rules,
    schema::integer_format,
};

pub(super) fn check(report: &mut Report<'_>) {
    versions(report);
    platform(report);
    base_url(report);
    info(report);
    tags(report);
    scope(report);
}

fn versions(report: &mut Report<'_>) {
    let version = report.value("/openapi").as_str();
    if version.is_some_and(|version| version != "3.0.3") {
        problem!(report, rules::OPENAPI_VERSION, "/openapi";
            "only OpenAPI 3.0.3 is supported"; "write `3.0.3` instead");
    }
    let version = report.value("/x-vocabulary").as_i64();
    if version.is_some_and(|version| version != 1) {
        problem!(report, rules::VOCABULARY_VERSION, "/x-vocabulary";
            "unknown version of the vocabulary"; "write `x-vocabulary: 1`");
    }
}

fn platform(report: &mut Report<'_>) {
    if let Some(name) = report.value("/x-platform").as_str()
        && !clashes::is_lower(name)
    {
        let better = snake(name).to_string();
        let better = better.trim_end_matches('_');
        problem!(report, rules::PLATFORM_NAME, "/x-platform";
            "a platform name consists of lower-case letters, digits and single underscores, and starts with a letter";
            "write `{better}` instead");
    }
}

fn base_url(report: &mut Report<'_>) {
    if report.list("/servers").len() > 1 {
        problem!(report, rules::BASE_URL, "/servers"; "more than one server"; "keep one server");
    }
    let place = "/servers/0/url";
    let Some(url) = report.value(place).as_str() else {
        return;
    };
    let Some(rest) = url.strip_prefix("https://") else {
        problem!(report, rules::BASE_URL, place;
            "the base URL does not start with https://"; "write it like `https://api.example.com/v1`");
        return;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let path = rest.get(host.len()..).unwrap_or_default();
    if !is_host(host) || !is_plain_path(path.strip_suffix('/').unwrap_or(path)) {
        problem!(report, rules::BASE_URL, place;
            "the base URL is not just a host and a plain path";
            "write it like `https://api.example.com/v1`");
        return;
    }
    match (
        host.ends_with(".invalid"),
        report.value("/x-base-url") == "required",
    ) {
        (false, true) => problem!(report, rules::BASE_URL, place;
            "the host looks real although `x-base-url: required` is set";
            "write a host under `.invalid`, because the caller supplies the base URL"),
        (true, false) => problem!(report, rules::BASE_URL, place;
            "hosts under `.invalid` do not exist";
            "write the platform's host, or `x-base-url: required` at the top"),
        _ => {}
    }
}

/// Returns whether a string is a host, with or without a port.
fn is_host(host: &str) -> bool {
    let port = host.split_once(':').map(|(_, port)| port);
    !host.is_empty()
        && host.split('.').all(|label| !label.is_empty())
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Returns whether a path is empty or consists of segments that URL normalization leaves unchanged.
pub(super) fn is_plain_path(path: &str) -> bool {
    let segments = path.strip_prefix('/').map(|path| path.split('/'));
    path.is_empty() || segments.is_some_and(|mut segments| segments.all(is_segment))
}

fn is_segment(segment: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c);
    !matches!(segment, "" | "." | "..") && segment.chars().all(is_plain)
}

fn info(report: &mut Report<'_>) {
    let title = report.value("/info/title").as_str().unwrap_or_default();
    if title.contains(['\n', '|']) {
        problem!(report, rules::INFO_TEXT, "/info/title";
            "the title is not a single line without `|`";
            "write a single line; the title is used in the crate manifest and in tables");
    }
    let version = report.value("/info/version").as_str().unwrap_or_default();
    if !version.is_ascii() || version.contains('\n') {
        problem!(report, rules::INFO_TEXT, "/info/version";
            "the version is not a single line of ASCII";
            "write it with ASCII letters, digits and symbols");
    }
}

fn tags(report: &mut Report<'_>) {
    let mut names = FirstUses::new();
    for (tag, at) in report.items("/tags") {
        let Some(tag) = tag["name"].as_str() else {
            continue;
        };
        let at = format!("{at}/name");
        if clashes::is_made_of(tag, |c| c.is_ascii_alphabetic(), "_- ") {
            let named = (at.as_str(), tag, camel(tag).to_string());
            clashes::distinct_value(report, &mut names, named, clashes::RENAME);
        } else {
            let better = snake(tag);
            problem!(report, rules::NAME_FORM, &at;
                "`{tag}` does not map to a Rust identifier"; "write `{better}` instead");
        }
    }
}

/// Checks the scope parameters, which are set once for all operations that declare them.
fn scope(report: &mut Report<'_>) {
    let mut names = FirstUses::new();
    for (wire, at) in report.items("/x-scope") {
        let Some(wire) = wire.as_str() else { continue };
        let rust = snake(wire).to_string();
        clashes::taken(report, &at, &rust, &["core"]);
        clashes::distinct_value(report, &mut names, (&at, wire, rust), clashes::RENAME);
        let operations = report.operations().into_iter();
        let places: Vec<String> = operations
            .filter_map(|operation| parameter(report, &operation, wire))
            .collect();
        if places.is_empty() {
            problem!(report, rules::SCOPE, &at;
                "no operation declares a parameter `{wire}`"; "declare it, or remove it from `x-scope`");
        }
        let mut first: Option<(&String, &str)> = None;
        for place in &places {
            let Some(ty) = scope_type(report, place, wire) else {
                continue;
            };
            let (other, known) = *first.get_or_insert((place, ty));
            if ty != known {
                problem!(report, rules::SCOPE, &format!("{place}/name");
                    "`{wire}` has another type here"; "write the same schema everywhere");
                report.also(&format!("{other}/name"), "first type");
            }
        }
    }
}

/// Returns the type of a scope parameter; reports one that is neither a string nor an integer.
fn scope_type(report: &mut Report<'_>, at: &str, wire: &str) -> Option<&'static str> {
    let value = report.value(at);
    let schema = &value["schema"];
    let is_plain = matches!(schema["type"].as_str(), Some("string" | "integer"));
    if value["in"] == "header" || !is_plain || schema.get("enum").is_some() {
        problem!(report, rules::SCOPE, &format!("{at}/name");
            "`{wire}` is in `x-scope`, but is not a string or an integer in the path or the query";
            "write `type: string` here, or remove it from `x-scope`");
        return None;
    }
    Some(match schema.as_object() {
        Some(schema) if schema["type"] == "integer" => integer_format(schema),
        _ => "string",
    })
}
