//! Evidence: everything in a spec has `x-evidence`, its own or that of an enclosing object.

use crate::{
    lint::{
        keys::{entries, list},
        report::{Report, problem},
    },
    rules,
};

pub(super) fn check(report: &mut Report<'_>) {
    if has(report, "") {
        return;
    }
    // Missing evidence at the root is reported as `missing-word`; this reports everything that depends on it.
    for (_, path) in entries(report, "/paths") {
        for (_, at) in entries(report, &path) {
            operation(report, &at);
        }
    }
    for (name, at) in entries(report, "/components/securitySchemes") {
        if !has(report, &at) {
            tell(report, &at, &format!("the security scheme `{name}`"));
        }
    }
    for (name, at) in entries(report, "/components/schemas") {
        schema(report, &at, &format!("the schema `{name}`"));
    }
}

fn has(report: &Report<'_>, at: &str) -> bool {
    report
        .value(&format!("{at}/x-evidence/from"))
        .as_str()
        .is_some_and(|from| !from.trim().is_empty())
}

/// Checks the parts of an operation without evidence.
fn operation(report: &mut Report<'_>, at: &str) {
    if has(report, at) {
        return;
    }
    for (what, part) in [("parameter", "parameters"), ("error code", "x-errors")] {
        for (index, value) in list(report, &format!("{at}/{part}")).iter().enumerate() {
            let at = format!("{at}/{part}/{index}");
            if !has(report, &at) {
                let name = value["name"].as_str().unwrap_or_default();
                tell(report, &at, &format!("the {what} `{name}`"));
            }
        }
    }
    for (status, at) in entries(report, &format!("{at}/responses")) {
        if !has(report, &at) {
            tell(report, &at, &format!("the response `{status}`"));
        }
    }
}

/// Checks a schema; if some properties have evidence, reports each property without it instead of the schema.
fn schema(report: &mut Report<'_>, at: &str, what: &str) {
    if has(report, at) {
        return;
    }
    let properties = entries(report, &format!("{at}/properties"));
    let (with, without): (Vec<_>, Vec<_>) = properties
        .into_iter()
        .partition(|(_, property)| has(report, property));
    if with.is_empty() {
        tell(report, at, what);
        return;
    }
    for (name, at) in without {
        tell(report, &at, &format!("the property `{name}`"));
    }
}

fn tell(report: &mut Report<'_>, at: &str, what: &str) {
    problem!(report, rules::EVIDENCE, key at;
        "{what} has no evidence";
        "add `x-evidence: {{ from: …, grade: … }}` here, or at the top for the whole document");
}
