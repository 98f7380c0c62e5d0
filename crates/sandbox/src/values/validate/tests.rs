//! What the validator accepts, and how it words the rest.

use super::*;
use botroster_spec::schema::Schemas;
use serde_json::json;

fn check(schema: &Value, value: &Value) -> Result<(), String> {
    let schemas = Schemas::default();
    let validator = Validator {
        schemas: &schemas,
        all_sent: true,
    };
    let mut invalid = validator.findings(schema, value).invalid.into_iter();
    match invalid.next() {
        None => Ok(()),
        Some(first) => Err(format!("{} {}", first.pointer, first.reason)),
    }
}

#[test]
fn names_the_pointer() {
    let schema = json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}},
        "list": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
    }});
    assert_eq!(check(&schema, &json!({"a": {"n": 1}})), Ok(()));
    assert_eq!(check(&schema, &json!({})), Err("/a is required".into()));
    assert_eq!(
        check(&schema, &json!({"a": {"n": 0}})),
        Err("/a/n must be at least 1, got 0".into())
    );
    assert_eq!(
        check(&schema, &json!({"a": {"n": 1.5}})),
        Err("/a/n must be an integer, got 1.5".into())
    );
    assert_eq!(
        check(&schema, &json!({"a": {}, "list": ["éééé"]})),
        Err("/list/0 must have at most 3 characters, got 4".into())
    );
    assert_eq!(
        check(&schema, &json!({"a": {}, "list": [1]})),
        Err("/list/0 must be a string, got a number".into())
    );
    assert_eq!(
        check(&schema, &json!({"a": {}, "list": ["", "", ""]})),
        Err("/list must have at most 2 items, got 3".into())
    );
    assert_eq!(
        check(&schema, &json!([])),
        Err(" must be an object, got an array of length 0".into())
    );
}

#[test]
fn objects_count() {
    let map = json!({"type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": {"type": "string", "nullable": true}});
    assert_eq!(check(&map, &json!({"a": null})), Ok(()));
    assert!(check(&map, &json!({})).is_err());
    assert!(check(&map, &json!({"a": 1})).is_err());
    assert!(check(&map, &json!({"a": "", "b": "", "c": ""})).is_err());
}

#[test]
fn alternatives_exclude_each_other() {
    let schema = json!({"oneOf": [
        {"type": "object", "required": ["ids"], "properties": {"ids": {"type": "array"}, "sort": {"type": "string"}}},
        {"type": "object", "properties": {"match": {"type": "string", "enum": ["all"]}, "sort": {"type": "string"}}},
    ]});
    assert_eq!(check(&schema, &json!({"ids": []})), Ok(()));
    assert_eq!(
        check(&schema, &json!({"match": "all", "sort": "x"})),
        Ok(())
    );
    assert_eq!(check(&schema, &json!({})), Ok(()));
    assert!(check(&schema, &json!({"ids": [], "match": "all"})).is_err());
    assert!(check(&schema, &json!({"match": "some"})).is_err());
}

#[test]
fn what_is_always_sent_must_be_there() {
    let schema =
        json!({"type": "object", "properties": {"flag": {"type": "boolean", "x-send": "always"}}});
    assert_eq!(
        check(&schema, &json!({})),
        Err("/flag must always be sent, even if empty".into())
    );
    assert_eq!(check(&schema, &json!({"flag": false})), Ok(()));
}

#[test]
fn everything_wrong_is_found() {
    let schema = json!({"type": "object", "required": ["userId", "n"], "properties": {
        "userId": {"type": "string"},
        "n": {"type": "integer", "minimum": 1},
        "mood": {"type": "string", "enum": ["good", "bad"]},
    }});
    let schemas = Schemas::default();
    let validator = Validator {
        schemas: &schemas,
        all_sent: true,
    };
    let found = validator.findings(&schema, &json!({"usrId": "x", "n": 0, "mood": "god"}));
    let sentences =
        |list: &[Invalid]| -> Vec<String> { list.iter().map(|one| one.sentence("it")).collect() };
    assert_eq!(
        sentences(&found.invalid),
        [
            "/userId is required; found usrId instead",
            "/n must be at least 1, got 0",
            "/mood must be one of \"good\", \"bad\", got \"god\"; did you mean \"good\"?",
        ]
    );
    assert_eq!(
        sentences(&found.undefined),
        ["/usrId was accepted, although no schema defines it; did you mean userId?"]
    );
    let many = validator.findings(
        &json!({"items": {"type": "integer"}}),
        &json!(vec!["x"; 99]),
    );
    assert_eq!(many.invalid.len(), MAX_FINDINGS);
}

#[test]
fn other_words() {
    assert!(
        check(
            &json!({"type": "array", "uniqueItems": true}),
            &json!([1, 2, 1])
        )
        .is_err()
    );
    assert!(
        check(
            &json!({"type": "integer", "format": "int32"}),
            &json!(3_000_000_000_u64)
        )
        .is_err()
    );
    assert!(
        check(
            &json!({"type": "number", "maximum": 2, "exclusiveMaximum": true}),
            &json!(2)
        )
        .is_err()
    );
    assert!(check(&json!({"type": "string", "nullable": true}), &json!(null)).is_ok());
    assert!(check(&json!({"type": "string"}), &json!(null)).is_err());
    let time = json!({"type": "string", "x-timestamp": ["rfc3339", "empty-is-none"]});
    assert!(check(&time, &json!("")).is_ok());
    assert!(check(&time, &json!("2026-01-31T09:30:00.5+02:00")).is_ok());
    assert!(check(&time, &json!("31.01.2026")).is_err());
    assert!(check(&json!({"description": "anything"}), &json!({"x": 1})).is_ok());
}

#[test]
fn equal_values_have_the_same_canonical_form() {
    let unique = json!({"type": "array", "uniqueItems": true});
    assert!(check(&unique, &json!([{"a": 1, "b": 2}, {"b": 2, "a": 1}])).is_err());
    assert!(check(&unique, &json!([1, 1.0])).is_err());
    assert!(check(&unique, &json!([1, "1", [1], {"1": 1}, true])).is_ok());
    assert!(check(&json!({"enum": [1, 2]}), &json!(2.0)).is_ok());
}

#[test]
fn large_integers_are_compared_exactly() {
    let schema = json!({"type": "integer", "maximum": 9_007_199_254_740_992_i64});
    assert!(check(&schema, &json!(9_007_199_254_740_992_i64)).is_ok());
    assert!(check(&schema, &json!(9_007_199_254_740_993_i64)).is_err());
}
