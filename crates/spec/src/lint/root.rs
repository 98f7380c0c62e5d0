//! The top-level keys of the document.

use std::collections::BTreeMap;

use crate::{
    idents::camel,
    lint::{
        keys::{entries, list},
        lookup::parameter,
        names,
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
    if report
        .value("/openapi")
        .as_str()
        .is_some_and(|version| version != "3.0.3")
    {
        problem!(report, rules::OPENAPI_VERSION, "/openapi";
            "only OpenAPI 3.0.3 is supported"; "write `3.0.3` instead");
    }
    if report
        .value("/x-vocabulary")
        .as_i64()
        .is_some_and(|version| version != 1)
    {
        problem!(report, rules::VOCABULARY_VERSION, "/x-vocabulary";
            "unknown version of the vocabulary"; "write `x-vocabulary: 1`");
    }
}

fn platform(report: &mut Report<'_>) {
    let Some(name) = report.value("/x-platform").as_str() else {
        return;
    };
    let is_form = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_');
    if !is_form {
        problem!(report, rules::PLATFORM_NAME, "/x-platform";
            "a platform name consists of lower-case letters, digits and single underscores, and starts with a letter";
            format!("write `{}` instead", crate::idents::snake(name).to_string().trim_end_matches('_')));
    }
}

fn base_url(report: &mut Report<'_>) {
    let servers = list(report, "/servers");
    if servers.len() > 1 {
        problem!(report, rules::BASE_URL, "/servers";
            "more than one server"; "keep one server");
    }
    let Some(url) = report.value("/servers/0/url").as_str() else {
        return;
    };
    let wrong = |report: &mut Report<'_>, what: &str, fix: &str| {
        report.add(rules::BASE_URL, "/servers/0/url", what, fix);
    };
    let Some(rest) = url.strip_prefix("https://") else {
        wrong(
            report,
            "the base URL does not start with https://",
            "write it like `https://api.example.com/v1`",
        );
        return;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let is_host = !host.is_empty()
        && host.split('.').all(|label| !label.is_empty())
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
        && host
            .split_once(':')
            .is_none_or(|(_, port)| port.parse::<u16>().is_ok());
    let path = rest.get(host.len()..).unwrap_or_default();
    if !is_host || !is_plain_path(path.strip_suffix('/').unwrap_or(path)) {
        wrong(
            report,
            "the base URL is not just a host and a plain path",
            "write it like `https://api.example.com/v1`",
        );
        return;
    }
    let is_nowhere = host.ends_with(".invalid");
    let is_required = report.value("/x-base-url") == "required";
    if is_required && !is_nowhere {
        wrong(
            report,
            "the host looks real although `x-base-url: required` is set",
            "write a host under `.invalid`, because the caller supplies the base URL",
        );
    }
    if is_nowhere && !is_required {
        wrong(
            report,
            "hosts under `.invalid` do not exist",
            "write the platform's host, or `x-base-url: required` at the top",
        );
    }
}

/// Returns whether a path is empty or consists of segments that URL normalization leaves unchanged.
pub(super) fn is_plain_path(path: &str) -> bool {
    path.is_empty()
        || path
            .strip_prefix('/')
            .is_some_and(|path| path.split('/').all(is_segment))
}

fn is_segment(segment: &str) -> bool {
    !segment.is_empty()
        && segment != "."
        && segment != ".."
        && segment
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c))
}

fn info(report: &mut Report<'_>) {
    if report
        .value("/info/title")
        .as_str()
        .is_some_and(|title| title.contains(['\n', '|']))
    {
        problem!(report, rules::INFO_TEXT, "/info/title";
            "the title is not a single line without `|`";
            "write a single line; the title is used in the crate manifest and in tables");
    }
    if report
        .value("/info/version")
        .as_str()
        .is_some_and(|version| !version.is_ascii() || version.contains('\n'))
    {
        problem!(report, rules::INFO_TEXT, "/info/version";
            "the version is not a single line of ASCII"; "write it with ASCII letters, digits and symbols");
    }
}

fn tags(report: &mut Report<'_>) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for index in 0..list(report, "/tags").len() {
        let at = format!("/tags/{index}/name");
        let Some(tag) = report.value(&at).as_str() else {
            continue;
        };
        let is_name = tag.starts_with(|c: char| c.is_ascii_alphabetic())
            && tag
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' '));
        if is_name {
            names::distinct_value(
                report,
                &mut names,
                &at,
                tag,
                camel(tag).to_string(),
                names::RENAME,
            );
        } else {
            problem!(report, rules::NAME_FORM, &at;
                "`{tag}` does not map to a Rust identifier";
                format!("write `{}` instead", crate::idents::snake(tag)));
        }
    }
}

/// Checks the scope parameters, which are set once for all operations that declare them.
fn scope(report: &mut Report<'_>) {
    let scope = list(report, "/x-scope");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (index, wire) in scope.iter().enumerate() {
        let at = format!("/x-scope/{index}");
        let Some(wire) = wire.as_str() else { continue };
        let rust = crate::idents::snake(wire).to_string();
        names::taken(report, &at, &rust, &[&["core"]]);
        names::distinct_value(report, &mut names, &at, wire, rust, names::RENAME);
        let mut places = Vec::new();
        for (_, path) in entries(report, "/paths") {
            for (_, operation) in entries(report, &path) {
                places.extend(parameter(report, &operation, wire));
            }
        }
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
