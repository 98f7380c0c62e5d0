//! What every generated type does to read and write itself: unknown fields are kept, null is absence.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Serialize,
    de::{self, Deserializer, MapAccess, Visitor},
    ser::SerializeMap,
};

use crate::Nullable;

/// What a record made of one field.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    /// Read.
    Known,
    /// Read; the number is its place in [`Record::REQUIRED`].
    Required(u32),
    /// Not of this record; the value is still to be read.
    Unknown,
}

/// An object type of a spec.
pub trait Record: Sized {
    /// Its name in the spec.
    const NAME: &'static str;
    /// Wire names without which there is no such record; at most 64.
    const REQUIRED: &'static [&'static str];
    /// A record without values.
    fn blank() -> Self;
    /// Reads the value of `key` if it is one of this record's. Bytes, since a key that is one of them need not be checked for being a text.
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<Field, A::Error>;
    /// Keeps the value of a field that the spec does not know.
    fn keep<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;
}

/// Types that have a value to start from before theirs is read.
pub trait Blank {
    /// That value.
    fn blank() -> Self;
}

macro_rules! blank_is_default {
    ($($ty:ty),* $(,)?) => {$(
        impl Blank for $ty {
            fn blank() -> Self {
                Self::default()
            }
        }
    )*};
}
blank_is_default!(String, bool, i64, crate::Timestamp, crate::Json, crate::Map);

impl Blank for crate::Number {
    fn blank() -> Self {
        0.into()
    }
}

impl Blank for crate::NumberOrText {
    fn blank() -> Self {
        0.into()
    }
}

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T: Blank> Blank for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
}

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T> Blank for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
}

/// Reads a record.
///
/// # Errors
/// A value of another type, or a required field that is missing or null.
pub fn deserialize<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Fields(PhantomData))
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut record = T::blank();
        let mut seen = 0_u64;
        while let Some(key) = map.next_key_seed(KeyBytes)? {
            match record.read(&key, &mut map)? {
                Field::Known => {}
                Field::Required(place) => seen |= 1 << (place & 63),
                Field::Unknown => record.keep(text(key)?, &mut map)?,
            }
        }
        match T::REQUIRED
            .iter()
            .enumerate()
            .find(|(place, _)| seen & (1 << (place & 63)) == 0)
        {
            Some((_, name)) => Err(de::Error::missing_field(name)),
            None => Ok(record),
        }
    }
}

/// How the error begins that a key is no text.
pub(crate) const NO_TEXT: &str = "a key is no text";

fn text<E: de::Error>(key: Cow<'_, [u8]>) -> Result<String, E> {
    String::from_utf8(key.into_owned()).map_err(|_| E::custom(NO_TEXT))
}

/// The bytes of a key, borrowed where the decoder can lend them.
struct KeyBytes;

impl<'de> de::DeserializeSeed<'de> for KeyBytes {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for KeyBytes {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_bytes<E>(self, key: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }
    fn visit_bytes<E>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
    // Decoders of values that were read before have texts.
    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key.as_bytes()))
    }
    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.as_bytes().to_owned()))
    }
    fn visit_string<E>(self, key: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.into_bytes()))
    }
}

/// A key, borrowed where the decoder can lend it.
pub(crate) struct Key;

impl<'de> de::DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }
    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
    fn visit_string<E>(self, key: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key))
    }
}

/// Reads a required field.
///
/// # Errors
/// Another type, or null.
pub fn required<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    name: &str,
    map: &mut A,
) -> Result<T, A::Error> {
    map.next_value::<Option<T>>()?
        .ok_or_else(|| de::Error::custom(format_args!("null in `{name}`")))
}

/// Reads a field for which null and absence mean the empty value.
///
/// # Errors
/// Another type.
pub fn or_blank<'de, T: Deserialize<'de> + Default, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<T, A::Error> {
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

/// Writes a field that is always sent.
///
/// # Errors
/// Those of the serializer.
pub fn put<M: SerializeMap>(
    out: &mut M,
    name: &'static str,
    value: &(impl Serialize + ?Sized),
) -> Result<(), M::Error> {
    out.serialize_entry(name, value)
}

/// Writes a field if it has a value.
///
/// # Errors
/// Those of the serializer.
pub fn put_some<M: SerializeMap>(
    out: &mut M,
    name: &'static str,
    value: &Option<impl Serialize>,
) -> Result<(), M::Error> {
    value
        .as_ref()
        .map_or(Ok(()), |value| out.serialize_entry(name, value))
}

/// Writes a field unless it is absent.
///
/// # Errors
/// Those of the serializer.
pub fn put_nullable<M: SerializeMap>(
    out: &mut M,
    name: &'static str,
    value: &Nullable<impl Serialize>,
) -> Result<(), M::Error> {
    if value.is_absent() {
        return Ok(());
    }
    out.serialize_entry(name, value)
}

/// Writes a list if it has items.
///
/// # Errors
/// Those of the serializer.
pub fn put_list<M: SerializeMap>(
    out: &mut M,
    name: &'static str,
    list: &[impl Serialize],
) -> Result<(), M::Error> {
    if list.is_empty() {
        Ok(())
    } else {
        out.serialize_entry(name, list)
    }
}

/// Writes fields that the spec does not name.
///
/// # Errors
/// Those of the serializer.
pub fn put_all<'a, M: SerializeMap, K: AsRef<str>, V: Serialize + 'a>(
    out: &mut M,
    entries: impl IntoIterator<Item = (K, &'a V)>,
) -> Result<(), M::Error> {
    entries
        .into_iter()
        .try_for_each(|(name, value)| out.serialize_entry(name.as_ref(), value))
}

/// Stands for a value that `Debug` does not show.
pub struct Hidden(pub bool);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "(hidden)" } else { "None" })
    }
}
