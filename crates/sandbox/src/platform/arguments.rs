//! Arguments with which an operation succeeds.

use super::{Platform, dump, target::OperationTarget};
use crate::{
    data::{Collection, View, time},
    spec::Operation,
    values::text::plain_text,
};
use botroster_spec::{
    model::{Parameter, Rule},
    schema::{kind, properties},
};
use serde_json::Value;
use std::collections::BTreeMap;

type ArgumentMap = BTreeMap<String, String>;

impl Platform {
    /// The required parameters of an operation, others that follow from the records, and the properties of its body that refer to
    /// records, as they would be written in a URL; `None` if there is no such operation.
    pub(crate) fn arguments(&self, operation: &str) -> Option<ArgumentMap> {
        let mut operations = self.spec.operations.iter().enumerate();
        let (number, operation) = operations.find(|(_, known)| known.id == operation)?;
        let known = self.known(number);
        let is_needed = |one: &&Parameter| one.required || known.contains_key(&one.name);
        let needed = operation.parameters.iter().filter(is_needed);
        let arguments = (0..).zip(needed).map(|(position, parameter)| {
            let mut scope = self.scope.iter();
            let scope = scope.find(|(name, _)| *name == parameter.name);
            let value = scope.map(|(_, value)| value).or(known.get(&parameter.name));
            let value = value.cloned().or_else(|| end(operation, parameter));
            let value = value.unwrap_or_else(|| likely(&parameter.schema, position));
            (parameter.name.clone(), value)
        });
        let mut arguments: ArgumentMap = arguments.collect();
        if let Some(body) = &operation.body {
            let body = self.spec.schemas.flat(&body.schema);
            let named = known
                .iter()
                .filter(|(name, _)| properties(&body).any(|(own, _)| own == *name));
            arguments.extend(named.map(|(name, value)| (name.clone(), value.clone())));
        }
        Some(arguments)
    }

    /// The parameters whose values follow from the records.
    fn known(&self, number: usize) -> ArgumentMap {
        match self.targets.get(number) {
            Some(OperationTarget::List) => {
                let mut own = self.collections.iter();
                let collection = own.find(|collection| collection.operation == number);
                collection.map_or_else(ArgumentMap::new, |collection| self.listed(collection))
            }
            Some(
                OperationTarget::Read {
                    collection,
                    parameter,
                    ..
                }
                | OperationTarget::Write {
                    collection,
                    parameter: Some(parameter),
                    ..
                },
            ) => self.naming(*collection, parameter),
            Some(
                OperationTarget::Csv { .. }
                | OperationTarget::Write { .. }
                | OperationTarget::Other(_),
            )
            | None => ArgumentMap::new(),
        }
    }

    /// The arguments of a list that is not empty.
    fn listed(&self, collection: &Collection) -> ArgumentMap {
        let mut arguments = texts(&collection.with);
        let row = collection
            .seeds
            .as_ref()
            .and_then(|seeds| seeds.rows().into_iter().next());
        arguments.extend(row.into_iter().flatten());
        arguments.extend(self.bound(collection));
        arguments
    }

    /// The ids of a record and of its parent.
    fn naming(&self, at: usize, parameter: &str) -> ArgumentMap {
        let Some(collection) = self.collections.get(at) else {
            return ArgumentMap::new();
        };
        let view = self.parent(collection).map_or(View::All, View::Children);
        let index = self.state().store.index((at, collection), &view, 0);
        let key = collection.key.as_ref().zip(index);
        let mut arguments = self.bound(collection);
        arguments.extend(key.map(|(key, index)| (parameter.to_owned(), key.code.text(index))));
        arguments
    }

    /// The ids of the first parent that has records.
    fn bound(&self, collection: &Collection) -> ArgumentMap {
        let found = collection.parent.as_ref().zip(self.parent(collection));
        found.map_or_else(ArgumentMap::new, |(parent, index)| {
            dump::bound(self, parent, index)
        })
    }

    /// The first parent that has records; `None` for a collection without parents.
    fn parent(&self, collection: &Collection) -> Option<u64> {
        let parent = collection.parent.as_ref()?;
        let found = dump::parents(
            self,
            parent.collection,
            &View::All,
            &mut |index| match collection.len(&View::Children(index)) {
                0 => Ok(()),
                _ => Err(index),
            },
        );
        found.err()
    }
}

fn texts(values: &BTreeMap<String, Value>) -> ArgumentMap {
    let values = values.iter();
    values
        .map(|(name, value)| (name.clone(), plain_text(value)))
        .collect()
}

