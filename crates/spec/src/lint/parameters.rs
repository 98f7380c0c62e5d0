//! Paths and parameters.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    idents::snake,
    lint::{
        keys::list,
        kinds::{Kind, component, kind},
        names,
        report::{Report, problem},
        root::is_plain_path,
        vocabulary::STYLES,
    },
    rules,
    schema::{is_number_or_text, reference},
};

/// Names that progenitor uses in its functions.
const TAKEN: &[&str] = &["encode_path", "header_map"];

/// Headers that HTTP or authentication sets.
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
        let fix = "remove one, and mention it in the description of the other";
        names::distinct_value(report, &mut names, &format!("{at}/name"), wire, rust, fix);
        if place == "path" {
            in_path(report, path, &at, wire);
        }
        value(report, &at, wire);
    }
    let wires: Vec<&str> = declared
        .iter()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    for index in 0..declared.len() {
        spread(report, &format!("{at}/parameters/{index}"), &wires);
    }
    for wire in placeholders(path) {
        if !declared
            .iter()
            .any(|parameter| parameter["name"] == wire && parameter["in"] == "path")
        {
            problem!(report, rules::PATH_PARAMETER, at;
                "the path parameter `{wire}` is not declared"; "declare it under `parameters`");
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
        problem!(report, rules::PATH_PARAMETER, at;
            "the path parameter `{wire}` is not required"; "write `required: true`");
    }
    if !placeholders(path).any(|part| part == wire) {
        problem!(report, rules::PATH_PARAMETER, &format!("{at}/name");
            "`{wire}` does not occur in the path";
            "add {{{wire}}} to the path, or remove the parameter");
    }
}

/// Checks the path template. Problems are reported at the path item.
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
        Some("the path does not consist of `/segments` and `{parameters}`")
    } else if path != "/" && !is_plain_path(&plain) {
        Some("the path has an empty or dot segment, a query, or a character that needs escaping")
    } else {
        None
    };
    if let Some(what) = problem {
        report.add_key(rules::PATH_FORM, item, what, "write it like `/users/{id}`");
    }
    let mut seen: Vec<&str> = Vec::new();
    for name in placeholders(path) {
        if seen.contains(&name) {
            problem!(report, rules::PATH_FORM, key item;
                "`{{{name}}}` occurs twice in the path"; "give the second one another name");
        }
        seen.push(name);
    }
}

fn name(report: &mut Report<'_>, at: &str, wire: &str, place: &str) {
    let at = format!("{at}/name");
    let is_header = place == "header";
    if is_header && OTHERS.contains(&wire.to_ascii_lowercase().as_str()) {
        problem!(report, rules::PARAMETER_NAME, &at;
            "callers cannot set the header `{wire}`";
            "use a security scheme for credentials, and `x-headers` for a constant");
        return;
    }
    let sign = |c: char| match place {
        "query" => c.is_ascii_graphic(),
        _ => matches!(c, '_' | '-' | '.') || (!is_header && "$[]".contains(c)),
    };
    let is_form = wire.chars().all(|c| c.is_ascii_alphanumeric() || sign(c))
        && wire.contains(|c: char| c.is_ascii_alphabetic());
    if !is_form {
        let fix = match place {
            "query" => "write ASCII without spaces, with at least one letter",
            "header" => "write ASCII letters, digits, `_`, `-` and `.`, with at least one letter",
            _ => {
                "write ASCII letters, digits, `_`, `-`, `.`, `$`, `[` and `]`, with at least one letter; other characters belong to the path outside the braces"
            }
        };
        problem!(report, rules::PARAMETER_NAME, &at;
            "`{wire}` cannot be sent, or does not map to a Rust identifier"; fix);
    }
}

/// The kind of value that a schema describes, as far as serialization into a query is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Single,
    List,
    Object,
    Other,
}

/// Returns the schema after following references.
fn resolve<'t>(report: &Report<'t>, schema: &'t Value) -> &'t Value {
    let mut schema = schema;
    for _ in 0..16 {
        match reference(schema) {
            Some(name) => schema = report.value(&component(name)),
            None => break,
        }
    }
    schema
}

fn content(report: &Report<'_>, schema: &Value) -> Content {
    let schema = resolve(report, schema);
    match schema["type"].as_str() {
        _ if is_number_or_text(schema) => Content::Single,
        _ if schema.get("oneOf").is_some() => Content::Other,
        Some("array") => Content::List,
        Some("object") => Content::Object,
        Some(_) => Content::Single,
        None if schema.get("properties").is_some() => Content::Object,
        None if schema.get("enum").is_some() => Content::Single,
        None => Content::Other,
    }
}

