use std::collections::HashMap;

use botroster_client::{ParentInfo, StreamInfo};
use botroster_contacts::{
    CommonModel, Contact, Conversation, Mapping, Message, Pointer, scalar_to_string,
};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::content::{self, Fingerprint};
use crate::job::WalkArguments;
use crate::sink::{StoredRecord, Table, TableRow};

/// A list to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlannedWalk {
    pub(crate) arguments: WalkArguments,
    pub(crate) owner: RecordOwner,
}

/// The contact and conversation that the records of a list belong to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RecordOwner {
    contact_id: Option<String>,
    conversation_id: Option<String>,
}

/// Converts the records of one stream to rows.
pub(crate) struct Preparer {
    key: Option<Pointer>,
    mapping: Mapping,
    /// Streams that read one list for each record of this one.
    children: Vec<ChildBinding>,
}

struct ChildBinding {
    stream: &'static str,
    parameters: Vec<(&'static str, Pointer)>,
}

/// The reason why a record is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    InvalidJson,
    NoKey,
}

/// A record ready to be stored, and the lists of child streams to read for it.
pub(crate) struct Prepared {
    pub(crate) entry: StoredRecord,
    pub(crate) children: Vec<(&'static str, PlannedWalk)>,
}

impl Preparer {
    /// Parses the description of a stream. `siblings` are the streams that run, among which are its children.
    pub(crate) fn new(
        stream: &StreamInfo,
        siblings: &[&'static StreamInfo],
    ) -> Result<Self, String> {
        let faulty =
            |problem: String| format!("invalid description of stream {}: {problem}", stream.name);
        let parse_pointer = |text: &str| {
            Pointer::parse(text).map_err(|problem| faulty(format!("`{text}`: {problem}")))
        };
        let mapping =
            Mapping::parse(stream.maps_to).map_err(|problem| faulty(problem.to_string()))?;
        if mapping.is_empty() {
            return Err(faulty("`maps_to` is empty".to_owned()));
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
                    .map(|(parameter, pointer)| Ok((*parameter, parse_pointer(pointer)?)));
                children.push(ChildBinding {
                    stream: sibling.name,
                    parameters: bound.collect::<Result<_, String>>()?,
                });
            }
        }
        Ok(Self {
            key: stream.key.map(parse_pointer).transpose()?,
            mapping,
            children,
        })
    }

    /// Converts a record to rows. `seen` counts equal records without an id within the list.
    pub(crate) fn prepare(
        &self,
        raw: Box<RawValue>,
        walk: &PlannedWalk,
        seen: &mut HashMap<Fingerprint, u64>,
    ) -> Result<Prepared, Rejection> {
        let record: Value = serde_json::from_str(raw.get()).map_err(|_| Rejection::InvalidJson)?;
        let canonical = content::canonical(&record);
        let mut contact = self.mapping.contact(&record);
        let mut conversation = self.mapping.conversation(&record);
        let mut message = self.mapping.message(&record);

        let pointed = self
            .key
            .as_ref()
            .and_then(|key| scalar_to_string(key.find(&record)?));
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
        let key = key.ok_or(Rejection::NoKey)?;

        let mut rows = Vec::new();
        if let Some(contact) = &mut contact {
            contact.id.get_or_insert_with(|| key.clone());
            rows.push(TableRow::new(Table::Contacts, &*contact, &canonical));
        }
        if let Some(conversation) = &mut conversation {
            complete_conversation(conversation, &key, walk);
            rows.push(TableRow::new(
                Table::Conversations,
                &*conversation,
                &canonical,
            ));
        }
        if let Some(message) = &mut message {
            complete_message(message, &key, walk);
            rows.push(TableRow::new(Table::Messages, &*message, &canonical));
        }
        let owner = owner(contact, conversation, message);
        let children = self
            .children
            .iter()
            .map(|child| (child.stream, child.walk(&record, &key, owner.clone())))
            .collect();
        Ok(Prepared {
            entry: StoredRecord {
                rows,
                raw: Box::<str>::from(raw).into_string(),
            },
            children,
        })
    }
}

impl ChildBinding {
    fn walk(&self, record: &Value, key: &str, owner: RecordOwner) -> PlannedWalk {
        let bound = self.parameters.iter().map(|(parameter, pointer)| {
            let value = pointer
                .find(record)
                .and_then(scalar_to_string)
                .unwrap_or_else(|| key.to_owned());
            ((*parameter).to_owned(), value)
        });
        PlannedWalk {
            arguments: bound.collect(),
            owner,
        }
    }
}

/// Returns the owner of a record's children: the record itself, or the record's owner.
fn owner(
    contact: Option<Contact>,
    conversation: Option<Conversation>,
    message: Option<Message>,
) -> RecordOwner {
    let (of_conversation, conversation_id) = conversation
        .map(|own| (own.contact_id, own.id))
        .unwrap_or_default();
    let (of_message, its_conversation) = message
        .map(|own| (own.contact_id, own.conversation_id))
        .unwrap_or_default();
    RecordOwner {
        contact_id: contact
            .and_then(|own| own.id)
            .or(of_conversation)
            .or(of_message),
        conversation_id: conversation_id.or(its_conversation),
    }
}

fn complete_conversation(conversation: &mut Conversation, key: &str, walk: &PlannedWalk) {
    conversation.id.get_or_insert_with(|| key.to_owned());
    conversation.contact_id = conversation
        .contact_id
        .take()
        .or_else(|| walk.owner.contact_id.clone());
}

fn complete_message(message: &mut Message, key: &str, walk: &PlannedWalk) {
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

impl TableRow {
    fn new(table: Table, model: &impl CommonModel, canonical: &str) -> Self {
        let values = model.values();
        Self {
            table,
            fingerprint: content::hex(&content::of_row(canonical, &values)),
            values: crate::sink::columns(&values),
        }
    }
}
