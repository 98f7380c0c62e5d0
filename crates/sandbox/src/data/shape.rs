//! A schema compiled into what is needed to make values of it.

use super::{
    ids::IdCode,
    roles::{Alternative, ModelField},
    time::Spelling,
};
use botroster_spec::{Personal, pointer};
use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct ValueShape {
    /// Its JSON Pointer, with `*` for the elements of an array.
    pub(crate) at: String,
    pub(crate) salt: u64,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    pub(crate) role: Option<ModelField>,
    /// Set if a record has only one of several properties.
    pub(crate) alternative: Option<Alternative>,
    /// A constant value, such as the scope.
    pub(crate) fixed: Option<Value>,
    /// Set for identifiers of this or another stream.
    pub(crate) id: Option<IdCode>,
    pub(crate) kind: ShapeKind,
}

#[derive(Debug, Clone)]
pub(crate) enum ShapeKind {
    Object {
        fields: Vec<(String, ValueShape)>,
        more: ExtraMembers,
    },
    Array {
        item: Box<ValueShape>,
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
    /// A number, sometimes as a string.
    NumberOrText {
        min: i64,
        max: i64,
    },
    Bool,
    Choice {
        values: Vec<Value>,
        /// Whether undocumented values may appear.
        open: bool,
    },
    Any(Personal),
}

/// Additional properties of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExtraMembers {
    None,
    Text { nullable: bool },
    Number,
    Bool,
    Any,
}

impl ValueShape {
    /// The shape at a pointer below this one; numbers and `*` stand for the elements of an array.
    pub(crate) fn find(&self, pointer: &str) -> Option<&Self> {
        let mut at = self;
        for token in pointer::tokens(pointer) {
            at = match &at.kind {
                ShapeKind::Object { fields, .. } => {
                    &fields.iter().find(|(name, _)| *name == token)?.1
                }
                ShapeKind::Array { item, .. } => item,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Visits this shape and all below it.
    pub(crate) fn visit<'a>(&'a self, seen: &mut dyn FnMut(&'a Self)) {
        seen(self);
        match &self.kind {
            ShapeKind::Object { fields, .. } => {
                fields.iter().for_each(|(_, shape)| shape.visit(seen))
            }
            ShapeKind::Array { item, .. } => item.visit(seen),
            _ => {}
        }
    }
}
