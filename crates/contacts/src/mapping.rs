use serde_json::Value;

use crate::error::MappingError;
use crate::expression::{Expression, Read};
use crate::model::{Contact, Conversation, Field, Message, Record};

/// Which part of a platform's record is which field of the common model: an `x-maps-to` description, ready to apply.
///
/// A record may map to a contact and a conversation at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    contact: Option<Shape>,
    conversation: Option<Shape>,
    message: Option<Shape>,
}

impl Mapping {
    /// Reads a description, the JSON text of an `x-maps-to`. `{}` maps to nothing.
    ///
    /// # Errors
    /// Text that is no JSON, an unknown model or field, an unknown form of value, a form that does not fit its field,
    /// or a pointer that is none; named by their place.
    pub fn parse(json: &str) -> Result<Self, MappingError> {
        let description: Value = serde_json::from_str(json)
            .map_err(|error| MappingError::new("", format!("not JSON: {error}")))?;
        let Value::Object(models) = description else {
            return Err(MappingError::new(
                "",
                "expected an object of contact, conversation or message",
            ));
        };
        let mut mapping = Self::default();
        for (model, fields) in &models {
            match model.as_str() {
                "contact" => mapping.contact = Some(Shape::parse::<Contact>(model, fields)?),
                "conversation" => {
                    mapping.conversation = Some(Shape::parse::<Conversation>(model, fields)?)
                }
                "message" => mapping.message = Some(Shape::parse::<Message>(model, fields)?),
                _ => {
                    let problem = format!(
                        "unknown model `{model}`; there are contact, conversation and message"
                    );
                    return Err(MappingError::new("", problem));
                }
            }
        }
        Ok(mapping)
    }

    /// The record as a contact, or `None` if records of this kind are no contacts.
    #[must_use]
    pub fn contact(&self, record: &Value) -> Option<Contact> {
        self.contact
            .as_ref()
            .map(|shape| Contact::map(shape, record))
    }

    /// The record as a conversation, or `None` if records of this kind are no conversations.
    #[must_use]
    pub fn conversation(&self, record: &Value) -> Option<Conversation> {
        self.conversation
            .as_ref()
            .map(|shape| Conversation::map(shape, record))
    }

    /// The record as a message, or `None` if records of this kind are no messages.
    #[must_use]
    pub fn message(&self, record: &Value) -> Option<Message> {
        self.message
            .as_ref()
            .map(|shape| Message::map(shape, record))
    }

    /// Whether records map to nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contact.is_none() && self.conversation.is_none() && self.message.is_none()
    }
}

/// The described fields of one model type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    fields: Vec<(Field, Expression)>,
}

/// A model type that can be made from a record.
pub(crate) trait Mapped: Record {
    fn map(shape: &Shape, record: &Value) -> Self;
}

impl Shape {
    fn parse<T: Record>(model: &str, description: &Value) -> Result<Self, MappingError> {
        let Value::Object(described) = description else {
            return Err(MappingError::new(model, "expected an object of fields"));
        };
        let mut fields = Vec::with_capacity(described.len());
        for (name, value) in described {
            let at = format!("{model}.{name}");
            let Some(field) = T::FIELDS.iter().find(|field| field.name == name) else {
                let known: Vec<_> = T::FIELDS.iter().map(|field| field.name).collect();
                return Err(MappingError::new(
                    &at,
                    format!("unknown field; there are {}", known.join(", ")),
                ));
            };
            fields.push((*field, Expression::parse(&at, field.kind, value)?));
        }
        Ok(Self { fields })
    }

    pub(crate) fn read<T: Read>(&self, field: &str, record: &Value) -> T {
        self.fields
            .iter()
            .find(|(described, _)| described.name == field)
            .and_then(|(described, expression)| T::read(expression, described.kind, record))
            .unwrap_or_default()
    }
}
