//! Components: names, enums, variants, properties and references.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase as _;
use serde_json::Value;

use crate::{
    idents::{camel, field, variant},
    lint::{
        keys::{entries, meant},
        kinds::{Kind, component, kind, own_kind},
        names::{self, PRELUDE},
        report::{Report, problem},
        schemas::{Role, schema},
    },
    pointer::escape,
    rules,
};

/// Names that the generated types use.
const TAKEN: &[&str] = &[
    "A",
    "D",
    "S",
    "Blank",
    "Cow",
    "Deserialize",
    "Deserializer",
    "Error",
    "Field",
    "FromStr",
    "Hidden",
    "Infallible",
    "Item",
    "MapAccess",
    "Record",
    "Serialize",
    "SerializeMap",
    "Serializer",
];

/// Number of required properties that the generated decoder can track.
const REQUIRED: usize = 64;

const PREFIX: &str = "#/components/schemas/";

pub(super) fn check(report: &mut Report<'_>) {
    let components = entries(report, "/components/schemas");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (name, at) in &components {
        let is_pascal = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && *name == name.to_upper_camel_case();
        if !is_pascal {
            let better = camel(name).to_string();
            problem!(report, rules::NAME_FORM, key at;
                "`{name}` is not in PascalCase"; "write `{better}` instead");
        }
        names::taken(report, at, name, &[PRELUDE, TAKEN]);
        names::distinct(
            report,
            &mut names,
            at,
            name,
            camel(name).to_string(),
            "type",
            names::RENAME,
        );
        own(report, name, at);
    }
    let mut referred = Uses::new();
    references(report, report.value(""), "", &mut referred);
    let used = used(&referred);
    for (name, at) in &components {
        if !used.contains(name.as_str()) {
            problem!(report, rules::UNUSED_SCHEMA, key at;
                "`{name}` is not used"; "remove it");
        }
    }
}

fn own(report: &mut Report<'_>, name: &str, at: &str) {
    let value = report.value(at);
    if !value.is_object() {
        return;
    }
    if value.get("description").is_none() && value.get("$ref").is_none() {
        problem!(report, rules::DESCRIPTION, key at;
            "`{name}` has no description"; "add a description");
    }
    schema(report, at, Role::Component);
    enumeration(report, at);
    variants(report, at);
    properties(report, at);
}

fn enumeration(report: &mut Report<'_>, at: &str) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let values = report.value(at)["enum"].as_array();
    for (index, value) in values.into_iter().flatten().enumerate() {
        let place = format!("{at}/enum/{index}");
        let Some(text) = value.as_str() else {
            problem!(report, rules::WRONG_TYPE, &place;
                "the enum value is not a string"; "quote it");
            continue;
        };
        let rust = variant(text).to_string();
        let fix = "remove one of the two: the client keeps it as an unknown value";
        names::distinct_value(report, &mut names, &place, text, rust, fix);
    }
}

fn variants(report: &mut Report<'_>, at: &str) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    if own_kind(report.value(at)) != Kind::OneOf {
        return;
    }
    let variants = report.value(at)["oneOf"].as_array();
    for (index, variant) in variants.into_iter().flatten().enumerate() {
        let place = format!("{at}/oneOf/{index}");
        let Some(name) = variant["$ref"].as_str() else {
            problem!(report, rules::ONE_OF, &place;
                "an inline variant has no name"; "move it into a component and write a $ref");
            continue;
        };
        if !matches!(
            kind(report, &place),
            Kind::Record | Kind::OneOf | Kind::Nothing
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
    let properties = entries(report, &format!("{at}/properties"));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (wire, property) in &properties {
        let rust = field(wire).to_string();
        let fix = "remove one of the two: the client keeps it as an unknown property";
        names::distinct(report, &mut names, property, wire, rust, "field", fix);
        let value = report.value(property);
        if value.is_object() && value.get("description").is_none() && value.get("$ref").is_none() {
            problem!(report, rules::DESCRIPTION, key property;
                "`{wire}` has no description"; "add a description");
        }
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    let required = report.value(at)["required"].as_array();
    if required.is_some_and(|required| required.len() > REQUIRED) {
        problem!(report, rules::LIMITS, &format!("{at}/required");
            "more than {REQUIRED} required properties";
            "require only the properties that a record always has");
    }
    for (index, name) in required.into_iter().flatten().enumerate() {
        if let Some(wire) = name.as_str()
            && !known.contains(&wire)
        {
            problem!(report, rules::UNKNOWN_PROPERTY, &format!("{at}/required/{index}");
                "the property `{wire}` does not exist"; meant(wire, &known));
        }
    }
}

/// The components that each component refers to; the key `""` stands for the rest of the document.
type Uses = BTreeMap<String, BTreeSet<String>>;

fn used(uses: &Uses) -> BTreeSet<&str> {
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
fn references(report: &mut Report<'_>, value: &Value, at: &str, referred: &mut Uses) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                reference(report, target, &format!("{at}/$ref"), referred);
                for beside in object.keys().filter(|key| *key != "$ref") {
                    problem!(report, rules::REF_SIBLING, key &format!("{at}/{}", escape(beside));
                        "`{beside}` beside a $ref is ignored";
                        "write `allOf: [{{ $ref: … }}]` beside it instead of the $ref");
                }
                return;
            }
            for (key, child) in object {
                // Examples and defaults are data.
                if key != "example" && key != "default" {
                    references(report, child, &format!("{at}/{}", escape(key)), referred);
                }
            }
            if let Some(row) = object.get("x-csv").and_then(|csv| csv["row"].as_str()) {
                let place = format!("{at}/x-csv/row");
                known(report, row, &place, referred);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                references(report, child, &format!("{at}/{index}"), referred);
            }
        }
        _ => {}
    }
}

fn reference(report: &mut Report<'_>, target: &str, at: &str, referred: &mut Uses) {
    let Some(name) = target
        .strip_prefix(PREFIX)
        .filter(|name| !name.contains('/'))
    else {
        problem!(report, rules::FOREIGN_REF, at;
            "the reference `{target}` is not supported"; "write `{PREFIX}…` instead");
        return;
    };
    known(report, name, at, referred);
    let is_body = |at: &str| {
        let steps: Vec<&str> = at.split('/').collect();
        matches!(
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
        )
    };
    if kind(report, &component(name)) == Kind::OneOf && !is_body(at) {
        problem!(report, rules::ONE_OF, at;
            "`{name}` is a `oneOf`, which only request bodies can refer to";
            "write a $ref to an object, or to any JSON, instead");
    }
}

fn known(report: &mut Report<'_>, name: &str, at: &str, referred: &mut Uses) {
    let from = match at.strip_prefix("/components/schemas/") {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None => "",
    };
    let referred = referred.entry(from.to_owned()).or_default();
    if report.tree.value(&component(name)).is_some() {
        referred.insert(name.to_owned());
        return;
    }
    let components = entries(report, "/components/schemas");
    let names: Vec<&str> = components.iter().map(|(name, _)| name.as_str()).collect();
    let fix = match crate::nearest::nearest(name, names.iter().copied()) {
        Some(near) => {
            // The intended schema is not reported as unused as well.
            referred.insert(near.to_owned());
            format!("write `{near}` instead")
        }
        None => "write the name of a schema under `components.schemas`".into(),
    };
    problem!(report, rules::UNKNOWN_SCHEMA, at; "the schema `{name}` does not exist"; fix);
}
