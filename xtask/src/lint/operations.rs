//! Operations that the generator would refuse, mistake or clash on.

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::{
    Report,
    keys::{entries, list},
    parameters,
};

const RESERVED: &[&str] = &["send", "send_raw", "stream", "pages", "rows", "bytes"];

pub(super) fn check(report: &mut Report<'_>) {
    root(report);
    let (mut ids, mut names) = (BTreeMap::new(), BTreeMap::new());
    let mut schemes: Vec<String> = entries(report, "/components/securitySchemes")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    schemes.sort();
    security(report, "/security", &schemes);
    for (path, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            operation(report, &path, &at);
            security(report, &format!("{at}/security"), &schemes);
            let value = report.value(&at);
            if let Some(id) = value["operationId"].as_str()
                && ids.insert(id.to_snake_case(), at.clone()).is_some()
            {
                report.add(
                    &format!("{at}/operationId"),
                    format!("`{id}` names two operations"),
                    "write a name of its own instead",
                );
            }
            if let (Some(tag), Some(name)) = (value["tags"][0].as_str(), value["x-name"].as_str())
                && names
                    .insert((tag.to_owned(), name.to_owned()), at.clone())
                    .is_some()
            {
                report.add(
                    &format!("{at}/x-name"),
                    format!("`{name}` names two operations of `{tag}`"),
                    "write another name instead",
                );
            }
        }
    }
}

fn root(report: &mut Report<'_>) {
    match report.value("/openapi").as_str() {
        Some("3.0.3") => {}
        Some(_) => report.add(
            "/openapi",
            "only OpenAPI 3.0.3 is supported",
            "write 3.0.3 instead",
        ),
        None => report.add("", "`openapi` is missing", "write `openapi: 3.0.3`"),
    }
    if report.value("/x-vocabulary") != &Value::from(1) {
        report.add(
            "/x-vocabulary",
            "the vocabulary's version is missing or another one",
            "write `x-vocabulary: 1`",
        );
    }
    for key in ["x-platform", "x-evidence", "info", "servers", "paths"] {
        if report.value(&format!("/{key}")).is_null() {
            report.add(
                "",
                format!("`{key}` is missing"),
                format!("write `{key}` at the top"),
            );
        }
    }
    let platform = report
        .value("/x-platform")
        .as_str()
        .unwrap_or("a")
        .to_owned();
    if !platform.starts_with(|c: char| c.is_ascii_lowercase())
        || !platform
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        report.add(
            "/x-platform",
            "a platform's name is of lower-case letters, digits and underscores",
            "write it so instead",
        );
    }
    if report
        .value("/x-base-url")
        .as_str()
        .is_some_and(|word| word != "required")
    {
        report.add(
            "/x-base-url",
            "the only value is `required`",
            "write that, or leave it out and give the URL under `servers`",
        );
    }
    if list(report, "/servers").len() > 1 {
        report.add("/servers", "one base URL is supported", "write one server");
    }
    if report
        .value("/info/title")
        .as_str()
        .is_none_or(str::is_empty)
    {
        report.add(
            "/info",
            "`title` is missing",
            "write the platform's name for people",
        );
    }
    if report
        .value("/info/version")
        .as_str()
        .is_none_or(|version| !version.is_ascii())
    {
        report.add(
            "/info/version",
            "the version is not an ASCII text",
            "write it in quotes",
        );
    }
}

