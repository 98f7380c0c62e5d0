//! The part of JSON Schema that specs use, on values that came in.

use crate::{
    came::{a, came},
    nearest::{hint, nearest},
    pointer,
    schema::{Schemas, kind, nullable, number_or_text, properties, requires},
    spec::words::many,
};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// No more is said of one value.
const MOST: usize = 20;

/// One thing that is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) pointer: String,
    pub(crate) reason: String,
}

/// What is wrong with a value, and what nobody asked for.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) invalid: Vec<Invalid>,
    /// Properties that no schema names and none forbids.
    pub(crate) unnamed: Vec<Invalid>,
}

impl Findings {
    fn add(&mut self, at: &str, reason: impl Into<String>) {
        if self.invalid.len() < MOST {
            self.invalid.push(invalid(at, reason));
        }
    }
}

/// Checks values against schemas.
pub(crate) struct Validator<'a> {
    pub(crate) schemas: &'a Schemas,
    /// Whether properties marked `x-send: always` must be there.
    pub(crate) all_sent: bool,
}

impl Validator<'_> {
    /// The first thing that is wrong.
    pub(crate) fn check(&self, schema: &Value, value: &Value) -> Result<(), Invalid> {
        let mut invalid = self.findings(schema, value).invalid;
        match invalid.is_empty() {
            true => Ok(()),
            false => Err(invalid.swap_remove(0)),
        }
    }

    /// Everything that is wrong.
    pub(crate) fn findings(&self, schema: &Value, value: &Value) -> Findings {
        let mut found = Findings::default();
        self.value(schema, value, "", false, &mut found);
        found
    }

    /// `closed`: properties that an object's schema does not name are wrong unless it allows them.
    fn value(&self, schema: &Value, value: &Value, at: &str, closed: bool, found: &mut Findings) {
        let schema = self.schemas.flat(schema);
        let schema = schema.as_ref();
        if value.is_null() && nullable(schema) {
            return;
        }
        if !self.choices(schema, value, at, found) {
            return;
        }
        match (kind(schema), value) {
            (None, Value::Object(members)) => self.object(schema, members, at, closed, found),
            (None, _) => {}
            (Some("object"), Value::Object(members)) => {
                self.object(schema, members, at, closed, found);
            }
            (Some("array"), Value::Array(list)) => self.array(schema, list, at, found),
            (Some("string"), Value::String(text)) => string(schema, text, at, found),
            (Some("integer"), Value::Number(number)) if number.is_i64() || number.is_u64() => {
                bounds(schema, value, at, found);
            }
            (Some("number"), Value::Number(_)) => bounds(schema, value, at, found),
            (Some("boolean"), Value::Bool(_)) => {}
            (Some(kind), _) => {
                let (kind, came) = (a(kind), came(schema, value));
                found.add(at, format!("must be {kind}; {came} came"));
            }
        }
    }

    /// Whether the value is among those that an enumeration or alternatives allow.
    fn choices(&self, schema: &Value, value: &Value, at: &str, found: &mut Findings) -> bool {
        if let Some(list) = schema.get("enum").and_then(Value::as_array)
            && !list.contains(value)
        {
            let names: Vec<String> = list.iter().map(Value::to_string).collect();
            let known = list.iter().filter_map(Value::as_str);
            let meant = value.as_str().and_then(|text| nearest(text, known));
            let meant = meant.map_or_else(String::new, |name| format!(", did you mean {name:?}?"));
            let (names, came) = (names.join(", "), came(schema, value));
            found.add(at, format!("must be one of {names}; {came} came{meant}"));
            return false;
        }
        if let Some(number) = number_or_text(schema) {
            let kind = kind(number).unwrap_or("number");
            if !value.is_string() && !value.is_number() {
                let came = came(schema, value);
                found.add(at, format!("must be {} or a string; {came} came", a(kind)));
                return false;
            }
        }
        for (word, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            if let Some(list) = schema.get(word).and_then(Value::as_array)
                && !self.alternatives(list, value, at, exactly_one, found)
            {
                return false;
            }
        }
        true
    }

    fn alternatives(
        &self,
        list: &[Value],
        value: &Value,
        at: &str,
        exactly_one: bool,
        found: &mut Findings,
    ) -> bool {
        // Alternatives are told apart by what they name, so what none of them names fits none.
        let results = list.iter().map(|one| {
            let mut own = Findings::default();
            self.value(one, value, at, true, &mut own);
            own.invalid
        });
        let results: Vec<Vec<Invalid>> = results.collect();
        match results.iter().filter(|wrong| wrong.is_empty()).count() {
            0 => {
                let nearest = (0..).zip(&results).min_by_key(|(_, wrong)| wrong.len());
                let (number, wrong) = nearest.map_or((0, &[][..]), |(at, wrong)| (at, wrong));
                let title = list.get(number).map(|one| self.title(one, number));
                let reasons: Vec<String> = wrong.iter().map(|one| one.sentence("it")).collect();
                let (of, title) = (list.len(), title.unwrap_or_default());
                let reasons = reasons.join("; ");
                found.add(
                    at,
                    format!(
                        "fits none of the {of} alternatives; the nearest is {title}: {reasons}"
                    ),
                );
                false
            }
            1 => true,
            _ if exactly_one => {
                let fitting = (0..).zip(list).zip(&results);
                let titles: Vec<String> = fitting
                    .filter(|(_, wrong)| wrong.is_empty())
                    .map(|((number, one), _)| self.title(one, number))
                    .collect();
                let titles = titles.join(", ");
                found.add(
                    at,
                    format!("fits more than one of the alternatives: {titles}"),
                );
                false
            }
            _ => true,
        }
    }

    fn title(&self, schema: &Value, number: usize) -> String {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let name = reference.and_then(|reference| reference.rsplit('/').next());
        name.map_or_else(|| format!("number {}", number + 1), str::to_owned)
    }

    fn object(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
        found: &mut Findings,
    ) {
        let missing = |name: &str, found: &mut Findings| {
            let known = schema.get("properties").and_then(Value::as_object);
            let others = members.keys().map(String::as_str);
            let others = others.filter(|own| !known.is_some_and(|known| known.contains_key(*own)));
            let meant = nearest(name, others);
            let meant = meant.map_or_else(String::new, |own| format!("; {own} is there instead"));
            found.add(&pointer::child(at, name), format!("is required{meant}"));
        };
        for (name, property) in properties(schema) {
            let at = pointer::child(at, name);
            match members.get(name) {
                Some(value) => self.value(property, value, &at, false, found),
                None if requires(schema, name) => missing(name, found),
                None if self.all_sent && self.always(property) => {
                    found.add(&at, "must always be sent, if only empty");
                }
                None => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        let named = |name: &str| properties(schema).any(|(own, _)| own == name);
        for name in required.filter(|name| !members.contains_key(*name) && !named(name)) {
            missing(name, found);
        }
        self.additional(schema, members, at, closed, found);
        size(
            schema,
            members.len(),
            at,
            ("minProperties", "maxProperties", "properties"),
            found,
        );
    }

    fn always(&self, property: &Value) -> bool {
        let schema = self.schemas.flat(property);
        schema.get("x-send").and_then(Value::as_str) == Some("always")
    }

    fn additional(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
        found: &mut Findings,
    ) {
        let additional = schema.get("additionalProperties");
        let named = schema.get("properties").and_then(Value::as_object);
        let alternatives = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        let known = || named.into_iter().flat_map(Map::keys).map(String::as_str);
        let free = members
            .iter()
            .filter(|(name, _)| !named.is_some_and(|all| all.contains_key(*name)));
        for (name, value) in free {
            let place = pointer::child(at, name);
            let names: Vec<&str> = known().collect();
            match additional {
                Some(Value::Bool(false)) => {
                    found.add(&place, format!("is not known{}", hint(name, names)));
                }
                Some(more @ Value::Object(_)) => self.value(more, value, &place, false, found),
                None if closed && !alternatives => {
                    found.add(&place, format!("is not known here{}", hint(name, names)));
                }
                None if named.is_some() && !alternatives && found.unnamed.len() < MOST => {
                    let reason = format!(
                        "was accepted, although no schema names it{}",
                        hint(name, names)
                    );
                    found.unnamed.push(invalid(&place, reason));
                }
                _ => {}
            }
        }
    }

    fn array(&self, schema: &Value, list: &[Value], at: &str, found: &mut Findings) {
        size(
            schema,
            list.len(),
            at,
            ("minItems", "maxItems", "items"),
            found,
        );
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashSet::new();
            let mut items = list.iter().enumerate();
            let repeated = items.find(|(_, item)| !seen.insert(item.to_string()));
            if let Some((number, _)) = repeated {
                found.add(&pointer::child(at, &number.to_string()), "is there twice");
            }
        }
        let Some(items) = schema.get("items") else {
            return;
        };
        for (number, item) in list.iter().enumerate() {
            if found.invalid.len() >= MOST {
                return;
            }
            let at = pointer::child(at, &number.to_string());
            self.value(items, item, &at, false, found);
        }
    }
}

