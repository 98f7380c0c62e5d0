//! A YAML document as JSON, with the place of every value.

mod read;

use std::{collections::HashMap, fmt};

use serde_json::Value;

use crate::{
    pointer::{child, unescape},
    problem::Problem,
    render::Source,
    span::{Position, Span},
};

/// A document, and where each of its values stands.
pub struct Tree {
    /// Name of the file, as reports show it.
    pub file: String,
    /// The text of the document.
    pub text: String,
    /// The document as JSON.
    pub value: Value,
    /// What is wrong with the YAML, where the rest could still be read.
    pub faults: Vec<Problem>,
    nodes: HashMap<String, Node>,
}

/// Where a value stands, and the key in front of it.
#[derive(Debug, Clone, Copy)]
struct Node {
    key: Option<Span>,
    value: Span,
}

/// A text that is no YAML document.
#[derive(Debug)]
pub struct Unreadable {
    /// Name of the file, as reports show it.
    pub file: String,
    /// The text.
    pub text: String,
    /// What is wrong.
    pub problem: Box<Problem>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Source::new(&self.file, &self.text).for_people(&self.problem))
    }
}

impl std::error::Error for Unreadable {}

impl Tree {
    /// Reads YAML 1.2.
    ///
    /// # Errors
    /// The text is not YAML, not one document, or nested too deep. What is wrong beyond that, such as a key twice, is
    /// among the [faults](Self::faults).
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        read::read(file, text).map_err(|problem| Unreadable {
            file: file.to_owned(),
            text: text.to_owned(),
            problem,
        })
    }

    /// Where a value stands, its key included, or the nearest thing around it.
    pub fn place(&self, pointer: &str) -> Position {
        self.key(pointer).start
    }

    /// The key of a value, where it has one; else the value; else the nearest thing around it.
    pub fn key(&self, pointer: &str) -> Span {
        let node = self.node(pointer);
        node.key.unwrap_or(node.value)
    }

    /// The value, or the nearest thing around it.
    pub fn span(&self, pointer: &str) -> Span {
        if self.nodes.contains_key(pointer) {
            self.node(pointer).value
        } else {
            self.key(pointer)
        }
    }

    fn node(&self, pointer: &str) -> Node {
        let mut pointer = pointer;
        loop {
            if let Some(node) = self.nodes.get(pointer) {
                return *node;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = pointer.get(..end).unwrap_or_default(),
                None => {
                    let start = Position {
                        line: 1,
                        column: 1,
                        index: 0,
                    };
                    let value = Span { start, end: start };
                    return Node { key: None, value };
                }
            }
        }
    }

    /// `file:line:column` of a value.
    pub fn locate(&self, pointer: &str) -> String {
        let place = self.place(pointer);
        format!("{}:{}:{}", self.file, place.line, place.column)
    }

    /// What stands at a pointer.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        let mut steps = pointer.split('/').skip(1);
        steps.try_fold(&self.value, |value, step| part(value, step))
    }

    /// The values on the way to a pointer, the document first, as far as it leads.
    pub fn way(&self, pointer: &str) -> impl Iterator<Item = &Value> {
        let steps = pointer.split('/').skip(1);
        let inner = steps.scan(&self.value, |value, step| {
            *value = part(value, step)?;
            Some(*value)
        });
        std::iter::once(&self.value).chain(inner)
    }

    /// The entries of an object in the order of the file.
    pub fn entries<'t>(&'t self, pointer: &str) -> Vec<(&'t String, &'t Value, String)> {
        let Some(Value::Object(object)) = self.value(pointer) else {
            return Vec::new();
        };
        let mut entries: Vec<_> = object
            .iter()
            .map(|(name, value)| (name, value, child(pointer, name)))
            .collect();
        entries.sort_by_key(|(_, _, child)| self.place(child));
        entries
    }
}

/// What a step of a pointer leads to.
fn part<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(&*unescape(step)),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}
