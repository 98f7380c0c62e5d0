//! Classification of schemas, and resolution of pointers into them.

use serde_json::Value;

use crate::{
    lint::report::Report,
    pointer::{child, tokens},
    schema::{is_number_or_text, reference},
};

/// The kind of value that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaKind {
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

impl SchemaKind {
    /// Returns whether values have no parts.
    pub(super) fn is_scalar(self) -> bool {
        use SchemaKind::{Enum, Moment, Number, NumberOrText, Text, Truth, Whole};
        matches!(
            self,
            Enum | Text | Moment | Whole | Number | NumberOrText | Truth
        )
    }
}

/// Longest chain of references that is followed, the same as in the generator.
const CHAIN: usize = 15;

/// Returns the pointer to a component.
pub(super) fn component(name: &str) -> String {
    child("/components/schemas", name)
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
pub(super) fn kind(report: &Report<'_>, at: &str) -> SchemaKind {
    target(report, at).map_or(SchemaKind::Nothing, |at| own_kind(report.value(&at)))
}

/// Returns the kind of a schema that is not a reference.
pub(super) fn own_kind(value: &Value) -> SchemaKind {
    let has = |word: &str| value.get(word).is_some();
    let name = value
        .get("type")
        .map(|name| name.as_str().unwrap_or_default());
    match name {
        _ if has("enum") => SchemaKind::Enum,
        _ if is_number_or_text(value) => SchemaKind::NumberOrText,
        _ if has("oneOf") => SchemaKind::OneOf,
        _ if has("properties") => SchemaKind::Record,
        _ if has("x-timestamp") => SchemaKind::Moment,
        Some("string") => SchemaKind::Text,
        Some("boolean") => SchemaKind::Truth,
        Some("integer") => SchemaKind::Whole,
        Some("number") => SchemaKind::Number,
        Some("array") => SchemaKind::List,
        Some("object") => SchemaKind::Map,
        None => SchemaKind::Json,
        // The unknown type is reported by `keys`.
        Some(_) => SchemaKind::Nothing,
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
    for name in tokens(pointer) {
        let Some(resolved) = target(report, &at) else {
            return Lead::Open;
        };
        let value = report.value(&resolved);
        at = match own_kind(value) {
            SchemaKind::Record if value["properties"].get(&*name).is_some() => {
                child(&format!("{resolved}/properties"), &name)
            }
            SchemaKind::Record if value.get("additionalProperties").is_some() => return Lead::Open,
            SchemaKind::Record => {
                let known = value["properties"].as_object().into_iter().flatten();
                return Lead::Nowhere(name.into(), known.map(|(name, _)| name.clone()).collect());
            }
            SchemaKind::List if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{resolved}/items")
            }
            SchemaKind::Json | SchemaKind::Map | SchemaKind::OneOf | SchemaKind::Nothing => {
                return Lead::Open;
            }
            _ => return Lead::Nowhere(name.into(), Vec::new()),
        };
    }
    Lead::To(at)
}
