//! A component schema, compiled into what is needed to make values of it.

use super::{
    ids::IdCode,
    roles::{Alternative, Field, Role, Roles},
    time::Spelling,
};
use crate::{
    hash, pointer,
    schema::{Schemas, kind, nullable, number_or_text, properties, requires},
    spec::words::many,
    validate::Validator,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Deeper schemas are cut off, which ends those that contain themselves.
const DEPTH: u8 = 10;
/// Lists that stand so near the cut are empty.
const EMPTY: u8 = 5;
/// No list in a record has more entries.
const MOST: u64 = 3;

#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// The pattern of its place, `*` for every element of an array.
    pub(crate) at: String,
    pub(crate) salt: u64,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    pub(crate) role: Option<Field>,
    /// Present only when a choice falls on it.
    pub(crate) alternative: Option<Alternative>,
    /// A value that is always the same: the scope.
    pub(crate) fixed: Option<Value>,
    /// Identifiers of this or another stream stand here.
    pub(crate) id: Option<IdCode>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Object {
        fields: Vec<(String, Shape)>,
        more: More,
    },
    Array {
        item: Box<Shape>,
        min: u64,
        max: u64,
    },
    Text {
        personal: Personal,
        min: usize,
        max: usize,
    },
    Time(Vec<Spelling>),
    Integer {
        min: i64,
        max: i64,
    },
    Number {
        min: f64,
        max: f64,
    },
    /// A number, now and then as a text.
    NumberOrText {
        min: i64,
        max: i64,
    },
    Bool,
    Choice {
        values: Vec<Value>,
        /// Whether values turn up that no document names.
        open: bool,
    },
    Any(Personal),
}

/// Members of an object beyond its properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum More {
    None,
    Text { nullable: bool },
    Number,
    Bool,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Personal {
    Name,
    Email,
    Phone,
    Address,
    Location,
    Ip,
    Identifier,
    Demographic,
    Url,
    Message,
    Other,
}

impl Personal {
    fn read(schema: &Value) -> Self {
        match schema.get("x-personal").and_then(Value::as_str) {
            Some("name") => Self::Name,
            Some("email") => Self::Email,
            Some("phone") => Self::Phone,
            Some("address") => Self::Address,
            Some("location") => Self::Location,
            Some("ip") => Self::Ip,
            Some("identifier") => Self::Identifier,
            Some("demographic") => Self::Demographic,
            Some("url") => Self::Url,
            Some("message") => Self::Message,
            _ => match schema.get("format").and_then(Value::as_str) {
                Some("uuid") => Self::Identifier,
                Some("email") => Self::Email,
                Some("uri" | "url") => Self::Url,
                _ => Self::Other,
            },
        }
    }
}

impl Shape {
    /// The shape at a pointer below this one; numbers and `*` mean the elements of an array.
    pub(crate) fn find(&self, pointer: &str) -> Option<&Self> {
        let mut at = self;
        for token in pointer::tokens(pointer) {
            at = match &at.kind {
                Kind::Object { fields, .. } => &fields.iter().find(|(name, _)| *name == token)?.1,
                Kind::Array { item, .. } => item,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Visits this shape and all below it.
    pub(crate) fn visit<'a>(&'a self, seen: &mut dyn FnMut(&'a Self)) {
        seen(self);
        match &self.kind {
            Kind::Object { fields, .. } => fields.iter().for_each(|(_, shape)| shape.visit(seen)),
            Kind::Array { item, .. } => item.visit(seen),
            _ => {}
        }
    }
}

/// Compiles schemas of one stream's records.
pub(crate) struct Compiler<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) roles: &'a Roles,
    /// The values of the platform's scope, by the name of the parameter.
    pub(crate) scope: &'a [(String, String)],
    /// What every record of the stream has at the top, because the list is asked for it.
    pub(crate) with: &'a BTreeMap<String, Value>,
    /// The identifiers at some pointers.
    pub(crate) ids: &'a dyn Fn(&str, Field, &Value) -> Option<IdCode>,
}

impl Compiler<'_> {
    pub(crate) fn compile(&self, schema: &Value) -> Shape {
        self.shape(schema, "", "", true, DEPTH)
    }

    fn shape(&self, schema: &Value, at: &str, name: &str, required: bool, depth: u8) -> Shape {
        let schema = self.schemas.flat(schema);
        let role = self.roles.at(at);
        let field = role.map(|role| role.field);
        let scope = self
            .scope
            .iter()
            .find(|(scope, _)| scope == name && !at.is_empty());
        let scope = scope.map(|(_, value)| crate::params::typed(&schema, value));
        let with = self
            .with
            .get(name)
            .filter(|_| *at == pointer::child("", name))
            .cloned();
        // A property of the same name may be another thing altogether.
        let fits = |value: &Value| {
            let validator = Validator {
                schemas: self.schemas,
                all_sent: false,
            };
            validator.check(&schema, value).is_ok()
        };
        let id = field.and_then(|field| (self.ids)(at, field, &schema));
        Shape {
            at: at.to_owned(),
            salt: hash::text(at),
            required: required || id.is_some() && field == Some(Field::Id),
            nullable: nullable(&schema),
            role: field,
            alternative: None,
            fixed: scope.or(with).filter(fits),
            id,
            kind: self.kind(&schema, at, role, depth),
        }
    }

