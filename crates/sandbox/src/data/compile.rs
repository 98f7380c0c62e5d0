//! Schemas to shapes.

use super::{
    ids::IdCode,
    roles::{FieldRole, ModelField, RecordRoles},
    shape::{ExtraMembers, ShapeKind, ValueShape},
    time::Spelling,
};
use crate::{
    hash,
    values::{text::typed, validate::Validator},
};
use botroster_spec::{
    Personal, pointer,
    schema::{Schemas, kind, nullable, number_or_text, properties, requires, timestamp_spellings},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Deeper schemas are cut off, which ends recursive ones.
const DEPTH: u8 = 10;
/// Lists at this depth or nearer to the cut are empty.
const EMPTY: u8 = 5;
/// Maximum length of a list in a record.
const MOST: u64 = 3;

/// Compiles schemas of one stream's records.
pub(crate) struct Compiler<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) roles: &'a RecordRoles,
    /// The values of the platform's scope, by parameter.
    pub(crate) scope: &'a [(String, String)],
    /// Top-level properties that the request for the list determines.
    pub(crate) with: &'a BTreeMap<String, Value>,
    /// The identifiers at some pointers.
    pub(crate) ids: &'a dyn Fn(&str, ModelField, &Value) -> Option<IdCode>,
}

impl Compiler<'_> {
    pub(crate) fn compile(&self, schema: &Value) -> ValueShape {
        self.shape(schema, "", "", true, DEPTH)
    }

    fn shape(&self, schema: &Value, at: &str, name: &str, required: bool, depth: u8) -> ValueShape {
        let schema = self.schemas.flat(schema);
        let role = self.roles.at(at);
        let field = role.map(|role| role.field);
        let scope = self
            .scope
            .iter()
            .find(|(scope, _)| scope == name && !at.is_empty());
        let scope = scope.map(|(_, value)| typed(&schema, value));
        let with = self
            .with
            .get(name)
            .filter(|_| *at == pointer::child("", name))
            .cloned();
        // A property of the same name may be unrelated.
        let fits = |value: &Value| {
            let validator = Validator {
                schemas: self.schemas,
                all_sent: false,
            };
            validator.is_valid(&schema, value)
        };
        let id = field.and_then(|field| (self.ids)(at, field, &schema));
        ValueShape {
            at: at.to_owned(),
            salt: hash::text(at),
            required: required || id.is_some() && field == Some(ModelField::Id),
            nullable: nullable(&schema),
            role: field,
            alternative: None,
            fixed: scope.or(with).filter(fits),
            id,
            kind: self.kind(&schema, at, role, depth),
        }
    }

    fn kind(&self, schema: &Value, at: &str, role: Option<FieldRole>, depth: u8) -> ShapeKind {
        let personal = Personal::of(schema).unwrap_or(Personal::None);
        if let Some(list) = schema.get("enum").and_then(Value::as_array) {
            let values = list.iter().filter(|value| !value.is_null());
            return ShapeKind::Choice {
                values: values.cloned().collect(),
                open: true,
            };
        }
        if let Some(spellings) = spellings(schema) {
            return ShapeKind::Time(spellings);
        }
        if let Some(number) = number_or_text(schema) {
            let bound = |word: &str| number.get(word).and_then(Value::as_i64);
            return ShapeKind::NumberOrText {
                min: bound("minimum").unwrap_or(0),
                max: bound("maximum").unwrap_or(90),
            };
        }
        let number = |word: &str| schema.get(word).and_then(Value::as_f64);
        let count = |word: &str| schema.get(word).and_then(Value::as_u64);
        match kind(schema) {
            Some("object") if depth == 0 => ShapeKind::Object {
                fields: Vec::new(),
                more: ExtraMembers::None,
            },
            None if depth == 0 => ShapeKind::Any(personal),
            Some("object") => self.object(schema, at, depth),
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_default();
                // Lists near the cut are empty, so that recursive schemas end validly.
                let is_cut = depth <= EMPTY;
                let least = count("minItems").filter(|_| !is_cut).unwrap_or(0);
                let most = if is_cut { 0 } else { MOST };
                ShapeKind::Array {
                    item: Box::new(self.shape(
                        &items,
                        &pointer::child(at, "*"),
                        "",
                        true,
                        depth.saturating_sub(1),
                    )),
                    min: least,
                    max: most.min(count("maxItems").unwrap_or(most)),
                }
            }
            Some("string") => ShapeKind::Text {
                personal,
                min: count("minLength")
                    .and_then(|min| usize::try_from(min).ok())
                    .unwrap_or(0),
                max: count("maxLength")
                    .and_then(|max| usize::try_from(max).ok())
                    .unwrap_or(usize::MAX),
            },
            Some("integer") => ShapeKind::Integer {
                min: schema.get("minimum").and_then(Value::as_i64).unwrap_or(0),
                max: schema.get("maximum").and_then(Value::as_i64).unwrap_or(90),
            },
            Some("number") => ShapeKind::Number {
                min: number("minimum").unwrap_or(0.0),
                max: number("maximum").unwrap_or(10.0),
            },
            Some("boolean") => ShapeKind::Bool,
            // Undocumented: shaped by the mapping.
            _ if self.read_below(at, role) => self.object(schema, at, depth),
            _ if role.is_some_and(|role| role.field.is_time()) => {
                ShapeKind::Time(vec![Spelling::Rfc3339, Spelling::Spaced])
            }
            _ if role.is_some_and(|role| role.field == ModelField::Attributes) => {
                ShapeKind::Object {
                    fields: Vec::new(),
                    more: ExtraMembers::Any,
                }
            }
            _ => ShapeKind::Any(personal),
        }
    }

    /// Returns whether the mapping reads members of a place, rather than the place itself.
    fn read_below(&self, at: &str, role: Option<FieldRole>) -> bool {
        let members = role.is_none_or(|role| role.field == ModelField::Attributes);
        members && self.roles.below(at).next().is_some()
    }

    fn object(&self, schema: &Value, at: &str, depth: u8) -> ShapeKind {
        let mut fields: Vec<(String, ValueShape)> = properties(schema)
            .map(|(name, property)| {
                let at = pointer::child(at, name);
                (
                    name.clone(),
                    self.shape(property, &at, name, requires(schema, name), depth - 1),
                )
            })
            .collect();
        let additional = schema.get("additionalProperties");
        let extra = additional.unwrap_or(&Value::Null);
        for (name, role) in self.roles.below(at) {
            if fields.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let at = pointer::child(at, &name);
            let mut shape = self.shape(extra, &at, &name, false, depth - 1);
            shape.alternative = role.alternative.filter(|_| !shape.required);
            fields.push((name, shape));
        }
        let declared = additional.is_some();
        let role = self.roles.at(at);
        let mapped = role.is_some_and(|role| role.field == ModelField::Attributes);
        let extra = self.schemas.flat(extra);
        let more = match kind(&extra) {
            _ if !declared && !mapped => ExtraMembers::None,
            Some("string") => ExtraMembers::Text {
                nullable: nullable(&extra),
            },
            Some("integer" | "number") => ExtraMembers::Number,
            Some("boolean") => ExtraMembers::Bool,
            // A map of lists or objects stays empty, which any schema of its values allows.
            Some(_) => ExtraMembers::None,
            None => ExtraMembers::Any,
        };
        ShapeKind::Object { fields, more }
    }
}

/// The spellings of a timestamp; `None` for anything else.
fn spellings(schema: &Value) -> Option<Vec<Spelling>> {
    let words = timestamp_spellings(schema).into_iter();
    let spellings: Vec<Spelling> = words.filter_map(Spelling::read).collect();
    (!spellings.is_empty()).then_some(spellings)
}
