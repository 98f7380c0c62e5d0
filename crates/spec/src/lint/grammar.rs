//! The grammar of the vocabulary: the types of values.

use serde_json::Value;

/// The type of a value.
pub(crate) enum WordShape {
    Any,
    Text,
    /// A string that may be empty.
    Blank,
    Truth,
    Number,
    Whole(i64, i64),
    Pointer,
    Duration,
    Words(&'static [&'static str]),
    List(&'static WordShape),
    /// A list with at least one item.
    NonEmpty(&'static WordShape),
    /// An object with arbitrary keys.
    Map(&'static WordShape),
    Object(&'static WordTable),
    /// One of several shapes, selected by the type of the value.
    Either(&'static [WordShape]),
}

/// The keys of an object.
pub(crate) struct WordTable {
    pub(crate) words: &'static [Word],
    /// OpenAPI keywords that are not supported: the key, the reason and the fix.
    pub(in crate::lint) unsupported: &'static [(&'static str, &'static str, &'static str)],
}

/// A key of an object.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static WordShape,
    /// The fix if a required key is missing; `None` for an optional key.
    pub(in crate::lint) required: Option<&'static str>,
}

impl WordShape {
    /// Returns whether a value has the JSON type of the shape.
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
            Self::List(_) | Self::NonEmpty(_) => value.is_array(),
            Self::Map(_) | Self::Object(_) => value.is_object(),
            Self::Either(shapes) => shapes.iter().any(|shape| shape.takes(value)),
        }
    }

    pub(in crate::lint) fn name(&self) -> String {
        match self {
            Self::Any => "a value".into(),
            Self::Truth => "true or false".into(),
            Self::Number => "a number".into(),
            Self::Whole(..) => "an integer".into(),
            Self::Text | Self::Blank => "a string".into(),
            Self::Pointer => "a pointer such as `/data`".into(),
            Self::Duration => "a duration such as `60s`".into(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::List(_) | Self::NonEmpty(_) => "a list".into(),
            Self::Map(_) | Self::Object(_) => "an object".into(),
            Self::Either(shapes) => shapes
                .iter()
                .map(Self::name)
                .collect::<Vec<_>>()
                .join(", or "),
        }
    }
}
