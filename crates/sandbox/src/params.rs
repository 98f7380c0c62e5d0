//! Parameters of a request: decoded, typed and checked.

use crate::{
    failure::Failure,
    nearest::{hint, nearest},
    pointer,
    query::{Unreadable, pairs},
    recorded::ViolationKind,
    schema::{Schemas, kind, number_or_text},
    spec::{Location, Operation, Parameter, QueryStyle},
    validate::{Invalid, Validator},
};
use http::HeaderMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// Values by the name of the parameter, of path and query alike.
pub(crate) type Params = BTreeMap<String, Value>;

/// Undoes percent-encoding; `None` for a stray `%` or bytes that are no UTF-8.
pub(crate) fn decode(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let (high, low) = (rest.next()?, rest.next()?);
                let digit = |byte: u8| char::from(byte).to_digit(16);
                bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Reads and checks all parameters of an operation; tells everything that is wrong with them.
pub(crate) fn read(
    operation: &Operation,
    schemas: &Schemas,
    path: &BTreeMap<String, String>,
    query: &str,
    headers: &HeaderMap,
) -> (Params, Vec<Failure>) {
    let mut failures = Vec::new();
    let pairs = pairs(query).unwrap_or_else(|| {
        failures.push(encoding("a name"));
        Vec::new()
    });
    let named = |name: &str| {
        let parameters = operation.parameters.iter();
        let mut own = parameters.filter(|one| one.location == Location::Query);
        own.any(|parameter| parameter.owns(schemas, name))
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
            meant(operation, schemas, name)
        );
        Failure::bad(name, message).kind(ViolationKind::UnknownParameter)
    }));
    let mut params: Params = path
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let text = |text: &str| typed(&parameter.schema, text);
        let value = match parameter.location {
            Location::Query => parameter.read(schemas, &pairs).map_err(|why| match why {
                Unreadable::Encoding => encoding(name).about([name]).at(name),
                Unreadable::Repeated => {
                    Failure::bad(name, format!("{name} is there more than once"))
                }
                Unreadable::Odd => Failure::bad(name, format!("{name} has a name without a value")),
            }),
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
                let other =
                    other.map_or_else(String::new, |own| format!("; {own} is there instead"));
                failures.push(Failure::bad(name, format!("{name} is required{other}")));
            }
            Ok(None) => {}
            Err(failure) => failures.push(failure),
        }
    }
    (params, failures)
}

fn encoding(place: &str) -> Failure {
    let message = format!("the query is not properly percent-encoded UTF-8 in {place}");
    Failure::new(400, message)
}

/// What somebody probably meant by a parameter that is not known.
fn meant(operation: &Operation, schemas: &Schemas, name: &str) -> String {
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
            return "; it is an object, whose properties are parameters themselves".to_owned();
        }
        _ => {}
    }
    let query = operation.parameters.iter();
    let query = query.filter(|one| one.location == Location::Query);
    let known: Vec<&str> = query.map(|one| one.name.as_str()).collect();
    hint(name, known)
}

fn check(parameter: &Parameter, schemas: &Schemas, value: &Value) -> Vec<Failure> {
    let name = &parameter.name;
    let validator = Validator {
        schemas,
        all_sent: false,
    };
    let found = validator.findings(&parameter.schema, value);
    let failure = |invalid: &Invalid| {
        let message = format!("{name}{} {}", invalid.pointer, invalid.reason);
        Failure::bad(name, message)
    };
    found.invalid.iter().map(failure).collect()
}

/// A text as the type its schema asks for; the text itself where it does not fit.
pub(crate) fn typed(schema: &Value, text: &str) -> Value {
    let plain = !text.starts_with('+');
    let number = number_or_text(schema);
    let parsed = match kind(number.unwrap_or(schema)) {
        Some("integer") if plain => text.parse::<i64>().ok().map(Value::from),
        Some("number") if plain => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from),
        Some("boolean") => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::from(text))
}

/// A parameter's value as it would stand in a URL.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding() {
        assert_eq!(decode("a%20b+c", true).as_deref(), Some("a b c"));
        assert_eq!(decode("a+b", false).as_deref(), Some("a+b"));
        assert_eq!(decode("%E9", true), None);
        assert_eq!(decode("%C3%A9", true).as_deref(), Some("é"));
        assert_eq!(decode("100%", true), None);
        assert_eq!(decode("%+1", true), None);
    }

    #[test]
    fn integers_are_strict() {
        let schema = serde_json::json!({"type": "integer"});
        assert_eq!(typed(&schema, "12"), 12);
        for text in ["+1", "1.0", " 1", "1e3", ""] {
            assert!(typed(&schema, text).is_string(), "{text}");
        }
    }
}