fn value(report: &mut Report<'_>, at: &str, wire: &str) {
    let parameter = report.value(at);
    let schema = report.value(&format!("{at}/schema"));
    if !schema.is_object() || kind(report, &format!("{at}/schema")) == Kind::Nothing {
        // The unresolved reference is reported in place.
        return;
    }
    let in_query = parameter["in"] == "query";
    match content(report, schema) {
        Content::Single => single(report, at, in_query),
        Content::List | Content::Object if !in_query => {
            problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
            "the parameter `{wire}` is not a scalar";
            "write a scalar, or a $ref to an enum, instead")
        }
        Content::List => {
            style(report, at, false);
            if content(report, &resolve(report, schema)["items"]) != Content::Single {
                problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
                    "the items of `{wire}` are not scalars";
                    "write scalars, or a $ref to an enum, instead");
            }
        }
        Content::Object => {
            style(report, at, true);
            object(report, at, schema, wire, 8);
        }
        Content::Other if !schema.is_null() => {
            problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
            "the serialization of `{wire}` is undefined";
            "write a scalar instead, or in a query a list or a $ref to an object")
        }
        Content::Other => {}
    }
}

/// A scalar has one serialization; a redundant default style is permitted.
fn single(report: &mut Report<'_>, at: &str, in_query: bool) {
    let usual = if in_query { "form" } else { "simple" };
    let style = report.value(&format!("{at}/style")).as_str();
    // An unknown style is reported by `keys`.
    if style.is_some_and(|style| style != usual && STYLES.contains(&style)) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/style");
            "a scalar has no other style"; "remove it");
    }
    if !report.value(&format!("{at}/x-style")).is_null() {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/x-style");
            "a scalar has no style"; "remove it");
    }
}

fn style(report: &mut Report<'_>, at: &str, of_object: bool) {
    let parameter = report.value(at);
    if let Some(word) = parameter.get("x-style") {
        if word != "dotted" || !of_object {
            problem!(report, rules::PARAMETER_STYLE, &format!("{at}/x-style");
                "the only style is `dotted`, and only for objects";
                "write `dotted`, or use `style` for the styles of OpenAPI");
        }
        for key in ["style", "explode"] {
            if parameter.get(key).is_some() {
                problem!(report, rules::PARAMETER_STYLE, &format!("{at}/{key}");
                    "`{key}` conflicts with `x-style`"; "remove it");
            }
        }
        return;
    }
    let style = parameter["style"].as_str().unwrap_or("form");
    if !STYLES.contains(&style) {
        return;
    }
    let explode = parameter["explode"].as_bool();
    let known: &[&str] = if of_object {
        &["form", "deepObject"]
    } else {
        &["form", "spaceDelimited", "pipeDelimited"]
    };
    if !known.contains(&style) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/style");
            "the style `{style}` does not apply to this value";
            format!("write one of {} instead", known.join(", ")));
    } else if style == "deepObject" && explode == Some(false) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/explode");
            "a deepObject is always exploded"; "write true, or remove it");
    } else if style.ends_with("Delimited") && explode == Some(true) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/explode");
            "an exploded list does not use a delimiter"; "write false instead, or `style: form`");
    }
}

/// Checks that the style can serialize all properties of an object.
fn object(report: &mut Report<'_>, at: &str, schema: &Value, wire: &str, depth: u8) {
    let parameter = report.value(at);
    let nests = parameter["style"] == "deepObject" || parameter.get("x-style").is_some();
    let joined = !nests && parameter["explode"] == false;
    let schema = resolve(report, schema);
    let others = schema.get("additionalProperties");
    let values = others.filter(|values| values.is_object()).into_iter();
    let properties = schema["properties"].as_object().into_iter().flatten();
    for property in properties.map(|(_, property)| property).chain(values) {
        let fits = match content(report, property) {
            Content::Single => true,
            Content::List => {
                let items = &resolve(report, property)["items"];
                !joined && content(report, items) == Content::Single
            }
            Content::Object if nests => {
                // Bounded, because an object can contain itself.
                if depth > 0 {
                    object(report, at, property, wire, depth - 1);
                }
                true
            }
            Content::Object | Content::Other => false,
        };
        if !fits {
            problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
                "the style of `{wire}` cannot serialize all its properties";
                "write scalars and lists of scalars; nested objects need `style: deepObject` or `x-style: dotted`");
            return;
        }
    }
    if !nests && !joined && schema.get("properties").is_none() {
        problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
            "the parameters that `{wire}` expands to are unknown";
            "write a $ref to an object with properties, or add `explode: false` or `style: deepObject`");
    }
}

/// Checks that the parameters of an exploded object are not declared as well.
fn spread(report: &mut Report<'_>, at: &str, wires: &[&str]) {
    let parameter = report.value(at);
    let schema = report.value(&format!("{at}/schema"));
    let is_spread = parameter["style"].as_str().unwrap_or("form") == "form"
        && parameter["explode"] != false
        && parameter.get("x-style").is_none();
    if !is_spread || content(report, schema) != Content::Object {
        return;
    }
    let wire = &parameter["name"];
    for (name, _) in resolve(report, schema)["properties"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if wires.contains(&name.as_str()) && wire != name {
            problem!(report, rules::PARAMETER_NAME, at;
                "the property `{name}` expands to a parameter that is already declared"; "remove one of the two");
        }
    }
}
