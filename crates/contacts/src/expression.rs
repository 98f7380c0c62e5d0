use serde_json::{Map, Value};

use crate::error::MappingError;
use crate::model::Kind;
use crate::pointer::Pointer;
use crate::{phone, text, time};

/// How a field's value is found in a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// What is at a place.
    At(Pointer),
    /// The first that is not absent.
    First(Vec<Expression>),
    /// The present ones, joined.
    Join {
        parts: Vec<Expression>,
        with: String,
    },
    /// The members of an object, as attributes.
    Map(Pointer),
    /// The items of an array, each with a key and a value, as attributes.
    Pairs {
        at: Pointer,
        key: Pointer,
        value: Pointer,
    },
    /// A telephone number in one text.
    Phone(Pointer),
    /// A telephone number beside its country's prefix.
    PrefixedPhone { prefix: Pointer, number: Pointer },
}

const FORMS: &str =
    "a value is a pointer or one of first, join (with), map, pairs (key, value), phone";

impl Expression {
    pub(crate) fn parse(at: &str, kind: Kind, description: &Value) -> Result<Self, MappingError> {
        match description {
            Value::String(text) => {
                if kind == Kind::Attributes {
                    return Err(MappingError::new(
                        at,
                        "attributes come from `map` or `pairs`",
                    ));
                }
                pointer(at, text).map(Self::At)
            }
            Value::Object(members) => Self::parse_form(at, kind, members),
            _ => Err(MappingError::new(at, FORMS)),
        }
    }

    fn parse_form(
        at: &str,
        kind: Kind,
        members: &Map<String, Value>,
    ) -> Result<Self, MappingError> {
        const FORM_NAMES: [&str; 5] = ["first", "join", "map", "pairs", "phone"];
        let Some((form, value)) = FORM_NAMES
            .iter()
            .find_map(|form| Some((*form, members.get(*form)?)))
        else {
            return Err(MappingError::new(at, FORMS));
        };
        let (beside, fits): (&[&str], bool) = match form {
            "join" => (&["with"], kind == Kind::Text),
            "map" => (&[], kind == Kind::Attributes),
            "pairs" => (&["key", "value"], kind == Kind::Attributes),
            "phone" => (&[], kind == Kind::Text),
            _ => (&[], true),
        };
        if let Some(unknown) = members
            .keys()
            .find(|key| *key != form && !beside.contains(&key.as_str()))
        {
            return Err(MappingError::new(
                at,
                format!("unknown `{unknown}` beside `{form}`; {FORMS}"),
            ));
        }
        if !fits {
            return Err(MappingError::new(
                at,
                format!("`{form}` does not fit this field"),
            ));
        }
        let inside = format!("{at}.{form}");
        match form {
            "first" => Self::parse_list(&inside, kind, value).map(Self::First),
            "join" => {
                let parts = Self::parse_list(&inside, kind, value)?;
                let with = match members.get("with") {
                    Some(Value::String(with)) => with.clone(),
                    None => " ".to_owned(),
                    Some(_) => return Err(MappingError::new(at, "`with` is a string")),
                };
                Ok(Self::Join { parts, with })
            }
            "map" => pointer_in(&inside, value).map(Self::Map),
            "pairs" => Ok(Self::Pairs {
                at: pointer_in(&inside, value)?,
                key: member(at, members, "key")?,
                value: member(at, members, "value")?,
            }),
            _ => Self::parse_phone(&inside, value),
        }
    }

    fn parse_list(at: &str, kind: Kind, description: &Value) -> Result<Vec<Self>, MappingError> {
        match description {
            Value::Array(items) if !items.is_empty() => {
                let numbered = items.iter().enumerate();
                numbered
                    .map(|(index, item)| Self::parse(&format!("{at}[{index}]"), kind, item))
                    .collect()
            }
            _ => Err(MappingError::new(
                at,
                "expected a list of at least one value",
            )),
        }
    }

    fn parse_phone(at: &str, description: &Value) -> Result<Self, MappingError> {
        let Value::Object(members) = description else {
            return pointer_in(at, description).map(Self::Phone);
        };
        if let Some(unknown) = members
            .keys()
            .find(|key| !["prefix", "number"].contains(&key.as_str()))
        {
            return Err(MappingError::new(
                at,
                format!("unknown `{unknown}`; a phone has prefix and number"),
            ));
        }
        Ok(Self::PrefixedPhone {
            prefix: member(at, members, "prefix")?,
            number: member(at, members, "number")?,
        })
    }

