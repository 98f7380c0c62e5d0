//! Schemas that would become wrong types.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::Value;

use super::{
    Report,
    keys::{entries, list},
};

const PERSONAL: &[&str] = &[
    "name",
    "email",
    "phone",
    "address",
    "location",
    "ip",
    "identifier",
    "demographic",
    "url",
    "message",
    "free-form",
    "none",
];
const TIMESTAMPS: &[&str] = &["rfc3339", "space-separated", "empty-is-none", "unix-millis"];

/// Names that generated code uses itself.
const TAKEN: &[&str] = &[
    "Blank",
    "Clone",
    "Cow",
    "Default",
    "Err",
    "Field",
    "FromStr",
    "Hidden",
    "Item",
    "MapAccess",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Record",
    "Result",
    "Self",
    "SerializeMap",
    "Some",
    "String",
    "Vec",
    "Error",
    "Infallible",
    "Deserialize",
    "Serialize",
    "Deserializer",
    "Serializer",
];

pub(super) fn check(report: &mut Report<'_>) {
    let components = entries(report, "/components/schemas");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (name, at) in &components {
        if *name != name.to_upper_camel_case() {
            report.add(
                at,
                format!("`{name}` is not in PascalCase"),
                format!("write `{}` instead", name.to_upper_camel_case()),
            );
        }
        if TAKEN.contains(&name.as_str()) {
            report.add(
                at,
                format!("`{name}` clashes with generated code"),
                "write another name instead",
            );
        }
        if let Some(other) = names.insert(name.to_upper_camel_case(), name.clone()) {
            report.add(
                at,
                format!("`{other}` and `{name}` would be one type"),
                "write another name instead",
            );
        }
        component(report, at);
    }
    let mut referred = BTreeSet::new();
    let root = report.value("");
    references(report, root, "", &mut referred);
    for (name, at) in &components {
        if !referred.contains(name) {
            report.add(at, format!("nothing refers to `{name}`"), "leave it out");
        }
    }
    for (_, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            for (index, _) in list(report, &format!("{at}/parameters")).iter().enumerate() {
                inline(report, &format!("{at}/parameters/{index}/schema"));
            }
            for (_, media) in entries(report, &format!("{at}/requestBody/content")) {
                inline(report, &format!("{media}/schema"));
            }
            for (_, response) in entries(report, &format!("{at}/responses")) {
                for (_, media) in entries(report, &format!("{response}/content")) {
                    if report.value(&media).get("schema").is_none() {
                        report.add(
                            &media,
                            "a content without `schema`",
                            "write one; any JSON is a component with a description only",
                        );
                    }
                    if !media.ends_with("csv") {
                        inline(report, &format!("{media}/schema"));
                    }
                }
            }
        }
    }
}

fn component(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    if value.get("description").is_none() {
        report.add(at, "a schema without `description`", "write what it is");
    }
    if let Some(values) = value.get("enum") {
        enumeration(report, at, values);
    }
    for (index, variant) in value["oneOf"].as_array().into_iter().flatten().enumerate() {
        if variant.get("$ref").is_none() {
            report.add(
                &format!("{at}/oneOf/{index}"),
                "a variant in place",
                "write a $ref to a component instead",
            );
        }
    }
    let properties = entries(report, &format!("{at}/properties"));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (wire, property) in &properties {
        let rust = wire
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
            .to_snake_case();
        if rust == "extra" {
            report.add(
                property,
                "`extra` clashes with generated code",
                "leave it out: it is kept among the unknown fields",
            );
        }
        if let Some(other) = names.insert(rust.clone(), wire.clone()) {
            report.add(
                property,
                format!("`{other}` and `{wire}` would both be `{rust}`"),
                "leave one out",
            );
        }
        if report.value(property).get("description").is_none()
            && report.value(property).get("$ref").is_none()
        {
            report.add(
                property,
                format!("`{wire}` has no description"),
                "write what it is",
            );
        }
        inline(report, property);
    }
    for (index, name) in value["required"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let wire = name.as_str().unwrap_or_default();
        if !properties.iter().any(|(known, _)| known == wire) {
            report.add(
                &format!("{at}/required/{index}"),
                format!("there is no property `{wire}`"),
                "write one of the properties, or leave it out",
            );
        }
    }
    if value["additionalProperties"] == false {
        report.add(
            &format!("{at}/additionalProperties"),
            "a new field would make answers unreadable",
            "leave it out",
        );
    }
    if value.get("properties").is_none() {
        inline_parts(report, at);
    }
}

