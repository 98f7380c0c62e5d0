//! Operations that the generator would refuse, mistake or clash on.

mod names;
mod words;

use std::collections::BTreeMap;

use serde_json::Map;

use super::{
    Report,
    keys::{entries, list, meant},
    kinds::target,
    paging, parameters, responses, rules, security, streams,
};
pub(super) use words::is_token;

pub(super) fn check(report: &mut Report<'_>) {
    let (mut ids, mut methods) = (BTreeMap::new(), BTreeMap::new());
    security::check(report);
    for (path, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            if !report.value(&at).is_object() {
                continue;
            }
            operation(report, &path, &at);
            names::id(report, &at, &mut ids);
            names::method(report, &at, &mut methods);
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
    names::handles(report, &mut ids);
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
    parameters::check(report, path, at);
    responses::check(report, at);
    security::requirements(report, &format!("{at}/security"));
    paging::check(report, at);
    words::check(report, at);
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
