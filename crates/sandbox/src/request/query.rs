//! Lists and objects in a query, parsed in each of the styles of OpenAPI, and in the dotted one.
//!
//! Not a crate such as `form_urlencoded` or `serde_qs`: they decode before they split, which loses the difference between a
//! comma that delimits and one that is part of an item, and they know one style each.

use crate::values::text::{percent_decode, typed};
use botroster_spec::{
    model::{Parameter, QueryStyle},
    pointer,
    schema::{Schemas, kind, properties},
};
use serde_json::{Map, Value};

/// A part of a query: its name decoded, its value as it was sent.
pub(super) struct QueryPair<'q> {
    pub(super) name: String,
    raw: &'q str,
}

/// Splits a query into its parts; `None` if a name is not properly encoded.
pub(super) fn pairs(query: &str) -> Option<Vec<QueryPair<'_>>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, raw) = part.split_once('=').unwrap_or((part, ""));
            let name = percent_decode(name, true)?;
            Some(QueryPair { name, raw })
        })
        .collect()
}

/// The reason why a parameter cannot be parsed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum QueryError {
    Encoding,
    Repeated,
    /// The last name of alternating names and values has no value.
    NameWithoutValue,
}

/// Reads one parameter.
pub(super) struct QueryReader<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) schemas: &'a Schemas,
}

impl QueryReader<'_> {
    /// Returns whether a part of a query belongs to the parameter.
    pub(super) fn owns(&self, name: &str) -> bool {
        let schema = &self.parameter.schema;
        match (kind(schema), self.parameter.style) {
            (Some("object"), QueryStyle::Deep | QueryStyle::Dotted) => self
                .property(name)
                .is_some_and(|at| self.schemas.walk(schema, &at).is_some()),
            (Some("object"), QueryStyle::Form) => {
                properties(schema).any(|(property, _)| property == name)
            }
            _ => self.parameter.name == name,
        }
    }

    /// The value; `None` if the query has no part for it.
    pub(super) fn read(&self, pairs: &[QueryPair<'_>]) -> Result<Option<Value>, QueryError> {
        let own = pairs.iter().filter(|pair| self.owns(&pair.name));
        let own: Vec<&QueryPair<'_>> = own.collect();
        if own.is_empty() {
            return Ok(None);
        }
        let schema = &self.parameter.schema;
        let value = match (kind(schema), self.parameter.style) {
            (Some("object"), QueryStyle::Comma) => self.alternating(&own)?,
            (Some("object"), _) => self.nested(&own)?,
            (Some("array"), style) => {
                let items = self.items(schema);
                let texts = items_of(&own, style)?;
                texts.iter().map(|text| typed(&items, text)).collect()
            }
            _ => typed(schema, &text(only(&own)?.raw)?),
        };
        Ok(Some(value))
    }

    /// The pointer to the property that a name such as `filter[a][b]` or `filter.a.b` means.
    fn property(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix(&self.parameter.name)?;
        let steps: Vec<&str> = match self.parameter.style {
            QueryStyle::Dotted => rest.strip_prefix('.')?.split('.').collect(),
            _ => rest
                .strip_prefix('[')?
                .strip_suffix(']')?
                .split("][")
                .collect(),
        };
        let steps = steps.into_iter();
        Some(steps.fold(String::new(), |at, step| pointer::child(&at, step)))
    }

    /// The flat schema of the items of a list.
    fn items(&self, schema: &Value) -> Value {
        let items = schema.get("items").cloned().unwrap_or_default();
        self.schemas.flat(&items).into_owned()
    }

    /// A part for each property.
    fn nested(&self, own: &[&QueryPair<'_>]) -> Result<Value, QueryError> {
        let mut value = Value::Object(Map::new());
        for pair in own {
            let at = match self.parameter.style {
                QueryStyle::Form => pointer::child("", &pair.name),
                _ => self.property(&pair.name).unwrap_or_default(),
            };
            let schema = self.schemas.walk(&self.parameter.schema, &at);
            let schema = schema.unwrap_or_default();
            let text = text(pair.raw)?;
            if kind(&schema) == Some("array") {
                let mut list = match value.pointer(&at) {
                    Some(Value::Array(list)) => list.clone(),
                    _ => Vec::new(),
                };
                list.push(typed(&self.items(&schema), &text));
                pointer::set(&mut value, &at, Value::Array(list));
            } else if value.pointer(&at).is_some() {
                return Err(QueryError::Repeated);
            } else {
                pointer::set(&mut value, &at, typed(&schema, &text));
            }
        }
        Ok(value)
    }

    /// Names and values in one part, alternating.
    fn alternating(&self, own: &[&QueryPair<'_>]) -> Result<Value, QueryError> {
        let texts = items_of(own, QueryStyle::Comma)?;
        let mut members = Map::new();
        for entry in texts.chunks(2) {
            let [name, text] = entry else {
                return Err(QueryError::NameWithoutValue);
            };
            let at = pointer::child("", name);
            let schema = self.schemas.walk(&self.parameter.schema, &at);
            members.insert(name.clone(), typed(&schema.unwrap_or_default(), text));
        }
        Ok(Value::Object(members))
    }
}

/// The items of a list. A comma delimits as it is and belongs to an item when encoded; the other delimiters are always encoded.
fn items_of(own: &[&QueryPair<'_>], style: QueryStyle) -> Result<Vec<String>, QueryError> {
    let delimiter = match style {
        QueryStyle::Form | QueryStyle::Deep | QueryStyle::Dotted => {
            return own.iter().map(|pair| text(pair.raw)).collect();
        }
        QueryStyle::Comma => return only(own)?.raw.split(',').map(text).collect(),
        QueryStyle::Space => ' ',
        QueryStyle::Pipe => '|',
    };
    let whole = text(only(own)?.raw)?;
    Ok(whole.split(delimiter).map(str::to_owned).collect())
}

/// The only part of a value that may not be repeated.
fn only<'a, 'q>(own: &[&'a QueryPair<'q>]) -> Result<&'a QueryPair<'q>, QueryError> {
    match own {
        [pair] => Ok(pair),
        _ => Err(QueryError::Repeated),
    }
}

fn text(raw: &str) -> Result<String, QueryError> {
    percent_decode(raw, true).ok_or(QueryError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use botroster_spec::model::Location;
    use serde_json::json;

    fn read(style: QueryStyle, schema: Value, query: &str) -> Result<Option<Value>, QueryError> {
        let parameter = Parameter {
            name: "f".to_owned(),
            location: Location::Query,
            required: false,
            description: String::new(),
            schema,
            style,
        };
        let reader = QueryReader {
            parameter: &parameter,
            schemas: &Schemas::default(),
        };
        reader.read(&pairs(query).unwrap())
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
            Err(QueryError::Repeated)
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
            Err(QueryError::NameWithoutValue)
        );
        assert_eq!(
            read(QueryStyle::Deep, schema.clone(), "f[name]=x&f[name]=y"),
            Err(QueryError::Repeated)
        );
        assert_eq!(read(QueryStyle::Deep, schema, "f[none]=x"), Ok(None));
    }
}
