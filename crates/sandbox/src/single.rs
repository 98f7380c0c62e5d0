//! Operations on one record: showing it, making it, changing it.

use crate::{
    answer::{self, Blank},
    data::{make, make::Context, shape::Shape},
    effects::Patch,
    failure::Failure,
    list::unknown,
    params::{self, Params},
    platform::{Platform, Target},
    pointer,
    spec::{Operation, words::Change},
};
use serde_json::Value;

impl Platform {
    pub(crate) fn single(
        &self,
        operation: &Operation,
        target: &Target,
        params: &Params,
        body: Option<&Value>,
        now: i64,
    ) -> Result<Value, Failure> {
        match target {
            Target::Read {
                collection,
                parameter,
                shape,
            } => {
                let index = self.named(operation, *collection, parameter, params)?;
                Ok(self.shown(operation, *collection, index, shape, now))
            }
            Target::Write {
                collection,
                parameter,
                change,
                place,
                shape,
            } => {
                let given = body.cloned().unwrap_or_default();
                let index = match parameter {
                    None => self.state().store.create(*collection, given, now),
                    Some(parameter) => {
                        let index = self.named(operation, *collection, parameter, params)?;
                        self.change(
                            operation,
                            (*collection, index),
                            (*change, place),
                            &given,
                            now,
                        )?;
                        index
                    }
                };
                Ok(match shape {
                    Some(shape) => self.shown(operation, *collection, index, shape, now),
                    None => self.done(operation, *collection, index, now),
                })
            }
            Target::Other(shape) => Ok(self.other(operation, shape.as_ref(), now)),
            Target::List | Target::Csv { .. } => {
                Err(Failure::new(500, "This operation is about many records."))
            }
        }
    }

    /// The index of the record that a parameter names.
    fn named(
        &self,
        operation: &Operation,
        at: usize,
        parameter: &str,
        params: &Params,
    ) -> Result<u64, Failure> {
        let missing = || unknown(operation, parameter);
        let collection = self.collections.get(at).ok_or_else(missing)?;
        let key = collection.key.as_ref().ok_or_else(missing)?;
        let text = params.get(parameter).map(params::text).unwrap_or_default();
        let index = key.code.index(&text).ok_or_else(missing)?;
        match self.state().store.has((at, collection), index) {
            true => Ok(index),
            false => Err(missing()),
        }
    }

    fn change(
        &self,
        operation: &Operation,
        (collection, index): (usize, u64),
        (change, place): (Change, &str),
        body: &Value,
        now: i64,
    ) -> Result<(), Failure> {
        let patch = Patch::new(change, place, body, now).ok_or_else(|| {
            let status = operation.first_documented(&[400]);
            Failure::new(status, format!("The body has nothing at {place}.")).about([place])
        })?;
        self.state().store.patch(collection, index, patch);
        Ok(())
    }

    /// The record in the answer's envelope.
    fn shown(
        &self,
        operation: &Operation,
        at: usize,
        index: u64,
        shape: &Shape,
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

    /// That a write was done, with the record's id where there is a place for it.
    fn done(&self, operation: &Operation, at: usize, index: u64, now: i64) -> Value {
        let Some(schema) = operation.success.json() else {
            return Value::Null;
        };
        let schemas = &self.spec.schemas;
        let mut given = answer::success(operation, schemas);
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
        // Of pointers with and without the index of the only element, those of the other kind fit nothing.
        Blank {
            schemas,
            given,
            now,
        }
        .body(schema)
    }

    /// An answer of which only the schema is known.
    fn other(&self, operation: &Operation, shape: Option<&Shape>, now: i64) -> Value {
        let Some(shape) = shape else {
            return Value::Null;
        };
        let context = Context::alone(crate::hash::text(&operation.id), 0, now);
        let mut body = make::record(shape, &context);
        let payload = operation.payload();
        let lacks = body.pointer(payload).is_none_or(Value::is_null);
        if let Some(shape) = shape.find(payload).filter(|_| lacks) {
            pointer::set(&mut body, payload, make::record(shape, &context));
        }
        for (place, value) in answer::success(operation, &self.spec.schemas) {
            if body.pointer(&place).is_some() {
                pointer::set(&mut body, &place, value);
            }
        }
        body
    }
}
