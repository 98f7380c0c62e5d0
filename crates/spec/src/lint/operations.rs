//! Operations that the generator would refuse, mistake or clash on.

mod names;
mod words;

use std::collections::BTreeMap;

use serde_json::Map;

use crate::{
    lint::{
        keys::{entries, list},
        paging, parameters,
        report::Report,
        responses, security, streams,
    },
    nearest::nearest,
    rules,
};

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
            let fix = match nearest(tag, known.iter().copied()) {
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
