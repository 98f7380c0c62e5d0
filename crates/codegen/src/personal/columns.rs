//! Columns of the common tables that fields are written to, by `x-maps-to`.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use crate::{
    personal::{Owner, PersonalEntry},
    schema,
};
use botroster_spec::{
    Spec,
    pointer::{escape, unescape},
};

/// Adds the columns of each stream's mapping to the fields it reads.
pub(crate) fn fill(spec: &Spec, places: &mut [PersonalEntry]) -> Result<()> {
    for name in records(spec)? {
        let mapping = &spec.schema(&name)?["x-maps-to"];
        for (model, fields) in mapping.as_object().into_iter().flatten() {
            for (field, value) in fields.as_object().into_iter().flatten() {
                for pointer in pointers(value) {
                    let column = format!("{model}s.{field}");
                    let target = ColumnTarget::of(spec, &name, &pointer)?;
                    for place in places.iter_mut().filter(|place| target.holds(place)) {
                        place.columns.insert(column.clone());
                    }
                }
            }
        }
    }
    Ok(())
}

/// Returns the components of records of streams.
fn records(spec: &Spec) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let operations = spec.model.operations.iter();
    for operation in operations.filter(|operation| !operation.streams.is_empty()) {
        let record = schema::record(spec, operation)?;
        let name = record.as_ref().and_then(schema::reference);
        names.extend(name.map(str::to_owned));
    }
    Ok(names)
}

/// Returns all pointers in a value of a mapping, relative to the record.
fn pointers(value: &Value) -> Vec<String> {
    match value {
        Value::String(pointer) => vec![pointer.clone()],
        Value::Array(list) => list.iter().flat_map(pointers).collect(),
        Value::Object(form) => match form.get("pairs").and_then(Value::as_str) {
            Some(list) => ["key", "value"]
                .iter()
                .filter_map(|part| Some(format!("{list}/0{}", form.get(*part)?.as_str()?)))
                .collect(),
            None => form
                .iter()
                .filter(|(word, _)| *word != "with")
                .flat_map(|(_, value)| pointers(value))
                .collect(),
        },
        _ => Vec::new(),
    }
}

/// The component and field that a pointer leads to.
struct ColumnTarget {
    /// The component that the pointer ends in, and the pointer within it.
    name: String,
    at: String,
    /// The component at the pointer; the mapping then reads all of it.
    whole: Option<String>,
}

impl ColumnTarget {
    /// Follows a pointer as far as schemas describe it.
    fn of(spec: &Spec, record: &str, pointer: &str) -> Result<Self> {
        let mut target = Self {
            name: record.to_owned(),
            at: String::new(),
            whole: None,
        };
        let mut schema = spec.schema(record)?;
        for step in pointer.split('/').skip(1) {
            if let Some(name) = target.whole.take() {
                schema = spec.schema(&name)?;
                (target.name, target.at) = (name, String::new());
            }
            let key = unescape(step);
            let (next, place) = if schema["items"].is_object() {
                (schema.get("items"), "*".to_owned())
            } else if let Some(property) = schema["properties"].get(&*key) {
                (Some(property), escape(&key).into_owned())
            } else {
                let values = schema.get("additionalProperties");
                (values.filter(|values| values.is_object()), "*".to_owned())
            };
            let Some(next) = next else {
                // Undescribed: the entry for the remaining keys applies.
                if schema["additionalProperties"] == true {
                    target.at.push_str("/*");
                }
                return Ok(target);
            };
            schema = next;
            target.at = format!("{}/{place}", target.at);
            target.whole = schema::reference(schema).map(str::to_owned);
        }
        Ok(target)
    }

    fn holds(&self, place: &PersonalEntry) -> bool {
        let Owner::Schema(name) = &place.owner else {
            return false;
        };
        if let Some(whole) = &self.whole {
            return name == whole;
        }
        let inside = place.field.strip_prefix(&self.at);
        *name == self.name && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
