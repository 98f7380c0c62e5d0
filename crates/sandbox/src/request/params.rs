//! The parameters of a request: decoded, typed and checked.

use super::{
    failure::RequestFailure,
    query::{self, QueryError, QueryReader},
};
use crate::{
    recorded::ViolationKind,
    spec::Operation,
    values::{
        text::typed,
        validate::{Invalid, Validator},
    },
};
use botroster_spec::{
    model::{Location, Parameter, QueryStyle},
    nearest::{hint, nearest},
    pointer,
    schema::{Schemas, kind},
};
use http::HeaderMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// Values by the name of the parameter, of path and query alike.
pub(crate) type Params = BTreeMap<String, Value>;

/// Reads and checks all parameters of an operation; also returns everything that is wrong with them.
pub(crate) fn read(
    operation: &Operation,
    schemas: &Schemas,
    path: &BTreeMap<String, String>,
    query: &str,
    headers: &HeaderMap,
) -> (Params, Vec<RequestFailure>) {
    let mut failures = Vec::new();
    let pairs = query::pairs(query).unwrap_or_else(|| {
        failures.push(encoding("a name"));
        Vec::new()
    });
    let named = |name: &str| {
        let parameters = operation.parameters.iter();
        let mut own = parameters.filter(|one| one.location == Location::Query);
        own.any(|parameter| QueryReader { parameter, schemas }.owns(name))
    };
    let unknown: Vec<&str> = pairs
        .iter()
        .map(|pair| pair.name.as_str())
        .filter(|name| !named(name))
        .collect();
    failures.extend(unknown.iter().map(|name| {
        let message = format!(
            "{name} is not a parameter of {}{}",
            operation.id,
            suggestion(operation, schemas, name)
        );
        RequestFailure::bad(name, message).kind(ViolationKind::UnknownParameter)
    }));
    let mut params: Params = path
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let text = |text: &str| typed(&parameter.schema, text);
        let value = match parameter.location {
            Location::Query => QueryReader { parameter, schemas }
                .read(&pairs)
                .map_err(|error| unreadable(name, &error)),
            Location::Path => Ok(path.get(name).map(|value| text(value))),
            Location::Header => Ok(headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(text)),
        };
        match value {
            Ok(Some(value)) => {
                failures.extend(check(parameter, schemas, &value));
                params.insert(name.to_owned(), value);
            }
            Ok(None) if parameter.required => {
                let other = nearest(name, unknown.iter().copied());
                let other = other.map_or_else(String::new, |own| format!("; found {own} instead"));
                failures.push(RequestFailure::bad(
                    name,
                    format!("{name} is required{other}"),
                ));
            }
            Ok(None) => {}
            Err(failure) => failures.push(failure),
        }
    }
    (params, failures)
}

fn unreadable(name: &str, error: &QueryError) -> RequestFailure {
    match error {
        QueryError::Encoding => encoding(name).about([name]).at(name),
        QueryError::Repeated => RequestFailure::bad(name, format!("{name} is repeated")),
        QueryError::NameWithoutValue => {
            let message = format!("{name} ends with a name that has no value");
            RequestFailure::bad(name, message)
        }
    }
}

fn encoding(place: &str) -> RequestFailure {
    let message = format!("the query is not properly percent-encoded UTF-8 in {place}");
    RequestFailure::new(400, message)
}

/// A hint for an unknown parameter.
fn suggestion(operation: &Operation, schemas: &Schemas, name: &str) -> String {
    let is_property = operation.body.as_ref().is_some_and(|body| {
        let place = pointer::child("", name);
        schemas.walk(&body.schema, &place).is_some()
    });
    if is_property {
        return "; it is a property of the body".to_owned();
    }
    let mut others = operation.parameters.iter();
    let other = others.find(|one| one.name == name && one.location != Location::Query);
    if let Some(other) = other {
        let place = match other.location {
            Location::Header => "a header",
            _ => "in the path",
        };
        return format!("; it is {place}");
    }
    let mut own = operation.parameters.iter();
    let own = own.find(|one| one.name == name && kind(&one.schema) == Some("object"));
    match own.map(|one| one.style) {
        Some(QueryStyle::Deep) => return format!("; it is an object: {name}[…]=…"),
        Some(QueryStyle::Dotted) => return format!("; it is an object: {name}.…=…"),
        Some(QueryStyle::Form) => {
            return "; it is an object whose properties are the parameters".to_owned();
        }
        _ => {}
    }
    let query = operation.parameters.iter();
    let query = query.filter(|one| one.location == Location::Query);
    let known: Vec<&str> = query.map(|one| one.name.as_str()).collect();
    hint(name, known)
}

fn check(parameter: &Parameter, schemas: &Schemas, value: &Value) -> Vec<RequestFailure> {
    let name = &parameter.name;
    let validator = Validator {
        schemas,
        all_sent: false,
    };
    let found = validator.findings(&parameter.schema, value);
    let failure = |invalid: &Invalid| {
        let message = format!("{name}{} {}", invalid.pointer, invalid.reason);
        RequestFailure::bad(name, message)
    };
    found.invalid.iter().map(failure).collect()
}
