//! Classification of schemas, and resolution of pointers into them.

use serde_json::Value;

use crate::{
    lint::report::Report,
    pointer::{escape, unescape},
    schema::{is_number_or_text, reference},
};

/// The kind of value that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Record,
    Enum,
    OneOf,
    List,
    /// An object without `properties`.
    Map,
    Text,
    /// A string or integer with `x-timestamp`.
    Moment,
    Whole,
    Number,
    /// `oneOf` a number and a string.
    NumberOrText,
    Truth,
    /// Any JSON.
    Json,
    /// The schema is missing or invalid, or its references form a cycle.
    Nothing,
}

/// Longest chain of references that is followed, the same as in the generator.
const CHAIN: usize = 15;

/// Returns the pointer to a component.
pub(super) fn component(name: &str) -> String {
    format!("/components/schemas/{}", escape(name))
}

/// Returns the pointer to the schema after following references.
pub(super) fn target(report: &Report<'_>, at: &str) -> Option<String> {
    let mut at = at.to_owned();
    for _ in 0..=CHAIN {
        let value = report.tree.value(&at)?;
        match reference(value) {
            Some(name) => at = component(name),
            None => return value.is_object().then_some(at),
        }
    }
    None
}

/// Returns the kind of the schema at `at`, following references.
pub(super) fn kind(report: &Report<'_>, at: &str) -> Kind {
    target(report, at).map_or(Kind::Nothing, |at| own_kind(report.value(&at)))
}

/// Returns the kind of a schema that is not a reference.
pub(super) fn own_kind(value: &Value) -> Kind {
    if value.get("enum").is_some() {
        return Kind::Enum;
    }
    if is_number_or_text(value) {
        return Kind::NumberOrText;
    }
    if value.get("oneOf").is_some() {
        return Kind::OneOf;
    }
    if value.get("properties").is_some() {
        return Kind::Record;
    }
    if value.get("x-timestamp").is_some() {
        return Kind::Moment;
    }
    match value
        .get("type")
        .map(|name| name.as_str().unwrap_or_default())
    {
        Some("string") => Kind::Text,
        Some("boolean") => Kind::Truth,
        Some("integer") => Kind::Whole,
        Some("number") => Kind::Number,
        Some("array") => Kind::List,
        Some("object") => Kind::Map,
        None => Kind::Json,
        // The unknown type is reported by `keys`.
        Some(_) => Kind::Nothing,
    }
}

/// The target of a pointer into a value that a schema describes.
pub(super) enum Lead {
    /// The pointer to the schema of the target.
    To(String),
    /// The schemas do not describe the target.
    Open,
    /// The target does not exist: the failing step, and the names that exist there.
    Nowhere(String, Vec<String>),
}

pub(super) fn lead(report: &Report<'_>, schema: &str, pointer: &str) -> Lead {
    let mut at = schema.to_owned();
    for step in pointer.split('/').skip(1) {
        let Some(resolved) = target(report, &at) else {
            return Lead::Open;
        };
        let name = unescape(step).into_owned();
        let value = report.value(&resolved);
        let nowhere = |known: Vec<String>| Lead::Nowhere(name.clone(), known);
        match own_kind(value) {
            Kind::Record => {
                let child = format!("{resolved}/properties/{}", escape(&name));
                if report.tree.value(&child).is_none() {
                    if value.get("additionalProperties").is_some() {
                        return Lead::Open;
                    }
                    let known = value["properties"].as_object();
                    return nowhere(
                        known
                            .into_iter()
                            .flatten()
                            .map(|(n, _)| n.clone())
                            .collect(),
                    );
                }
                at = child;
            }
            Kind::List if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                at = format!("{resolved}/items");
            }
            Kind::Json | Kind::Map | Kind::OneOf | Kind::Nothing => return Lead::Open,
            _ => return nowhere(Vec::new()),
        }
    }
    Lead::To(at)
}
