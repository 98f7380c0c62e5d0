//! Builds a tree from the events of the YAML parser, without recursion: nesting that is too deep is an error, not a stack overflow.

use std::{borrow::Cow, collections::HashMap};

use saphyr::Scalar;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

use super::{NodeSpan, Tree};
use crate::{
    pointer::escape,
    problem::Problem,
    rules::{self, LintRule},
    span::{Position, Span},
};

/// Maximum nesting, which bounds every later walk of the tree.
const DEPTH: usize = 64;

/// Maximum number of values from aliases, so that a few lines cannot expand to gigabytes.
const ALIASED: usize = 100_000;

/// Prefix of no valid pointer.
const NOWHERE: &str = "-";

pub(super) fn read(file: &str, text: &str) -> Result<Tree, Box<Problem>> {
    let mut reader = Reader::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Box::new(syntax(&error)))?;
        let span = span_of(span.start, span.end);
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                let what = "a second document starts here";
                return fatal(
                    rules::ONE_DOCUMENT,
                    span,
                    what,
                    "write one file per platform",
                );
            }
        }
        reader.take(event, span)?;
    }
    if documents == 0 {
        let start = Marker::new(0, 1, 0);
        let fix = "write a spec; `cargo xtask new` creates a template";
        return fatal(
            rules::ONE_DOCUMENT,
            span_of(start, start),
            "the file is empty",
            fix,
        );
    }
    Ok(Tree {
        file: file.to_owned(),
        text: text.to_owned(),
        value: reader.done,
        faults: reader.faults,
        nodes: reader.nodes,
    })
}

/// Returns a problem that ends reading.
fn fatal<T>(
    rule: &'static LintRule,
    span: Span,
    what: impl Into<String>,
    fix: &str,
) -> Result<T, Box<Problem>> {
    Err(Box::new(Problem::new(rule, span, what, fix)))
}

fn syntax(error: &saphyr_parser::ScanError) -> Problem {
    let at = *error.marker();
    let fix = if error.info().contains("tab") {
        "indent with spaces"
    } else {
        "correct it here or in the lines above: indentation, quotes, brackets, the space after a colon"
    };
    Problem::new(rules::YAML_SYNTAX, span_of(at, at), error.info(), fix)
}

fn span_of(start: Marker, end: Marker) -> Span {
    let place = |marker: Marker| Position {
        line: marker.line(),
        column: marker.col() + 1,
        index: marker.index(),
    };
    Span {
        start: place(start),
        end: place(end),
    }
}

/// A list or object that is not complete.
struct Frame {
    pointer: String,
    start: Span,
    anchor: usize,
    kind: Container,
}

enum Container {
    List(Vec<Value>),
    Object {
        entries: Map<String, Value>,
        /// The key whose value is next.
        key: Option<PendingKey>,
    },
}

