//! The validator against the crate `jsonschema`: on random schemas and values, both must reach the same verdict.
//!
//! The schemas are of the supported subset of OpenAPI 3.0, which JSON Schema draft 4 shares but for `nullable`, the formats of
//! numbers, and alternatives that are closed here. These are translated.

use super::Validator;
use botroster_spec::schema::Schemas;
use fastrand::Rng;
use serde_json::{Map, Value, json};

const CASES: u64 = 10_000;
const DEPTH: u8 = 3;
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const STRINGS: [&str; 6] = ["", "x", "yz", "ééé", "long text", "1"];

/// Keywords that the validator must not ignore.
const KEYWORDS: [&str; 20] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "nullable",
    "oneOf",
    "required",
    "uniqueItems",
];

struct ValidationCase {
    schema: Value,
    value: Value,
}

impl ValidationCase {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let schema = schema(&mut rng, DEPTH);
        // Random values are almost never valid.
        let value = match rng.u8(..10) {
            0 => any_value(&mut rng, DEPTH),
            _ => likely_value(&mut rng, &schema),
        };
        Self { schema, value }
    }
}

fn components() -> Map<String, Value> {
    let leaf = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "minLength": 1}}});
    Map::from_iter([("Leaf".to_owned(), leaf)])
}

fn schema(rng: &mut Rng, depth: u8) -> Value {
    let mut schema = match rng.u8(..if depth == 0 { 5 } else { 11 }) {
        0 => bounded(rng, "string", ("minLength", "maxLength")),
        1 | 2 => number(rng),
        3 => json!({"type": "boolean"}),
        4 => enumeration(rng),
        5 | 6 => object(rng, depth),
        7 => array(rng, depth),
        8 => alternatives(rng, depth),
        9 => all_of(rng, depth),
        _ => return json!({"$ref": "#/components/schemas/Leaf"}),
    };
    if rng.u8(..5) == 0 {
        schema["nullable"] = true.into();
    }
    schema
}

/// A schema of a type with a size, which is bounded in some.
fn bounded(rng: &mut Rng, name: &str, (min, max): (&str, &str)) -> Value {
    let mut schema = json!({"type": name});
    let least = rng.u64(..3);
    if rng.bool() {
        schema[min] = least.into();
    }
    if rng.bool() {
        schema[max] = (least + rng.u64(..3)).into();
    }
    schema
}

fn number(rng: &mut Rng) -> Value {
    let mut schema = json!({"type": rng.choice(["integer", "number"]).unwrap()});
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if rng.bool() {
            schema[bound] = any_number(rng);
            if rng.bool() {
                schema[exclusive] = true.into();
            }
        }
    }
    if schema["type"] == "integer" && rng.u8(..4) == 0 {
        schema["format"] = "int32".into();
    }
    schema
}

fn enumeration(rng: &mut Rng) -> Value {
    match rng.u8(..3) {
        0 => json!({"type": "string", "enum": ["x", "yz"]}),
        1 => json!({"type": "number", "enum": [1, 2.5, 3.0]}),
        _ => json!({"enum": [1, "x", true, {"a": 1, "b": [2]}]}),
    }
}

fn object(rng: &mut Rng, depth: u8) -> Value {
    let mut schema = bounded(rng, "object", ("minProperties", "maxProperties"));
    let names = NAMES.iter().filter(|_| rng.bool()).copied();
    let names: Vec<&str> = names.collect();
    let properties: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), self::schema(rng, depth - 1)))
        .collect();
    if !properties.is_empty() {
        schema["properties"] = properties.into();
    }
    let required: Vec<&str> = names.into_iter().filter(|_| rng.u8(..4) == 0).collect();
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    match rng.u8(..4) {
        0 | 1 => schema["additionalProperties"] = self::schema(rng, depth - 1),
        2 => schema["additionalProperties"] = true.into(),
        _ => {}
    }
    schema
}

fn array(rng: &mut Rng, depth: u8) -> Value {
    let mut schema = bounded(rng, "array", ("minItems", "maxItems"));
    schema["items"] = self::schema(rng, depth - 1);
    if rng.bool() {
        schema["uniqueItems"] = true.into();
    }
    schema
}

fn alternatives(rng: &mut Rng, depth: u8) -> Value {
    if rng.u8(..4) == 0 {
        return json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    }
    let count = rng.usize(2..4);
    let list = (0..count).map(|_| {
        loop {
            let one = schema(rng, depth - 1);
            // Neither can be closed by another keyword beside it.
            if one.get("allOf").is_none() && one.get("$ref").is_none() {
                break one;
            }
        }
    });
    json!({"oneOf": list.collect::<Vec<Value>>()})
}

/// An object with another keyword beside it, which is all that specs use `allOf` for.
fn all_of(rng: &mut Rng, depth: u8) -> Value {
    let one = schema(rng, depth - 1);
    json!({
        "allOf": [{"type": "object", "required": ["a"], "properties": {"a": one}}],
        "maxProperties": rng.u8(1..3),
    })
}

fn any_number(rng: &mut Rng) -> Value {
    match rng.u8(..8) {
        0 => json!(2.5),
        1 => json!(2.0),
        2 => json!(9_007_199_254_740_992_i64 + rng.i64(..3)),
        3 => json!(i64::from(i32::MAX) + rng.i64(..2)),
        _ => json!(rng.i64(-2..5)),
    }
}