fn operation(report: &mut Report<'_>, path: &str, at: &str) {
    let value = report.value(at);
    for (key, fix) in [
        ("operationId", "write a name in snake_case"),
        ("x-name", "write the method's name, such as list"),
        ("x-retry", "write read, idempotent or never"),
        ("summary", "write one line"),
        ("description", "write what one must know"),
        ("x-evidence", "write which document says so"),
        ("responses", "write the answers"),
    ] {
        if value.get(key).is_none() {
            report.add(at, format!("`{key}` is missing"), fix);
        }
    }
    let id = value["operationId"].as_str().unwrap_or("a");
    if id != id.to_snake_case() || id == "new" {
        report.add(
            &format!("{at}/operationId"),
            format!("`{id}` cannot name a function"),
            format!(
                "write `{}` instead",
                if id == "new" {
                    "create".to_owned()
                } else {
                    id.to_snake_case()
                }
            ),
        );
    }
    if let Some(name) = value["x-name"].as_str()
        && RESERVED.contains(&name)
    {
        report.add(
            &format!("{at}/x-name"),
            format!("`{name}` is a method of every request"),
            "write another name instead",
        );
    }
    if value["summary"]
        .as_str()
        .is_some_and(|summary| summary.trim().contains('\n'))
    {
        report.add(
            &format!("{at}/summary"),
            "a summary is one line",
            "write the rest into the description instead",
        );
    }
    let tags = list(report, &format!("{at}/tags"));
    match tags {
        [Value::String(tag)] => {
            if !list(report, "/tags")
                .iter()
                .any(|known| known["name"] == tag.as_str())
            {
                report.add(
                    &format!("{at}/tags"),
                    format!("the tag `{tag}` is not described"),
                    "write it under `tags` at the top",
                );
            }
        }
        _ => report.add(
            &format!("{at}/tags"),
            "an operation has one tag",
            "write the resource it belongs to",
        ),
    }
    parameters::check(report, path, at);
    parameters::body(report, at);
    responses(report, at);
    if let Some(pagination) = value.get("x-pagination")
        && pagination["at"]["in"] == "query"
    {
        for key in ["/at/name", "/size"] {
            if let Some(wire) = pagination.pointer(key).and_then(Value::as_str)
                && !list(report, &format!("{at}/parameters"))
                    .iter()
                    .any(|parameter| parameter["name"] == wire)
            {
                report.add(
                    &format!("{at}/x-pagination"),
                    format!("there is no parameter `{wire}`"),
                    "write it under `parameters`",
                );
            }
        }
    }
}

fn responses(report: &mut Report<'_>, at: &str) {
    let mut successes = 0;
    for (status, response) in entries(report, &format!("{at}/responses")) {
        if status == "default" {
            report.add(
                &response,
                "`default` says nothing about a status",
                "write the statuses instead",
            );
        } else if !is_status(&status) {
            report.add(
                &response,
                format!("`{status}` is no status"),
                "write three digits in quotes, or a class of errors such as 4XX",
            );
        }
        if status.starts_with('2') {
            successes += 1;
            let types: Vec<String> = entries(report, &format!("{response}/content"))
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            let [media_type] = types.as_slice() else {
                report.add(
                    &response,
                    "a success has one media type",
                    "write application/json or text/csv",
                );
                continue;
            };
            if media_type != "application/json" && media_type != "text/csv" {
                report.add(
                    &response,
                    format!("`{media_type}` is not decoded"),
                    "write application/json or text/csv instead",
                );
            }
            let is_csv = media_type == "text/csv";
            if is_csv != report.value(&format!("{at}/x-csv")).is_object() {
                report.add(
                    &response,
                    "text/csv and `x-csv` belong together",
                    "write both or neither",
                );
            }
        }
    }
    if successes != 1 {
        report.add(
            &format!("{at}/responses"),
            format!("there are {successes} successes"),
            "write exactly one 2xx",
        );
    }
}

fn is_status(key: &str) -> bool {
    let digits = key.strip_suffix("XX").unwrap_or(key);
    let is_class = digits.len() != key.len();
    digits.len() == if is_class { 1 } else { 3 }
        && digits.starts_with(['1', '2', '3', '4', '5'])
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn security(report: &mut Report<'_>, at: &str, schemes: &[String]) {
    for (index, _) in list(report, at).iter().enumerate() {
        for (name, at) in entries(report, &format!("{at}/{index}")) {
            if !schemes.contains(&name) {
                report.add(
                    &at,
                    format!("there is no security scheme `{name}`"),
                    format!("write one of {} instead", schemes.join(", ")),
                );
            }
        }
    }
}
