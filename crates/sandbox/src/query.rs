//! Lists and objects in a query, read back.

use crate::{
    params::{decode, typed},
    pointer,
    schema::{Schemas, kind, properties},
    spec::{Parameter, QueryStyle},
};
use serde_json::{Map, Value};

/// One part of a query: its name decoded, its value as it came.
pub(crate) struct Pair<'q> {
    pub(crate) name: String,
    pub(crate) raw: &'q str,
}

/// Name and value of each part, in order; `None` where a name is not properly encoded.
pub(crate) fn pairs(query: &str) -> Option<Vec<Pair<'_>>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, raw) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name, true)?;
            Some(Pair { name, raw })
        })
        .collect()
}

/// Why a parameter cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Encoding,
    Repeated,
    Odd,
}

impl Parameter {
    /// Whether a part of a query belongs to this parameter.
    pub(crate) fn owns(&self, schemas: &Schemas, name: &str) -> bool {
        match (kind(&self.schema), self.style) {
            (Some("object"), QueryStyle::Deep | QueryStyle::Dotted) => self
                .path(name)
                .is_some_and(|path| schemas.walk(&self.schema, &self.pointer(&path)).is_some()),
            (Some("object"), QueryStyle::Form) => {
                properties(&self.schema).any(|(property, _)| property == name)
            }
            _ => self.name == name,
        }
    }

