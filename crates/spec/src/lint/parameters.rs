//! Parameters, and the paths they stand in.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    idents::snake,
    lint::{
        keys::list,
        kinds::{Kind, component, kind},
        names,
        report::Report,
        root::is_plain_path,
        vocabulary::STYLES,
    },
    rules,
    schema::{is_number_or_text, reference},
};

/// Names that progenitor's functions are written with.
const TAKEN: &[&str] = &["encode_path", "header_map"];

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
        let fix = "leave one out, and say so in the description of the other";
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
    let sign = |c: char| match place {
        "query" => c.is_ascii_graphic(),
        _ => matches!(c, '_' | '-' | '.') || (!is_header && "$[]".contains(c)),
    };
    let is_form = wire.chars().all(|c| c.is_ascii_alphanumeric() || sign(c))
        && wire.contains(|c: char| c.is_ascii_alphabetic());
    if !is_form {
        let fix = match place {
            "query" => "write ASCII without spaces, a letter among it",
            "header" => "write ASCII letters, digits, `_`, `-` and `.`, a letter among them",
            _ => {
                "write ASCII letters, digits, `_`, `-`, `.`, `$`, `[` and `]`, a letter among them; what else stands in the path is text between parameters"
            }
        };
        report.add(
            rules::PARAMETER_NAME,
            &at,
            format!("`{wire}` gives no name in Rust, or cannot be sent"),
            fix,
        );
    }
}

/// What a schema's values are, as far as writing them into a query goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Single,
    List,
    Object,
    Other,
}

/// The schema itself, references followed.
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
        // It is told where the reference stands.
        return;
    }
    let in_query = parameter["in"] == "query";
    match content(report, schema) {
        Content::Single => single(report, at, in_query),
        Content::List | Content::Object if !in_query => report.add(
            rules::PARAMETER_TYPE,
            &format!("{at}/schema"),
            format!("the parameter `{wire}` is no single value"),
            "write a scalar, or a $ref to an enum, instead",
        ),
        Content::List => {
            style(report, at, false);
            if content(report, &resolve(report, schema)["items"]) != Content::Single {
                report.add(
                    rules::PARAMETER_TYPE,
                    &format!("{at}/schema"),
                    format!("the items of `{wire}` are no single values"),
                    "write scalars, or a $ref to an enum, instead",
                );
            }
        }
        Content::Object => {
            style(report, at, true);
            object(report, at, schema, wire, 8);
        }
        Content::Other if !schema.is_null() => report.add(
            rules::PARAMETER_TYPE,
            &format!("{at}/schema"),
            format!("nobody knows how `{wire}` is written"),
            "write a scalar, or in a query a list or a $ref to an object, instead",
        ),
        Content::Other => {}
    }
}

/// A single value is written in one way; words that say so do no harm.
fn single(report: &mut Report<'_>, at: &str, in_query: bool) {
    let usual = if in_query { "form" } else { "simple" };
    let style = report.value(&format!("{at}/style")).as_str();
    // What is no style at all is told already.
    if style.is_some_and(|style| style != usual && STYLES.contains(&style)) {
        report.add(
            rules::PARAMETER_STYLE,
            &format!("{at}/style"),
            "a single value has no other style",
            "leave it out",
        );
    }
    if !report.value(&format!("{at}/x-style")).is_null() {
        report.add(
            rules::PARAMETER_STYLE,
            &format!("{at}/x-style"),
            "a single value has no style",
            "leave it out",
        );
    }
}

fn style(report: &mut Report<'_>, at: &str, of_object: bool) {
    let parameter = report.value(at);
    if let Some(word) = parameter.get("x-style") {
        if word != "dotted" || !of_object {
            report.add(
                rules::PARAMETER_STYLE,
                &format!("{at}/x-style"),
                "the only value is `dotted`, for objects",
                "write that, or one of OpenAPI's styles as `style`",
            );
        }
        for key in ["style", "explode"] {
            if parameter.get(key).is_some() {
                report.add(
                    rules::PARAMETER_STYLE,
                    &format!("{at}/{key}"),
                    format!("`{key}` beside `x-style`"),
                    "leave it out",
                );
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
        report.add(
            rules::PARAMETER_STYLE,
            &format!("{at}/style"),
            format!("`{style}` is no style of this value"),
            format!("write one of {} instead", known.join(", ")),
        );
    } else if style == "deepObject" && explode == Some(false) {
        report.add(
            rules::PARAMETER_STYLE,
            &format!("{at}/explode"),
            "a deepObject is always exploded",
            "write true, or leave it out",
        );
    } else if style.ends_with("Delimited") && explode == Some(true) {
        report.add(
            rules::PARAMETER_STYLE,
            &format!("{at}/explode"),
            "a delimiter has nothing to delimit",
            "write false, or `style: form`, instead",
        );
    }
}

/// What stands in an object must have a place in its style.
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
                // An object that contains itself would go on for ever.
                if depth > 0 {
                    object(report, at, property, wire, depth - 1);
                }
                true
            }
            Content::Object | Content::Other => false,
        };
        if !fits {
            report.add(
                rules::PARAMETER_TYPE,
&format!("{at}/schema"),
                format!("the style of `{wire}` cannot write all its properties"),
                "write single values and lists of them; objects in it need `style: deepObject` or `x-style: dotted`",
            );
            return;
        }
    }
    if !nests && !joined && schema.get("properties").is_none() {
        report.add(
            rules::PARAMETER_TYPE,
            &format!("{at}/schema"),
            format!("nobody knows which parameters `{wire}` stands for"),
            "write a $ref to an object with properties, `explode: false` or `style: deepObject`",
        );
    }
}

/// An exploded object becomes parameters of their own, which must not be there already.
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
            report.add(
                rules::PARAMETER_NAME,
                at,
                format!("its property `{name}` is a parameter too"),
                "leave one out",
            );
        }
    }
}
