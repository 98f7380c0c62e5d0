//! The types of the common model, each defined by one list of its fields.

use serde_json::Value;

use crate::field::{CommonModel, FieldInfo, FieldKind, FieldValue};
use crate::mapped_fields::{MappedFields, MappedModel};

macro_rules! value_type {
    (Flag) => { Option<bool> };
    (Tags) => { Vec<String> };
    (Attributes) => { Vec<(String, Value)> };
    ($text:ident) => { Option<String> };
}

macro_rules! field_value {
    (Flag, $value:expr) => {
        FieldValue::Flag($value)
    };
    (Tags, $value:expr) => {
        FieldValue::Tags(&$value)
    };
    (Attributes, $value:expr) => {
        FieldValue::Attributes(&$value)
    };
    ($text:ident, $value:expr) => {
        FieldValue::Text($value.as_deref())
    };
}

/// Defines a model type from a list of its fields: the struct, its construction from a mapping, and a `Debug` that
/// names the fields that are present without their values.
macro_rules! model {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: value_type!($kind),)*
        }

        impl CommonModel for $name {
            const FIELDS: &'static [FieldInfo] =
                &[$(FieldInfo { name: stringify!($field), kind: FieldKind::$kind },)*];

            fn values(&self) -> Vec<FieldValue<'_>> {
                vec![$(field_value!($kind, self.$field),)*]
            }
        }

        impl MappedModel for $name {
            fn from_record(fields: &MappedFields, record: &Value) -> Self {
                Self { $($field: fields.read(stringify!($field), record),)* }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " "))?;
                let mut present = f.debug_set();
                for (field, value) in Self::FIELDS.iter().zip(self.values()) {
                    if value.is_present() {
                        present.entry(&format_args!("{}", field.name));
                    }
                }
                present.finish()
            }
        }
    };
}

model! {
    /// A person who talks to a chatbot.
    ///
    /// Every field is optional, because platforms give different ones. `Debug` prints the names of the fields that are
    /// present and no values.
    Contact {
        /// The person's id on the platform.
        id: Text,
        /// The person's id in the bot owner's own system.
        external_id: Text,
        /// The display name.
        display_name: Text,
        /// The given name.
        first_name: Text,
        /// The family name.
        last_name: Text,
        /// The user name within a channel.
        username: Text,
        /// The email address, unchanged.
        email: Text,
        /// The phone number: digits, preceded by `+` if the country code is known.
        phone: Text,
        /// The URL of the person's picture.
        avatar_url: Text,
        /// The language, as the platform writes it.
        language: Text,
        /// The time zone, as the platform writes it.
        timezone: Text,
        /// The gender, as the platform writes it.
        gender: Text,
        /// The country, as the platform writes it.
        country: Text,
        /// The region, as the platform writes it.
        region: Text,
        /// The city.
        city: Text,
        /// The channel or page through which the person arrived.
        source: Text,
        /// Whether the bot's owner has banned the person.
        banned: Flag,
        /// The tags or segments that the owner has assigned.
        tags: Tags,
        /// Custom attributes that the owner has collected, in the platform's order.
        attributes: Attributes,
        /// When the person was first seen.
        created_at: Time,
        /// When the record last changed.
        updated_at: Time,
        /// When the person was last active.
        last_seen_at: Time,
        /// The text of the last message.
        last_message: Text,
    }
}

model! {
    /// A conversation between a person and a bot or its agents.
    Conversation {
        /// The conversation's id on the platform.
        id: Text,
        /// The id of the person.
        contact_id: Text,
        /// The status, such as open or closed, as the platform writes it.
        status: Text,
        /// The subject.
        subject: Text,
        /// The id of the agent who handles the conversation.
        agent_id: Text,
        /// When the conversation started.
        started_at: Time,
        /// When the conversation last changed.
        updated_at: Time,
        /// When the last message was sent.
        last_message_at: Time,
        /// The text of the last message.
        last_message: Text,
        /// The author of the last message: `user`, `bot`, `agent`, or the platform's own value.
        last_message_author: Author,
    }
}

model! {
    /// One message.
    Message {
        /// The message's id on the platform.
        id: Text,
        /// The id of the conversation that the message belongs to.
        conversation_id: Text,
        /// The id of the person whose conversation it is.
        contact_id: Text,
        /// The author: `user`, `bot`, `agent`, or the platform's own value.
        author: Author,
        /// The text.
        text: Text,
        /// When the message was sent.
        sent_at: Time,
    }
}

#[cfg(test)]
mod tests {
    use super::{CommonModel, Contact, Conversation, Message};
    use serde_json::json;

    #[test]
    fn debug_prints_the_names_of_present_fields_and_no_values() {
        let contact = Contact {
            id: Some("canary-id".into()),
            email: Some("canary@example.com".into()),
            banned: Some(true),
            attributes: vec![("canary-key".into(), json!("canary"))],
            ..Contact::default()
        };
        assert_eq!(
            format!("{contact:?}"),
            "Contact {id, email, banned, attributes}"
        );
        assert!(!format!("{:?}", contact.values()).contains("canary"));
        assert_eq!(format!("{:?}", Message::default()), "Message {}");
    }

    #[test]
    fn fields_and_values_have_the_same_order() {
        assert_eq!(
            (
                Contact::FIELDS.len(),
                Conversation::FIELDS.len(),
                Message::FIELDS.len()
            ),
            (23, 10, 6)
        );
        assert_eq!(Contact::default().values().len(), Contact::FIELDS.len());
        let message = Message {
            text: Some("hello".into()),
            ..Message::default()
        };
        let present: Vec<_> = Message::FIELDS
            .iter()
            .zip(message.values())
            .filter(|(_, value)| value.is_present())
            .map(|(field, _)| field.name)
            .collect();
        assert_eq!(present, ["text"]);
    }
}