fn any_value(rng: &mut Rng, depth: u8) -> Value {
    match rng.u8(..if depth == 0 { 4 } else { 6 }) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => any_number(rng),
        3 => (*rng.choice(STRINGS.iter()).unwrap()).into(),
        4 => {
            let count = rng.usize(..4);
            (0..count).map(|_| any_value(rng, depth - 1)).collect()
        }
        _ => {
            let names = NAMES.iter().filter(|_| rng.bool()).copied();
            let names: Vec<&str> = names.collect();
            let members = names
                .iter()
                .map(|name| ((*name).to_owned(), any_value(rng, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

/// A value with the structure of a schema, and now and then a fault.
fn likely_value(rng: &mut Rng, schema: &Value) -> Value {
    if rng.u8(..20) == 0 {
        return any_value(rng, 1);
    }
    if schema["nullable"] == true && rng.u8(..4) == 0 {
        return Value::Null;
    }
    if let Some(values) = schema["enum"].as_array() {
        return rng.choice(values.iter()).cloned().unwrap();
    }
    if let Some(list) = schema["oneOf"].as_array() {
        let one = rng.choice(list.iter()).unwrap();
        return likely_value(rng, one);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| likely_value(rng, part));
        let members = parts.filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(members.collect());
    }
    match schema["type"].as_str() {
        Some("string") => (*rng.choice(STRINGS.iter()).unwrap()).into(),
        Some("integer" | "number") => any_number(rng),
        Some("boolean") => rng.bool().into(),
        Some("array") => {
            let count = rng.usize(..4);
            let items = (0..count).map(|_| likely_value(rng, &schema["items"]));
            items.collect()
        }
        Some("object") => likely_object(rng, schema),
        _ => json!({"a": "x"}),
    }
}

fn likely_object(rng: &mut Rng, schema: &Value) -> Value {
    let mut members = Map::new();
    for name in NAMES {
        let required = schema["required"].as_array();
        let is_required = required.is_some_and(|names| names.iter().any(|own| own == name));
        let property = &schema["properties"][name];
        let chance = match (is_required, property.is_null()) {
            (true, _) => 19,
            (false, false) => 14,
            (false, true) => 3,
        };
        if rng.u8(..20) < chance {
            let more = &schema["additionalProperties"];
            let value = match (property.is_null(), more.is_object()) {
                (false, _) => likely_value(rng, property),
                (true, true) => likely_value(rng, more),
                (true, false) => any_value(rng, 1),
            };
            members.insert(name.to_owned(), value);
        }
    }
    Value::Object(members)
}

/// The schema for JSON Schema draft 4.
fn translated(schema: &Value, closed: bool) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut members = members.clone();
    let nullable = members.remove("nullable") == Some(true.into());
    let int32 = members.remove("format") == Some("int32".into());
    if closed
        && ["additionalProperties", "oneOf"]
            .iter()
            .all(|word| !members.contains_key(*word))
    {
        members.insert("additionalProperties".to_owned(), false.into());
    }
    for (word, value) in &mut members {
        match (word.as_str(), &mut *value) {
            ("properties", Value::Object(properties)) => {
                for (_, property) in properties {
                    *property = translated(property, false);
                }
            }
            ("items" | "additionalProperties", inner) => *inner = translated(inner, false),
            ("oneOf" | "allOf", Value::Array(list)) => {
                for one in list {
                    *one = translated(one, word != "allOf");
                }
            }
            _ => {}
        }
    }
    let mut schema = Value::Object(members);
    if int32 {
        schema = json!({"allOf": [schema, {"minimum": i32::MIN, "maximum": i32::MAX}]});
    }
    match nullable {
        true => json!({"anyOf": [{"type": "null"}, schema]}),
        false => schema,
    }
}

fn other_verdict(case: &ValidationCase) -> bool {
    let root = json!({
        "allOf": [translated(&case.schema, false)],
        "components": {"schemas": components()},
    });
    let validator = jsonschema::draft4::new(&root).unwrap();
    validator.is_valid(&case.value)
}

fn own_verdict(schema: &Value, value: &Value) -> bool {
    let schemas = Schemas::new(components());
    let validator = Validator {
        schemas: &schemas,
        all_sent: false,
    };
    validator.is_valid(schema, value)
}

/// The schema as a validator sees it that ignores a keyword.
fn without(schema: &Value, keyword: &str) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(word, _)| *word != keyword);
            let kept = kept.map(|(word, value)| (word.clone(), without(value, keyword)));
            Value::Object(kept.collect())
        }
        Value::Array(list) => list.iter().map(|one| without(one, keyword)).collect(),
        other => other.clone(),
    }
}

#[test]
fn verdicts_agree_with_another_implementation() {
    let mut valid = 0;
    for case in (0..CASES).map(ValidationCase::new) {
        let verdict = own_verdict(&case.schema, &case.value);
        assert_eq!(
            verdict,
            other_verdict(&case),
            "own verdict and the other on {} with {}",
            case.value,
            case.schema
        );
        valid += u64::from(verdict);
    }
    assert!(
        (CASES / 4..CASES * 3 / 4).contains(&valid),
        "{valid} are valid"
    );
}

#[test]
fn an_ignored_keyword_is_noticed() {
    for keyword in KEYWORDS {
        let differs = |case: ValidationCase| {
            own_verdict(&without(&case.schema, keyword), &case.value) != other_verdict(&case)
        };
        assert!(
            (0..CASES).map(ValidationCase::new).any(differs),
            "{keyword}"
        );
    }
}
