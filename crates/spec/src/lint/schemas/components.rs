//! Components: their names, and what only they may be.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase as _;
use serde_json::Value;

use crate::{
    idents::{camel, field, variant},
    lint::{
        keys::{entries, meant},
        kinds::{Kind, component, kind, own_kind},
        names::{self, PRELUDE},
        report::Report,
        schemas::{Role, schema},
    },
    pointer::escape,
    rules,
};

/// Names that the generated types are written with.
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

/// As many required properties as the generated code keeps count of.
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
            report.add_key(
                rules::NAME_FORM,
                at,
                format!("`{name}` is not in PascalCase"),
                format!("write `{better}` instead"),
            );
        }
        names::taken(report, at, name, &[PRELUDE, TAKEN]);
        names::distinct(
            report,
            &mut names,
            at,
            name,
            camel(name).to_string(),
            "one type",
            names::RENAME,
        );
        own(report, name, at);
    }
    let mut referred = Uses::new();
    references(report, report.value(""), "", &mut referred);
    let used = used(&referred);
    for (name, at) in &components {
        if !used.contains(name.as_str()) {
            report.add_key(
                rules::UNUSED_SCHEMA,
                at,
                format!("nothing refers to `{name}`"),
                "leave it out",
            );
        }
    }
}

fn own(report: &mut Report<'_>, name: &str, at: &str) {
    let value = report.value(at);
    if !value.is_object() {
        return;
    }
    if value.get("description").is_none() && value.get("$ref").is_none() {
        report.add_key(
            rules::DESCRIPTION,
            at,
            format!("`{name}` has no description"),
            "write what it is",
        );
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
            report.add(
                rules::WRONG_TYPE,
                &place,
                "an enum value that is no text",
                "write it in quotes instead",
            );
            continue;
        };
        let rust = variant(text).to_string();
        let fix = "leave one out: it is kept all the same, as a value that is not known";
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
            report.add(
                rules::ONE_OF,
                &place,
                "a variant in place",
                "write a $ref to a component instead",
            );
            continue;
        };
        if !matches!(
            kind(report, &place),
            Kind::Record | Kind::OneOf | Kind::Nothing
        ) {
            report.add(
                rules::ONE_OF,
                &place,
                "a variant that is no object with properties",
                "write a $ref to one instead",
            );
        }
        if let Some(first) = seen.insert(name.to_owned(), place.clone()) {
            report.add(
                rules::ONE_OF,
                &place,
                "a variant that is there already",
                "leave one out",
            );
            report.also(&first, "first here");
        }
    }
}

fn properties(report: &mut Report<'_>, at: &str) {
    let properties = entries(report, &format!("{at}/properties"));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (wire, property) in &properties {
        let rust = field(wire).to_string();
        let fix = "leave one out: it is kept all the same, as a property that is not known";
        names::distinct(report, &mut names, property, wire, rust, "one field", fix);
        let value = report.value(property);
        if value.is_object() && value.get("description").is_none() && value.get("$ref").is_none() {
            report.add_key(
                rules::DESCRIPTION,
                property,
                format!("`{wire}` has no description"),
                "write what it is",
            );
        }
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    let required = report.value(at)["required"].as_array();
    if required.is_some_and(|required| required.len() > REQUIRED) {
        report.add(
            rules::LIMITS,
            &format!("{at}/required"),
            format!("more than {REQUIRED} required properties"),
            "require only what a record cannot be without",
        );
    }
    for (index, name) in required.into_iter().flatten().enumerate() {
        if let Some(wire) = name.as_str()
            && !known.contains(&wire)
        {
            report.add(
                rules::UNKNOWN_PROPERTY,
                &format!("{at}/required/{index}"),
                format!("there is no property `{wire}`"),
                meant(wire, &known),
            );
        }
    }
}

/// By component, those it refers to; under the empty name what the rest of the document does.
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

/// Every `$ref` stands alone and leads somewhere.
fn references(report: &mut Report<'_>, value: &Value, at: &str, referred: &mut Uses) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                reference(report, target, &format!("{at}/$ref"), referred);
                for beside in object.keys().filter(|key| *key != "$ref") {
                    report.add_key(
                        rules::REF_SIBLING,
                        &format!("{at}/{}", escape(beside)),
                        format!("`{beside}` beside a $ref is dropped"),
                        "write `allOf: [{ $ref: … }]` beside it instead",
                    );
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
        report.add(
            rules::FOREIGN_REF,
            at,
            format!("`{target}` is not followed"),
            format!("write `{PREFIX}…` instead"),
        );
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
        report.add(
            rules::ONE_OF,
            at,
            format!("`{name}` is a choice, which only a request body can be"),
            "write a $ref to an object, or to any JSON, instead",
        );
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
            // What is meant is not unused as well.
            referred.insert(near.to_owned());
            format!("write `{near}` instead")
        }
        None => "write one that stands under components.schemas instead".into(),
    };
    report.add(
        rules::UNKNOWN_SCHEMA,
        at,
        format!("there is no schema `{name}`"),
        fix,
    );
}
