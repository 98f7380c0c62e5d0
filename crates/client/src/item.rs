//! Records of a list and their keys.

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
    /// The string or number at a JSON Pointer into the record, used to identify records of a list.
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        look_up(self, pointer)
    }
}

/// The string or number at a JSON Pointer, looked up in the record's JSON.
pub fn look_up(record: &impl Serialize, pointer: &str) -> Option<Cow<'static, str>> {
    key_text(serde_json::to_value(record).ok()?.pointer(pointer)?)
}

impl Item for Json {
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        key_text(self.at(pointer)?)
    }
}

impl Item for Box<RawValue> {
    fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
        raw_text_at(self, pointer)
    }
}

/// The string or number at a JSON Pointer into undecoded JSON.
pub(crate) fn raw_text_at(record: &RawValue, pointer: &'static str) -> Option<Cow<'static, str>> {
    let taken = decode::take::<Value>(record.get().as_bytes(), &[pointer], &[]).ok()?;
    key_text(&taken.data?)
}

/// The text of a string or number.
pub(crate) fn key_text(value: &Value) -> Option<Cow<'static, str>> {
    match value {
        Value::String(text) => Some(text.clone().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The keys seen during a walk, as randomly keyed 64-bit hashes to save memory.
///
/// Two different keys collide in about one of thirty million walks over a million records.
#[derive(Debug, Default)]
pub(crate) struct SeenKeys {
    hashes: HashSet<u64>,
    keyed: RandomState,
}

impl SeenKeys {
    /// Drops records whose key was seen before and returns their number. Records without a key are kept.
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