/// The end of a range that includes all records, for the last parameter of a rule `less`.
fn end(operation: &Operation, parameter: &Parameter) -> Option<String> {
    let mut rules = operation.rules.iter();
    let is_last = rules
        .any(|rule| matches!(rule, Rule::Less(names) if names.last() == Some(&parameter.name)));
    let is_free = ["example", "default"]
        .iter()
        .all(|word| parameter.schema.get(*word).is_none());
    let most = parameter.schema.get("maximum").and_then(Value::as_i64);
    let end = time::created(0).min(most.unwrap_or(i64::MAX));
    (is_last && is_free && kind(&parameter.schema) == Some("integer")).then(|| end.to_string())
}

/// A value that a flat schema allows, larger for later parameters.
fn likely(schema: &Value, position: i64) -> String {
    let given = ["/example", "/default", "/enum/0"]
        .iter()
        .find_map(|at| schema.pointer(at));
    if let Some(given) = given {
        return plain_text(given);
    }
    let number = |word: &str| schema.get(word).and_then(Value::as_i64);
    let is_time = schema.get("x-timestamp").is_some();
    let moment = time::created(0) + position;
    match kind(schema) {
        Some("boolean") => "true".to_owned(),
        Some("integer" | "number") if is_time => moment.to_string(),
        Some("integer" | "number") => {
            let least = number("minimum").unwrap_or(1).saturating_add(position);
            number("maximum").unwrap_or(least).min(least).to_string()
        }
        Some("array") => schema
            .get("items")
            .map_or_else(String::new, |items| likely(items, position)),
        _ if is_time => time::text(moment, 'T', false),
        _ => {
            let length = |word: &str| number(word).and_then(|length| usize::try_from(length).ok());
            let text = format!("sandbox-{position}");
            let longest = length("maxLength").unwrap_or(usize::MAX);
            let padded = format!("{text:-<width$}", width = length("minLength").unwrap_or(0));
            padded.chars().take(longest).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        generated::MODELS,
        options::SandboxOptions,
        spec::{Spec, testing},
    };
    use serde_json::json;

    #[test]
    fn every_required_parameter_has_a_value() {
        for (name, json) in MODELS {
            let spec = Spec::read(name, json).unwrap();
            let platform = Platform::new(spec, &SandboxOptions::default()).unwrap();
            for operation in &platform.spec.operations {
                let arguments = platform.arguments(&operation.id).unwrap();
                for parameter in operation.parameters.iter().filter(|one| one.required) {
                    assert!(arguments.contains_key(&parameter.name), "{arguments:?}");
                }
            }
            assert_eq!(platform.arguments("no_such_operation"), None);
        }
    }

    #[test]
    fn a_required_range_includes_all_records() {
        let year = |name: &str| json!({"name": name, "in": "query", "required": true, "schema": {"type": "integer"}});
        let operation = json!({
            "operationId": "find", "parameters": [year("from"), year("to")], "x-rules": [{"less": ["from", "to"]}],
            "responses": {"200": {"description": ""}},
        });
        let spec = testing::spec(&json!({"paths": {"/x": {"get": operation}}}));
        let platform = Platform::new(spec, &SandboxOptions::default()).unwrap();
        let arguments = platform.arguments("find").unwrap();
        let number = |name: &str| arguments[name].parse::<i64>().unwrap();
        assert!(number("from") < time::created(99) && number("to") >= time::created(0));
    }

    #[test]
    fn likely_values_are_valid() {
        let text = |schema: &Value| likely(schema, 2);
        assert_eq!(
            text(&json!({"type": "string", "example": "e", "default": "d"})),
            "e"
        );
        assert_eq!(text(&json!({"type": "integer", "default": 7})), "7");
        assert_eq!(
            text(&json!({"type": "string", "enum": ["one", "two"]})),
            "one"
        );
        assert_eq!(text(&json!({"type": "string", "maxLength": 3})), "san");
        assert_eq!(
            text(&json!({"type": "string", "minLength": 12})),
            "sandbox-2---"
        );
        assert_eq!(text(&json!({"type": "integer", "minimum": 5})), "7");
        assert_eq!(text(&json!({"type": "integer", "maximum": 2})), "2");
        assert_eq!(text(&json!({"type": "boolean"})), "true");
        assert_eq!(
            text(&json!({"type": "array", "items": {"type": "integer"}})),
            "3"
        );
        let time = json!({"type": "integer", "x-timestamp": "unix-millis"});
        assert!(likely(&time, 0) < likely(&time, 1));
        let time = json!({"type": "string", "x-timestamp": "rfc3339"});
        assert!(likely(&time, 0) < likely(&time, 1));
    }
}
