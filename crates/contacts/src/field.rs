use serde_json::Value;

/// The type of a field, which decides how its value is read from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A string. Numbers and booleans are read as their JSON text.
    Text,
    /// The author of a message: `user`, `bot`, `agent`, or the platform's own value.
    Author,
    /// An instant, written as RFC 3339 in UTC with milliseconds: `2019-01-23T13:32:30.163Z`.
    Time,
    /// A boolean.
    Flag,
    /// A list of strings.
    Tags,
    /// An ordered list of keys with JSON values.
    Attributes,
}

/// The name and type of one field of a [`CommonModel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// The field's name, as in `x-maps-to`.
    pub name: &'static str,
    /// The field's type.
    pub kind: FieldKind,
}

/// The value of one field.
///
/// `Debug` prints `present` or `absent`, never the value, because it may be personal data.
#[derive(Clone, Copy, PartialEq)]
pub enum FieldValue<'a> {
    /// The value of a [`FieldKind::Text`], [`FieldKind::Author`] or [`FieldKind::Time`] field.
    Text(Option<&'a str>),
    /// The value of a [`FieldKind::Flag`] field.
    Flag(Option<bool>),
    /// The value of a [`FieldKind::Tags`] field; empty if absent.
    Tags(&'a [String]),
    /// The value of a [`FieldKind::Attributes`] field; empty if absent.
    Attributes(&'a [(String, Value)]),
}

impl FieldValue<'_> {
    /// Returns whether the field has a value.
    #[must_use]
    pub fn is_present(&self) -> bool {
        match self {
            Self::Text(text) => text.is_some(),
            Self::Flag(flag) => flag.is_some(),
            Self::Tags(tags) => !tags.is_empty(),
            Self::Attributes(attributes) => !attributes.is_empty(),
        }
    }
}

impl std::fmt::Debug for FieldValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_present() {
            "present"
        } else {
            "absent"
        })
    }
}

/// A type of the common model: [`Contact`](crate::Contact), [`Conversation`](crate::Conversation) or
/// [`Message`](crate::Message).
///
/// Lets a destination derive its columns from the model instead of listing them again.
pub trait CommonModel {
    /// The fields, in the order of the type's definition.
    const FIELDS: &'static [FieldInfo];

    /// Returns the values, in the order of [`Self::FIELDS`].
    fn values(&self) -> Vec<FieldValue<'_>>;
}
