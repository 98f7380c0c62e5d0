//! Sizes, strings and numbers.

use super::{super::describe::received, Findings};
use botroster_spec::schema::timestamp_spellings;
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// Checks a length against the bounds with these names; the third word is what is counted.
pub(super) fn size(
    schema: &Value,
    have: usize,
    at: &str,
    (min, max, plural): (&str, &str, &str),
    found: &mut Findings,
) {
    let bound = |word: &str| schema.get(word).and_then(Value::as_u64);
    let have = have as u64;
    let unit = |count: u64| match (count, plural) {
        (1, "properties") => "property",
        (1, plural) => plural.trim_end_matches('s'),
        _ => plural,
    };
    let reason = match (bound(min), bound(max)) {
        (Some(min), _) if have < min => {
            format!("must have at least {min} {}, got {have}", unit(min))
        }
        (_, Some(max)) if have > max => {
            format!("must have at most {max} {}, got {have}", unit(max))
        }
        _ => return,
    };
    found.add(at, reason);
}

pub(super) fn string(schema: &Value, text: &str, at: &str, found: &mut Findings) {
    let bounds = ("minLength", "maxLength", "characters");
    size(schema, text.chars().count(), at, bounds, found);
    let spellings = timestamp_spellings(schema);
    let is_none = text.is_empty() && spellings.contains(&"empty-is-none");
    if !spellings.is_empty() && !is_none && text.parse::<jiff::Timestamp>().is_err() {
        let got = received(schema, &Value::from(text));
        found.add(
            at,
            format!("must be an RFC 3339 timestamp such as 2026-01-31T09:30:00Z, got {got}"),
        );
    }
}

pub(super) fn number(schema: &Value, number: &Number, at: &str, found: &mut Findings) {
    let bound = |word: &str| match schema.get(word) {
        Some(Value::Number(bound)) => Some(bound),
        _ => None,
    };
    let is_exclusive = |word: &str| schema.get(word) == Some(&Value::Bool(true));
    if let Some(min) = bound("minimum") {
        match compare(number, min) {
            Some(Ordering::Less | Ordering::Equal) if is_exclusive("exclusiveMinimum") => {
                found.add(at, format!("must be greater than {min}, got {number}"));
            }
            Some(Ordering::Less) => found.add(at, format!("must be at least {min}, got {number}")),
            _ => {}
        }
    }
    if let Some(max) = bound("maximum") {
        match compare(number, max) {
            Some(Ordering::Greater | Ordering::Equal) if is_exclusive("exclusiveMaximum") => {
                found.add(at, format!("must be less than {max}, got {number}"));
            }
            Some(Ordering::Greater) => {
                found.add(at, format!("must be at most {max}, got {number}"));
            }
            _ => {}
        }
    }
    let int32 = schema.get("format").and_then(Value::as_str) == Some("int32");
    let fits = number
        .as_i64()
        .is_some_and(|number| i32::try_from(number).is_ok());
    if int32 && !fits {
        found.add(at, format!("must fit into 32 bits, got {number}"));
    }
}

/// Exact for integers: large ones next to each other are the same `f64`.
pub(crate) fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}
