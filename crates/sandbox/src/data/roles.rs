//! The roles of properties, from `x-maps-to`.

use crate::hash;
use botroster_spec::pointer;
use serde::{
    Deserialize,
    de::value::{Error, StrDeserializer},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A field of the common model. Those that a mapping does not name directly are parts of expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ModelField {
    Id,
    ContactId,
    ConversationId,
    ExternalId,
    AgentId,
    DisplayName,
    FirstName,
    LastName,
    Username,
    Email,
    Phone,
    #[serde(skip)]
    PhonePrefix,
    #[serde(skip)]
    PhoneNumber,
    AvatarUrl,
    Language,
    Timezone,
    Gender,
    Country,
    Region,
    City,
    Source,
    Banned,
    Tags,
    Attributes,
    #[serde(skip)]
    Pairs,
    #[serde(skip)]
    PairKey,
    #[serde(skip)]
    PairValue,
    #[serde(rename = "created_at", alias = "started_at", alias = "sent_at")]
    Created,
    #[serde(rename = "updated_at")]
    Updated,
    #[serde(rename = "last_seen_at", alias = "last_message_at")]
    Moment,
    #[serde(rename = "last_message", alias = "text")]
    Message,
    Subject,
    Status,
    #[serde(alias = "last_message_author")]
    Author,
}

impl ModelField {
    fn read(name: &str) -> Option<Self> {
        Self::deserialize(StrDeserializer::<Error>::new(name)).ok()
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Created | Self::Updated | Self::Moment)
    }

    /// Returns whether it is a string that can be edited independently of other fields.
    pub(crate) fn is_free_text(self) -> bool {
        matches!(
            self,
            Self::Username
                | Self::Message
                | Self::Subject
                | Self::City
                | Self::Region
                | Self::DisplayName
                | Self::FirstName
                | Self::LastName
                | Self::AvatarUrl
        )
    }
}

/// One of several alternatives of which a record has only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alternative {
    pub(crate) group: u64,
    pub(crate) of: u64,
    pub(crate) number: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldRole {
    pub(crate) field: ModelField,
    pub(crate) alternative: Option<Alternative>,
    /// Number of times the mapping reads the property.
    pub(crate) uses: u32,
}

/// Roles by pointer; `*` stands for the elements of an array.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordRoles {
    by_pointer: BTreeMap<String, FieldRole>,
    /// The pointers to the id of the record.
    pub(crate) ids: Vec<String>,
    /// Whether a record maps to a contact, possibly among others.
    pub(crate) contact: bool,
    pub(crate) conversation: bool,
}

impl RecordRoles {
    /// Parses `x-maps-to`.
    pub(crate) fn read(mapping: Option<&Value>) -> Self {
        let mut roles = Self::default();
        let targets = mapping.and_then(Value::as_object).into_iter().flatten();
        let fields: Vec<(&str, ModelField, &Value)> = targets
            .flat_map(|(target, fields)| {
                let fields = fields.as_object().into_iter().flatten();
                fields.filter_map(|(name, source)| {
                    Some((target.as_str(), ModelField::read(name)?, source))
                })
            })
            .collect();
        roles.contact = fields.iter().any(|(target, ..)| *target == "contact");
        roles.conversation = fields.iter().any(|(target, ..)| *target == "conversation");
        // Fields mapped by a pointer alone determine the role first, those with an expression only if there is none yet.
        for direct in [true, false] {
            for (_, field, source) in fields
                .iter()
                .filter(|(.., source)| source.is_string() == direct)
            {
                roles.source(*field, source, None);
            }
        }
        let own = fields
            .iter()
            .filter(|(_, field, _)| *field == ModelField::Id);
        roles.ids = own.flat_map(|(_, _, source)| pointers(source)).collect();
        roles
    }

