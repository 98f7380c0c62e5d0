use std::collections::HashMap;

use botroster_client::{ParentInfo, StreamInfo};
use botroster_contacts::{Contact, Conversation, Mapping, Message, Pointer, Record, text};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::content::{self, Fingerprint};
use crate::job::Arguments;
use crate::sink::{Entry, Row, Table};

/// A list to walk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Walk {
    pub(crate) arguments: Arguments,
    pub(crate) owner: Owner,
}

/// Whose list it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Owner {
    contact_id: Option<String>,
    conversation_id: Option<String>,
}

/// How records of one stream become rows.
pub(crate) struct Preparer {
    key: Option<Pointer>,
    mapping: Mapping,
    /// Streams with one walk for each record of this one.
    children: Vec<Binding>,
}

struct Binding {
    stream: &'static str,
    parameters: Vec<(&'static str, Pointer)>,
}

/// Why a record cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    Unreadable,
    Keyless,
}

/// A record ready to be stored, and the walks it asks for in other streams.
pub(crate) struct Prepared {
    pub(crate) entry: Entry,
    pub(crate) children: Vec<(&'static str, Walk)>,
}

impl Preparer {
    /// Reads a stream's description; `siblings` are all streams of the platform.
    pub(crate) fn new(
        stream: &StreamInfo,
        siblings: &[&'static StreamInfo],
    ) -> Result<Self, String> {
        let faulty = |problem: String| {
            format!(
                "the description of stream {} is faulty: {problem}",
                stream.name
            )
        };
        let pointer = |text: &str| {
            Pointer::parse(text).map_err(|problem| faulty(format!("`{text}`: {problem}")))
        };
        let mapping =
            Mapping::parse(stream.maps_to).map_err(|problem| faulty(problem.to_string()))?;
        if mapping.is_empty() {
            return Err(faulty("its records map to nothing".to_owned()));
        }
        let mut children = Vec::new();
        for sibling in siblings {
            let Some(ParentInfo {
                stream: parent,
                bind,
                ..
            }) = &sibling.parent
            else {
                continue;
            };
            if *parent == stream.name {
                let bound = bind
                    .iter()
                    .map(|(parameter, place)| Ok((*parameter, pointer(place)?)));
                children.push(Binding {
                    stream: sibling.name,
                    parameters: bound.collect::<Result<_, String>>()?,
                });
            }
        }
        Ok(Self {
            key: stream.key.map(pointer).transpose()?,
            mapping,
            children,
        })
    }

    /// Makes the rows of a record. `seen` counts records without a key that are equal within the walk.
    pub(crate) fn prepare(
        &self,
        raw: Box<RawValue>,
        walk: &Walk,
        seen: &mut HashMap<Fingerprint, u64>,
    ) -> Result<Prepared, Rejection> {
        let record: Value = serde_json::from_str(raw.get()).map_err(|_| Rejection::Unreadable)?;
        let canonical = content::canonical(&record);
        let mut contact = self.mapping.contact(&record);
        let mut conversation = self.mapping.conversation(&record);
        let mut message = self.mapping.message(&record);

        let pointed = self.key.as_ref().and_then(|key| text(key.find(&record)?));
        let mapped = [
            contact.as_ref().and_then(|contact| contact.id.clone()),
            conversation
                .as_ref()
                .and_then(|conversation| conversation.id.clone()),
            message.as_ref().and_then(|message| message.id.clone()),
        ];
        let mut key = pointed.or_else(|| mapped.into_iter().flatten().next());
        if key.is_none() && message.is_some() {
            let fingerprint = content::of_record(&walk.arguments, &canonical);
            let occurrence = seen
                .entry(fingerprint)
                .and_modify(|count| *count += 1)
                .or_insert(1);
            key = Some(format!("{}-{occurrence}", content::hex(&fingerprint)));
        }
        let key = key.ok_or(Rejection::Keyless)?;

        let mut rows = Vec::new();
        if let Some(contact) = &mut contact {
            contact.id.get_or_insert_with(|| key.clone());
            rows.push(Row::new(Table::Contacts, &*contact, &canonical));
        }
        if let Some(conversation) = &mut conversation {
            complete_conversation(conversation, &key, walk);
            rows.push(Row::new(Table::Conversations, &*conversation, &canonical));
        }
        if let Some(message) = &mut message {
            complete_message(message, &key, walk);
            rows.push(Row::new(Table::Messages, &*message, &canonical));
        }
        let owner = owner(contact, conversation, message);
        let children = self
            .children
            .iter()
            .map(|child| (child.stream, child.walk(&record, &key, owner.clone())))
            .collect();
        Ok(Prepared {
            entry: Entry {
                rows,
                raw: Box::<str>::from(raw).into_string(),
            },
            children,
        })
    }
}

impl Binding {
    fn walk(&self, record: &Value, key: &str, owner: Owner) -> Walk {
        let bound = self.parameters.iter().map(|(parameter, place)| {
            let value = place
                .find(record)
                .and_then(text)
                .unwrap_or_else(|| key.to_owned());
            ((*parameter).to_owned(), value)
        });
        Walk {
            arguments: bound.collect(),
            owner,
        }
    }
}

/// Whom a record's children belong to: the record itself, or what it belongs to.
fn owner(
    contact: Option<Contact>,
    conversation: Option<Conversation>,
    message: Option<Message>,
) -> Owner {
    let (of_conversation, conversation_id) = conversation
        .map(|own| (own.contact_id, own.id))
        .unwrap_or_default();
    let (of_message, its_conversation) = message
        .map(|own| (own.contact_id, own.conversation_id))
        .unwrap_or_default();
    Owner {
        contact_id: contact
            .and_then(|own| own.id)
            .or(of_conversation)
            .or(of_message),
        conversation_id: conversation_id.or(its_conversation),
    }
}

fn complete_conversation(conversation: &mut Conversation, key: &str, walk: &Walk) {
    conversation.id.get_or_insert_with(|| key.to_owned());
    conversation.contact_id = conversation
        .contact_id
        .take()
        .or_else(|| walk.owner.contact_id.clone());
}

fn complete_message(message: &mut Message, key: &str, walk: &Walk) {
    message.id.get_or_insert_with(|| key.to_owned());
    message.conversation_id = message
        .conversation_id
        .take()
        .or_else(|| walk.owner.conversation_id.clone());
    message.contact_id = message
        .contact_id
        .take()
        .or_else(|| walk.owner.contact_id.clone());
}

impl Row {
    fn new(table: Table, model: &impl Record, canonical: &str) -> Self {
        let values = model.values();
        Self {
            table,
            fingerprint: content::hex(&content::of_row(canonical, &values)),
            values: crate::sink::columns(&values),
        }
    }
}
