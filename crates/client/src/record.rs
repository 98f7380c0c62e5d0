//! Deserialisation and serialisation of generated types: unknown fields are kept, and null counts as absent.
//!
//! Written by hand because `derive(Deserialize)` buffers a record with a flattened map of unknown fields, which takes several
//! times the time and memory.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Serialize,
    de::{self, Deserializer, MapAccess, Visitor},
    ser::SerializeMap,
};

use crate::Nullable;

/// The result of reading one field.
#[derive(Debug, Clone, Copy)]
pub enum FieldMatch {
    /// An optional field, read.
    Known,
    /// A required field, read; the number is its index in [`ObjectFields::REQUIRED`].
    Required(u32),
    /// Not a field of the type; its value has not been read.
    Unknown,
}

/// An object type of a spec.
pub trait ObjectFields: Sized {
    /// Name in the spec.
    const NAME: &'static str;
    /// Wire names of the required fields; at most 64.
    const REQUIRED: &'static [&'static str];
    /// A value with all fields empty.
    fn blank() -> Self;
    /// Reads the value of `key` if it is a field of the type. Keys are bytes, because a key that equals a known name needs no
    /// UTF-8 validation.
    ///
    /// # Errors
    /// The value has another type.
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: &[u8],
        map: &mut A,
    ) -> Result<FieldMatch, A::Error>;
    /// Stores the value of a field that is not in the spec.
    ///
    /// # Errors
    /// Those of the deserializer.
    fn keep<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;
}

/// Types with an initial value for deserialisation.
pub trait Blank {
    /// The initial value.
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
blank_is_default!(
    String,
    bool,
    i64,
    crate::Timestamp,
    crate::Json,
    crate::json::Map
);

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

/// Deserializes an object.
///
/// # Errors
/// A value has another type, or a required field is missing or null.
pub fn deserialize<'de, T: ObjectFields, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(Fields(PhantomData))
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: ObjectFields> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut record = T::blank();
        let mut seen = 0_u64;
        while let Some(key) = map.next_key_seed(KeyBytes)? {
            match record.read(&key, &mut map)? {
                FieldMatch::Known => {}
                FieldMatch::Required(index) => seen |= 1 << (index & 63),
                FieldMatch::Unknown => record.keep(text(key)?, &mut map)?,
            }
        }
        match T::REQUIRED
            .iter()
            .enumerate()
            .find(|(index, _)| seen & (1 << (index & 63)) == 0)
        {
            Some((_, name)) => Err(de::Error::missing_field(name)),
            None => Ok(record),
        }
    }
}

/// The start of the error of a key that is not UTF-8.
pub(crate) const INVALID_KEY: &str = "a key is not valid UTF-8";

fn text<E: de::Error>(key: Cow<'_, [u8]>) -> Result<String, E> {
    String::from_utf8(key.into_owned()).map_err(|_| E::custom(INVALID_KEY))
}

/// Deserializes the bytes of a key, borrowed if possible.
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
    // Deserializers of parsed values provide strings.
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

/// Deserializes a key, borrowed if possible.
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

/// Deserializes a required field.
///
/// # Errors
/// The value is null or has another type.
pub fn required<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    name: &str,
    map: &mut A,
) -> Result<T, A::Error> {
    map.next_value::<Option<T>>()?
        .ok_or_else(|| de::Error::custom(format_args!("null in `{name}`")))
}

/// Deserializes a field for which null and absent mean the empty value.
///
/// # Errors
/// The value has another type.
pub fn or_blank<'de, T: Deserialize<'de> + Default, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<T, A::Error> {
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

/// Serialises a field that is always present.
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

/// Serialises a field if it has a value.
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

/// Serialises a field unless it is absent.
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

/// Serialises a list if it has items.
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

/// Serialises fields that are not in the spec.
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

/// The `Debug` output of a hidden value; the flag tells whether it is present.
pub struct Hidden(pub bool);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "(hidden)" } else { "None" })
    }
}
