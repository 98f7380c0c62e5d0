//! What a sandbox makes is what the spec says, so that typed clients read it.

use botroster_contract_tests::specs::Spec;
use serde_json::Value;

use crate::support::{dumped, everyone, sandbox, spec};

#[tokio::test]
async fn every_record_has_the_types_of_its_schema() {
    let mut checked = 0;
    for platform in everyone() {
        let spec = spec(platform);
        for (stream, records) in dumped(&sandbox(platform, 0).await) {
            let Some(schema) = record_schema(&spec, &stream) else {
                continue;
            };
            for record in records {
                let record: Value = serde_json::from_str(&record).unwrap();
                let found = misfit(&spec, schema, &record, "");
                assert_eq!(found, None, "{} {stream}: {record}", spec.platform);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn a_misfit_is_told_by_its_place() {
    let spec = spec(botroster_test_platforms::by_name("atrium").unwrap());
    let schema = spec.schema("Customer");
    let misfit = |record| misfit(&spec, schema, &record, "");
    let good = serde_json::json!({"customer_id": 1, "fields": {"a": null}, "more": {}});
    assert_eq!(misfit(good), None);
    let bad = serde_json::json!({"customer_id": 1, "fields": {"a": 1}});
    assert_eq!(misfit(bad).unwrap(), "/fields/a");
    let bad = serde_json::json!({"customer_id": 1, "labels": ["a", 2]});
    assert_eq!(misfit(bad).unwrap(), "/labels/1");
    assert_eq!(misfit(serde_json::json!({})).unwrap(), "/customer_id");
}

/// The schema of a stream's records, unless nothing is documented.
fn record_schema<'s>(spec: &'s Spec, stream: &str) -> Option<&'s Value> {
    let paths = spec.document["paths"].as_object().unwrap().values();
    let mut operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let operation = operations.find(|operation| match &operation["x-stream"] {
        Value::Array(list) => list.iter().any(|word| word["name"] == stream),
        word => word["name"] == stream,
    })?;
    let responses = operation["responses"].as_object().unwrap();
    let (_, success) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))
        .unwrap();
    let answer = success["content"]
        .as_object()?
        .values()
        .next()?
        .get("schema")?;
    let items = &operation["x-pagination"]["items"];
    let items = items.as_str().or_else(|| items[0].as_str())?;
    let list = items.split('/').skip(1).try_fold(answer, |schema, step| {
        spec.resolve(schema)["properties"].get(step)
    })?;
    spec.resolve(list).get("items")
}

/// Where a value is of another type than its schema says. Unknown members and unknown words of an enum are no misfit.
fn misfit(spec: &Spec, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let is_nullable = schema["nullable"] == true;
    let schema = spec.resolve(schema);
    let here = || Some(at.to_owned());
    if value.is_null() {
        return if is_nullable || schema["nullable"] == true || schema["type"].is_null() {
            None
        } else {
            here()
        };
    }
    match (schema["type"].as_str(), value) {
        // Platforms write times as they like; any text or number is one.
        (_, Value::String(_) | Value::Number(_)) if !schema["x-timestamp"].is_null() => None,
        (None, _) if schema["properties"].is_null() => None,
        (Some("string"), Value::String(_))
        | (Some("boolean"), Value::Bool(_))
        | (Some("number"), Value::Number(_)) => None,
        (Some("integer"), Value::Number(number)) if number.is_i64() || number.is_u64() => None,
        (Some("array"), Value::Array(list)) => list.iter().enumerate().find_map(|(index, item)| {
            misfit(spec, &schema["items"], item, &format!("{at}/{index}"))
        }),
        (_, Value::Object(members)) => {
            let required = schema["required"].as_array().into_iter().flatten();
            for name in required.filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    return Some(format!("{at}/{name}"));
                }
            }
            members.iter().find_map(|(name, value)| {
                let more = &schema["additionalProperties"];
                let schema = schema["properties"]
                    .get(name)
                    .or(more.as_object().map(|_| more))?;
                misfit(spec, schema, value, &format!("{at}/{name}"))
            })
        }
        _ => here(),
    }
}
