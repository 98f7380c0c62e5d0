use serde_json::Value;

use crate::error::MappingError;
use crate::mapped_fields::{MappedFields, MappedModel as _};
use crate::model::{Contact, Conversation, Message};

/// A parsed `x-maps-to`: how records of one stream become contacts, conversations or messages.
///
/// One record may become several of them, such as a contact and a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    contact: Option<MappedFields>,
    conversation: Option<MappedFields>,
    message: Option<MappedFields>,
}

impl Mapping {
    /// Parses the JSON text of an `x-maps-to`. `{}` maps to nothing.
    ///
    /// # Errors
    /// Returns an error if the text is not JSON, names an unknown model, field or form, uses a form that does not fit
    /// its field, or contains an invalid JSON pointer. The error names the position, such as `contact.phone`.
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
                "contact" => mapping.contact = Some(MappedFields::parse::<Contact>(model, fields)?),
                "conversation" => {
                    mapping.conversation = Some(MappedFields::parse::<Conversation>(model, fields)?)
                }
                "message" => mapping.message = Some(MappedFields::parse::<Message>(model, fields)?),
                _ => {
                    let problem = format!(
                        "unknown model `{model}`; the models are contact, conversation and message"
                    );
                    return Err(MappingError::new("", problem));
                }
            }
        }
        Ok(mapping)
    }

    /// Maps the record to a contact. Returns `None` if the mapping describes no contacts.
    #[must_use]
    pub fn contact(&self, record: &Value) -> Option<Contact> {
        self.contact
            .as_ref()
            .map(|fields| Contact::from_record(fields, record))
    }

    /// Maps the record to a conversation. Returns `None` if the mapping describes no conversations.
    #[must_use]
    pub fn conversation(&self, record: &Value) -> Option<Conversation> {
        self.conversation
            .as_ref()
            .map(|fields| Conversation::from_record(fields, record))
    }

    /// Maps the record to a message. Returns `None` if the mapping describes no messages.
    #[must_use]
    pub fn message(&self, record: &Value) -> Option<Message> {
        self.message
            .as_ref()
            .map(|fields| Message::from_record(fields, record))
    }

    /// Returns whether records map to nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contact.is_none() && self.conversation.is_none() && self.message.is_none()
    }
}
