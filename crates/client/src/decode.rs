//! Extracts the payload and a few other values from a response, in one pass over its bytes.
//!
//! Written by hand because serde needs a type for the whole document, while payloads are at pointers that only the spec knows,
//! and because a `Value` of the whole document takes several times the memory of the records.

mod list;
#[cfg(test)]
mod tests;
mod traversal;
mod unreadable;

use serde::de::{DeserializeOwned, DeserializeSeed as _};
use serde_json::{Value, value::RawValue};

pub(crate) use self::{
    list::{First, Records},
    unreadable::Unreadable,
};
use crate::{rejected::Rejected, surrogates};
use traversal::Traversal;

/// The values of a response that decide its meaning, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Captured(Vec<(&'static str, Value)>);

impl Captured {
    /// The value at one of the requested pointers.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(at, _)| *at == pointer)
            .map(|(_, value)| value)
    }

    /// The non-negative integer at a pointer, which may be in a string.
    pub(crate) fn count(&self, pointer: Option<&str>) -> Option<u64> {
        match self.get(pointer?)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The values found in a response.
#[derive(Debug)]
pub(crate) struct Taken<D> {
    /// The payload; `None` if it is absent or null.
    pub(crate) data: Option<D>,
    pub(crate) captured: Captured,
}

/// Decodes the payload at the first pointer of `at` that has a value, and extracts the values at `wanted`.
pub(crate) fn take<D: DeserializeOwned>(
    body: &[u8],
    at: &[&'static str],
    wanted: &[&'static str],
) -> Result<Taken<D>, Unreadable> {
    with_repair(body, |body| {
        let is_list = body.trim_ascii_start().starts_with('[');
        let whole = at.contains(&"") && (is_list || at.len() == 1);
        let mut taken = Taken {
            data: None,
            captured: Captured::default(),
        };
        if whole {
            taken.data = serde_json::from_str(body)?;
        }
        // In a list, only pointers that start with an index can have a value.
        let leads = |pointer: &&str| {
            let first = pointer.strip_prefix('/').unwrap_or_default();
            !is_list || first.starts_with(|c: char| c.is_ascii_digit())
        };
        if (!whole && !is_list) || wanted.iter().chain(at).any(leads) {
            let traversal = Traversal {
                at: if whole { &[] } else { at },
                wanted,
                prefix: "",
                taken: &mut taken,
            };
            let mut deserializer = serde_json::Deserializer::from_str(body);
            traversal.deserialize(&mut deserializer)?;
            deserializer.end()?;
        }
        Ok(taken)
    })
}

/// Decodes the records of a list one by one, and sets aside those that do not match the spec.
pub(crate) fn take_leniently<T: DeserializeOwned>(
    body: &[u8],
    at: &[&'static str],
    wanted: &[&'static str],
) -> Result<(Taken<Vec<T>>, Vec<Rejected>), Unreadable> {
    let Taken { data, captured } = take::<Records<Box<RawValue>>>(body, at, wanted)?;
    let mut rejected = Vec::new();
    let items = data.map(|Records(records)| {
        let mut items = Vec::with_capacity(records.len());
        for (index, raw) in records.into_iter().enumerate() {
            match with_repair(raw.get().as_bytes(), |text| {
                Ok(serde_json::from_str::<T>(text)?)
            }) {
                Ok(item) => items.push(item),
                Err(error) => rejected.push(Rejected::new(index, error.text, raw)),
            }
        }
        items
    });
    Ok((
        Taken {
            data: items,
            captured,
        },
        rejected,
    ))
}

/// Decodes a body, with unpaired surrogate escapes replaced if it is not valid JSON as received.
///
/// UTF-8 is validated for the whole body at once, which is much cheaper than for each value.
fn with_repair<T>(
    body: &[u8],
    read: impl Fn(&str) -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    match read(text(body)?) {
        Err(error) if error.syntax => match surrogates::repair(body) {
            Some(mended) => read(text(&mended)?),
            None => Err(error),
        },
        other => other,
    }
}

fn text(body: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(body).map_err(|error| Unreadable {
        syntax: true,
        text: format!("invalid UTF-8 at byte {}", error.valid_up_to()),
    })
}
