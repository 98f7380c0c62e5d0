//! Fields that are not in the spec.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

/// The fields of a record that are not in the spec, in the order received.
///
/// `Debug` shows only their number, because they may contain anything.
#[derive(Clone, PartialEq, Default)]
pub struct Extra(Vec<(String, Value)>);

impl Extra {
    /// Returns a field; the last one if the name is repeated.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// Sets a field and returns its previous value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, former)) => Some(std::mem::replace(former, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let last = self.get(name).cloned();
        self.0.retain(|(known, _)| known != name);
        last
    }

    /// Iterates over all fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends a field while decoding, without a search for its name, so that the time stays linear in the number of fields.
    #[doc(hidden)]
    pub fn push(&mut self, name: String, value: Value) {
        self.0.push((name, value));
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} hidden)", self.0.len())
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.iter()
            .try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_fields_counts() {
        let mut extra = Extra::default();
        extra.push("a".into(), 1.into());
        extra.push("a".into(), 2.into());
        assert_eq!(extra.get("a"), Some(&Value::from(2)));
        assert_eq!(extra.insert("a", 3), Some(Value::from(2)));
        assert_eq!(extra.insert("b", "x"), None);
        assert_eq!(extra.remove("a"), Some(Value::from(3)));
        assert_eq!((extra.get("a"), extra.len()), (None, 1));
        assert_eq!(format!("{extra:?}"), "(1 hidden)");
        assert_eq!(serde_json::to_string(&extra).unwrap(), r#"{"b":"x"}"#);
    }
}
