//! Components: names, enums, variants, properties and references.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase as _;
use serde_json::Value;

use crate::{
    idents::{camel, field, variant},
    lint::{
        clashes::{self, FirstUses, PRELUDE},
        report::{Report, known_instead, problem},
        schema_kind::{SchemaKind, component, kind, own_kind},
        schemas::{SchemaPosition, schema},
    },
    nearest::nearest,
    pointer::child,
    rules,
};

/// Names that the generated types use.
const TAKEN: &str = "
    A D S Blank Cow Deserialize Deserializer Error Field FromStr Hidden Infallible Item MapAccess Record Serialize
    SerializeMap Serializer";

/// Number of required properties that the generated decoder can track.
const REQUIRED: usize = 64;

const PREFIX: &str = "#/components/schemas/";

pub(super) fn check(report: &mut Report<'_>) {
    let components = report.entries("/components/schemas");
    let mut names = FirstUses::new();
    for (name, at) in &components {
        let better = camel(name).to_string();
        if !clashes::is_made_of(name, |c| c.is_ascii_alphabetic(), "")
            || *name != name.to_upper_camel_case()
        {
            problem!(report, rules::NAME_FORM, key at;
                "`{name}` is not in PascalCase"; "write `{better}` instead");
        }
        clashes::taken(report, at, name, &[PRELUDE, TAKEN]);
        clashes::distinct(
            report,
            &mut names,
            (at, name, better),
            "type",
            clashes::RENAME,
        );
        own(report, name, at);
    }
    let mut referred = References::new();
    references(report, report.value(""), "", &mut referred);
    let used = used(&referred);
    for (name, at) in &components {
        if !used.contains(name) {
            problem!(report, rules::UNUSED_SCHEMA, key at; "`{name}` is not used"; "remove it");
        }
    }
}

/// Reports a component or property without a description.
fn described(report: &mut Report<'_>, name: &str, at: &str) {
    let value = report.value(at);
    if value.is_object() && value.get("description").is_none() && value.get("$ref").is_none() {
        problem!(report, rules::DESCRIPTION, key at;
            "`{name}` has no description"; "add a description");
    }
}

fn own(report: &mut Report<'_>, name: &str, at: &str) {
    if !report.value(at).is_object() {
        return;
    }
    described(report, name, at);
    schema(report, at, SchemaPosition::Component);
    enumeration(report, at);
    variants(report, at);
    properties(report, at);
}

fn enumeration(report: &mut Report<'_>, at: &str) {
    let mut names = FirstUses::new();
    for (value, place) in report.items(&format!("{at}/enum")) {
        let Some(text) = value.as_str() else {
            problem!(report, rules::WRONG_TYPE, &place; "the enum value is not a string"; "quote it");
            continue;
        };
        let fix = "remove one of the two: the client keeps it as an unknown value";
        let named = (place.as_str(), text, variant(text).to_string());
        clashes::distinct_value(report, &mut names, named, fix);
    }
}

fn variants(report: &mut Report<'_>, at: &str) {
    let mut seen = FirstUses::new();
    if own_kind(report.value(at)) != SchemaKind::OneOf {
        return;
    }
    for (variant, place) in report.items(&format!("{at}/oneOf")) {
        let Some(name) = variant["$ref"].as_str() else {
            problem!(report, rules::ONE_OF, &place;
                "an inline variant has no name"; "move it into a component and write a $ref");
            continue;
        };
        if !matches!(
            kind(report, &place),
            SchemaKind::Record | SchemaKind::OneOf | SchemaKind::Nothing
        ) {
            problem!(report, rules::ONE_OF, &place;
                "the variant is not an object with properties"; "write a $ref to such an object instead");
        }
        if let Some(first) = seen.insert(name.to_owned(), place.clone()) {
            problem!(report, rules::ONE_OF, &place;
                "the variant occurs twice"; "remove one of the two");
            report.also(&first, "first used here");
        }
    }
}

