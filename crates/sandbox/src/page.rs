//! Which part of a list a request asks for, and what the answer says about it.

use crate::{
    data::ids::IdCode,
    failure::Failure,
    params::Params,
    spec::{
        Location, Operation,
        words::{End, Next, Pagination, Place, Style},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Records on a page when the document names no size.
const SIZE: u64 = 100;
/// No page is larger, whatever was asked for.
const MOST: u64 = 10_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) start: Start,
    pub(crate) size: u64,
    /// Position as the request counts: page number or offset.
    pub(crate) position: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    At(u64),
    /// Behind the record with this id.
    After(String),
}

impl Window {
    /// Reads the window from a request.
    pub(crate) fn read(
        operation: &Operation,
        paged: &Pagination,
        params: &Params,
        body: Option<&Value>,
        tokens: &IdCode,
    ) -> Result<Self, Failure> {
        let value = |name: &str| given(operation, paged, params, body, name);
        let number = |name: &str| value(name).as_ref().and_then(number);
        let everything = paged.style == Style::Single;
        let size = match &paged.size {
            _ if everything => u64::MAX,
            Some(name) => number(name).unwrap_or(SIZE).min(MOST),
            None => SIZE,
        };
        let first = paged.first.unwrap_or(u64::from(paged.style == Style::Page));
        let Some(at) = paged.at.as_ref().filter(|_| !everything) else {
            return Ok(Self { start: Start::At(0), size, position: first });
        };
        let name = at.name.as_str();
        if paged.style == Style::Cursor {
            let token = value(name).map(|value| crate::params::text(&value)).filter(|token| !token.is_empty());
            let start = match (token, &paged.next) {
                (None, _) => Start::At(0),
                (Some(token), Some(Next::Pointer(_))) => {
                    let unknown = || Failure::bad(name, format!("Unknown value of '{name}'."));
                    Start::At(tokens.index(&token).ok_or_else(unknown)?)
                }
                (Some(token), _) => Start::After(token),
            };
            return Ok(Self { start, size, position: 0 });
        }
        let position = number(name).unwrap_or(first);
        let skipped = position
            .checked_sub(first)
            .ok_or_else(|| Failure::bad(name, format!("'{name}' must not be below {first}.")))?;
        let start = if paged.style == Style::Page { skipped.saturating_mul(size) } else { skipped };
        Ok(Self { start: Start::At(start), size, position })
    }
}

/// What the request gives, or what its schema says stands for nothing.
fn given(operation: &Operation, paged: &Pagination, params: &Params, body: Option<&Value>, name: &str) -> Option<Value> {
    match paged.at.as_ref().map(|at| at.place).unwrap_or_default() {
        Place::Query => {
            let default = operation.parameter(Location::Query, name).and_then(|parameter| parameter.schema.get("default"));
            params.get(name).or(default).cloned()
        }
        Place::Body => body.and_then(|body| body.get(name)).cloned(),
    }
}

/// A number, also one that is written as a text.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}

/// What is true of the list and of this page.
pub(crate) struct Facts {
    pub(crate) total: u64,
    /// The position behind the page's last record.
    pub(crate) end: u64,
}

/// What an answer says about its page, by pointer.
pub(crate) fn echoes(paged: &Pagination, window: &Window, facts: &Facts, tokens: &IdCode) -> BTreeMap<String, Value> {
    let mut said = BTreeMap::new();
    if let Some(End::Told { total_pages, total }) = &paged.end {
        let pages = facts.total.div_ceil(window.size.max(1));
        said.extend(total_pages.iter().map(|at| (at.clone(), Value::from(pages))));
        said.extend(total.iter().map(|at| (at.clone(), Value::from(facts.total))));
    }
    let echo = &paged.echo;
    said.extend(echo.size.iter().map(|at| (at.clone(), Value::from(window.size))));
    said.extend(echo.position.iter().map(|at| (at.clone(), Value::from(window.position))));
    if let Some(Next::Pointer(at)) = &paged.next {
        let more = facts.end < facts.total;
        said.insert(at.clone(), if more { Value::from(tokens.text(facts.end)) } else { Value::Null });
    }
    said
}
