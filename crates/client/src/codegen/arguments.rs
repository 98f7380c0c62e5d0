//! Arguments of calls: parsed, and checked against rules between them.

use std::{collections::BTreeMap, str::FromStr};

use serde::Serialize;

use crate::{Error, ErrorKind};

/// The error of a value that is not in a closed enumeration.
pub fn not_one_of(what: &'static str, values: &[&str]) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("not a {what}: expected one of {}", values.join(", ")),
    )
}

/// The error of a stream that the platform does not have.
pub fn no_such_stream(platform: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("{platform} does not have this stream"),
    )
}

/// The error of a violated rule between arguments.
pub fn broken_rule(text: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{text}: nothing was sent"))
}

/// Returns an argument of a stream.
///
/// # Errors
/// It is missing.
pub fn argument(arguments: &BTreeMap<String, String>, name: &str) -> Result<String, Error> {
    arguments.get(name).cloned().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("the argument `{name}` is missing"),
        )
    })
}

/// Parses an argument from a configuration file, the spec or another record.
///
/// # Errors
/// The text does not have the type of the argument. The message does not contain it.
pub fn parse<T: FromStr>(name: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("the argument `{name}` does not have the type that the spec requires"),
        )
    })
}

/// Checks that a body has a value at one of the pointers.
///
/// # Errors
/// It has none.
pub fn any_of(body: &impl Serialize, pointers: &[&str]) -> Result<(), Error> {
    let body = serde_json::to_value(body).unwrap_or_default();
    if pointers
        .iter()
        .any(|pointer| body.pointer(pointer).is_some_and(|value| !value.is_null()))
    {
        return Ok(());
    }
    let names: Vec<&str> = pointers
        .iter()
        .map(|pointer| pointer.trim_start_matches('/'))
        .collect();
    Err(broken_rule(&format!(
        "one of `{}` is required",
        names.join("`, `")
    )))
}
