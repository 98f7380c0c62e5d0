//! The part of JSON Schema that specs use, on values that came in.

use crate::{
    pointer,
    schema::{Schemas, kind, nullable, properties, requires},
    spec::words::many,
};
use serde_json::{Map, Value};

/// The first thing wrong with a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) pointer: String,
    pub(crate) reason: String,
}

/// Checks values against schemas.
pub(crate) struct Validator<'a> {
    pub(crate) schemas: &'a Schemas,
    /// Whether properties marked `x-send: always` must be there.
    pub(crate) all_sent: bool,
}

type Checked = Result<(), Invalid>;

impl Validator<'_> {
    pub(crate) fn check(&self, schema: &Value, value: &Value) -> Checked {
        self.value(schema, value, "", false)
    }

    /// `closed`: properties that an object's schema does not name are wrong unless it allows them.
    fn value(&self, schema: &Value, value: &Value, at: &str, closed: bool) -> Checked {
        let schema = self.schemas.flat(schema);
        let schema = schema.as_ref();
        if value.is_null() && nullable(schema) {
            return Ok(());
        }
        self.choices(schema, value, at)?;
        match (kind(schema), value) {
            (None, Value::Object(members)) => self.object(schema, members, at, closed),
            (None, _) => Ok(()),
            (Some("object"), Value::Object(members)) => self.object(schema, members, at, closed),
            (Some("array"), Value::Array(list)) => self.array(schema, list, at),
            (Some("string"), Value::String(text)) => string(schema, text, at),
            (Some("integer"), Value::Number(number)) if number.is_i64() || number.is_u64() => {
                bounds(schema, value, at)
            }
            (Some("number"), Value::Number(_)) => bounds(schema, value, at),
            (Some("boolean"), Value::Bool(_)) => Ok(()),
            (Some(kind), _) => Err(invalid(at, format!("must be of type {kind}"))),
        }
    }

    fn choices(&self, schema: &Value, value: &Value, at: &str) -> Checked {
        if let Some(list) = schema.get("enum").and_then(Value::as_array)
            && !list.contains(value)
        {
            let names: Vec<String> = list.iter().map(Value::to_string).collect();
            return Err(invalid(at, format!("must be one of {}", names.join(", "))));
        }
        for (word, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            let Some(list) = schema.get(word).and_then(Value::as_array) else {
                continue;
            };
            // Alternatives are told apart by what they name, so what none of them names fits none.
            let results: Vec<Checked> = list
                .iter()
                .map(|one| self.value(one, value, at, true))
                .collect();
            match results.iter().filter(|result| result.is_ok()).count() {
                0 => {
                    let reasons: Vec<String> = results
                        .into_iter()
                        .filter_map(Result::err)
                        .map(|one| one.reason)
                        .collect();
                    return Err(invalid(
                        at,
                        format!("fits none of the alternatives: {}", reasons.join("; ")),
                    ));
                }
                1 => {}
                _ if exactly_one => {
                    return Err(invalid(
                        at,
                        "fits more than one of the alternatives".to_owned(),
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn object(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
    ) -> Checked {
        for (name, property) in properties(schema) {
            let at = pointer::child(at, name);
            match members.get(name) {
                Some(value) => self.value(property, value, &at, false)?,
                None if requires(schema, name) => {
                    return Err(invalid(&at, "is required".to_owned()));
                }
                None if self.all_sent && self.always(property) => {
                    return Err(invalid(
                        &at,
                        "must always be sent, if only empty".to_owned(),
                    ));
                }
                None => {}
            }
        }
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for name in required.filter_map(Value::as_str) {
            if !members.contains_key(name) {
                return Err(invalid(&pointer::child(at, name), "is required".to_owned()));
            }
        }
        self.additional(schema, members, at, closed)?;
        size(
            schema,
            members.len(),
            at,
            "minProperties",
            "maxProperties",
            "properties",
        )
    }

    fn always(&self, property: &Value) -> bool {
        self.schemas
            .flat(property)
            .get("x-send")
            .and_then(Value::as_str)
            == Some("always")
    }

    fn additional(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
    ) -> Checked {
        let additional = schema.get("additionalProperties");
        let named = schema.get("properties").and_then(Value::as_object);
        let alternatives = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        for (name, value) in members
            .iter()
            .filter(|(name, _)| !named.is_some_and(|all| all.contains_key(*name)))
        {
            let at = pointer::child(at, name);
            match additional {
                Some(Value::Bool(false)) => return Err(invalid(&at, "is not known".to_owned())),
                Some(more @ Value::Object(_)) => self.value(more, value, &at, false)?,
                None if closed && !alternatives => {
                    return Err(invalid(&at, "is not known here".to_owned()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn array(&self, schema: &Value, list: &[Value], at: &str) -> Checked {
        size(schema, list.len(), at, "minItems", "maxItems", "items")?;
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let repeated = list
                .iter()
                .enumerate()
                .find(|(number, item)| list.iter().take(*number).any(|other| other == *item));
            if let Some((number, _)) = repeated {
                return Err(invalid(
                    &pointer::child(at, &number.to_string()),
                    "is there twice".to_owned(),
                ));
            }
        }
        let Some(items) = schema.get("items") else {
            return Ok(());
        };
        for (number, item) in list.iter().enumerate() {
            self.value(items, item, &pointer::child(at, &number.to_string()), false)?;
        }
        Ok(())
    }
}

fn invalid(at: &str, reason: String) -> Invalid {
    Invalid {
        pointer: at.to_owned(),
        reason,
    }
}

fn size(schema: &Value, have: usize, at: &str, min: &str, max: &str, what: &str) -> Checked {
    let bound = |word: &str| schema.get(word).and_then(Value::as_u64);
    let have = have as u64;
    match (bound(min), bound(max)) {
        (Some(min), _) if have < min => {
            Err(invalid(at, format!("must have at least {min} {what}")))
        }
        (_, Some(max)) if have > max => Err(invalid(at, format!("must have at most {max} {what}"))),
        _ => Ok(()),
    }
}

fn string(schema: &Value, text: &str, at: &str) -> Checked {
    size(
        schema,
        text.chars().count(),
        at,
        "minLength",
        "maxLength",
        "characters",
    )?;
    let spellings = many::<String>(schema.get("x-timestamp")).unwrap_or_default();
    let format = schema.get("format").and_then(Value::as_str);
    let time = !spellings.is_empty() || format == Some("date-time");
    let empty = text.is_empty() && spellings.iter().any(|word| word == "empty-is-none");
    if time && !empty && text.parse::<jiff::Timestamp>().is_err() {
        return Err(invalid(at, "must be a timestamp as in RFC 3339".to_owned()));
    }
    Ok(())
}

fn bounds(schema: &Value, value: &Value, at: &str) -> Checked {
    let number = value.as_f64().unwrap_or_default();
    let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
    let exclusive = |word: &str| schema.get(word) == Some(&Value::Bool(true));
    if let Some(min) = bound("minimum")
        && (number < min || (number <= min && exclusive("exclusiveMinimum")))
    {
        return Err(invalid(at, format!("must not be below {min}")));
    }
    if let Some(max) = bound("maximum")
        && (number > max || (number >= max && exclusive("exclusiveMaximum")))
    {
        return Err(invalid(at, format!("must not be above {max}")));
    }
    let int32 = schema.get("format").and_then(Value::as_str) == Some("int32");
    if int32
        && value
            .as_i64()
            .is_none_or(|number| i32::try_from(number).is_err())
    {
        return Err(invalid(at, "must fit 32 bits".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(schema: &Value, value: &Value) -> Result<(), String> {
        let schemas = Schemas::default();
        let validator = Validator {
            schemas: &schemas,
            all_sent: true,
        };
        validator
            .check(schema, value)
            .map_err(|invalid| format!("{} {}", invalid.pointer, invalid.reason))
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
            Err("/a/n must not be below 1".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {"n": 1.5}})),
            Err("/a/n must be of type integer".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": ["éééé"]})),
            Err("/list/0 must have at most 3 characters".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": [1]})),
            Err("/list/0 must be of type string".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": ["", "", ""]})),
            Err("/list must have at most 2 items".into())
        );
        assert_eq!(
            check(&schema, &json!([])),
            Err(" must be of type object".into())
        );
    }

    #[test]
    fn objects_count_and_close() {
        let map = json!({"type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": {"type": "string", "nullable": true}});
        assert_eq!(check(&map, &json!({"a": null})), Ok(()));
        assert!(check(&map, &json!({})).is_err());
        assert!(check(&map, &json!({"a": 1})).is_err());
        assert!(check(&map, &json!({"a": "", "b": "", "c": ""})).is_err());
        let closed = json!({"type": "object", "additionalProperties": false});
        assert_eq!(
            check(&closed, &json!({"x": 1})),
            Err("/x is not known".into())
        );
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
        let schema = json!({"type": "object", "properties": {"flag": {"type": "boolean", "x-send": "always"}}});
        assert_eq!(
            check(&schema, &json!({})),
            Err("/flag must always be sent, if only empty".into())
        );
        assert_eq!(check(&schema, &json!({"flag": false})), Ok(()));
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
        assert!(
            check(
                &json!({"type": "string", "format": "date-time"}),
                &json!("yesterday")
            )
            .is_err()
        );
        let time = json!({"type": "string", "x-timestamp": ["rfc3339", "empty-is-none"]});
        assert!(check(&time, &json!("")).is_ok());
        assert!(check(&time, &json!("2026-01-31T09:30:00.5+02:00")).is_ok());
        assert!(check(&time, &json!("31.01.2026")).is_err());
        assert!(check(&json!({"description": "anything"}), &json!({"x": 1})).is_ok());
    }
}