    /// Replaces the pointers to the id.
    pub(crate) fn keep_ids(&mut self, ids: Vec<String>) {
        self.by_pointer
            .retain(|pointer, role| role.field != ModelField::Id || ids.contains(pointer));
        for id in &ids {
            self.insert(id, ModelField::Id);
        }
        self.ids = ids;
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<FieldRole> {
        self.by_pointer.get(pointer).copied()
    }

    pub(crate) fn insert(&mut self, pointer: &str, field: ModelField) {
        let role = FieldRole {
            field,
            alternative: None,
            uses: 1,
        };
        self.by_pointer.insert(pattern(pointer), role);
    }

    /// The roles below a pointer, each with the next token.
    pub(crate) fn below<'a>(
        &'a self,
        at: &'a str,
    ) -> impl Iterator<Item = (String, FieldRole)> + 'a {
        self.by_pointer.iter().filter_map(move |(pointer, role)| {
            let rest = pointer.strip_prefix(at)?;
            let token = pointer::tokens(rest)
                .next()
                .filter(|_| rest.starts_with('/'))?;
            Some((token.into_owned(), *role))
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, FieldRole)> {
        self.by_pointer
            .iter()
            .map(|(pointer, role)| (pointer.as_str(), *role))
    }

    fn add(&mut self, pointer: &str, field: ModelField, alternative: Option<Alternative>) {
        let role = self
            .by_pointer
            .entry(pattern(pointer))
            .or_insert(FieldRole {
                field,
                alternative,
                uses: 0,
            });
        role.uses += 1;
    }

    fn source(&mut self, field: ModelField, source: &Value, alternative: Option<Alternative>) {
        let text = |name: &str| source.get(name).and_then(Value::as_str);
        if let Some(pointer) = source.as_str() {
            self.add(pointer, field, alternative);
        } else if let Some(list) = source.get("first").and_then(Value::as_array) {
            let group = hash::text(&source.to_string());
            for (number, source) in (0..).zip(list) {
                let of = list.len() as u64;
                self.source(field, source, Some(Alternative { group, of, number }));
            }
        } else if let Some(list) = source.get("join").and_then(Value::as_array) {
            let whole = field == ModelField::DisplayName && list.len() == 2;
            let parts: &[ModelField] = match whole {
                true => &[ModelField::FirstName, ModelField::LastName],
                false => &[],
            };
            for (number, source) in list.iter().enumerate() {
                let part = parts.get(number).copied().unwrap_or(field);
                self.source(part, source, alternative);
            }
        } else if let Some(pointer) = text("map") {
            self.add(pointer, ModelField::Attributes, alternative);
        } else if let Some(pairs) = text("pairs") {
            self.add(pairs, ModelField::Pairs, alternative);
            let part = |word: &str| format!("{pairs}/*{}", text(word).unwrap_or_default());
            self.add(&part("key"), ModelField::PairKey, alternative);
            self.add(&part("value"), ModelField::PairValue, alternative);
        } else if let Some(phone) = source.get("phone") {
            self.phone(phone, alternative);
        }
    }

    fn phone(&mut self, phone: &Value, alternative: Option<Alternative>) {
        let part = |name: &str| phone.get(name).and_then(Value::as_str);
        if let Some(pointer) = phone.as_str() {
            self.add(pointer, ModelField::Phone, alternative);
        }
        if let Some(pointer) = part("prefix") {
            self.add(pointer, ModelField::PhonePrefix, alternative);
        }
        if let Some(pointer) = part("number") {
            let field = part("prefix").map_or(ModelField::Phone, |_| ModelField::PhoneNumber);
            self.add(pointer, field, alternative);
        }
    }
}

/// The pointers in a mapping, in order.
fn pointers(source: &Value) -> Vec<String> {
    match source {
        Value::String(pointer) => vec![pointer.clone()],
        Value::Array(list) => list.iter().flat_map(pointers).collect(),
        Value::Object(members) => members.values().flat_map(pointers).collect(),
        _ => Vec::new(),
    }
}

/// A pointer with `*` in place of numbers.
pub(crate) fn pattern(at: &str) -> String {
    pointer::tokens(at).fold(String::new(), |at, token| {
        let number = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        pointer::child(&at, if number { "*" } else { &token })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_direct_pointer_wins() {
        let roles = RecordRoles::read(Some(&json!({"contact": {
            "id": "/id",
            "display_name": {"first": [{"join": ["/given", "/family"], "with": " "}, "/nick"]},
            "username": "/nick",
            "first_name": "/given",
            "source": "/platform/0",
            "phone": {"phone": {"prefix": "/phone/code", "number": "/phone/rest"}},
            "attributes": {"pairs": "/more", "key": "/key", "value": "/value"},
        }})));
        let field = |pointer: &str| roles.at(pointer).unwrap().field;
        assert_eq!(field("/nick"), ModelField::Username);
        assert_eq!(roles.at("/nick").unwrap().uses, 2);
        assert_eq!(field("/family"), ModelField::LastName);
        assert_eq!(field("/platform/*"), ModelField::Source);
        assert_eq!(field("/phone/code"), ModelField::PhonePrefix);
        assert_eq!(field("/more/*/value"), ModelField::PairValue);
        assert_eq!(roles.ids, ["/id"]);
        assert!(roles.contact && !roles.conversation);
    }

    #[test]
    fn alternatives_are_numbered() {
        let roles = RecordRoles::read(Some(
            &json!({"message": {"text": {"first": ["/text", "/response"]}}}),
        ));
        let numbers: Vec<u64> = ["/text", "/response"]
            .map(|pointer| roles.at(pointer).unwrap().alternative.unwrap().number)
            .to_vec();
        assert_eq!(numbers, [0, 1]);
        assert_eq!(roles.below("").count(), 2);
    }
}
