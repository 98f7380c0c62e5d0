//! Values of a request that can be absent, null or present.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property of a request that can be omitted, sent as null or sent with a value.
///
/// ```
/// # use botroster_client::Nullable;
/// let mut name: Nullable<String> = Nullable::default();
/// assert!(name.is_absent()); // omitted: unchanged on the platform
/// name = Nullable::Null; // sent as null: cleared on the platform
/// name = "Ada".into(); // sent with a value
/// name = None.into(); // `None` is null
/// assert!(name.is_null());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// Omitted.
    #[default]
    Absent,
    /// Sent as null.
    Null,
    /// Sent with a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, if any.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Converts into the value, if any.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns whether the property is omitted.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns whether the property is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    /// `None` becomes [`Nullable::Null`], not [`Nullable::Absent`].
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    /// Serialises `Absent` as null. Objects omit the property instead.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_states() {
        let states: [Nullable<i64>; 4] =
            [Nullable::default(), None.into(), 7.into(), Some(7).into()];
        assert_eq!(
            states.map(|state| (state.is_absent(), state.is_null(), state.into_value())),
            [
                (true, false, None),
                (false, true, None),
                (false, false, Some(7)),
                (false, false, Some(7)),
            ]
        );
        assert_eq!(
            serde_json::from_str::<Nullable<i64>>("null").unwrap(),
            Nullable::Null
        );
        assert_eq!(
            serde_json::from_str::<Nullable<i64>>("7").unwrap(),
            7.into()
        );
        assert!(serde_json::from_str::<Nullable<i64>>("\"x\"").is_err());
        assert_eq!(
            serde_json::to_string(&Nullable::Value("a")).unwrap(),
            "\"a\""
        );
    }
}
