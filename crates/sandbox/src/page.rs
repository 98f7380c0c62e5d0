//! Which part of a list a request asks for, and what the answer says about it.

use crate::{
    data::ids::IdCode,
    failure::Failure,
    params::Params,
    pointer,
    schema::Schemas,
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
        (operation, schemas): (&Operation, &Schemas),
        paged: &Pagination,
        params: &Params,
        body: Option<&Value>,
        tokens: &IdCode,
    ) -> Result<Self, Failure> {
        let place = paged.at.as_ref().map(|at| at.place).unwrap_or_default();
        let value = |name: &str| match place {
            Place::Query => params.get(name).cloned().or_else(|| {
                operation
                    .parameter(Location::Query, name)?
                    .schema
                    .get("default")
                    .cloned()
            }),
            Place::Body => body.and_then(|body| body.get(name)).cloned().or_else(|| {
                let schema =
                    schemas.walk(&operation.body.as_ref()?.schema, &pointer::child("", name))?;
                schema.get("default").cloned()
            }),
        };
        let number = |name: &str| value(name).as_ref().and_then(number);
        let everything = paged.style == Style::Single;
        let size = match &paged.size {
            _ if everything => u64::MAX,
            Some(name) => number(name).unwrap_or(SIZE).min(MOST),
            None => SIZE,
        };
        let first = paged.first.unwrap_or(u64::from(paged.style == Style::Page));
        let Some(at) = paged.at.as_ref().filter(|_| !everything) else {
            return Ok(Self {
                start: Start::At(0),
                size,
                position: first,
            });
        };
        let name = at.name.as_str();
        if paged.style == Style::Cursor {
            let token = value(name)
                .map(|value| crate::params::text(&value))
                .filter(|token| !token.is_empty());
            let start = match (token, &paged.next) {
                (None, _) => Start::At(0),
                (Some(token), Some(Next::Pointer(_))) => {
                    let unknown = || Failure::bad(name, format!("Unknown value of '{name}'."));
                    Start::At(tokens.index(&token).ok_or_else(unknown)?)
                }
                (Some(token), _) => Start::After(token),
            };
            return Ok(Self {
                start,
                size,
                position: 0,
            });
        }
        let position = number(name).unwrap_or(first);
        let skipped = position
            .checked_sub(first)
            .ok_or_else(|| Failure::bad(name, format!("'{name}' must not be below {first}.")))?;
        let start = if paged.style == Style::Page {
            skipped.saturating_mul(size)
        } else {
            skipped
        };
        Ok(Self {
            start: Start::At(start),
            size,
            position,
        })
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
pub(crate) fn echoes(
    paged: &Pagination,
    window: &Window,
    facts: &Facts,
    tokens: &IdCode,
) -> BTreeMap<String, Value> {
    let mut said = BTreeMap::new();
    if let Some(End::Told { total_pages, total }) = &paged.end {
        let pages = facts.total.div_ceil(window.size.max(1));
        said.extend(
            total_pages
                .iter()
                .map(|at| (at.clone(), Value::from(pages))),
        );
        said.extend(
            total
                .iter()
                .map(|at| (at.clone(), Value::from(facts.total))),
        );
    }
    let echo = &paged.echo;
    said.extend(
        echo.size
            .iter()
            .map(|at| (at.clone(), Value::from(window.size))),
    );
    said.extend(
        echo.position
            .iter()
            .map(|at| (at.clone(), Value::from(window.position))),
    );
    if let Some(Next::Pointer(at)) = &paged.next {
        let more = facts.end < facts.total;
        said.insert(
            at.clone(),
            if more {
                Value::from(tokens.text(facts.end))
            } else {
                Value::Null
            },
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;
    use serde_json::json;

    fn read(pagination: &Value, given: &[(&str, u64)]) -> Result<Window, Failure> {
        let number = json!({"type": "integer", "default": 7});
        let document = json!({"paths": {"/list": {"get": {
            "x-pagination": pagination,
            "parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}, {"name": "size", "in": "query", "schema": number}],
        }}}});
        let spec = Spec::read("test", &document.to_string()).unwrap();
        let operation = &spec.operations[0];
        let params = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let tokens = IdCode::new(&Value::Null, 1);
        Window::read(
            (operation, &spec.schemas),
            operation.pagination.as_ref().unwrap(),
            &params,
            None,
            &tokens,
        )
    }

    #[test]
    fn pages_and_offsets() {
        let page = json!({"style": "page", "at": {"in": "query", "name": "n"}, "size": "size", "items": ""});
        assert_eq!(
            read(&page, &[("n", 3)]).unwrap(),
            Window {
                start: Start::At(14),
                size: 7,
                position: 3
            }
        );
        assert_eq!(
            read(&page, &[]).unwrap(),
            Window {
                start: Start::At(0),
                size: 7,
                position: 1
            }
        );
        assert_eq!(read(&page, &[("n", 0)]).unwrap_err().status, 400);
        assert_eq!(read(&page, &[("size", 50_000)]).unwrap().size, MOST);
        let offset = json!({"style": "offset", "at": {"name": "n"}, "items": ""});
        assert_eq!(
            read(&offset, &[("n", 30)]).unwrap(),
            Window {
                start: Start::At(30),
                size: SIZE,
                position: 30
            }
        );
        let zero = json!({"style": "page", "first": 0, "at": {"name": "n"}, "items": ""});
        assert_eq!(read(&zero, &[("n", 2)]).unwrap().start, Start::At(2 * SIZE));
    }

    #[test]
    fn cursors() {
        let last = json!({"style": "cursor", "at": {"name": "n"}, "items": "", "next": {"last-item": "/id"}});
        assert_eq!(
            read(&last, &[("n", 5)]).unwrap().start,
            Start::After("5".into())
        );
        let token = json!({"style": "cursor", "at": {"name": "n"}, "items": "", "next": {"pointer": "/next"}});
        assert_eq!(read(&token, &[("n", 5)]).unwrap_err().status, 400);
        assert_eq!(read(&token, &[]).unwrap().start, Start::At(0));
        let single = json!({"style": "single", "items": ""});
        assert_eq!(read(&single, &[]).unwrap().size, u64::MAX);
    }

    #[test]
    fn totals_and_echoes() {
        let paged: Pagination = serde_json::from_value(json!({
            "style": "page", "items": "/data", "end": {"total-pages": "/pages", "total": "/all"},
            "echo": {"size": "/size", "position": "/page"}, "next": {"pointer": "/next"},
        }))
        .unwrap();
        let tokens = IdCode::new(&Value::Null, 1);
        let window = Window {
            start: Start::At(20),
            size: 20,
            position: 2,
        };
        let said = echoes(&paged, &window, &Facts { total: 45, end: 40 }, &tokens);
        assert_eq!(
            (
                &said["/pages"],
                &said["/all"],
                &said["/size"],
                &said["/page"]
            ),
            (&3.into(), &45.into(), &20.into(), &2.into())
        );
        assert_eq!(said["/next"], tokens.text(40));
        let last = echoes(&paged, &window, &Facts { total: 45, end: 45 }, &tokens);
        assert_eq!(last["/next"], Value::Null);
    }
}
