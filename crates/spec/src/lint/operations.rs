//! Operations: tags, summaries, and the checks of their parts.

mod names;
mod words;

use serde_json::Map;

use crate::{
    lint::{
        clashes::FirstUses,
        paging, parameters,
        report::{Report, problem, similar_or},
        responses, security, streams,
    },
    rules,
};

pub(super) fn check(report: &mut Report<'_>) {
    let (mut ids, mut methods) = (FirstUses::new(), FirstUses::new());
    security::check(report);
    for (path, item) in report.entries("/paths") {
        for (_, at) in report.entries(&item) {
            if report.value(&at).is_object() {
                operation(report, path, &at);
                names::id(report, &at, &mut ids);
                names::method(report, &at, &mut methods);
            }
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
    let summary = report.at(at, "summary").as_str().unwrap_or_default();
    if summary.trim().contains('\n') || summary.contains('|') {
        problem!(report, rules::SUMMARY_LINE, &format!("{at}/summary");
            "the summary is not a single line without `|`"; "move the rest into the description");
    }
    tags(report, &format!("{at}/tags"));
    parameters::check(report, path, at);
    responses::check(report, at);
    security::requirements(report, &format!("{at}/security"));
    paging::check(report, at);
    words::check(report, at);
}

fn tags(report: &mut Report<'_>, at: &str) {
    let known = report
        .list("/tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str());
    let tags = report.items(at);
    if tags.len() > 1 {
        problem!(report, rules::UNKNOWN_TAG, at;
            "the operation has more than one tag";
            "write one tag, the resource that the operation belongs to");
    }
    for (tag, at) in tags {
        if let Some(tag) = tag.as_str()
            && !known.clone().any(|known| known == tag)
        {
            problem!(report, rules::UNKNOWN_TAG, &at;
                "the tag `{tag}` is not listed in the top-level `tags`";
                similar_or(tag, known.clone(), "add it to the top-level `tags`"));
        }
    }
}
