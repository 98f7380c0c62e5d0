//! Changes to records.

use super::shape::{ShapeKind, ValueShape};
use botroster_spec::{model::Change, pointer};
use serde_json::{Map, Value};

/// A change to a record.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    pub(crate) change: Change,
    /// The pointer to the changed property.
    pub(crate) place: String,
    pub(crate) value: Value,
    /// When, in milliseconds.
    pub(crate) at: i64,
}

impl Patch {
    /// The change in a request body; `None` if the body lacks the property.
    pub(crate) fn new(change: Change, place: &str, body: &Value, at: i64) -> Option<Self> {
        // A list is usually the whole body; any other value has the same place as in the record.
        let value = match (body.pointer(place), body) {
            (Some(value), _) => value.clone(),
            (None, Value::Array(_)) => body.clone(),
            (None, _) => return None,
        };
        Some(Self {
            change,
            place: place.to_owned(),
            value,
            at,
        })
    }
}

/// Changes a record if its shape has the property.
pub(crate) fn apply(record: &mut Value, shape: &ValueShape, patch: &Patch) {
    let Some(place) = shape.find(&patch.place) else {
        return;
    };
    let value = coerce(&patch.value, place);
    let before = record.pointer(&patch.place).cloned().unwrap_or_default();
    let after = match (patch.change, before, value) {
        (Change::Create, ..) => return,
        (Change::Merge, Value::Object(mut members), Value::Object(more)) => {
            members.extend(more);
            Value::Object(members)
        }
        (Change::Add, Value::Array(mut list), Value::Array(more)) => {
            for item in more {
                if !list.iter().any(|own| same(own, &item)) {
                    list.push(item);
                }
            }
            Value::Array(list)
        }
        (Change::Remove, Value::Array(mut list), Value::Array(less)) => {
            list.retain(|own| !less.iter().any(|item| same(own, item)));
            Value::Array(list)
        }
        (Change::Remove, before, _) => before,
        (Change::Merge | Change::Add | Change::Replace | Change::Set, _, value) => value,
    };
    pointer::set(record, &patch.place, after);
}

/// Returns whether two elements of a list mean the same: they are equal, or objects with a string in common.
fn same(own: &Value, item: &Value) -> bool {
    match (own, item) {
        (Value::Object(own), Value::Object(item)) => {
            let texts = |members: &Map<String, Value>| -> Vec<String> {
                members
                    .values()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect()
            };
            let own = texts(own);
            texts(item).iter().any(|text| own.contains(text))
        }
        _ => own == item,
    }
}

/// A value in the form a property has: in a list of objects, a string becomes an object with that string in every property.
pub(crate) fn coerce(value: &Value, place: &ValueShape) -> Value {
    match (&place.kind, value) {
        (ShapeKind::Array { item, .. }, Value::Array(list)) => {
            Value::Array(list.iter().map(|value| coerce(value, item)).collect())
        }
        (ShapeKind::Object { fields, .. }, Value::String(text)) => {
            let texts = fields
                .iter()
                .filter(|(_, field)| matches!(field.kind, ShapeKind::Text { .. }));
            Value::Object(
                texts
                    .map(|(name, _)| (name.clone(), Value::from(text.as_str())))
                    .collect(),
            )
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{compile::Compiler, roles::RecordRoles};
    use botroster_spec::schema::Schemas;
    use serde_json::json;

    fn shape() -> ValueShape {
        let schema = json!({"type": "object", "properties": {
            "tags": {"type": "array", "items": {"type": "string"}},
            "groups": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}},
            "about": {"type": "object", "additionalProperties": true},
            "banned": {"type": "boolean"},
        }});
        let (schemas, roles) = (Schemas::default(), RecordRoles::default());
        let with = Default::default();
        Compiler {
            schemas: &schemas,
            roles: &roles,
            scope: &[],
            with: &with,
            ids: &|_, _, _| None,
        }
        .compile(&schema)
    }

    fn after(change: Change, place: &str, body: &Value, record: &Value) -> Value {
        let mut record = record.clone();
        let patch = Patch::new(change, place, body, 0).unwrap();
        apply(&mut record, &shape(), &patch);
        record
    }

    #[test]
    fn lists_grow_and_shrink() {
        let record = json!({"tags": ["a", "b"], "groups": [{"id": "1", "name": "one"}]});
        let with = after(Change::Add, "/tags", &json!(["b", "c"]), &record);
        assert_eq!(with["tags"], json!(["a", "b", "c"]));
        let without = after(Change::Remove, "/groups", &json!(["one"]), &record);
        assert_eq!(without["groups"], json!([]));
        let with = after(Change::Add, "/groups", &json!(["two"]), &record);
        assert_eq!(with["groups"][1], json!({"id": "two", "name": "two"}));
        let other = after(Change::Replace, "/tags", &json!(["z"]), &record);
        assert_eq!(other["tags"], json!(["z"]));
    }

    #[test]
    fn members_merge_and_values_are_set() {
        let record = json!({"about": {"a": 1, "b": 2}, "banned": false});
        let merged = after(
            Change::Merge,
            "/about",
            &json!({"about": {"b": 3}}),
            &record,
        );
        assert_eq!(merged["about"], json!({"a": 1, "b": 3}));
        assert_eq!(
            after(Change::Set, "/banned", &json!({"banned": true}), &record)["banned"],
            true
        );
        assert!(Patch::new(Change::Set, "/banned", &json!({}), 0).is_none());
    }

    #[test]
    fn a_place_the_shape_lacks_is_left_alone() {
        let record = json!({"other": 1});
        assert_eq!(
            after(Change::Set, "/missing", &json!({"missing": 1}), &record),
            record
        );
    }
}
