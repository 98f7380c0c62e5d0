//! The grammar of the vocabulary: what may stand where.

use serde_json::Value;

/// What a value must be.
pub(crate) enum Shape {
    Any,
    Text,
    /// A text that may be empty.
    Blank,
    Truth,
    Number,
    Whole(i64, i64),
    Pointer,
    Duration,
    Words(&'static [&'static str]),
    List(&'static Shape),
    /// A list of at least one.
    Some(&'static Shape),
    /// An object with keys of the writer's choice.
    Map(&'static Shape),
    Object(&'static Object),
    /// One of these, by the type of the value.
    Either(&'static [Shape]),
}

/// What an object may hold.
pub(crate) struct Object {
    pub(crate) words: &'static [Word],
    /// Words of OpenAPI that are refused for a reason of their own, and what to write instead.
    pub(in crate::lint) unused: &'static [(&'static str, &'static str, &'static str)],
}

/// A key of an object.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    /// For a word that must be there, what to write.
    pub(in crate::lint) must: Option<&'static str>,
}

impl Shape {
    /// Whether the value is of the type at all.
    pub(in crate::lint) fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Truth => value.is_boolean(),
            Self::Number => value.is_number(),
            Self::Whole(..) => {
                value.is_i64()
                    || value.is_u64()
                    || value.as_f64().is_some_and(|value| value.fract() == 0.0)
            }
            Self::Text | Self::Blank | Self::Pointer | Self::Duration | Self::Words(_) => {
                value.is_string()
            }
            Self::List(_) | Self::Some(_) => value.is_array(),
            Self::Map(_) | Self::Object(_) => value.is_object(),
            Self::Either(shapes) => shapes.iter().any(|shape| shape.takes(value)),
        }
    }

    pub(in crate::lint) fn name(&self) -> String {
        match self {
            Self::Any => "a value".into(),
            Self::Truth => "true or false".into(),
            Self::Number => "a number".into(),
            Self::Whole(..) => "a whole number".into(),
            Self::Text | Self::Blank => "a text".into(),
            Self::Pointer => "a pointer such as `/data`".into(),
            Self::Duration => "a duration such as `60s`".into(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::List(_) | Self::Some(_) => "a list".into(),
            Self::Map(_) | Self::Object(_) => "an object, keys and values".into(),
            Self::Either(shapes) => shapes
                .iter()
                .map(Self::name)
                .collect::<Vec<_>>()
                .join(", or "),
        }
    }
}
