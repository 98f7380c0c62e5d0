//! A YAML document as JSON, with the place of every value.

use std::collections::HashMap;

use anyhow::{Result, bail};
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};

/// A document, and where each of its values stands.
pub(crate) struct Tree {
    pub(crate) file: String,
    pub(crate) value: Value,
    places: HashMap<String, Place>,
}

/// A line and a column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Tree {
    /// Reads YAML 1.2. Duplicate keys, tags and keys that are no text are errors.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self> {
        let documents = match MarkedYaml::load_from_str(text) {
            Ok(documents) => documents,
            Err(error) => {
                let at = error.marker();
                let fix = if error.info().contains("duplicate") {
                    ": leave one out"
                } else {
                    ""
                };
                bail!(
                    "{file}:{}:{}: {}{fix}",
                    at.line(),
                    at.col() + 1,
                    error.info()
                );
            }
        };
        let [document] = documents.as_slice() else {
            bail!(
                "{file}:1:1: expected one YAML document, found {}: write one",
                documents.len()
            );
        };
        let mut tree = Self {
            file: file.to_owned(),
            value: Value::Null,
            places: HashMap::new(),
        };
        tree.value = tree.convert(document, String::new())?;
        Ok(tree)
    }

    fn convert(&mut self, node: &MarkedYaml<'_>, pointer: String) -> Result<Value> {
        let place = Place {
            line: node.span.start.line(),
            column: node.span.start.col() + 1,
        };
        self.places.entry(pointer.clone()).or_insert(place);
        Ok(match &node.data {
            YamlData::Value(Scalar::Null) => Value::Null,
            YamlData::Value(Scalar::Boolean(value)) => Value::Bool(*value),
            YamlData::Value(Scalar::Integer(value)) => Value::from(*value),
            YamlData::Value(Scalar::FloatingPoint(value)) => Value::from(value.into_inner()),
            YamlData::Value(Scalar::String(text)) => Value::String(text.to_string()),
            YamlData::Sequence(list) => {
                let items = list.iter().enumerate();
                Value::Array(
                    items
                        .map(|(index, item)| self.convert(item, format!("{pointer}/{index}")))
                        .collect::<Result<_>>()?,
                )
            }
            YamlData::Mapping(mapping) => {
                let mut object = Map::new();
                for (key, value) in mapping {
                    let at = Place {
                        line: key.span.start.line(),
                        column: key.span.start.col() + 1,
                    };
                    let YamlData::Value(Scalar::String(name)) = &key.data else {
                        bail!("{}: a key must be a text: quote it", self.at(at));
                    };
                    let child = format!("{pointer}/{}", escape(name));
                    // Problems are shown at the key, which is where one looks.
                    self.places.insert(child.clone(), at);
                    object.insert(name.to_string(), self.convert(value, child)?);
                }
                Value::Object(object)
            }
            _ => bail!(
                "{}: a YAML tag is not supported: write the value without it",
                self.at(place)
            ),
        })
    }

    fn at(&self, place: Place) -> String {
        format!("{}:{}:{}", self.file, place.line, place.column)
    }

    /// Where a value stands, or the nearest thing around it.
    pub(crate) fn place(&self, pointer: &str) -> Place {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return *place;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return Place { line: 1, column: 1 },
            }
        }
    }

    /// `file:line:column` of a value.
    pub(crate) fn locate(&self, pointer: &str) -> String {
        self.at(self.place(pointer))
    }

    /// The entries of an object in the order of the file.
    pub(crate) fn entries<'t>(&'t self, pointer: &str) -> Vec<(&'t String, &'t Value, String)> {
        let Some(Value::Object(object)) = self.value.pointer(pointer) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = object
            .iter()
            .map(|(name, value)| (name, value, format!("{pointer}/{}", escape(name))))
            .collect();
        entries.sort_by_key(|(_, _, child)| self.place(child));
        entries
    }
}

/// A key as a step of a JSON Pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
