//! Evidence: everything in a spec has `x-evidence`, its own or that of an enclosing object.

use crate::{
    lint::report::{Report, problem},
    rules,
};

pub(super) fn check(report: &mut Report<'_>) {
    if has(report, "") {
        return;
    }
    // Missing evidence at the root is reported as `missing-word`; this reports everything that depends on it.
    for at in report.operations() {
        operation(report, &at);
    }
    for (name, at) in report.entries("/components/securitySchemes") {
        require(report, &at, &format!("the security scheme `{name}`"));
    }
    for (name, at) in report.entries("/components/schemas") {
        schema(report, &at, &format!("the schema `{name}`"));
    }
}

fn has(report: &Report<'_>, at: &str) -> bool {
    let from = report.at(at, "x-evidence/from").as_str();
    from.is_some_and(|from| !from.trim().is_empty())
}

/// Checks the parts of an operation without evidence.
fn operation(report: &mut Report<'_>, at: &str) {
    if has(report, at) {
        return;
    }
    for (what, part) in [("parameter", "parameters"), ("error code", "x-errors")] {
        for (value, at) in report.items(&format!("{at}/{part}")) {
            let name = value["name"].as_str().unwrap_or_default();
            require(report, &at, &format!("the {what} `{name}`"));
        }
    }
    for (status, at) in report.entries(&format!("{at}/responses")) {
        require(report, &at, &format!("the response `{status}`"));
    }
}

/// Checks a schema; if some properties have evidence, reports each property without it instead of the schema.
fn schema(report: &mut Report<'_>, at: &str, what: &str) {
    let properties = report.entries(&format!("{at}/properties"));
    if has(report, at) || !properties.iter().any(|(_, property)| has(report, property)) {
        return require(report, at, what);
    }
    for (name, at) in properties {
        require(report, &at, &format!("the property `{name}`"));
    }
}

fn require(report: &mut Report<'_>, at: &str, what: &str) {
    if !has(report, at) {
        problem!(report, rules::EVIDENCE, key at;
            "{what} has no evidence";
            "add `x-evidence: {{ from: …, grade: … }}` here, or at the top for the whole document");
    }
}
