use serde_json::{Map, Value};

use crate::error::MappingError;
use crate::field::FieldKind;
use crate::pointer::Pointer;

/// How the value of a field is taken from a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// The value at a pointer.
    At(Pointer),
    /// The first value that is present.
    First(Vec<Expression>),
    /// The values that are present, joined.
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
    /// A phone number in one string.
    Phone(Pointer),
    /// A phone number and its country code, in two strings.
    PrefixedPhone { prefix: Pointer, number: Pointer },
}

const FORMS: &str =
    "expected a JSON pointer or one of first, join (with), map, pairs (key, value), phone";

impl Expression {
    pub(crate) fn parse(
        at: &str,
        kind: FieldKind,
        description: &Value,
    ) -> Result<Self, MappingError> {
        match description {
            Value::String(text) => {
                if kind == FieldKind::Attributes {
                    return Err(MappingError::new(at, "attributes need `map` or `pairs`"));
                }
                pointer(at, text).map(Self::At)
            }
            Value::Object(members) => Self::parse_form(at, kind, members),
            _ => Err(MappingError::new(at, FORMS)),
        }
    }

    fn parse_form(
        at: &str,
        kind: FieldKind,
        members: &Map<String, Value>,
    ) -> Result<Self, MappingError> {
        const FORM_NAMES: [&str; 5] = ["first", "join", "map", "pairs", "phone"];
        let Some((form, value)) = FORM_NAMES
            .iter()
            .find_map(|form| Some((*form, members.get(*form)?)))
        else {
            return Err(MappingError::new(at, FORMS));
        };
        let (options, fits): (&[&str], bool) = match form {
            "join" => (&["with"], kind == FieldKind::Text),
            "map" => (&[], kind == FieldKind::Attributes),
            "pairs" => (&["key", "value"], kind == FieldKind::Attributes),
            "phone" => (&[], kind == FieldKind::Text),
            _ => (&[], true),
        };
        if let Some(unknown) = members
            .keys()
            .find(|key| *key != form && !options.contains(&key.as_str()))
        {
            return Err(MappingError::new(
                at,
                format!("unknown key `{unknown}` next to `{form}`; {FORMS}"),
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
                    Some(_) => return Err(MappingError::new(at, "`with` must be a string")),
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

    fn parse_list(
        at: &str,
        kind: FieldKind,
        description: &Value,
    ) -> Result<Vec<Self>, MappingError> {
        match description {
            Value::Array(items) if !items.is_empty() => {
                let numbered = items.iter().enumerate();
                numbered
                    .map(|(index, item)| Self::parse(&format!("{at}[{index}]"), kind, item))
                    .collect()
            }
            _ => Err(MappingError::new(
                at,
                "expected a list with at least one value",
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
                format!("unknown key `{unknown}`; the keys of a phone are prefix and number"),
            ));
        }
        Ok(Self::PrefixedPhone {
            prefix: member(at, members, "prefix")?,
            number: member(at, members, "number")?,
        })
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
