//! The envelope of a success.

use super::refusal::is_number;
use crate::spec::Operation;
use botroster_spec::{
    model::{Condition, FailWhen},
    pointer,
    schema::{Schemas, kind},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The values of the envelope of a success, by pointer.
pub(super) fn envelope(operation: &Operation, schemas: &Schemas) -> BTreeMap<String, Value> {
    let status = operation.success.status;
    let schema = operation.success.json();
    let known = |at: &str| schema.and_then(|schema| schemas.walk(schema, at));
    let mut given = BTreeMap::new();
    for rule in &operation.envelope.fail_when {
        if let Some(value) = value_of_success(rule, status) {
            given.insert(rule.at.clone(), value);
        }
    }
    for code in &operation.envelope.code {
        given
            .entry(code.clone())
            .or_insert_with(|| Value::from(status));
    }
    for message in &operation.envelope.message {
        if known(message).is_some_and(|schema| kind(&schema) == Some("string")) {
            given
                .entry(message.clone())
                .or_insert_with(|| Value::from("ok"));
        }
    }
    given.retain(|at, _| known(at).is_some());
    // A list of problems is empty.
    let payload = operation.payload();
    let list = |at: &String| {
        let places = at.match_indices('/').map(|(place, _)| at.split_at(place));
        let mut places = places.filter(|(list, rest)| {
            let first = rest.split('/').nth(1).unwrap_or_default();
            let element = pointer::child(list, first);
            let is_list = known(list).is_some_and(|schema| kind(&schema) == Some("array"));
            is_list && !list.is_empty() && is_number(first) && !payload.starts_with(&element)
        });
        places.next().map(|(list, _)| list.to_owned())
    };
    let mut values = BTreeMap::new();
    for (at, value) in given {
        let (at, value) = match list(&at) {
            Some(list) if list == payload => continue,
            Some(list) => (list, json!([])),
            None => (at, value),
        };
        // A value for the whole list takes precedence over values for its elements.
        values.entry(at).or_insert(value);
    }
    values
}

fn value_of_success(rule: &FailWhen, status: u16) -> Option<Value> {
    match &rule.condition {
        Condition::Is(Value::String(word)) if word == "present" => Some(Value::Null),
        Condition::Is(Value::Bool(fails)) => Some(Value::Bool(!fails)),
        Condition::Is(_) => None,
        Condition::Min(min) if i64::from(status) < *min => Some(Value::from(status)),
        Condition::Min(min) => Some(Value::from((*min).min(1).saturating_sub(1))),
        Condition::Not(well) => Some(Value::from(well.as_str())),
    }
}
