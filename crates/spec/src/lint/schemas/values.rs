//! Values in schemas: defaults, limits and `x-send`.

use serde_json::Value;

use crate::{
    lint::{
        kinds::{Kind, own_kind, target},
        report::{Report, problem},
        schemas::Role,
    },
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
                if value
                    .get(key)
                    .is_some_and(|limit| limit.is_number() && limit.as_i64().is_none())
                {
                    problem!(report, rules::LIMITS, &format!("{at}/{key}");
                        "`{key}` of an integer is not an integer";
                        "write an integer of at most 64 bits");
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
        if known.contains(value) {
            return Ok(());
        }
        let names: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
        if names.is_empty() {
            return Ok(());
        }
        return Err(format!("write one of {}", names.join(", ")));
    }
    let is_within = |size: Option<f64>, low: &str, high: &str| {
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        size.is_none_or(|size| {
            limit(low).is_none_or(|least| size >= least)
                && limit(high).is_none_or(|most| size <= most)
        })
    };
    #[allow(clippy::cast_precision_loss, reason = "no text in a spec is that long")]
    let (fits, what) = match schema["type"].as_str() {
        Some("string") => (
            value.as_str().is_some_and(|text| {
                is_within(Some(text.chars().count() as f64), "minLength", "maxLength")
            }),
            "a string within the limits",
        ),
        Some("boolean") => (value.is_boolean(), "true or false"),
        Some("integer") => {
            let narrow = schema["format"] == "int32";
            let number = value
                .as_i64()
                .filter(|number| !narrow || i32::try_from(*number).is_ok());
            (
                number.is_some() && is_within(value.as_f64(), "minimum", "maximum"),
                "an integer within the limits",
            )
        }
        Some("number") => (
            value.is_number() && is_within(value.as_f64(), "minimum", "maximum"),
            "a number within the limits",
        ),
        Some("array") => (value.is_array(), "a list"),
        Some("object") => (value.is_object(), "an object"),
        _ => (true, ""),
    };
    if fits {
        Ok(())
    } else {
        Err(format!("write {what}, or remove it"))
    }
}

/// Checks that a property with `x-send` has an initial value.
pub(super) fn send(report: &mut Report<'_>, at: &str, role: Role) {
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
    if role != Role::Property {
        problem!(report, rules::SEND, &place;
            "`x-send` is only read on properties";
            "remove it; callers set parameters, and the position of a list is always sent");
        return;
    }
    let Some(target) = target(report, at) else {
        return;
    };
    let target_value = report.value(&target);
    let default = value
        .get("default")
        .or_else(|| target_value.get("default"))
        .filter(|default| !default.is_null());
    let is_empty = match default {
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Object(object)) => object.is_empty(),
        Some(_) => false,
        None => true,
    };
    let problem = match own_kind(target_value) {
        Kind::Enum if default.is_none() => Some("an enum has no empty value: write a `default`"),
        Kind::Record if needs_arguments(report, &target, |_| false) => Some(
            "an object with required properties has no empty value: make the properties optional",
        ),
        Kind::Number | Kind::NumberOrText if default.is_none() => {
            Some("a number has no empty value: write a `default`")
        }
        Kind::Record | Kind::Map | Kind::List | Kind::Json if !is_empty => {
            Some("only the empty value can be sent: remove the `default`")
        }
        _ => None,
    }
    .and_then(|text| text.split_once(": "));
    if let Some((what, fix)) = problem {
        report.add(rules::SEND, &place, what, fix);
    }
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
        let name = crate::pointer::escape(wire);
        let property = report.value(&format!("{record}/properties/{name}"));
        property.is_object()
            && !is_given(wire)
            && property.get("x-send").is_none()
            && property["nullable"] != true
    })
}
