//! Query parameters in the styles of OpenAPI.
//!
//! Written by hand because no crate supports all of OpenAPI's styles with RFC 3986's percent-encoding.

mod node;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{Error, ErrorKind, OutgoingRequest, segment::encode};
use node::{Node, node};

/// The serialisation style of a query parameter: those of OpenAPI, and dotted names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterStyle {
    /// `form` with `explode`: a pair for each item, `ids=1&ids=2`; a pair for each property, under its own name.
    Form,
    /// `form` without `explode`: `ids=1,2`; an object as names and values in turn.
    Comma,
    /// `spaceDelimited`: `ids=1%202`.
    Space,
    /// `pipeDelimited`: `ids=1%7C2`.
    Pipe,
    /// `deepObject`: `filter%5Bname%5D=x`.
    Deep,
    /// `filter.name=x`.
    Dotted,
}

/// A query under construction. Everything except delimiters is percent-encoded down to RFC 3986's unreserved characters.
#[derive(Default)]
pub struct QueryString(String);

impl QueryString {
    /// Appends a value. An absent value, an empty list and an empty object add nothing.
    ///
    /// # Errors
    /// The style cannot express the value. The message names the parameter, not the value.
    pub fn add(
        &mut self,
        name: &str,
        style: ParameterStyle,
        value: &impl Serialize,
    ) -> Result<(), Error> {
        let node = node(value).ok_or_else(|| rejected(name, "cannot be serialised"))?;
        if matches!(node, Node::Null) {
            return Ok(());
        }
        let delimiter = match style {
            ParameterStyle::Comma => ",",
            ParameterStyle::Space => " ",
            ParameterStyle::Pipe => "|",
            ParameterStyle::Form | ParameterStyle::Deep | ParameterStyle::Dotted => {
                return self
                    .pairs(Path::Name(name), style, &node)
                    .map_err(|why| rejected(name, why));
            }
        };
        let parts = parts(&node, delimiter).map_err(|why| rejected(name, why))?;
        if !parts.is_empty() {
            let between = if delimiter == "," {
                ","
            } else {
                &encode(delimiter)
            };
            self.push(&encode(name), &parts.join(between));
        }
        Ok(())
    }

    /// Appends a required value.
    ///
    /// # Errors
    /// See [`add`](Self::add). It is also an error if nothing was added.
    pub fn require(
        &mut self,
        name: &str,
        style: ParameterStyle,
        value: &impl Serialize,
    ) -> Result<(), Error> {
        let before = self.0.len();
        self.add(name, style, value)?;
        if self.0.len() == before {
            return Err(rejected(name, "is empty, which a query cannot express"));
        }
        Ok(())
    }

    /// Appends it to the query of a request.
    pub fn append_to(self, request: &mut OutgoingRequest) {
        if self.0.is_empty() {
            return;
        }
        let query = match request.url.query() {
            Some(before) if !before.is_empty() => format!("{before}&{}", self.0),
            _ => self.0,
        };
        request.url.set_query(Some(&query));
    }

    fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
    }

    fn pairs(
        &mut self,
        at: Path<'_>,
        style: ParameterStyle,
        node: &Node,
    ) -> Result<(), &'static str> {
        match node {
            Node::Null => Err("has a null property, which a query cannot express"),
            Node::Scalar(text) => {
                self.push(&encode(&at.written(style)), &encode(text));
                Ok(())
            }
            Node::List(items) => items.iter().try_for_each(|item| match item {
                Node::Scalar(_) => self.pairs(at, style, item),
                _ => Err(NESTED),
            }),
            Node::Object(_) if style == ParameterStyle::Form && matches!(at, Path::Below(..)) => {
                Err("has a nested object, which its style cannot express")
            }
            Node::Object(properties) => properties
                .iter()
                .try_for_each(|(key, value)| self.pairs(Path::Below(&at, key), style, value)),
        }
    }
}

const NESTED: &str = "has a list of lists or objects, which a query cannot express";

fn rejected(name: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("`{name}` {why}: nothing was sent"),
    )
}

/// The encoded parts of a value that is written as one pair.
fn parts(node: &Node, delimiter: &str) -> Result<Vec<String>, &'static str> {
    let piece = |node: &Node| match node {
        Node::Scalar(text) if delimiter != "," && text.contains(delimiter) => {
            Err("has an item that contains the delimiter, which its style cannot express")
        }
        Node::Scalar(text) => Ok(encode(text)),
        Node::Null => Err("has a null item, which a query cannot express"),
        _ => Err(NESTED),
    };
    match node {
        Node::List(items) => items.iter().map(piece).collect(),
        Node::Object(properties) => {
            let mut parts = Vec::new();
            for (key, value) in properties {
                parts.push(encode(key));
                parts.push(piece(value)?);
            }
            Ok(parts)
        }
        scalar => Ok(vec![piece(scalar)?]),
    }
}

/// The location of a value below its parameter.
#[derive(Clone, Copy)]
enum Path<'p> {
    Name(&'p str),
    Below(&'p Path<'p>, &'p str),
}

impl Path<'_> {
    fn written(&self, style: ParameterStyle) -> String {
        match self {
            Self::Name(name) => (*name).to_owned(),
            Self::Below(above, key) => match style {
                ParameterStyle::Deep => format!("{}[{key}]", above.written(style)),
                ParameterStyle::Dotted => format!("{}.{key}", above.written(style)),
                ParameterStyle::Form
                | ParameterStyle::Comma
                | ParameterStyle::Space
                | ParameterStyle::Pipe => (*key).to_owned(),
            },
        }
    }
}
