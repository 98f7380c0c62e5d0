//! Tests that every key and value of the vocabulary is documented, and used by a published or a test spec.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    lint::{
        grammar::{WordShape, WordTable},
        mapping::FIELDS,
        vocabulary::ROOT,
    },
    tree::Tree,
};

/// Placeholders of signatures and header values.
const PLACEHOLDERS: [&str; 11] = [
    "{method}",
    "{path_and_query}",
    "{path}",
    "{query}",
    "{host}",
    "{body}",
    "{body_sha256}",
    "{timestamp}",
    "{nonce}",
    "{header:",
    "{signature}",
];

/// An object, one of its keys, and one of the key's values; `""` for the key itself.
type Entry = (*const WordTable, &'static str, &'static str);

/// Returns the entries of the vocabulary with their paths.
fn vocabulary() -> BTreeMap<Entry, String> {
    let mut entries = BTreeMap::new();
    declare(&ROOT, "", &mut entries);
    entries
}

fn declare(object: &'static WordTable, path: &str, entries: &mut BTreeMap<Entry, String>) {
    for word in object.words {
        let path = format!("{path}/{}", word.name);
        if entries
            .insert((object, word.name, ""), path.clone())
            .is_none()
        {
            declare_values(word.shape, (object, word.name), &path, entries);
        }
    }
}

fn declare_values(
    shape: &'static WordShape,
    (object, word): (&'static WordTable, &'static str),
    path: &str,
    entries: &mut BTreeMap<Entry, String>,
) {
    match shape {
        WordShape::Words(values) => {
            entries.extend(values.iter().map(|value| {
                (
                    (object as *const _, word, *value),
                    format!("{path}: {value}"),
                )
            }));
        }
        WordShape::List(item) | WordShape::NonEmpty(item) | WordShape::Map(item) => {
            declare_values(item, (object, word), path, entries);
        }
        WordShape::Object(inner) => declare(inner, path, entries),
        WordShape::Either(shapes) => {
            for shape in *shapes {
                declare_values(shape, (object, word), path, entries);
            }
        }
        _ => {}
    }
}

/// Adds the entries that a value uses.
fn collect(
    shape: &WordShape,
    value: &Value,
    word: (*const WordTable, &'static str),
    used: &mut BTreeSet<Entry>,
) {
    match (shape, value) {
        (WordShape::Words(words), Value::String(text)) => {
            let known = words.iter().find(|known| *known == text);
            used.extend(known.map(|value| (word.0, word.1, *value)));
        }
        (WordShape::List(item) | WordShape::NonEmpty(item), Value::Array(list)) => {
            for value in list {
                collect(item, value, word, used);
            }
        }
        (WordShape::Map(item), Value::Object(map)) => {
            for value in map.values() {
                collect(item, value, word, used);
            }
        }
        (WordShape::Object(object), Value::Object(map)) => {
            for word in object.words {
                if let Some(value) = map.get(word.name) {
                    used.insert((*object, word.name, ""));
                    collect(word.shape, value, (*object, word.name), used);
                }
            }
        }
        (WordShape::Either(shapes), value) => {
            for shape in shapes.iter().filter(|shape| shape.takes(value)) {
                collect(shape, value, word, used);
            }
        }
        _ => {}
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the documents of all platforms.
fn documents() -> Vec<Value> {
    let folders = ["specs", "tests/platforms/specs"];
    let entries = folders.map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let paths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let specs = paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    let parsed = specs.map(|path| {
        Tree::parse("", &fs::read_to_string(path).unwrap())
            .unwrap()
            .value
    });
    parsed.collect()
}

#[test]
fn every_word_and_value_stands_in_the_reference() {
    let page = fs::read_to_string(root().join("specs/README.md")).unwrap();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '$');
    let named: BTreeSet<&str> = page.split(|c| !is_part(c)).collect();
    let words = vocabulary()
        .into_keys()
        .flat_map(|(_, word, value)| [word, value]);
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    let missing: Vec<&str> = words.difference(&named).copied().collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_word_and_value_is_used_by_a_spec() {
    let mut used = BTreeSet::new();
    for document in documents() {
        collect(
            &WordShape::Object(&ROOT),
            &document,
            (&raw const ROOT, ""),
            &mut used,
        );
    }
    let unused: Vec<String> = vocabulary()
        .into_iter()
        .filter_map(|(entry, path)| (!used.contains(&entry)).then_some(path))
        .collect();
    assert!(unused.is_empty(), "no spec uses {unused:#?}");
}

#[test]
fn every_field_of_a_mapping_and_every_placeholder_is_used_by_a_spec() {
    let documents = documents();
    let schemas = |document: &Value| {
        document["components"]["schemas"]
            .as_object()
            .cloned()
            .unwrap_or_default()
    };
    let mappings: Vec<Value> = documents
        .iter()
        .flat_map(schemas)
        .map(|(_, schema)| schema["x-maps-to"].clone())
        .collect();
    for (entity, fields) in FIELDS {
        for field in fields.split_whitespace() {
            let used = mappings
                .iter()
                .any(|mapping| !mapping[entity][field].is_null());
            assert!(used, "no spec maps to `{field}` of a {entity}");
        }
    }
    let signing: String = documents
        .iter()
        .map(|document| document["components"]["securitySchemes"].to_string())
        .collect();
    for placeholder in PLACEHOLDERS {
        assert!(signing.contains(placeholder), "no spec uses {placeholder}");
    }
}