fn enumeration(report: &mut Report<'_>, at: &str, values: &Value) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (index, value) in values.as_array().into_iter().flatten().enumerate() {
        let place = format!("{at}/enum/{index}");
        let Some(text) = value.as_str() else {
            report.add(
                &place,
                "an enum value that is no text",
                "write it in quotes instead",
            );
            continue;
        };
        let rust = text
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
            .to_upper_camel_case();
        if rust == "Other" {
            report.add(
                &place,
                "`Other` is the name of values that are not known",
                "leave it out: it is kept all the same",
            );
        }
        if let Some(other) = names.insert(rust.clone(), text.to_owned()) {
            report.add(
                &place,
                format!("`{other}` and `{text}` would both be `{rust}`"),
                "leave one out",
            );
        }
    }
    if values.as_array().is_none_or(Vec::is_empty) {
        report.add(
            at,
            "an enum without values",
            "write them, or a string instead",
        );
    }
}

/// A schema that is used where it stands: no object and no enum, and personal data is marked.
fn inline(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    if value.get("enum").is_some() {
        report.add(
            at,
            "an enum in place could take another type's name",
            "write a component and a $ref instead",
        );
    }
    if value.get("properties").is_some() {
        report.add(
            at,
            "an object in place could take another type's name",
            "write a component and a $ref instead",
        );
    }
    if let Some(variants) = value["allOf"].as_array()
        && (variants.len() != 1 || variants.iter().any(|variant| variant.get("$ref").is_none()))
    {
        report.add(
            &format!("{at}/allOf"),
            "`allOf` is for one $ref",
            "write `allOf: [{ $ref: … }]`, or a component with all properties, instead",
        );
    }
    inline_parts(report, at);
}

fn inline_parts(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    if let Some(format) = value["format"].as_str()
        && !["int32", "int64"].contains(&format)
    {
        report.add(
            &format!("{at}/format"),
            format!("`{format}` would refuse what platforms do send"),
            "write `x-timestamp` for moments, or leave it out",
        );
    }
    match value.get("x-timestamp") {
        None => {}
        Some(Value::String(style)) => timestamp(report, &format!("{at}/x-timestamp"), style),
        Some(Value::Array(styles)) => {
            for (index, style) in styles.iter().enumerate() {
                timestamp(
                    report,
                    &format!("{at}/x-timestamp/{index}"),
                    style.as_str().unwrap_or_default(),
                );
            }
        }
        Some(_) => timestamp(report, &format!("{at}/x-timestamp"), ""),
    }
    match value
        .get("x-personal")
        .map(|word| word.as_str().unwrap_or_default())
    {
        Some(word) if !PERSONAL.contains(&word) => {
            report.add(
                &format!("{at}/x-personal"),
                format!("`{word}` is no kind of personal data"),
                format!("write one of {} instead", PERSONAL.join(", ")),
            );
        }
        None if value["type"] == "string"
            && value.get("x-timestamp").is_none()
            && value.get("enum").is_none() =>
        {
            report.add(
                at,
                "a text of which nobody knows whether it is personal data",
                "write `x-personal`, with `none` if it is nobody's",
            );
        }
        _ => {}
    }
    if value["type"] == "array" && value.get("items").is_none() {
        report.add(at, "a list without `items`", "write what it is a list of");
    }
    if value.get("items").is_some() {
        inline(report, &format!("{at}/items"));
    }
    if value["additionalProperties"].is_object() {
        inline(report, &format!("{at}/additionalProperties"));
    }
    if value.get("x-send").is_some_and(|word| word != "always") {
        report.add(
            &format!("{at}/x-send"),
            "the only value is `always`",
            "write that, or leave it out",
        );
    }
}

fn timestamp(report: &mut Report<'_>, at: &str, style: &str) {
    if !TIMESTAMPS.contains(&style) {
        report.add(
            at,
            format!("`{style}` is no way to write a moment"),
            format!("write one of {} instead", TIMESTAMPS.join(", ")),
        );
    }
}

/// Every `$ref` stands alone and leads somewhere.
fn references(report: &mut Report<'_>, value: &Value, at: &str, referred: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref") {
                let target = target.as_str().unwrap_or_default();
                match target.strip_prefix("#/components/schemas/") {
                    Some(name)
                        if report
                            .value(&format!("/components/schemas/{name}"))
                            .is_null() =>
                    {
                        report.add(
                            &format!("{at}/$ref"),
                            format!("there is no schema `{name}`"),
                            "write one that stands under components.schemas instead",
                        );
                    }
                    Some(name) => {
                        referred.insert(name.to_owned());
                    }
                    None => report.add(
                        &format!("{at}/$ref"),
                        format!("`{target}` is not followed"),
                        "write `#/components/schemas/…` instead",
                    ),
                }
                for beside in object.keys().filter(|key| *key != "$ref") {
                    report.add(
                        &format!("{at}/{}", crate::codegen::escape(beside)),
                        format!("`{beside}` beside a $ref is dropped"),
                        "write `allOf: [{ $ref: … }]` beside it instead",
                    );
                }
                return;
            }
            for (key, child) in object {
                references(
                    report,
                    child,
                    &format!("{at}/{}", crate::codegen::escape(key)),
                    referred,
                );
            }
            if let Some(row) = object.get("x-csv").and_then(|csv| csv["row"].as_str()) {
                referred.insert(row.to_owned());
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
