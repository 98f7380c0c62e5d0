//! Parameters of a request: decoded, typed and checked.

use crate::{
    failure::Failure,
    query::{Pair, Unreadable, pairs},
    schema::{Schemas, kind, number_or_text},
    spec::{Location, Operation, Parameter},
    validate::Validator,
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

/// Reads and checks all parameters of an operation.
pub(crate) fn read(
    operation: &Operation,
    schemas: &Schemas,
    path: &BTreeMap<String, String>,
    query: &str,
    headers: &HeaderMap,
) -> Result<Params, Failure> {
    let encoding = || Failure::new(400, "The query is not properly percent-encoded.");
    let pairs = pairs(query).ok_or_else(encoding)?;
    let in_query = |parameter: &&Parameter| parameter.location == Location::Query;
    let unknown = pairs.iter().find(|pair| {
        let mut own = operation.parameters.iter().filter(in_query);
        !own.any(|parameter| parameter.owns(schemas, &pair.name))
    });
    if let Some(Pair { name, .. }) = unknown {
        return Err(Failure::bad(
            name,
            format!("Unknown query parameter '{name}'."),
        ));
    }
    let mut params: Params = path
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let text = |text: &str| typed(&parameter.schema, text);
        let value = match parameter.location {
            Location::Query => parameter.read(schemas, &pairs).map_err(|why| match why {
                Unreadable::Encoding => encoding(),
                Unreadable::Repeated => {
                    let text = format!("Parameter '{name}' is there more than once.");
                    Failure::bad(name, text)
                }
                Unreadable::Odd => {
                    let text = format!("Parameter '{name}' has a name without a value.");
                    Failure::bad(name, text)
                }
            })?,
            Location::Path => path.get(name).map(|value| text(value)),
            Location::Header => headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(text),
        };
        match value {
            Some(value) => {
                check(parameter, schemas, &value)?;
                params.insert(name.to_owned(), value);
            }
            None if parameter.required => {
                return Err(Failure::bad(name, format!("Missing parameter '{name}'.")));
            }
            None => {}
        }
    }
    Ok(params)
}

fn check(parameter: &Parameter, schemas: &Schemas, value: &Value) -> Result<(), Failure> {
    let name = &parameter.name;
    let validator = Validator {
        schemas,
        all_sent: false,
    };
    validator
        .check(&parameter.schema, value)
        .map_err(|invalid| {
            let told = format!("{} {}", invalid.pointer, invalid.reason);
            Failure::bad(name, format!("Parameter '{name}' {}.", told.trim_start()))
        })
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
