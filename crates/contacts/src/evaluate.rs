//! Reads the value of an [`Expression`] from a record.

use serde_json::Value;

use crate::expression::Expression;
use crate::field::FieldKind;
use crate::pointer::Pointer;
use crate::scalar::{author, scalar_to_string};
use crate::{phone, time};

/// The Rust type of a field. `read` returns `None` if the record has no value for it.
pub(crate) trait FromExpression: Default {
    fn read(expression: &Expression, kind: FieldKind, record: &Value) -> Option<Self>;
}

impl FromExpression for Option<String> {
    fn read(expression: &Expression, kind: FieldKind, record: &Value) -> Option<Self> {
        let to_string = match kind {
            FieldKind::Author => author,
            FieldKind::Time => time::to_rfc3339,
            FieldKind::Text | FieldKind::Flag | FieldKind::Tags | FieldKind::Attributes => {
                scalar_to_string
            }
        };
        string(expression, record, to_string).map(Some)
    }
}

impl FromExpression for Option<bool> {
    fn read(expression: &Expression, _: FieldKind, record: &Value) -> Option<Self> {
        flag(expression, record).map(Some)
    }
}

impl FromExpression for Vec<String> {
    fn read(expression: &Expression, _: FieldKind, record: &Value) -> Option<Self> {
        tags(expression, record)
    }
}

impl FromExpression for Vec<(String, Value)> {
    fn read(expression: &Expression, _: FieldKind, record: &Value) -> Option<Self> {
        attributes(expression, record)
    }
}

/// Reads a string; `to_string` converts each scalar.
fn string(
    expression: &Expression,
    record: &Value,
    to_string: fn(&Value) -> Option<String>,
) -> Option<String> {
    match expression {
        Expression::At(pointer) => to_string(pointer.find(record)?),
        Expression::First(parts) => parts
            .iter()
            .find_map(|part| string(part, record, to_string)),
        Expression::Join { parts, with } => {
            let present: Vec<_> = parts
                .iter()
                .filter_map(|part| string(part, record, to_string))
                .collect();
            (!present.is_empty()).then(|| present.join(with))
        }
        Expression::Phone(pointer) => phone::single(&scalar_to_string(pointer.find(record)?)?),
        Expression::PrefixedPhone { prefix, number } => {
            let prefix = prefix.find(record).and_then(scalar_to_string);
            phone::prefixed(prefix.as_deref(), &scalar_to_string(number.find(record)?)?)
        }
        Expression::Map(_) | Expression::Pairs { .. } => None,
    }
}

fn flag(expression: &Expression, record: &Value) -> Option<bool> {
    match expression {
        Expression::At(pointer) => pointer.find(record)?.as_bool(),
        Expression::First(parts) => parts.iter().find_map(|part| flag(part, record)),
        _ => None,
    }
}

fn tags(expression: &Expression, record: &Value) -> Option<Vec<String>> {
    let tags: Vec<_> = match expression {
        Expression::At(pointer) => pointer
            .find(record)?
            .as_array()?
            .iter()
            .filter_map(scalar_to_string)
            .collect(),
        Expression::First(parts) => return parts.iter().find_map(|part| tags(part, record)),
        _ => return None,
    };
    (!tags.is_empty()).then_some(tags)
}

fn attributes(expression: &Expression, record: &Value) -> Option<Vec<(String, Value)>> {
    let attributes: Vec<_> = match expression {
        Expression::Map(pointer) => {
            let members = pointer.find(record)?.as_object()?.iter();
            let present = members.filter(|(_, value)| !value.is_null());
            present
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        }
        Expression::Pairs { at, key, value } => {
            let items = at.find(record)?.as_array()?.iter();
            items.filter_map(|item| pair(key, value, item)).collect()
        }
        Expression::First(parts) => return parts.iter().find_map(|part| attributes(part, record)),
        _ => return None,
    };
    (!attributes.is_empty()).then_some(attributes)
}

fn pair(key: &Pointer, value: &Pointer, item: &Value) -> Option<(String, Value)> {
    let key = scalar_to_string(key.find(item)?)?;
    let value = value.find(item)?;
    (!value.is_null()).then(|| (key, value.clone()))
}
