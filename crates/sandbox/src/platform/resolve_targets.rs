//! What each operation does, as far as its spec and the other operations show.

use super::target::{ColumnSource, CsvColumn, OperationTarget};
use crate::{
    data::{Collection, compile::Compiler, roles::RecordRoles, shape::ValueShape},
    spec::{Operation, Segment, Spec},
};
use botroster_spec::{
    model::{Change, Csv},
    pointer,
    schema::{Schemas, properties},
};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The targets of all operations, in their order.
pub(super) fn resolve(
    spec: &Spec,
    scope: &[(String, String)],
    collections: &[Collection],
) -> Vec<OperationTarget> {
    let resolver = TargetResolver {
        spec,
        scope,
        collections,
    };
    let numbered = spec.operations.iter().enumerate();
    numbered
        .map(|(at, operation)| resolver.target(at, operation))
        .collect()
}

struct TargetResolver<'a> {
    spec: &'a Spec,
    scope: &'a [(String, String)],
    collections: &'a [Collection],
}

impl TargetResolver<'_> {
    fn target(&self, at: usize, operation: &Operation) -> OperationTarget {
        if let Some(csv) = &operation.csv {
            let listed = self.list_above(operation, false).or_else(|| self.people());
            // Rows of an export without a list are made from their schema: no collection has this number.
            let collection = listed.unwrap_or(self.collections.len());
            return OperationTarget::Csv {
                collection,
                columns: self.columns(operation, collection, csv),
            };
        }
        if let Some(effect) = &operation.effect {
            let mut collections = self.collections.iter();
            let named = |one: &Collection| one.name.as_ref() == Some(&effect.stream);
            if let Some(collection) = collections.position(named) {
                return self.write(operation, collection, effect.change, &effect.at);
            }
        }
        if self
            .collections
            .iter()
            .any(|collection| collection.operation == at)
        {
            return OperationTarget::List;
        }
        let read = self
            .list_above(operation, true)
            .or_else(|| self.list_like(operation))
            .zip(self.record_parameter(operation));
        if let Some((collection, parameter)) = read
            && let Some(schema) = self.payload(operation)
        {
            return OperationTarget::Read {
                collection,
                parameter,
                shape: self.shape(&schema, Some(collection)),
            };
        }
        OperationTarget::Other(
            operation
                .success
                .json()
                .map(|schema| self.shape(schema, None)),
        )
    }

    fn write(
        &self,
        operation: &Operation,
        collection: usize,
        change: Change,
        pointer: &str,
    ) -> OperationTarget {
        let payload = self
            .payload(operation)
            .filter(|schema| self.is_record(schema, collection));
        OperationTarget::Write {
            collection,
            parameter: self
                .record_parameter(operation)
                .filter(|_| change != Change::Create),
            change,
            pointer: pointer.to_owned(),
            shape: payload.map(|schema| self.shape(&schema, Some(collection))),
        }
    }

    /// The flat schema of the payload of a response.
    fn payload(&self, operation: &Operation) -> Option<Value> {
        let data = operation.envelope.data.as_deref().unwrap_or_default();
        let inside = if operation.envelope.unwrap.is_some() {
            "/*"
        } else {
            ""
        };
        self.spec
            .schemas
            .walk(operation.success.json()?, &format!("{data}{inside}"))
    }

    /// Returns whether a schema contains more of a record than its id.
    fn is_record(&self, schema: &Value, collection: usize) -> bool {
        let shape = self
            .collections
            .get(collection)
            .map(|collection| &collection.shape);
        let shared = properties(schema).filter(|(name, _)| {
            shape.is_some_and(|shape| shape.find(&pointer::child("", name)).is_some())
        });
        schema.get("x-maps-to").is_some() || shared.count() > 2
    }

    /// The list whose path the path of the operation continues: by one parameter, or by anything else.
    fn list_above(&self, operation: &Operation, by_parameter: bool) -> Option<usize> {
        let lists = self.collections.iter().enumerate();
        let above = lists.filter_map(|(at, collection)| {
            let template = &self.spec.operations.get(collection.operation)?.template;
            let rest = operation.template.strip_prefix(template.as_slice())?;
            let fits = match rest {
                [Segment::Parameter { .. }] => by_parameter,
                [_, ..] => !by_parameter,
                [] => false,
            };
            fits.then_some((template.len(), at))
        });
        // The longest path, and of several streams of one list the first.
        above
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, at)| at)
    }

    /// The first list of contacts.
    fn people(&self) -> Option<usize> {
        self.collections
            .iter()
            .position(|collection| collection.roles.contact)
    }

    /// The list with the same mapping as the record that an operation returns.
    fn list_like(&self, operation: &Operation) -> Option<usize> {
        let payload = self
            .payload(operation)
            .filter(|_| operation.method == Method::GET)?;
        let mapping = payload.get("x-maps-to")?;
        self.collections
            .iter()
            .position(|collection| collection.mapping == *mapping)
    }

    /// The last path parameter that is not part of the scope.
    fn record_parameter(&self, operation: &Operation) -> Option<String> {
        let own = operation
            .path_parameters()
            .filter(|name| !self.spec.scope.iter().any(|scope| scope == name));
        own.last().map(str::to_owned)
    }

    /// A schema compiled to the same values as in the records of a collection.
    fn shape(&self, schema: &Value, collection: Option<usize>) -> ValueShape {
        let collection = collection.and_then(|at| self.collections.get(at));
        let (none, unasked) = (RecordRoles::default(), BTreeMap::new());
        let ids = |at: &str, _, _: &Value| collection?.shape.find(at)?.id.clone();
        let compiler = Compiler {
            schemas: &self.spec.schemas,
            roles: collection.map_or(&none, |collection| &collection.roles),
            scope: self.scope,
            with: collection.map_or(&unasked, |collection| &collection.with),
            ids: &ids,
        };
        compiler.compile(schema)
    }

    fn columns(&self, operation: &Operation, collection: usize, csv: &Csv) -> Vec<CsvColumn> {
        let reference = json!({"$ref": format!("#/components/schemas/{}", csv.row)});
        let row = self.shape(&reference, None);
        let listed = self
            .collections
            .get(collection)
            .map(|collection| &collection.shape);
        let column = |headline: &str, property: &str| {
            let mut found: Vec<&str> = Vec::new();
            if let Some(shape) = listed {
                shape.visit(&mut |shape| {
                    if !shape.at.contains('*') && pointer::leaf(&shape.at) == property {
                        found.push(&shape.at);
                    }
                });
            }
            let nearest = found.into_iter().min_by_key(|at| at.matches('/').count());
            let own = row.find(&pointer::child("", property)).unwrap_or(&row);
            CsvColumn {
                headline: headline.to_owned(),
                property: property.to_owned(),
                source: nearest.map_or_else(
                    || ColumnSource::Export(Box::new(own.clone())),
                    |at| ColumnSource::Record(at.to_owned()),
                ),
            }
        };
        let headlines = csv
            .columns
            .iter()
            .map(|(headline, property)| (headline.as_str(), property.as_str().unwrap_or(headline)));
        let mut columns: Vec<CsvColumn> = headlines
            .map(|(headline, property)| column(headline, property))
            .collect();
        // JSON objects have no order, but the enum of the selectable columns has.
        let known = |name: &str| columns.iter().any(|column| column.property == name);
        let body = operation.body.as_ref().map(|body| &body.schema);
        let order = body.and_then(|schema| selectable(&self.spec.schemas, schema, &known, 4));
        let order = order.unwrap_or_default();
        columns.sort_by_key(|column| {
            let at = order.iter().position(|name| *name == column.property);
            at.unwrap_or(order.len())
        });
        columns
    }
}

/// The values of an enum in a body that names columns.
fn selectable(
    schemas: &Schemas,
    schema: &Value,
    known: &dyn Fn(&str) -> bool,
    depth: u8,
) -> Option<Vec<String>> {
    let schema = schemas.flat(schema);
    let listed = properties(&schema).find_map(|(name, _)| {
        let items = schemas.walk(&schema, &format!("{}/*", pointer::child("", name)))?;
        let values = items.get("enum")?.as_array()?.iter();
        let names: Option<Vec<String>> =
            values.map(|name| Some(name.as_str()?.to_owned())).collect();
        names.filter(|names| names.iter().any(|name| known(name)))
    });
    listed.or_else(|| {
        let next = depth.checked_sub(1)?;
        let mut alternatives = schema.get("oneOf")?.as_array()?.iter();
        alternatives.find_map(|schema| selectable(schemas, schema, known, next))
    })
}