    fn kind(&self, schema: &Value, at: &str, role: Option<Role>, depth: u8) -> Kind {
        let personal = Personal::read(schema);
        if let Some(list) = schema.get("enum").and_then(Value::as_array) {
            let values = list.iter().filter(|value| !value.is_null());
            return Kind::Choice {
                values: values.cloned().collect(),
                open: true,
            };
        }
        if let Some(spellings) = spellings(schema) {
            return Kind::Time(spellings);
        }
        if let Some(number) = number_or_text(schema) {
            let bound = |word: &str| number.get(word).and_then(Value::as_i64);
            return Kind::NumberOrText {
                min: bound("minimum").unwrap_or(0),
                max: bound("maximum").unwrap_or(90),
            };
        }
        let number = |word: &str| schema.get(word).and_then(Value::as_f64);
        let count = |word: &str| schema.get(word).and_then(Value::as_u64);
        match kind(schema) {
            Some("object") if depth == 0 => Kind::Object {
                fields: Vec::new(),
                more: More::None,
            },
            None if depth == 0 => Kind::Any(personal),
            Some("object") => self.object(schema, at, depth),
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_default();
                // Before the cut, lists are empty, so that whatever contains itself ends as its schema says.
                let is_cut = depth <= EMPTY;
                let least = count("minItems").filter(|_| !is_cut).unwrap_or(0);
                let most = if is_cut { 0 } else { MOST };
                Kind::Array {
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
            Some("string") => Kind::Text {
                personal,
                min: count("minLength")
                    .and_then(|min| usize::try_from(min).ok())
                    .unwrap_or(0),
                max: count("maxLength")
                    .and_then(|max| usize::try_from(max).ok())
                    .unwrap_or(usize::MAX),
            },
            Some("integer") => Kind::Integer {
                min: schema.get("minimum").and_then(Value::as_i64).unwrap_or(0),
                max: schema.get("maximum").and_then(Value::as_i64).unwrap_or(90),
            },
            Some("number") => Kind::Number {
                min: number("minimum").unwrap_or(0.0),
                max: number("maximum").unwrap_or(10.0),
            },
            Some("boolean") => Kind::Bool,
            // Undocumented: as the mapping reads it.
            _ if self.read_below(at, role) => self.object(schema, at, depth),
            _ if role.is_some_and(|role| role.field.is_time()) => {
                Kind::Time(vec![Spelling::Rfc3339, Spelling::Spaced])
            }
            _ if role.is_some_and(|role| role.field == Field::Attributes) => Kind::Object {
                fields: Vec::new(),
                more: More::Any,
            },
            _ => Kind::Any(personal),
        }
    }

    /// Whether the mapping reads members of a place, and not the place itself as one text.
    fn read_below(&self, at: &str, role: Option<Role>) -> bool {
        let members = role.is_none_or(|role| role.field == Field::Attributes);
        members && self.roles.below(at).next().is_some()
    }

    fn object(&self, schema: &Value, at: &str, depth: u8) -> Kind {
        let mut fields: Vec<(String, Shape)> = properties(schema)
            .map(|(name, property)| {
                let at = pointer::child(at, name);
                (
                    name.clone(),
                    self.shape(property, &at, name, requires(schema, name), depth - 1),
                )
            })
            .collect();
        let additional = schema
            .get("additionalProperties")
            .cloned()
            .unwrap_or(Value::Bool(true));
        if additional != false {
            let extra = if additional.is_object() {
                additional.clone()
            } else {
                Value::Null
            };
            for (name, _, role) in self.roles.below(at) {
                if fields.iter().any(|(known, _)| *known == name) {
                    continue;
                }
                let mut shape =
                    self.shape(&extra, &pointer::child(at, &name), &name, false, depth - 1);
                shape.alternative = role.alternative.filter(|_| !shape.required);
                fields.push((name, shape));
            }
        }
        let declared = schema
            .get("additionalProperties")
            .is_some_and(|more| *more != false);
        let mapped = self
            .roles
            .at(at)
            .is_some_and(|role| role.field == Field::Attributes);
        let more = match kind(&self.schemas.flat(&additional)) {
            _ if !declared && !mapped => More::None,
            Some("string") => More::Text {
                nullable: nullable(&self.schemas.flat(&additional)),
            },
            Some("integer" | "number") => More::Number,
            Some("boolean") => More::Bool,
            // A map of lists or objects is empty, which fits whatever they must be like.
            Some(_) => More::None,
            None => More::Any,
        };
        Kind::Object { fields, more }
    }
}

/// The spellings of a timestamp; `None` for anything else.
fn spellings(schema: &Value) -> Option<Vec<Spelling>> {
    let words: Vec<String> = many(schema.get("x-timestamp")).unwrap_or_default();
    let spellings: Vec<Spelling> = words
        .iter()
        .filter_map(|word| Spelling::read(word))
        .collect();
    let by_format = schema.get("format").and_then(Value::as_str) == Some("date-time");
    match (spellings.is_empty(), by_format) {
        (false, _) => Some(spellings),
        (true, true) => Some(vec![Spelling::Rfc3339]),
        (true, false) => None,
    }
}
