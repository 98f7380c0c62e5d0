//! Values in schemas: defaults, limits and `x-send`.

use serde_json::Value;

use crate::{
    lint::{
        report::{Report, problem},
        schema_kind::{SchemaKind, own_kind, target},
        schemas::SchemaPosition,
    },
    pointer::child,
    rules,
};

pub(super) fn check(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    limits(report, at, value);
    exclusive(report, at, value);
    if let Some(default) = value.get("default")
        && let Err(fix) = allows(value, default)
    {
        problem!(report, rules::DEFAULT_VALUE, &format!("{at}/default");
            "the schema does not allow this default"; fix);
    }
}

fn limits(report: &mut Report<'_>, at: &str, value: &Value) {
    for (low, high) in [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ] {
        let number = |key: &str| value.get(key).and_then(Value::as_f64);
        if let (Some(least), Some(most)) = (number(low), number(high))
            && least > most
        {
            problem!(report, rules::LIMITS, &format!("{at}/{low}");
                "`{low}` exceeds `{high}`"; "write limits that allow a value");
            report.also(&format!("{at}/{high}"), "the other limit");
        }
        if value["type"] == "integer" {
            for key in [low, high] {
                let limit = value.get(key).filter(|limit| limit.is_number());
                if limit.is_some_and(|limit| limit.as_i64().is_none()) {
                    problem!(report, rules::LIMITS, &format!("{at}/{key}");
                        "`{key}` of an integer is not an integer"; "write an integer of at most 64 bits");
                }
            }
        }
    }
}

/// Checks that an exclusive limit has the limit it applies to.
fn exclusive(report: &mut Report<'_>, at: &str, value: &Value) {
    for (word, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if value.get(word).is_some() && value.get(limit).is_none() {
            problem!(report, rules::LIMITS, &format!("{at}/{word}");
                "`{word}` without `{limit}`";
                "add `{limit}` with the number, and write `{word}: true`");
        }
    }
}

/// Checks a value against a schema that is not a reference.
pub(in crate::lint) fn allows(schema: &Value, value: &Value) -> Result<(), String> {
    if value.is_null() && schema["nullable"] == true {
        return Ok(());
    }
    if let Some(known) = schema["enum"].as_array() {
        let names: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
        return match known.contains(value) || names.is_empty() {
            true => Ok(()),
            false => Err(format!("write one of {}", names.join(", "))),
        };
    }
    let is_within = |size: Option<f64>, low: &str, high: &str| {
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        let fits = |size| {
            limit(low).is_none_or(|least| size >= least)
                && limit(high).is_none_or(|most| size <= most)
        };
        size.is_none_or(fits)
    };
    #[allow(clippy::cast_precision_loss, reason = "no text in a spec is that long")]
    let length = value.as_str().map(|text| text.chars().count() as f64);
    let is_narrow = schema["format"] == "int32";
    let fits_i32 = |number| i32::try_from(number).is_ok();
    let is_integer = value
        .as_i64()
        .is_some_and(|number| !is_narrow || fits_i32(number));
    let is_in_range = is_within(value.as_f64(), "minimum", "maximum");
    let (fits, what) = match schema["type"].as_str() {
        Some("string") => {
            let fits = length.is_some() && is_within(length, "minLength", "maxLength");
            (fits, "a string within the limits")
        }
        Some("boolean") => (value.is_boolean(), "true or false"),
        Some("integer") => (is_integer && is_in_range, "an integer within the limits"),
        Some("number") => (
            value.is_number() && is_in_range,
            "a number within the limits",
        ),
        Some("array") => (value.is_array(), "a list"),
        Some("object") => (value.is_object(), "an object"),
        _ => (true, ""),
    };
    match fits {
        true => Ok(()),
        false => Err(format!("write {what}, or remove it")),
    }
}

/// Checks that a property with `x-send` has an initial value.
pub(super) fn send(report: &mut Report<'_>, at: &str, position: SchemaPosition) {
    let value = report.value(at);
    if let Some(default) = value.get("default")
        && value.get("allOf").is_some()
        && let Some(target) = target(report, at)
        && let Err(fix) = allows(report.value(&target), default)
    {
        problem!(report, rules::DEFAULT_VALUE, &format!("{at}/default");
            "the schema does not allow this default"; fix);
    }
    if value.get("x-send").is_none() {
        return;
    }
    let place = format!("{at}/x-send");
    if position != SchemaPosition::Property {
        problem!(report, rules::SEND, &place;
            "`x-send` is only read on properties";
            "remove it; callers set parameters, and the position of a list is always sent");
        return;
    }
    let Some(target) = target(report, at) else {
        return;
    };
    let target_value = report.value(&target);
    let default = value.get("default").or_else(|| target_value.get("default"));
    let default = default.filter(|default| !default.is_null());
    let is_empty = match default {
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Object(object)) => object.is_empty(),
        default => default.is_none(),
    };
    let (what, fix) = match own_kind(target_value) {
        SchemaKind::Enum if default.is_none() => {
            ("an enum has no empty value", "write a `default`")
        }
        SchemaKind::Record if needs_arguments(report, &target, |_| false) => (
            "an object with required properties has no empty value",
            "make the properties optional",
        ),
        SchemaKind::Number | SchemaKind::NumberOrText if default.is_none() => {
            ("a number has no empty value", "write a `default`")
        }
        SchemaKind::Record | SchemaKind::Map | SchemaKind::List | SchemaKind::Json if !is_empty => {
            ("only the empty value can be sent", "remove the `default`")
        }
        _ => return,
    };
    report.add(rules::SEND, &place, what, fix);
}

/// Returns whether an object has required properties that are not given.
pub(in crate::lint) fn needs_arguments(
    report: &Report<'_>,
    record: &str,
    is_given: impl Fn(&str) -> bool,
) -> bool {
    let required = report.value(record)["required"].as_array();
    required.into_iter().flatten().any(|name| {
        let wire = name.as_str().unwrap_or_default();
        let property = report.value(&child(&format!("{record}/properties"), wire));
        property.is_object()
            && !is_given(wire)
            && property.get("x-send").is_none()
            && property["nullable"] != true
    })
}