struct PendingKey {
    name: String,
    span: Span,
    /// Whether the entry is reported and dropped.
    dropped: bool,
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    done: Value,
    faults: Vec<Problem>,
    nodes: HashMap<String, NodeSpan>,
    /// Values with an anchor, by the number of the anchor, from 1.
    anchored: HashMap<usize, Value>,
    /// Number of values from aliases.
    aliased: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Box<Problem>> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.scalar(text, style, anchor, span);
            }
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                self.open(span, anchor, Container::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), span);
                let kind = Container::Object {
                    entries: Map::new(),
                    key: None,
                };
                self.open(span, anchor, kind)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        Ok(())
    }

    fn fault(&mut self, rule: &'static LintRule, span: Span, what: &str, fix: &str) {
        self.faults.push(Problem::new(rule, span, what, fix));
    }

    fn tag(&mut self, tag: Option<&Tag>, span: Span) {
        if tag.is_some() {
            self.fault(
                rules::YAML_TAG,
                span,
                "YAML tags are not supported",
                "remove the tag",
            );
        }
    }

    /// Inserts the value of an anchor; its parts have the position of the alias.
    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Box<Problem>> {
        let Some(value) = self.anchored.get(&anchor).cloned() else {
            let fix = "write the value, or refer to a component";
            return fatal(
                rules::YAML_ALIAS,
                span,
                "the alias is inside its own anchor",
                fix,
            );
        };
        let (count, depth) = size(&value);
        self.aliased += count;
        if self.aliased > ALIASED || self.frames.len() + depth > DEPTH {
            let what = "the aliases expand to too large a document";
            return fatal(
                rules::YAML_ALIAS,
                span,
                what,
                "write components and refer to them",
            );
        }
        self.value(value, 0, span);
        Ok(())
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, anchor: usize, span: Span) {
        if self.expects_key() {
            self.key(text, style, span);
            return;
        }
        let value = match Scalar::parse_from_cow_and_metadata(text, style, None) {
            Some(Scalar::Null) | None => Value::Null,
            Some(Scalar::Boolean(value)) => Value::Bool(value),
            Some(Scalar::Integer(value)) => Value::from(value),
            Some(Scalar::String(text)) => Value::String(text.into_owned()),
            Some(Scalar::FloatingPoint(value)) => {
                let number = Number::from_f64(value.into_inner());
                if number.is_none() {
                    let fix = "write a finite number, or a string in quotes";
                    self.fault(rules::FINITE_NUMBER, span, "the number is not finite", fix);
                }
                number.map_or(Value::Null, Value::Number)
            }
        };
        self.value(value, anchor, span);
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.frames.last().map(|frame| &frame.kind),
            Some(Container::Object { key: None, .. })
        )
    }

    fn key(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: Span) {
        let scalar = Scalar::parse_from_cow_and_metadata(text.clone(), style, None);
        if !matches!(scalar, Some(Scalar::String(_))) {
            let fix = format!("quote it: `\"{text}\"`");
            self.fault(rules::TEXT_KEY, span, "the key is not a string", &fix);
        }
        let name = text.into_owned();
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let Container::Object { entries, key } = &mut frame.kind else {
            return;
        };
        let twice = entries.contains_key(&name);
        if twice {
            let pointer = format!("{}/{}", frame.pointer, escape(&name));
            let first = self.nodes.get(&pointer).and_then(|node| node.key);
            let what = format!("the key `{name}` occurs twice");
            let mut problem =
                Problem::new(rules::DUPLICATE_KEY, span, what, "remove one of the two");
            let first = first.map(|first| (first, "first used here".to_owned()));
            problem.also.extend(first);
            self.faults.push(problem);
        }
        *key = Some(PendingKey {
            name,
            span,
            dropped: twice,
        });
    }

    /// Opens a list or an object.
    fn open(&mut self, span: Span, anchor: usize, kind: Container) -> Result<(), Box<Problem>> {
        if self.frames.len() >= DEPTH {
            let what = format!("values are nested more than {DEPTH} levels deep");
            let fix = "nest less deeply; move nested schemas into components";
            return fatal(rules::YAML_DEPTH, span, what, fix);
        }
        let pointer = self.pointer();
        self.frames.push(Frame {
            pointer,
            start: span,
            anchor,
            kind,
        });
        Ok(())
    }

    /// Returns the pointer to the next value.
    fn pointer(&self) -> String {
        match self.frames.last() {
            None => String::new(),
            Some(frame) => match &frame.kind {
                Container::List(items) => format!("{}/{}", frame.pointer, items.len()),
                Container::Object { key, .. } => match key {
                    Some(key) if !key.dropped => {
                        format!("{}/{}", frame.pointer, escape(&key.name))
                    }
                    // A dropped entry has no position of its own.
                    _ => NOWHERE.to_owned(),
                },
            },
        }
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let span = Span {
            start: frame.start.start,
            end: end.end,
        };
        let value = match frame.kind {
            Container::List(items) => Value::Array(items),
            Container::Object { entries, .. } => Value::Object(entries),
        };
        self.value(value, frame.anchor, span);
    }

    /// Adds a complete value to its parent.
    fn value(&mut self, value: Value, anchor: usize, span: Span) {
        if anchor > 0 {
            self.anchored.insert(anchor, value.clone());
        }
        let pointer = self.pointer();
        let mut node = NodeSpan {
            key: None,
            value: span,
        };
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            None => self.done = value,
            Some(Container::List(items)) => items.push(value),
            Some(Container::Object { entries, key }) => match key.take() {
                Some(key) if !key.dropped => {
                    node.key = Some(key.span);
                    entries.insert(key.name, value);
                }
                Some(_) => {}
                // A list, an object or an alias as a key: the value after it has no name.
                None => {
                    self.faults.push(Problem::new(
                        rules::TEXT_KEY,
                        span,
                        "the key is not a string",
                        "write a string followed by a colon",
                    ));
                    *key = Some(PendingKey {
                        name: String::new(),
                        span,
                        dropped: true,
                    });
                }
            },
        }
        self.nodes.insert(pointer, node);
    }
}

/// Returns the number of values in a value, and their depth.
fn size(value: &Value) -> (usize, usize) {
    let parts: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => Vec::new(),
    };
    let inner = parts.into_iter().map(size);
    let (count, depth) = inner.fold((0, 0), |(count, deepest), (more, depth)| {
        (count + more, deepest.max(depth))
    });
    (count + 1, depth + 1)
}
