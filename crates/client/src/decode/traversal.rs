//! Finds the values at JSON Pointers while a document is parsed.

use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::Taken;
use crate::record::Key;

/// The traversal of one object or list on the way to the pointers.
pub(super) struct Traversal<'w, D> {
    pub(super) at: &'w [&'static str],
    pub(super) wanted: &'w [&'static str],
    /// The part of the pointers traversed so far.
    pub(super) prefix: &'static str,
    pub(super) taken: &'w mut Taken<D>,
}

impl<D> Traversal<'_, D> {
    /// The prefix extended by `key`, if it leads to a pointer.
    fn step(&self, key: &str) -> Option<&'static str> {
        self.at.iter().chain(self.wanted).find_map(|pointer| {
            let rest = pointer.strip_prefix(self.prefix)?.strip_prefix('/')?;
            let tail = rest.strip_prefix(key)?;
            let end = pointer.len() - tail.len();
            (tail.is_empty() || tail.starts_with('/'))
                .then(|| pointer.get(..end))
                .flatten()
        })
    }
}

impl<D: DeserializeOwned> Traversal<'_, D> {
    fn is_payload(&self, pointer: &str) -> bool {
        self.at.contains(&pointer) && self.taken.data.is_none()
    }

    /// Returns whether the value at the pointer contains a wanted value.
    fn looks_into(&self, pointer: &str) -> bool {
        let mut wanted = self.wanted.iter();
        wanted.any(|wanted| {
            wanted
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Decodes the payload, then looks for wanted values in it.
    fn take_raw<E: de::Error>(&mut self, pointer: &'static str, raw: &RawValue) -> Result<(), E> {
        self.taken.data = serde_json::from_str(raw.get()).map_err(E::custom)?;
        let inner = Traversal {
            at: &[],
            wanted: self.wanted,
            prefix: pointer,
            taken: &mut *self.taken,
        };
        let mut deserializer = serde_json::Deserializer::from_str(raw.get());
        inner.deserialize(&mut deserializer).map_err(E::custom)
    }
}

impl<'de, D: DeserializeOwned> DeserializeSeed<'de> for Traversal<'_, D> {
    type Value = ();

    fn deserialize<S: de::Deserializer<'de>>(self, deserializer: S) -> Result<(), S::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, D: DeserializeOwned> Visitor<'de> for Traversal<'_, D> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let Some(pointer) = self.step(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if self.is_payload(pointer) {
                if self.looks_into(pointer) {
                    self.take_raw(pointer, &map.next_value::<Box<RawValue>>()?)?;
                } else {
                    self.taken.data = map.next_value()?;
                }
            } else if self.wanted.contains(&pointer) {
                self.taken.captured.0.push((pointer, map.next_value()?));
            } else {
                let inner = Traversal {
                    at: self.at,
                    wanted: self.wanted,
                    prefix: pointer,
                    taken: &mut *self.taken,
                };
                map.next_value_seed(inner)?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        for place in 0_usize.. {
            let walked = match self.step(&place.to_string()) {
                None => seq.next_element::<IgnoredAny>()?.map(|_| ()),
                Some(pointer) if self.is_payload(pointer) => {
                    let raw = seq.next_element::<Box<RawValue>>()?;
                    raw.map(|raw| self.take_raw(pointer, &raw)).transpose()?
                }
                Some(pointer) if self.wanted.contains(&pointer) => seq
                    .next_element()?
                    .map(|value| self.taken.captured.0.push((pointer, value))),
                Some(pointer) => seq.next_element_seed(Traversal {
                    at: self.at,
                    wanted: self.wanted,
                    prefix: pointer,
                    taken: &mut *self.taken,
                })?,
            };
            if walked.is_none() {
                break;
            }
        }
        Ok(())
    }

    // A scalar on the way to the pointers: there is nothing at them.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
