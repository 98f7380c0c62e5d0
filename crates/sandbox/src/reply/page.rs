//! Which part of a list a request asks for, and what the response says about it.

use crate::{
    data::ids::IdCode,
    request::{failure::RequestFailure, parsed::OperationCall},
    values::text::plain_text,
};
use botroster_spec::{
    model::{Carrier, End, Location, Next, Pagination, Style},
    pointer,
    schema::Schemas,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Size of a page if the document names none.
const DEFAULT_SIZE: u64 = 100;
/// Maximum size of a page.
const MAX_SIZE: u64 = 10_000;

/// The requested part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: Start,
    pub(super) size: u64,
    /// The position as the request counts: page number or offset.
    pub(super) position: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    At(u64),
    /// After the record with this id.
    After(String),
}

impl Window {
    /// Reads the window from a request.
    pub(super) fn read(
        call: OperationCall<'_>,
        paged: &Pagination,
        schemas: &Schemas,
        tokens: &IdCode,
    ) -> Result<Self, RequestFailure> {
        let place = paged.at.as_ref().map(|at| at.carrier);
        let value = |name: &str| match place {
            None | Some(Carrier::Query) => call.params.get(name).cloned().or_else(|| {
                let parameter = call.operation.parameter_in(Location::Query, name)?;
                parameter.schema.get("default").cloned()
            }),
            Some(Carrier::Body) => {
                call.body
                    .and_then(|body| body.get(name))
                    .cloned()
                    .or_else(|| {
                        let body = call.operation.body.as_ref()?;
                        let schema = schemas.walk(&body.schema, &pointer::child("", name))?;
                        schema.get("default").cloned()
                    })
            }
        };
        let number = |name: &str| value(name).as_ref().and_then(number);
        let everything = paged.style == Style::Single;
        let size = match &paged.size {
            _ if everything => u64::MAX,
            Some(name) => number(name).unwrap_or(DEFAULT_SIZE).min(MAX_SIZE),
            None => DEFAULT_SIZE,
        };
        let first = paged.first();
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
                .map(|value| plain_text(&value))
                .filter(|token| !token.is_empty());
            let start = match (token, &paged.next) {
                (None, _) => Start::At(0),
                (Some(token), Some(Next::Pointer(_))) => {
                    let unknown =
                        || RequestFailure::bad(name, format!("Unknown value of '{name}'."));
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
        let skipped = position.checked_sub(first).ok_or_else(|| {
            RequestFailure::bad(name, format!("'{name}' must not be below {first}."))
        })?;
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

/// A number, or a string that contains one.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}

/// Facts about a list and one of its pages.
pub(super) struct PageFacts {
    pub(super) total: u64,
    /// The position after the last record of the page.
    pub(super) end: u64,
}

/// What a response says about its page, by pointer.
pub(super) fn echoes(
    paged: &Pagination,
    window: &Window,
    facts: &PageFacts,
    tokens: &IdCode,
) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    let mut set = |at: &Option<String>, value: u64| {
        if let Some(at) = at {
            values.insert(at.clone(), Value::from(value));
        }
    };
    if let Some(End::Totals { total_pages, total }) = &paged.end {
        set(total_pages, facts.total.div_ceil(window.size.max(1)));
        set(total, facts.total);
    }
    set(&paged.echo.size, window.size);
    set(&paged.echo.position, window.position);
    if let Some(Next::Pointer(at)) = &paged.next {
        let token = (facts.end < facts.total).then(|| tokens.text(facts.end));
        values.insert(at.clone(), Value::from(token));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::testing::spec;
    use serde_json::json;

    fn read(pagination: &Value, given: &[(&str, u64)]) -> Result<Window, RequestFailure> {
        let number = json!({"type": "integer", "default": 7});
        let document = json!({"paths": {"/list": {"get": {
            "x-pagination": pagination,
            "parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}, {"name": "size", "in": "query", "schema": number}],
        }}}});
        let spec = spec(&document);
        let operation = &spec.operations[0];
        let params = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let tokens = IdCode::new(&Value::Null, 1);
        let call = OperationCall {
            number: 0,
            operation,
            params: &params,
            body: None,
        };
        let paged = operation.pagination.as_ref().unwrap();
        Window::read(call, paged, &spec.schemas, &tokens)
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
        assert_eq!(read(&page, &[("size", 50_000)]).unwrap().size, MAX_SIZE);
        let offset = json!({"style": "offset", "at": {"in": "query", "name": "n"}, "items": ""});
        assert_eq!(
            read(&offset, &[("n", 30)]).unwrap(),
            Window {
                start: Start::At(30),
                size: DEFAULT_SIZE,
                position: 30
            }
        );
        let zero =
            json!({"style": "page", "first": 0, "at": {"in": "query", "name": "n"}, "items": ""});
        assert_eq!(
            read(&zero, &[("n", 2)]).unwrap().start,
            Start::At(2 * DEFAULT_SIZE)
        );
    }

    #[test]
    fn cursors() {
        let last = json!({"style": "cursor", "at": {"in": "query", "name": "n"}, "items": "", "next": {"last-item": "/id"}});
        assert_eq!(
            read(&last, &[("n", 5)]).unwrap().start,
            Start::After("5".into())
        );
        let token = json!({"style": "cursor", "at": {"in": "query", "name": "n"}, "items": "", "next": {"pointer": "/next"}});
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
        let values = echoes(&paged, &window, &PageFacts { total: 45, end: 40 }, &tokens);
        assert_eq!(
            (
                &values["/pages"],
                &values["/all"],
                &values["/size"],
                &values["/page"]
            ),
            (&3.into(), &45.into(), &20.into(), &2.into())
        );
        assert_eq!(values["/next"], tokens.text(40));
        let last = echoes(&paged, &window, &PageFacts { total: 45, end: 45 }, &tokens);
        assert_eq!(last["/next"], Value::Null);
    }
}
