//! A YAML document as JSON, with the position of every value.

mod read;

use std::{collections::HashMap, fmt};

use serde_json::Value;

use crate::{
    pointer::{child, unescape},
    problem::Problem,
    render::Source,
    span::{Position, Span},
};

/// A document with the position of each of its values.
pub struct Tree {
    /// File name, as reports show it.
    pub file: String,
    /// The source text.
    pub text: String,
    /// The document as JSON.
    pub value: Value,
    /// Problems of the YAML that did not prevent parsing.
    pub faults: Vec<Problem>,
    nodes: HashMap<String, NodeSpan>,
}

/// The position of a value and of its key.
#[derive(Debug, Clone, Copy)]
struct NodeSpan {
    key: Option<Span>,
    value: Span,
}

/// A string that is not a YAML document.
#[derive(Debug)]
pub struct Unreadable {
    /// File name, as reports show it.
    pub file: String,
    /// The source text.
    pub text: String,
    /// The problem.
    pub problem: Box<Problem>,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Source::new(&self.file, &self.text).for_people(&self.problem))
    }
}

impl std::error::Error for Unreadable {}

impl Tree {
    /// Parses YAML 1.2.
    ///
    /// # Errors
    /// Returns an error if the text is not YAML, is not exactly one document, or is nested too deep. Other problems, such as
    /// duplicate keys, are collected in [`faults`](Self::faults).
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        read::read(file, text).map_err(|problem| Unreadable {
            file: file.to_owned(),
            text: text.to_owned(),
            problem,
        })
    }

    /// Returns the start of a value including its key, or of the nearest enclosing value.
    pub fn place(&self, pointer: &str) -> Position {
        self.key(pointer).start
    }

    /// Returns the span of a value's key; without a key, of the value; without a value, of the nearest enclosing one.
    pub fn key(&self, pointer: &str) -> Span {
        let node = self.node(pointer);
        node.key.unwrap_or(node.value)
    }

    /// Returns the span of a value, or of the nearest enclosing one.
    pub fn span(&self, pointer: &str) -> Span {
        if self.nodes.contains_key(pointer) {
            self.node(pointer).value
        } else {
            self.key(pointer)
        }
    }

    fn node(&self, pointer: &str) -> NodeSpan {
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
                    return NodeSpan { key: None, value };
                }
            }
        }
    }

    /// Returns `file:line:column` of a value.
    pub fn locate(&self, pointer: &str) -> String {
        let place = self.place(pointer);
        format!("{}:{}:{}", self.file, place.line, place.column)
    }

    /// Returns the value at a pointer.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        let mut steps = pointer.split('/').skip(1);
        steps.try_fold(&self.value, |value, step| part(value, step))
    }

    /// Iterates over the values along a pointer, from the document on, as far as they exist.
    pub fn way(&self, pointer: &str) -> impl Iterator<Item = &Value> {
        let steps = pointer.split('/').skip(1);
        let inner = steps.scan(&self.value, |value, step| {
            *value = part(value, step)?;
            Some(*value)
        });
        std::iter::once(&self.value).chain(inner)
    }

    /// Returns the entries of an object in the order of the file: key, value and pointer.
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

/// Returns the child that a step of a pointer leads to.
fn part<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(&*unescape(step)),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}
