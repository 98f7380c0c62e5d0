//! Cycles of references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    lint::{
        report::{Report, problem},
        schema_kind::{SchemaKind, component, own_kind, target},
    },
    rules,
    schema::reference,
};

/// The components that each component directly contains.
type Graph<'t> = BTreeMap<&'t str, BTreeSet<&'t str>>;

pub(super) fn check(report: &mut Report<'_>) {
    let components = report.entries("/components/schemas");
    let (mut sizes, mut aliases) = (Graph::new(), Graph::new());
    for (name, at) in &components {
        let value = report.value(at);
        sizes.insert(name, size(value));
        aliases.insert(name, alias(report, value));
    }
    let mut reported = BTreeSet::new();
    for (name, at) in &components {
        let circle: BTreeSet<&str> = [&sizes, &aliases]
            .into_iter()
            .map(|graph| reached(graph, name))
            .find(|reached| reached.contains(name))
            .unwrap_or_default();
        if circle.is_empty() {
            too_long(report, name, at);
        } else if !circle.iter().any(|other| reported.contains(other)) {
            // A cycle is reported once, at its first member.
            problem!(report, rules::REF_CIRCLE, key at;
                "`{name}` contains itself without end";
                "make one of the references a list, or describe one of the schemas as any JSON");
        }
        if !circle.is_empty() {
            reported.insert(*name);
        }
    }
}

/// Reports a chain of references that is too long to follow.
fn too_long(report: &mut Report<'_>, name: &str, at: &str) {
    let next = reference(report.value(at)).map(component);
    let is_there = next.is_some_and(|next| report.value(&next).is_object());
    if is_there && target(report, at).is_none() {
        problem!(report, rules::REF_CIRCLE, key at;
            "`{name}` is a chain of too many references"; "refer to the last schema of the chain directly");
    }
}

/// Returns the components that every value of a schema contains. Lists and maps count only if they cannot be empty.
fn size(value: &Value) -> BTreeSet<&str> {
    if let Some(name) = reference(value) {
        return BTreeSet::from([name]);
    }
    match own_kind(value) {
        SchemaKind::Record => {
            // An optional property is boxed and ends the cycle.
            let required = value["required"].as_array().into_iter().flatten();
            required
                .filter_map(|name| value["properties"].get(name.as_str()?))
                .flat_map(size)
                .collect()
        }
        SchemaKind::OneOf => {
            let variants = value["oneOf"].as_array().into_iter().flatten();
            variants.filter_map(reference).collect()
        }
        _ => [
            ("minItems", "items"),
            ("minProperties", "additionalProperties"),
        ]
        .into_iter()
        .filter(|(least, _)| value[least].as_u64().is_some_and(|least| least > 0))
        .filter_map(|(_, inner)| value.get(inner))
        .flat_map(size)
        .collect(),
    }
}

/// Returns the aliases that an alias refers to, also through lists and maps.
fn alias<'t>(report: &Report<'_>, value: &'t Value) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    if is_alias(value) {
        collect(value, &mut names);
    }
    names.retain(|name| is_alias(report.value(&component(name))));
    names
}

fn is_alias(value: &Value) -> bool {
    !matches!(
        own_kind(value),
        SchemaKind::Record | SchemaKind::Enum | SchemaKind::OneOf
    )
}

fn collect<'t>(value: &'t Value, names: &mut BTreeSet<&'t str>) {
    if let Some(name) = reference(value) {
        names.insert(name);
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = value.get(key) {
            collect(inner, names);
        }
    }
}

fn reached<'t>(graph: &Graph<'t>, from: &str) -> BTreeSet<&'t str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&'t str> = graph.get(from).into_iter().flatten().copied().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(graph.get(name).into_iter().flatten().copied());
        }
    }
    reached
}