impl Invalid {
    /// `/a/b must be …`, with a word for the whole.
    pub(crate) fn sentence(&self, whole: &str) -> String {
        let place = match self.pointer.as_str() {
            "" => whole,
            place => place,
        };
        format!("{place} {}", self.reason)
    }
}

fn invalid(at: &str, reason: impl Into<String>) -> Invalid {
    Invalid {
        pointer: at.to_owned(),
        reason: reason.into(),
    }
}

fn size(
    schema: &Value,
    have: usize,
    at: &str,
    (min, max, what): (&str, &str, &str),
    found: &mut Findings,
) {
    let bound = |word: &str| schema.get(word).and_then(Value::as_u64);
    let have = have as u64;
    let what = |count: u64| match (count, what) {
        (1, "properties") => "property",
        (1, plural) => plural.trim_end_matches('s'),
        _ => what,
    };
    match (bound(min), bound(max)) {
        (Some(min), _) if have < min => {
            found.add(
                at,
                format!("must have at least {min} {}; {have} came", what(min)),
            );
        }
        (_, Some(max)) if have > max => {
            found.add(
                at,
                format!("must have at most {max} {}; {have} came", what(max)),
            );
        }
        _ => {}
    }
}

fn string(schema: &Value, text: &str, at: &str, found: &mut Findings) {
    size(
        schema,
        text.chars().count(),
        at,
        ("minLength", "maxLength", "characters"),
        found,
    );
    let spellings = many::<String>(schema.get("x-timestamp")).unwrap_or_default();
    let format = schema.get("format").and_then(Value::as_str);
    let time = !spellings.is_empty() || format == Some("date-time");
    let empty = text.is_empty() && spellings.iter().any(|word| word == "empty-is-none");
    if time && !empty && text.parse::<jiff::Timestamp>().is_err() {
        let came = came(schema, &Value::from(text));
        found.add(
            at,
            format!(
                "must be a timestamp as in RFC 3339, such as 2026-01-31T09:30:00Z; {came} came"
            ),
        );
    }
}

