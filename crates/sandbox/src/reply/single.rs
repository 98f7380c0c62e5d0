//! Operations on one record: reading, creating and changing it.

use super::{selection::not_found, success, template::BodyTemplate};
use crate::{
    data::{context::RecordContext, make, patch::Patch, shape::ValueShape},
    hash,
    platform::{Platform, target::OperationTarget},
    request::{failure::RequestFailure, parsed::OperationCall},
    spec::Operation,
    values::text::plain_text,
};
use botroster_spec::{model::Change, pointer};
use serde_json::Value;

impl Platform {
    pub(super) fn single(
        &self,
        call: OperationCall<'_>,
        target: &OperationTarget,
        now: i64,
    ) -> Result<Value, RequestFailure> {
        let operation = call.operation;
        match target {
            OperationTarget::Read {
                collection,
                parameter,
                shape,
            } => {
                let index = self.named(call, *collection, parameter)?;
                Ok(self.record_body(operation, *collection, index, shape, now))
            }
            OperationTarget::Write {
                collection,
                parameter,
                change,
                pointer,
                shape,
            } => {
                let given = call.body.cloned().unwrap_or_default();
                let index = match parameter {
                    None => self.state().store.create(*collection, given, now),
                    Some(parameter) => {
                        let index = self.named(call, *collection, parameter)?;
                        let patch = patch(operation, (*change, pointer), &given, now)?;
                        self.state().store.patch(*collection, index, patch);
                        index
                    }
                };
                Ok(match shape {
                    Some(shape) => self.record_body(operation, *collection, index, shape, now),
                    None => self.written_body(operation, *collection, index, now),
                })
            }
            OperationTarget::Other(shape) => Ok(self.other_body(operation, shape.as_ref(), now)),
            OperationTarget::List | OperationTarget::Csv { .. } => Err(RequestFailure::new(
                500,
                "This operation is about many records.",
            )),
        }
    }

    /// The index of the record that a parameter refers to.
    fn named(
        &self,
        call: OperationCall<'_>,
        at: usize,
        parameter: &str,
    ) -> Result<u64, RequestFailure> {
        let missing = || not_found(call.operation, parameter);
        let collection = self.collections.get(at).ok_or_else(missing)?;
        let key = collection.key.as_ref().ok_or_else(missing)?;
        let text = call.params.get(parameter).map(plain_text);
        let index = key.code.index(&text.unwrap_or_default());
        let index = index.ok_or_else(missing)?;
        match self.state().store.has((at, collection), index) {
            true => Ok(index),
            false => Err(missing()),
        }
    }

    /// The body with a record.
    fn record_body(
        &self,
        operation: &Operation,
        at: usize,
        index: u64,
        shape: &ValueShape,
        now: i64,
    ) -> Value {
        let Some(collection) = self.collections.get(at) else {
            return Value::Null;
        };
        let record = self.state().store.record((at, collection), index, shape);
        let data = operation.envelope.data.as_deref().unwrap_or_default();
        let payload = if operation.envelope.unwrap.is_some() {
            Value::Array(vec![record])
        } else {
            record
        };
        self.envelope(operation, data, payload, now)
    }

    /// The body after a write, with the id of the record if it has a place for that.
    fn written_body(&self, operation: &Operation, at: usize, index: u64, now: i64) -> Value {
        let Some(schema) = operation.success.json() else {
            return Value::Null;
        };
        let schemas = &self.spec.schemas;
        let mut given = success::envelope(operation, schemas);
        let key = self
            .collections
            .get(at)
            .and_then(|collection| collection.key.as_ref());
        if let Some(key) = key {
            let data = operation.envelope.data.as_deref().unwrap_or_default();
            let places = [
                data.to_owned(),
                format!("{data}/0"),
                String::new(),
                "/0".to_owned(),
            ];
            let leaf = pointer::leaf(&key.pointer);
            let place = places
                .iter()
                .map(|place| pointer::child(place, &leaf))
                .find(|at| schemas.walk(schema, at).is_some());
            if let Some(place) = place {
                given.insert(place, key.code.value(index));
            }
        }
        BodyTemplate {
            schemas,
            given,
            now,
        }
        .body(schema)
    }

    /// A body of which only the schema is known.
    fn other_body(&self, operation: &Operation, shape: Option<&ValueShape>, now: i64) -> Value {
        let Some(shape) = shape else {
            return Value::Null;
        };
        let context = RecordContext::standalone(hash::text(&operation.id), 0, now);
        let mut body = make::record(shape, &context);
        let payload = operation.payload();
        let lacks = body.pointer(payload).is_none_or(Value::is_null);
        if let Some(shape) = shape.find(payload).filter(|_| lacks) {
            pointer::set(&mut body, payload, make::record(shape, &context));
        }
        for (place, value) in success::envelope(operation, &self.spec.schemas) {
            if body.pointer(&place).is_some() {
                pointer::set(&mut body, &place, value);
            }
        }
        body
    }
}

fn patch(
    operation: &Operation,
    (change, place): (Change, &str),
    body: &Value,
    now: i64,
) -> Result<Patch, RequestFailure> {
    Patch::new(change, place, body, now).ok_or_else(|| {
        let status = operation.first_documented(&[400]);
        RequestFailure::new(status, format!("The body has nothing at {place}.")).about([place])
    })
}