    fn text(&self, record: &Value, scalar: fn(&Value) -> Option<String>) -> Option<String> {
        match self {
            Self::At(place) => scalar(place.find(record)?),
            Self::First(parts) => parts.iter().find_map(|part| part.text(record, scalar)),
            Self::Join { parts, with } => {
                let present: Vec<_> = parts
                    .iter()
                    .filter_map(|part| part.text(record, scalar))
                    .collect();
                (!present.is_empty()).then(|| present.join(with))
            }
            Self::Phone(place) => phone::single(&text::text(place.find(record)?)?),
            Self::PrefixedPhone { prefix, number } => {
                let prefix = prefix.find(record).and_then(text::text);
                phone::prefixed(prefix.as_deref(), &text::text(number.find(record)?)?)
            }
            Self::Map(_) | Self::Pairs { .. } => None,
        }
    }
}

fn member(at: &str, members: &Map<String, Value>, name: &str) -> Result<Pointer, MappingError> {
    match members.get(name) {
        Some(value) => pointer_in(&format!("{at}.{name}"), value),
        None => Err(MappingError::new(at, format!("`{name}` is missing"))),
    }
}

fn pointer_in(at: &str, description: &Value) -> Result<Pointer, MappingError> {
    match description {
        Value::String(text) => pointer(at, text),
        _ => Err(MappingError::new(at, "expected a JSON pointer")),
    }
}

fn pointer(at: &str, text: &str) -> Result<Pointer, MappingError> {
    Pointer::parse(text).map_err(|problem| MappingError::new(at, format!("`{text}`: {problem}")))
}

/// The type of a field's value, and how it is read from a record; `None` where the record says nothing.
pub(crate) trait Read: Default {
    fn read(expression: &Expression, kind: Kind, record: &Value) -> Option<Self>;
}

impl Read for Option<String> {
    fn read(expression: &Expression, kind: Kind, record: &Value) -> Option<Self> {
        let scalar = match kind {
            Kind::Author => text::author,
            Kind::Time => time::normalised,
            Kind::Text | Kind::Flag | Kind::Tags | Kind::Attributes => text::text,
        };
        expression.text(record, scalar).map(Some)
    }
}

impl Read for Option<bool> {
    fn read(expression: &Expression, _: Kind, record: &Value) -> Option<Self> {
        flag(expression, record).map(Some)
    }
}

impl Read for Vec<String> {
    fn read(expression: &Expression, _: Kind, record: &Value) -> Option<Self> {
        tags(expression, record)
    }
}

impl Read for Vec<(String, Value)> {
    fn read(expression: &Expression, _: Kind, record: &Value) -> Option<Self> {
        attributes(expression, record)
    }
}

fn flag(expression: &Expression, record: &Value) -> Option<bool> {
    match expression {
        Expression::At(place) => place.find(record)?.as_bool(),
        Expression::First(parts) => parts.iter().find_map(|part| flag(part, record)),
        _ => None,
    }
}

fn tags(expression: &Expression, record: &Value) -> Option<Vec<String>> {
    let tags: Vec<_> = match expression {
        Expression::At(place) => place
            .find(record)?
            .as_array()?
            .iter()
            .filter_map(text::text)
            .collect(),
        Expression::First(parts) => return parts.iter().find_map(|part| tags(part, record)),
        _ => return None,
    };
    (!tags.is_empty()).then_some(tags)
}

fn attributes(expression: &Expression, record: &Value) -> Option<Vec<(String, Value)>> {
    let attributes: Vec<_> = match expression {
        Expression::Map(place) => {
            let members = place.find(record)?.as_object()?.iter();
            let present = members.filter(|(_, value)| !value.is_null());
            present
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        }
        Expression::Pairs { at, key, value } => {
            let items = at.find(record)?.as_array()?.iter();
            items.filter_map(|item| pair(key, value, item)).collect()
        }
        Expression::First(parts) => return parts.iter().find_map(|part| attributes(part, record)),
        _ => return None,
    };
    (!attributes.is_empty()).then_some(attributes)
}

fn pair(key: &Pointer, value: &Pointer, item: &Value) -> Option<(String, Value)> {
    let key = text::text(key.find(item)?)?;
    let value = value.find(item)?;
    (!value.is_null()).then(|| (key, value.clone()))
}