fn properties(report: &mut Report<'_>, at: &str) {
    let properties = report.entries(&format!("{at}/properties"));
    let mut names = FirstUses::new();
    for (wire, property) in &properties {
        let fix = "remove one of the two: the client keeps it as an unknown property";
        let named = (property.as_str(), *wire, field(wire).to_string());
        clashes::distinct(report, &mut names, named, "field", fix);
        described(report, wire, property);
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let required = report.items(&format!("{at}/required"));
    if required.len() > REQUIRED {
        problem!(report, rules::LIMITS, &format!("{at}/required");
            "more than {REQUIRED} required properties";
            "require only the properties that a record always has");
    }
    for (name, at) in required {
        if let Some(wire) = name.as_str()
            && !known.contains(&wire)
        {
            problem!(report, rules::UNKNOWN_PROPERTY, &at;
                "the property `{wire}` does not exist"; known_instead(wire, &known));
        }
    }
}

/// The components that each component refers to; the key `""` stands for the rest of the document.
type References = BTreeMap<String, BTreeSet<String>>;

fn used(uses: &References) -> BTreeSet<&str> {
    let of = |name: &str| uses.get(name).into_iter().flatten().map(String::as_str);
    let mut used = BTreeSet::new();
    let mut next: Vec<&str> = of("").collect();
    while let Some(name) = next.pop() {
        if used.insert(name) {
            next.extend(of(name));
        }
    }
    used
}

/// Checks that every `$ref` has no siblings and resolves.
fn references(report: &mut Report<'_>, value: &Value, at: &str, referred: &mut References) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                reference(report, target, &format!("{at}/$ref"), referred);
                for beside in object.keys().filter(|key| *key != "$ref") {
                    problem!(report, rules::REF_SIBLING, key &child(at, beside);
                        "`{beside}` beside a $ref is ignored";
                        "write `allOf: [{{ $ref: … }}]` beside it instead of the $ref");
                }
                return;
            }
            for (key, value) in object {
                // Examples and defaults are data.
                if key != "example" && key != "default" {
                    references(report, value, &child(at, key), referred);
                }
            }
            if let Some(row) = object.get("x-csv").and_then(|csv| csv["row"].as_str()) {
                let place = format!("{at}/x-csv/row");
                known(report, row, &place, referred);
            }
        }
        Value::Array(_) => {
            for (item, at) in report.items(at) {
                references(report, item, &at, referred);
            }
        }
        _ => {}
    }
}

fn reference(report: &mut Report<'_>, target: &str, at: &str, referred: &mut References) {
    let Some(name) = target
        .strip_prefix(PREFIX)
        .filter(|name| !name.contains('/'))
    else {
        problem!(report, rules::FOREIGN_REF, at;
            "the reference `{target}` is not supported"; "write `{PREFIX}…` instead");
        return;
    };
    known(report, name, at, referred);
    let steps: Vec<&str> = at.split('/').collect();
    let is_body = matches!(
        steps.as_slice(),
        [
            "",
            "paths",
            _,
            _,
            "requestBody",
            "content",
            _,
            "schema",
            "$ref"
        ] | ["", "components", "schemas", ..]
    );
    if kind(report, &component(name)) == SchemaKind::OneOf && !is_body {
        problem!(report, rules::ONE_OF, at;
            "`{name}` is a `oneOf`, which only request bodies can refer to";
            "write a $ref to an object, or to any JSON, instead");
    }
}

fn known(report: &mut Report<'_>, name: &str, at: &str, referred: &mut References) {
    let from = match at.strip_prefix("/components/schemas/") {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None => "",
    };
    let referred = referred.entry(from.to_owned()).or_default();
    if report.tree.value(&component(name)).is_some() {
        referred.insert(name.to_owned());
        return;
    }
    let components = report.entries("/components/schemas");
    let fix = match nearest(name, components.iter().map(|(name, _)| *name)) {
        Some(near) => {
            // The intended schema is not reported as unused as well.
            referred.insert(near.to_owned());
            format!("write `{near}` instead")
        }
        None => "write the name of a schema under `components.schemas`".into(),
    };
    problem!(report, rules::UNKNOWN_SCHEMA, at; "the schema `{name}` does not exist"; fix);
}
