//! Paths and parameters.

use serde_json::Value;

use crate::{
    idents::snake,
    lint::{
        clashes::{self, FirstUses, contains},
        report::{Report, problem},
        root::is_plain_path,
        schema_kind::{SchemaKind, kind, own_kind, target},
        vocabulary::STYLES,
    },
    rules,
};

/// Names that progenitor uses in its functions.
const TAKEN: &str = "encode_path header_map";

/// Headers that HTTP or authentication sets.
const OTHERS: &str = "
    accept accept-encoding authorization connection content-length content-type cookie host transfer-encoding user-agent";

pub(super) fn check(report: &mut Report<'_>, path: &str, at: &str) {
    template(report, path, at);
    let declared = report.items(&format!("{at}/parameters"));
    let body = match report.at(at, "requestBody").is_object() {
        true => "body",
        false => "",
    };
    let mut names = FirstUses::new();
    for (parameter, at) in &declared {
        let (Some(wire), Some(place)) = (parameter["name"].as_str(), parameter["in"].as_str())
        else {
            continue;
        };
        name(report, at, wire, place);
        let name_at = format!("{at}/name");
        let rust = snake(wire).to_string();
        clashes::taken(report, &name_at, &rust, &[TAKEN, body]);
        let fix = "remove one, and mention it in the description of the other";
        clashes::distinct_value(report, &mut names, (&name_at, wire, rust), fix);
        if place == "path" {
            in_path(report, path, at, wire);
        }
        value(report, at, wire);
    }
    let wires = declared
        .iter()
        .filter_map(|(parameter, _)| parameter["name"].as_str());
    let wires: Vec<&str> = wires.collect();
    for (_, at) in &declared {
        spread(report, at, &wires);
    }
    for wire in placeholders(path) {
        let mut declared = declared.iter().map(|(parameter, _)| parameter);
        if !declared.any(|parameter| parameter["name"] == wire && parameter["in"] == "path") {
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
    if matches!(report.at(at, "required"), Value::Null | Value::Bool(false)) {
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
    if is_header && contains(OTHERS, &wire.to_ascii_lowercase()) {
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
            _ => PATH_NAME,
        };
        problem!(report, rules::PARAMETER_NAME, &at;
            "`{wire}` cannot be sent, or does not map to a Rust identifier"; fix);
    }
}

/// Fix for the name of a path parameter.
const PATH_NAME: &str = "write ASCII letters, digits, `_`, `-`, `.`, `$`, `[` and `]`, with at least one letter; \
                         other characters belong to the path outside the braces";

/// Returns whether the schema at `at` describes scalars. An unknown type, which `keys` reports, counts as one.
fn is_single(report: &Report<'_>, at: &str) -> bool {
    target(report, at).is_some_and(|at| {
        let kind = own_kind(report.value(&at));
        kind.is_scalar() || kind == SchemaKind::Nothing
    })
}

/// Returns whether the schema at `at` describes a list of scalars.
fn is_list_of_single(report: &Report<'_>, at: &str) -> bool {
    target(report, at).is_some_and(|list| is_single(report, &format!("{list}/items")))
}

fn value(report: &mut Report<'_>, at: &str, wire: &str) {
    use SchemaKind::{List, Map, Nothing, Record};
    let schema = format!("{at}/schema");
    let in_query = report.at(at, "in") == "query";
    match kind(report, &schema) {
        // The unresolved reference is reported in place.
        Nothing => {}
        kind if kind.is_scalar() => single(report, at, in_query),
        List | Record | Map if !in_query => problem!(report, rules::PARAMETER_TYPE, &schema;
            "the parameter `{wire}` is not a scalar";
            "write a scalar, or a $ref to an enum, instead"),
        List => {
            style(report, at, false);
            if !is_list_of_single(report, &schema) {
                problem!(report, rules::PARAMETER_TYPE, &schema;
                    "the items of `{wire}` are not scalars";
                    "write scalars, or a $ref to an enum, instead");
            }
        }
        Record | Map => {
            style(report, at, true);
            object(report, at, &schema, wire, 8);
        }
        _ => problem!(report, rules::PARAMETER_TYPE, &schema;
            "the serialization of `{wire}` is undefined";
            "write a scalar instead, or in a query a list or a $ref to an object"),
    }
}

/// A scalar has one serialization; a redundant default style is permitted.
fn single(report: &mut Report<'_>, at: &str, in_query: bool) {
    let usual = if in_query { "form" } else { "simple" };
    let style = report.at(at, "style").as_str();
    // An unknown style is reported by `keys`.
    if style.is_some_and(|style| style != usual && STYLES.contains(&style)) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/style");
            "a scalar has no other style"; "remove it");
    }
    if !report.at(at, "x-style").is_null() {
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
    let known: &[&str] = match of_object {
        true => &["form", "deepObject"],
        false => &["form", "spaceDelimited", "pipeDelimited"],
    };
    if !known.contains(&style) {
        let known = known.join(", ");
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/style");
            "the style `{style}` does not apply to this value"; "write one of {known} instead");
    } else if style == "deepObject" && explode == Some(false) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/explode");
            "a deepObject is always exploded"; "write true, or remove it");
    } else if style.ends_with("Delimited") && explode == Some(true) {
        problem!(report, rules::PARAMETER_STYLE, &format!("{at}/explode");
            "an exploded list does not use a delimiter"; "write false instead, or `style: form`");
    }
}

/// Checks that the style can serialize all properties of an object.
fn object(report: &mut Report<'_>, at: &str, schema: &str, wire: &str, depth: u8) {
    let parameter = report.value(at);
    let nests = parameter["style"] == "deepObject" || parameter.get("x-style").is_some();
    let joined = !nests && parameter["explode"] == false;
    let Some(record) = target(report, schema) else {
        return;
    };
    let properties = report.entries(&format!("{record}/properties")).into_iter();
    let values = format!("{record}/additionalProperties");
    let values = report.value(&values).is_object().then_some(values);
    for property in properties.map(|(_, property)| property).chain(values) {
        let fits = match kind(report, &property) {
            SchemaKind::List => !joined && is_list_of_single(report, &property),
            SchemaKind::Record | SchemaKind::Map if nests => {
                // Bounded, because an object can contain itself.
                if depth > 0 {
                    object(report, at, &property, wire, depth - 1);
                }
                true
            }
            _ => is_single(report, &property),
        };
        if !fits {
            problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
                "the style of `{wire}` cannot serialize all its properties";
                "write scalars and lists of scalars; nested objects need `style: deepObject` or `x-style: dotted`");
            return;
        }
    }
    if !nests && !joined && report.value(&record).get("properties").is_none() {
        problem!(report, rules::PARAMETER_TYPE, &format!("{at}/schema");
            "the parameters that `{wire}` expands to are unknown";
            "write a $ref to an object with properties, or add `explode: false` or `style: deepObject`");
    }
}

/// Checks that the parameters of an exploded object are not declared as well.
fn spread(report: &mut Report<'_>, at: &str, wires: &[&str]) {
    let parameter = report.value(at);
    let is_spread = parameter["style"].as_str().unwrap_or("form") == "form"
        && parameter["explode"] != false
        && parameter.get("x-style").is_none();
    let Some(record) = target(report, &format!("{at}/schema")).filter(|_| is_spread) else {
        return;
    };
    for (name, _) in report.entries(&format!("{record}/properties")) {
        if wires.contains(&name) && parameter["name"] != *name {
            problem!(report, rules::PARAMETER_NAME, at;
                "the property `{name}` expands to a parameter that is already declared";
                "remove one of the two");
        }
    }
}