fn bounds(schema: &Value, value: &Value, at: &str, found: &mut Findings) {
    let number = value.as_f64().unwrap_or_default();
    let bound = |word: &str| {
        let bound = schema.get(word)?;
        Some((bound.as_f64()?, bound.to_string()))
    };
    let exclusive = |word: &str| schema.get(word) == Some(&Value::Bool(true));
    if let Some((min, text)) = bound("minimum") {
        if exclusive("exclusiveMinimum") && number <= min {
            found.add(at, format!("must be above {text}; {value} came"));
        } else if number < min {
            found.add(at, format!("must not be below {text}; {value} came"));
        }
    }
    if let Some((max, text)) = bound("maximum") {
        if exclusive("exclusiveMaximum") && number >= max {
            found.add(at, format!("must be below {text}; {value} came"));
        } else if number > max {
            found.add(at, format!("must not be above {text}; {value} came"));
        }
    }
    let int32 = schema.get("format").and_then(Value::as_str) == Some("int32");
    let fits = value
        .as_i64()
        .is_some_and(|number| i32::try_from(number).is_ok());
    if int32 && !fits {
        found.add(at, format!("must fit 32 bits; {value} came"));
    }
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
            Err("/a/n must not be below 1; 0 came".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {"n": 1.5}})),
            Err("/a/n must be an integer; 1.5 came".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": ["éééé"]})),
            Err("/list/0 must have at most 3 characters; 4 came".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": [1]})),
            Err("/list/0 must be a string; a number came".into())
        );
        assert_eq!(
            check(&schema, &json!({"a": {}, "list": ["", "", ""]})),
            Err("/list must have at most 2 items; 3 came".into())
        );
        assert_eq!(
            check(&schema, &json!([])),
            Err(" must be an object; a list of 0 came".into())
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
        let sentences = |list: &[Invalid]| -> Vec<String> {
            list.iter().map(|one| one.sentence("it")).collect()
        };
        assert_eq!(
            sentences(&found.invalid),
            [
                "/userId is required; usrId is there instead",
                "/n must not be below 1; 0 came",
                "/mood must be one of \"good\", \"bad\"; \"god\" came, did you mean \"good\"?",
            ]
        );
        assert_eq!(
            sentences(&found.unnamed),
            ["/usrId was accepted, although no schema names it; did you mean userId?"]
        );
        let many = validator.findings(
            &json!({"items": {"type": "integer"}}),
            &json!(vec!["x"; 99]),
        );
        assert_eq!(many.invalid.len(), MOST);
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
