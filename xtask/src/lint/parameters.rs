//! Parameters, and the paths they stand in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Report,
    keys::list,
    kinds::{Kind, kind},
    names,
    root::is_plain_path,
    rules,
    schemas::is_in_place,
};
use crate::codegen::snake;

/// Methods and fields of every request.
const TAKEN: &[&str] = &[
    "bytes",
    "core",
    "encode_path",
    "header_map",
    "new",
    "pages",
    "resume",
    "rows",
    "send",
    "send_raw",
    "stream",
    "walk",
    "with_concurrency",
    "with_dedupe",
];

/// Headers that are set by the transport or by credentials.
const OTHERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "transfer-encoding",
    "user-agent",
];

pub(super) fn check(report: &mut Report<'_>, path: &str, at: &str) {
    template(report, path, at);
    let declared = list(report, &format!("{at}/parameters"));
    let has_body = report.value(&format!("{at}/requestBody")).is_object();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (index, parameter) in declared.iter().enumerate() {
        let at = format!("{at}/parameters/{index}");
        let (Some(wire), Some(place)) = (parameter["name"].as_str(), parameter["in"].as_str())
        else {
            continue;
        };
        name(report, &at, wire, place);
        let rust = snake(wire).to_string();
        let body: &[&str] = if has_body { &["body"] } else { &[] };
        names::taken(report, &format!("{at}/name"), &rust, &[TAKEN, body]);
        names::distinct_value(report, &mut names, &format!("{at}/name"), wire, rust);
        if place == "path" {
            in_path(report, path, &at, wire);
        }
        value(report, &at, wire);
    }
    for wire in placeholders(path) {
        if !declared
            .iter()
            .any(|parameter| parameter["name"] == wire && parameter["in"] == "path")
        {
            report.add(
                rules::PATH_PARAMETER,
                at,
                format!("the path's `{wire}` is not described"),
                "write it under `parameters`",
            );
        }
    }
}

fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .map(|part| part.split('}').next().unwrap_or_default())
}

fn in_path(report: &mut Report<'_>, path: &str, at: &str, wire: &str) {
    if matches!(
        report.value(&format!("{at}/required")),
        Value::Null | Value::Bool(false)
    ) {
        report.add(
            rules::PATH_PARAMETER,
            at,
            format!("the path parameter `{wire}` is not required"),
            "write `required: true`",
        );
    }
    if !placeholders(path).any(|part| part == wire) {
        report.add(
            rules::PATH_PARAMETER,
            &format!("{at}/name"),
            format!("`{wire}` does not stand in the path"),
            format!("write {{{wire}}} into the path, or leave it out"),
        );
    }
}

/// The path itself; it is told at the operation's path, which is one level up.
fn template(report: &mut Report<'_>, path: &str, at: &str) {
    let Some((item, _)) = at.rsplit_once('/') else {
        return;
    };
    let mut plain = String::new();
    let mut rest = path;
    let mut is_balanced = true;
    while let Some((before, inner)) = rest.split_once('{') {
        is_balanced &= !before.contains('}');
        plain.push_str(before);
        plain.push('x');
        match inner.split_once('}') {
            Some((name, after)) if !name.is_empty() && !name.contains(['{', '/']) => rest = after,
            _ => {
                is_balanced = false;
                rest = "";
            }
        }
    }
    plain.push_str(rest);
    let problem = if !is_balanced || !path.starts_with('/') || plain.contains('}') {
        Some("a path is of segments behind slashes, and of `{parameters}`")
    } else if path != "/" && !is_plain_path(&plain) {
        Some("a path has no empty or dotted segments, no query, and no character that is escaped")
    } else {
        None
    };
    if let Some(what) = problem {
        report.add_key(rules::PATH_FORM, item, what, "write it like `/users/{id}`");
    }
    let mut seen: Vec<&str> = Vec::new();
    for name in placeholders(path) {
        if seen.contains(&name) {
            report.add_key(
                rules::PATH_FORM,
                item,
                format!("`{{{name}}}` stands in the path twice"),
                "give the second one a name of its own",
            );
        }
        seen.push(name);
    }
}

fn name(report: &mut Report<'_>, at: &str, wire: &str, place: &str) {
    let at = format!("{at}/name");
    let is_header = place == "header";
    if is_header && OTHERS.contains(&wire.to_ascii_lowercase().as_str()) {
        report.add(
            rules::PARAMETER_NAME,
            &at,
            format!("`{wire}` is not for callers to set"),
            "describe credentials as a security scheme, a constant under `x-headers`",
        );
        return;
    }
    let sign = |c: char| matches!(c, '_' | '-' | '.') || (!is_header && "$[]".contains(c));
    let is_form = wire.chars().all(|c| c.is_ascii_alphanumeric() || sign(c))
        && wire
            .trim_start_matches(sign)
            .starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_form {
        report.add(
            rules::PARAMETER_NAME,
            &at,
            format!("`{wire}` gives no name in Rust, or cannot be sent"),
            "write ASCII letters, digits, `_`, `-` and `.`, a letter first",
        );
    }
}

fn value(report: &mut Report<'_>, at: &str, wire: &str) {
    let at = format!("{at}/schema");
    let schema = report.value(&at);
    if !schema.is_object() {
        return;
    }
    let found = kind(report, &at);
    let is_plain = match found {
        Kind::Enum => true,
        Kind::Text | Kind::Moment | Kind::Whole | Kind::Number | Kind::Truth => is_in_place(schema),
        // It is told where the reference stands.
        Kind::Nothing => true,
        _ => false,
    };
    if !is_plain {
        report.add(
            rules::PARAMETER_TYPE,
            &at,
            format!("the parameter `{wire}` is no single value"),
            "write a scalar, or a $ref to an enum, instead",
        );
    }
}
