//! Rules over several values.

use crate::{
    recorded::ViolationKind,
    request::{failure::RequestFailure, parsed::OperationCall},
    values::{describe::received, text::plain_text, validate::compare},
};
use botroster_spec::model::Rule;
use serde_json::{Value, json};
use std::cmp::Ordering;

pub(super) fn check(call: OperationCall<'_>, failures: &mut Vec<RequestFailure>) {
    let value = |place: &String| match place.starts_with('/') {
        true => call.body.and_then(|body| body.pointer(place)),
        false => call.params.get(place),
    };
    for rule in &call.operation.rules {
        let (message, places) = match rule {
            Rule::AnyOf(places) => {
                let is_present = |place| value(place).is_some_and(|value| !value.is_null());
                if places.iter().any(is_present) || call.body.is_none() {
                    continue;
                }
                (format!("one of {} is required", places.join(", ")), places)
            }
            Rule::Less(places) => {
                let values: Vec<Option<&Value>> = places.iter().map(value).collect();
                let wrong = values.windows(2).find_map(|pair| match pair {
                    [Some(one), Some(two)] if !is_less(one, two) => Some((*one, *two)),
                    _ => None,
                });
                let Some((one, two)) = wrong else { continue };
                let order = places.join(" must be less than ");
                let schema = json!({"type": "integer"});
                let (one, two) = (received(&schema, one), received(&schema, two));
                (format!("{order}, got {one} and {two}"), places)
            }
        };
        let failure = RequestFailure::new(400, message).about(places.iter().map(String::as_str));
        failures.push(failure.kind(ViolationKind::Rule));
    }
}

fn is_less(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => compare(one, two) == Some(Ordering::Less),
        _ => plain_text(one) < plain_text(two),
    }
}