    /// The value that the parts of a query give it; `None` without any.
    pub(crate) fn read(
        &self,
        schemas: &Schemas,
        pairs: &[Pair<'_>],
    ) -> Result<Option<Value>, Unreadable> {
        let own: Vec<&Pair<'_>> = pairs
            .iter()
            .filter(|pair| self.owns(schemas, &pair.name))
            .collect();
        if own.is_empty() {
            return Ok(None);
        }
        let value = match (kind(&self.schema), self.style) {
            (Some("object"), QueryStyle::Comma) => self.in_turn(schemas, &own)?,
            (Some("object"), _) => self.nested(schemas, &own)?,
            (Some("array"), style) => {
                let texts = match style.delimiter() {
                    None => own
                        .iter()
                        .map(|pair| text(pair.raw))
                        .collect::<Result<Vec<_>, _>>()?,
                    Some(delimiter) => split(&own, delimiter)?,
                };
                let items = self.schema.get("items").cloned().unwrap_or_default();
                let items = schemas.flat(&items);
                Value::Array(texts.iter().map(|text| typed(&items, text)).collect())
            }
            _ => match own.as_slice() {
                [pair] => typed(&self.schema, &text(pair.raw)?),
                _ => return Err(Unreadable::Repeated),
            },
        };
        Ok(Some(value))
    }

    /// The steps from the parameter to a property: `filter[a][b]`, `filter.a.b`.
    fn path<'n>(&self, name: &'n str) -> Option<Vec<&'n str>> {
        let rest = name.strip_prefix(&self.name)?;
        if self.style == QueryStyle::Dotted {
            return Some(rest.strip_prefix('.')?.split('.').collect());
        }
        let inner = rest.strip_prefix('[')?.strip_suffix(']')?;
        Some(inner.split("][").collect())
    }

    fn pointer(&self, path: &[&str]) -> String {
        path.iter()
            .fold(String::new(), |at, step| pointer::child(&at, step))
    }

    fn nested(&self, schemas: &Schemas, own: &[&Pair<'_>]) -> Result<Value, Unreadable> {
        let mut value = Value::Object(Map::new());
        for pair in own {
            let at = match self.style {
                QueryStyle::Form => pointer::child("", &pair.name),
                _ => self.pointer(&self.path(&pair.name).unwrap_or_default()),
            };
            let schema = schemas.walk(&self.schema, &at).unwrap_or_default();
            let text = text(pair.raw)?;
            if kind(&schema) == Some("array") {
                let items = schema.get("items").cloned().unwrap_or_default();
                let item = typed(&schemas.flat(&items), &text);
                let mut list = match value.pointer(&at) {
                    Some(Value::Array(list)) => list.clone(),
                    _ => Vec::new(),
                };
                list.push(item);
                pointer::set(&mut value, &at, Value::Array(list));
            } else if value.pointer(&at).is_some() {
                return Err(Unreadable::Repeated);
            } else {
                pointer::set(&mut value, &at, typed(&schema, &text));
            }
        }
        Ok(value)
    }

    /// Names and values in turn.
    fn in_turn(&self, schemas: &Schemas, own: &[&Pair<'_>]) -> Result<Value, Unreadable> {
        let texts = split(own, Delimiter::Comma)?;
        let mut members = Map::new();
        for entry in texts.chunks(2) {
            let [name, text] = entry else {
                return Err(Unreadable::Odd);
            };
            let schema = schemas
                .walk(&self.schema, &pointer::child("", name))
                .unwrap_or_default();
            members.insert(name.clone(), typed(&schema, text));
        }
        Ok(Value::Object(members))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Comma,
    Other(char),
}

impl QueryStyle {
    fn delimiter(self) -> Option<Delimiter> {
        match self {
            Self::Comma => Some(Delimiter::Comma),
            Self::Space => Some(Delimiter::Other(' ')),
            Self::Pipe => Some(Delimiter::Other('|')),
            Self::Form | Self::Deep | Self::Dotted => None,
        }
    }
}

/// The items of a value that stands there once. A comma delimits as it is and belongs to an item when encoded; the other delimiters are always encoded.
fn split(own: &[&Pair<'_>], delimiter: Delimiter) -> Result<Vec<String>, Unreadable> {
    let [pair] = own else {
        return Err(Unreadable::Repeated);
    };
    match delimiter {
        Delimiter::Comma => pair.raw.split(',').map(text).collect(),
        Delimiter::Other(delimiter) => Ok(text(pair.raw)?
            .split(delimiter)
            .map(str::to_owned)
            .collect()),
    }
}

fn text(raw: &str) -> Result<String, Unreadable> {
    decode(raw, true).ok_or(Unreadable::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Location;
    use serde_json::json;

    fn read(style: QueryStyle, schema: Value, query: &str) -> Result<Option<Value>, Unreadable> {
        let parameter = Parameter {
            name: "f".to_owned(),
            location: Location::Query,
            required: false,
            schema,
            style,
        };
        parameter.read(&Schemas::default(), &pairs(query).unwrap())
    }

    #[test]
    fn lists() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let is = |style, query| read(style, list.clone(), query).unwrap().unwrap();
        assert_eq!(is(QueryStyle::Form, "f=1&g=9&f=2"), json!([1, 2]));
        assert_eq!(is(QueryStyle::Comma, "f=1,2"), json!([1, 2]));
        assert_eq!(is(QueryStyle::Comma, "f=a%2Cb,3"), json!(["a,b", 3]));
        assert_eq!(is(QueryStyle::Space, "f=1%202"), json!([1, 2]));
        assert_eq!(is(QueryStyle::Pipe, "f=1%7C2"), json!([1, 2]));
        assert_eq!(
            read(QueryStyle::Comma, list.clone(), "f=1&f=2"),
            Err(Unreadable::Repeated)
        );
        assert_eq!(read(QueryStyle::Form, list, "g=1"), Ok(None));
    }

    #[test]
    fn objects() {
        let schema = json!({"type": "object", "properties": {
            "name": {"type": "string"},
            "age": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "home": {"type": "object", "properties": {"zip": {"type": "string"}}},
        }});
        let is = |style, query| read(style, schema.clone(), query).unwrap().unwrap();
        let whole = json!({"name": "x", "age": 3, "home": {"zip": "0 1"}, "tags": ["a", "b"]});
        assert_eq!(
            is(
                QueryStyle::Deep,
                "f%5Bname%5D=x&f[age]=3&f[home][zip]=0+1&f[tags]=a&f[tags]=b"
            ),
            whole
        );
        assert_eq!(
            is(
                QueryStyle::Dotted,
                "f.name=x&f.age=3&f.home.zip=0%201&f.tags=a&f.tags=b"
            ),
            whole
        );
        let flat = json!({"name": "x", "age": 3});
        assert_eq!(is(QueryStyle::Form, "name=x&age=3"), flat);
        assert_eq!(is(QueryStyle::Comma, "f=name,x,age,3"), flat);
        assert_eq!(
            read(QueryStyle::Comma, schema.clone(), "f=name,x,age"),
            Err(Unreadable::Odd)
        );
        assert_eq!(
            read(QueryStyle::Deep, schema.clone(), "f[name]=x&f[name]=y"),
            Err(Unreadable::Repeated)
        );
        assert_eq!(read(QueryStyle::Deep, schema, "f[none]=x"), Ok(None));
    }
}
