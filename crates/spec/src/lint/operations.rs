//! Operations: tags, summaries, and the checks of their parts.

mod names;
mod words;

use std::collections::BTreeMap;

use serde_json::Map;

use crate::{
    lint::{
        keys::{entries, list},
        paging, parameters,
        report::{Report, problem},
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
        problem!(report, rules::EMPTY, "/paths"; "the platform has no operations"; "add one");
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
        problem!(report, rules::SUMMARY_LINE, &format!("{at}/summary");
            "the summary is not a single line without `|`"; "move the rest into the description");
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
        problem!(report, rules::UNKNOWN_TAG, &format!("{at}/tags");
            "the operation has more than one tag"; "write one tag, the resource that the operation belongs to");
    }
    for (index, tag) in tags.iter().enumerate() {
        if let Some(tag) = tag.as_str()
            && !known.contains(&tag)
        {
            let fix = match nearest(tag, known.iter().copied()) {
                Some(near) => format!("write `{near}` instead"),
                None => "add it to the top-level `tags`".into(),
            };
            problem!(report, rules::UNKNOWN_TAG, &format!("{at}/tags/{index}");
                "the tag `{tag}` is not listed in the top-level `tags`"; fix);
        }
    }
}
