use serde_json::Value;

/// What a field holds, and so by which rule it is read from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text: strings as they are, numbers and booleans as their JSON text.
    Text,
    /// Who wrote something: `user`, `bot`, `agent`, or the platform's own word.
    Author,
    /// An instant as RFC 3339 in UTC with three fraction digits, as in `2019-01-23T13:32:30.163Z`.
    Time,
    /// Yes or no.
    Flag,
    /// A list of texts.
    Tags,
    /// An ordered list of keys and JSON values.
    Attributes,
}

/// One field of a model type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in `x-maps-to`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A field's value in one record.
#[derive(Clone, Copy, PartialEq)]
pub enum FieldValue<'a> {
    /// Text, authors and times.
    Text(Option<&'a str>),
    /// Yes, no, or not known.
    Flag(Option<bool>),
    /// Tags.
    Tags(&'a [String]),
    /// Attributes.
    Attributes(&'a [(String, Value)]),
}

impl FieldValue<'_> {
    /// Whether the record says anything here.
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

/// Only whether there is a value: what it is may be personal.
impl std::fmt::Debug for FieldValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_present() {
            "present"
        } else {
            "absent"
        })
    }
}

/// What every model type tells about its fields, so that a store needs no list of its own.
pub trait Record {
    /// The fields, in the order of the type's definition.
    const FIELDS: &'static [Field];

    /// The values, in the order of [`Self::FIELDS`].
    fn values(&self) -> Vec<FieldValue<'_>>;
}

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

/// A model type from one list of its fields: the struct, a `Debug` that names the present fields and shows none, the
/// field list, and the construction from a mapping's expressions.
macro_rules! model {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: value_type!($kind),)*
        }

        impl Record for $name {
            const FIELDS: &'static [Field] =
                &[$(Field { name: stringify!($field), kind: Kind::$kind },)*];

            fn values(&self) -> Vec<FieldValue<'_>> {
                vec![$(field_value!($kind, self.$field),)*]
            }
        }

        impl crate::mapping::Mapped for $name {
            fn map(shape: &crate::mapping::Shape, record: &Value) -> Self {
                Self { $($field: shape.read(stringify!($field), record),)* }
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
    /// Nothing is certain but what the platform gave: every field may be absent. `Debug` names the fields that are
    /// present and shows none of them.
    Contact {
        /// The person's id on the platform.
        id: Text,
        /// The person's id in the platform owner's own system.
        external_id: Text,
        /// The name to show.
        display_name: Text,
        /// The given name.
        first_name: Text,
        /// The family name.
        last_name: Text,
        /// The name within a channel.
        username: Text,
        /// The e-mail address, as given.
        email: Text,
        /// The telephone number: digits, after a `+` where the country is known.
        phone: Text,
        /// Where a picture of the person is.
        avatar_url: Text,
        /// The language, in the platform's own words.
        language: Text,
        /// The time zone, in the platform's own words.
        timezone: Text,
        /// The gender, in the platform's own words.
        gender: Text,
        /// The country, in the platform's own words.
        country: Text,
        /// The region, in the platform's own words.
        region: Text,
        /// The city.
        city: Text,
        /// The channel or place the person came from.
        source: Text,
        /// Whether the bot's owner has banned the person.
        banned: Flag,
        /// The owner's tags or segments.
        tags: Tags,
        /// Everything else the owner has collected, in the platform's order.
        attributes: Attributes,
        /// When the person was first known.
        created_at: Time,
        /// When the record last changed.
        updated_at: Time,
        /// When the person was last there.
        last_seen_at: Time,
        /// The last thing said.
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
        /// Whether it is open, in the platform's own words.
        status: Text,
        /// What it is about.
        subject: Text,
        /// The agent who has it.
        agent_id: Text,
        /// When it began.
        started_at: Time,
        /// When it last changed.
        updated_at: Time,
        /// When the last message was sent.
        last_message_at: Time,
        /// The last thing said.
        last_message: Text,
        /// Who said it: `user`, `bot`, `agent`, or the platform's own word.
        last_message_author: Author,
    }
}

model! {
    /// One message.
    Message {
        /// The message's id on the platform.
        id: Text,
        /// The conversation it belongs to.
        conversation_id: Text,
        /// The person whose conversation it is.
        contact_id: Text,
        /// Who wrote it: `user`, `bot`, `agent`, or the platform's own word.
        author: Author,
        /// What it says.
        text: Text,
        /// When it was sent.
        sent_at: Time,
    }
}

#[cfg(test)]
mod tests {
    use super::{Contact, Conversation, Message, Record};
    use serde_json::json;

    #[test]
    fn debug_names_the_present_fields_and_shows_none() {
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
    fn fields_and_values_go_together() {
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
