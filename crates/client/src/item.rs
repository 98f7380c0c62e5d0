//! Records of a list, told apart by their keys.

use std::{
    borrow::Cow,
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher as _,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::{Json, decode};

/// A record of a list.
pub trait Item: DeserializeOwned + Serialize + Send + 'static {
    /// The text or number at a JSON Pointer into the record, which is how lists tell records apart.
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        look_up(self, pointer)
    }
}

/// The value at a pointer, through the record's JSON.
pub fn look_up(record: &impl Serialize, pointer: &str) -> Option<Cow<'static, str>> {
    written(serde_json::to_value(record).ok()?.pointer(pointer)?)
}

impl Item for Json {
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        written(self.at(pointer)?)
    }
}

impl Item for Box<RawValue> {
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        let taken = decode::take::<Value>(self.get().as_bytes(), &[pointer], &[]).ok()?;
        written(&taken.data?)
    }
}

pub(crate) fn written(value: &Value) -> Option<Cow<'static, str>> {
    match value {
        Value::String(text) => Some(text.clone().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The keys that a walk has met, as keyed 64-bit hashes: a few bytes a record instead of its key.
///
/// Two different keys have the same hash about once in thirty million walks over a million records.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    hashes: HashSet<u64>,
    keyed: RandomState,
}

impl Seen {
    /// Leaves out the records that were met before, and says how many. A record without a key is never left out.
    pub(crate) fn drop_repeated<T: Item>(
        &mut self,
        items: &mut Vec<T>,
        key: &'static str,
    ) -> usize {
        let before = items.len();
        items.retain(|item| match item.text_at(key) {
            Some(text) => self.hashes.insert(self.keyed.hash_one(text.as_ref())),
            None => true,
        });
        before - items.len()
    }
}
