//! Rows of the vocabulary's own table.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::Row;
use crate::lint::{Object, ROOT, Shape};

/// What the places are called that many paths lead to.
const NAMES: &[(&str, &str)] = &[
    ("paths › get", "operation"),
    ("components › schemas", "schema"),
    ("components › securitySchemes", "security scheme"),
    ("operation › parameters", "parameter"),
    ("operation › requestBody", "request body"),
    ("operation › responses", "response"),
    ("response › headers", "header of a response"),
    ("request body › content", "content"),
    ("parameter › schema", "schema"),
];

/// The name of every object of the table, by its address.
struct Names(HashMap<*const Object, String>);

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut names = Names(HashMap::new());
    object(&ROOT, "root", &mut names, &mut rows);
    // A word that takes a value or a list of them names its values twice.
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.clone()));
    rows
}

pub(super) fn used(document: &Value) -> BTreeSet<Row> {
    let mut names = Names(HashMap::new());
    object(&ROOT, "root", &mut names, &mut Vec::new());
    let mut used = BTreeSet::new();
    walk(&Shape::Object(&ROOT), document, ("", ""), &names, &mut used);
    used
}

/// Adds the words of an object, then those of the objects in it.
fn object(found: &'static Object, of: &str, names: &mut Names, rows: &mut Vec<Row>) {
    if names.0.insert(found, of.to_owned()).is_some() {
        return;
    }
    let mut inner = Vec::new();
    for word in found.words {
        rows.push(Row::new(of, word.name, ""));
        shape(word.shape, (of, word.name), rows, &mut inner);
    }
    for (object_in, word) in inner {
        let path = if of == "root" {
            word.to_owned()
        } else {
            format!("{of} › {word}")
        };
        let known = NAMES.iter().find(|(known, _)| *known == path);
        let name = known.map_or(path.clone(), |(_, name)| (*name).to_owned());
        object_from(object_in, &name, names, rows);
    }
}

/// The same, unless the object has a name already.
fn object_from(found: &'static Object, of: &str, names: &mut Names, rows: &mut Vec<Row>) {
    if !names.0.contains_key(&std::ptr::from_ref(found)) {
        object(found, of, names, rows);
    }
}

/// Adds the values of a word, and collects the objects that it holds.
fn shape(
    found: &'static Shape,
    (of, word): (&str, &'static str),
    rows: &mut Vec<Row>,
    inner: &mut Vec<(&'static Object, &'static str)>,
) {
    match found {
        Shape::Words(values) => {
            rows.extend(values.iter().map(|value| Row::new(of, word, value)));
        }
        Shape::List(item) | Shape::Some(item) | Shape::Map(item) => {
            shape(item, (of, word), rows, inner);
        }
        Shape::Object(object) => inner.push((object, word)),
        Shape::Either(shapes) => {
            for one in *shapes {
                if let Some(kind) = kind(one) {
                    rows.push(Row::new(of, word, kind));
                }
                shape(one, (of, word), rows, inner);
            }
        }
        _ => {}
    }
}

/// How a form of a word that has several is called; named values need none.
fn kind(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Words(_) | Shape::Either(_) => None,
        Shape::List(_) | Shape::Some(_) => Some("a list"),
        Shape::Map(_) | Shape::Object(_) => Some("an object"),
        _ => Some("a plain value"),
    }
}

fn takes(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Words(words) => value.as_str().is_some_and(|text| words.contains(&text)),
        Shape::List(_) | Shape::Some(_) => value.is_array(),
        Shape::Map(_) | Shape::Object(_) => value.is_object(),
        Shape::Either(shapes) => shapes.iter().any(|shape| takes(shape, value)),
        _ => !value.is_array() && !value.is_object(),
    }
}

fn walk(
    shape: &Shape,
    value: &Value,
    (of, word): (&str, &str),
    names: &Names,
    used: &mut BTreeSet<Row>,
) {
    match (shape, value) {
        (Shape::Words(_), Value::String(text)) => {
            used.insert(Row::new(of, word, text));
        }
        (Shape::List(item) | Shape::Some(item), Value::Array(list)) => {
            for value in list {
                walk(item, value, (of, word), names, used);
            }
        }
        (Shape::Map(item), Value::Object(map)) => {
            for value in map.values() {
                walk(item, value, (of, word), names, used);
            }
        }
        (Shape::Object(object), Value::Object(map)) => {
            let Some(of) = names.0.get(&std::ptr::from_ref(*object)) else {
                return;
            };
            for (name, value) in map {
                used.insert(Row::new(of, name, ""));
                if let Some(word) = object.words.iter().find(|word| word.name == name) {
                    walk(word.shape, value, (of, name), names, used);
                }
            }
        }
        (Shape::Either(shapes), value) => {
            if let Some(one) = shapes.iter().find(|shape| takes(shape, value)) {
                used.extend(kind(one).map(|kind| Row::new(of, word, kind)));
                walk(one, value, (of, word), names, used);
            }
        }
        _ => {}
    }
}
