//! Keys that nothing reads.

use serde_json::Value;

use super::Report;
use crate::codegen::escape;

const ROOT: &[&str] = &[
    "openapi",
    "info",
    "servers",
    "tags",
    "security",
    "paths",
    "components",
    "x-vocabulary",
    "x-platform",
    "x-base-url",
    "x-scope",
    "x-notice",
    "x-evidence",
];
const OPERATION: &[&str] = &[
    "operationId",
    "tags",
    "summary",
    "description",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "x-name",
    "x-retry",
    "x-headers",
    "x-rate-limit",
    "x-pagination",
    "x-envelope",
    "x-errors",
    "x-csv",
    "x-rules",
    "x-stream",
    "x-effect",
    "x-evidence",
];
const PARAMETER: &[&str] = &[
    "name",
    "in",
    "required",
    "description",
    "deprecated",
    "style",
    "explode",
    "schema",
    "x-style",
    "x-evidence",
];
const SCHEME: &[&str] = &[
    "type",
    "in",
    "name",
    "scheme",
    "description",
    "x-signature",
    "x-header-value",
    "x-evidence",
];
const SCHEMA: &[&str] = &[
    "$ref",
    "type",
    "format",
    "title",
    "description",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "enum",
    "oneOf",
    "allOf",
    "nullable",
    "deprecated",
    "default",
    "example",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "x-timestamp",
    "x-personal",
    "x-send",
    "x-maps-to",
    "x-evidence",
];

#[cfg(test)]
pub(super) const LISTS: [&[&str]; 5] = [ROOT, OPERATION, PARAMETER, SCHEME, SCHEMA];

/// Words of OpenAPI that are refused for a reason of their own.
const REFUSED: &[(&str, &str)] = &[
    (
        "not",
        "`not` makes the generator delete the property it names: write `x-rules` or `oneOf` instead",
    ),
    (
        "anyOf",
        "`anyOf` generates types that cannot be read: write `oneOf` with components instead",
    ),
    (
        "discriminator",
        "a discriminator is ignored: write `oneOf` without it instead",
    ),
    (
        "pattern",
        "patterns are not checked: write it into the description instead",
    ),
    ("default-response", "write the statuses instead"),
    (
        "allowReserved",
        "everything but delimiters is percent-encoded: leave it out",
    ),
    (
        "allowEmptyValue",
        "an empty text is sent as it is: leave it out",
    ),
    (
        "multipleOf",
        "multiples are not checked: write it into the description instead",
    ),
    ("callbacks", "callbacks are not generated: leave them out"),
    ("links", "links are not generated: leave them out"),
    ("readOnly", "it is not used: leave it out"),
    ("writeOnly", "it is not used: leave it out"),
];

pub(super) fn check(report: &mut Report<'_>) {
    object(report, "", ROOT);
    object(report, "/info", &["title", "version", "description"]);
    for (index, _) in list(report, "/servers").iter().enumerate() {
        object(
            report,
            &format!("/servers/{index}"),
            &["url", "description"],
        );
    }
    for (index, _) in list(report, "/tags").iter().enumerate() {
        object(report, &format!("/tags/{index}"), &["name", "description"]);
    }
    object(report, "/components", &["schemas", "securitySchemes"]);
    for (_, at) in entries(report, "/components/securitySchemes") {
        object(report, &at, SCHEME);
    }
    for (_, at) in entries(report, "/components/schemas") {
        schema(report, &at);
    }
    for (_, path) in entries(report, "/paths") {
        object(report, &path, &["get", "put", "post", "delete", "patch"]);
        for (_, at) in entries(report, &path) {
            operation(report, &at);
        }
    }
}

fn operation(report: &mut Report<'_>, at: &str) {
    object(report, at, OPERATION);
    for (index, _) in list(report, &format!("{at}/parameters")).iter().enumerate() {
        let at = format!("{at}/parameters/{index}");
        object(report, &at, PARAMETER);
        schema(report, &format!("{at}/schema"));
    }
    object(
        report,
        &format!("{at}/requestBody"),
        &["required", "content", "description", "x-evidence"],
    );
    content(report, &format!("{at}/requestBody/content"));
    for (_, at) in entries(report, &format!("{at}/responses")) {
        object(
            report,
            &at,
            &["description", "headers", "content", "x-evidence"],
        );
        for (_, at) in entries(report, &format!("{at}/headers")) {
            object(
                report,
                &at,
                &["description", "required", "schema", "x-evidence"],
            );
            schema(report, &format!("{at}/schema"));
        }
        content(report, &format!("{at}/content"));
    }
}

fn content(report: &mut Report<'_>, at: &str) {
    for (_, at) in entries(report, at) {
        object(report, &at, &["schema", "example"]);
        schema(report, &format!("{at}/schema"));
    }
}

fn schema(report: &mut Report<'_>, at: &str) {
    object(report, at, SCHEMA);
    if !report.value(at).is_object() {
        return;
    }
    for (_, at) in entries(report, &format!("{at}/properties")) {
        schema(report, &at);
    }
    super::limits::check(report, at);
    schema(report, &format!("{at}/items"));
    if report
        .value(&format!("{at}/additionalProperties"))
        .is_object()
    {
        schema(report, &format!("{at}/additionalProperties"));
    }
    for word in ["oneOf", "allOf"] {
        for (index, _) in list(report, &format!("{at}/{word}")).iter().enumerate() {
            schema(report, &format!("{at}/{word}/{index}"));
        }
    }
}

/// The keys of an object must be known; a value that should be an object and is none is told too.
fn object(report: &mut Report<'_>, at: &str, known: &[&str]) {
    match report.value(at) {
        Value::Null => return,
        Value::Object(_) => {}
        _ => {
            report.add(
                at,
                "an object is expected here",
                "write keys and values instead",
            );
            return;
        }
    }
    for (name, at) in entries(report, at) {
        if known.contains(&name.as_str()) {
            continue;
        }
        if let Some((_, why)) = REFUSED.iter().find(|(word, _)| *word == name) {
            let (what, fix) = why.split_once(": ").unwrap_or((why, ""));
            report.add(&at, what, fix);
            continue;
        }
        match super::words::nearest(&name, known) {
            Some(near) => report.add(
                &at,
                format!("nothing reads the key `{name}`"),
                format!("write `{near}` instead"),
            ),
            None => report.add(
                &at,
                format!("nothing reads the key `{name}`"),
                format!("leave it out; known here: {}", known.join(", ")),
            ),
        }
    }
}

pub(super) fn entries(report: &Report<'_>, at: &str) -> Vec<(String, String)> {
    match report.value(at) {
        Value::Object(object) => object
            .keys()
            .map(|name| (name.clone(), format!("{at}/{}", escape(name))))
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn list<'t>(report: &Report<'t>, at: &str) -> &'t [Value] {
    report.value(at).as_array().map_or(&[], Vec::as_slice)
}
