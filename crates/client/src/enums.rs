//! Unknown values of open enumerations.

use std::fmt;

/// A value of an enumeration that this version of the crate does not know.
///
/// It has no public constructor and never contains a value that has a variant. Matching on variants therefore stays correct
/// when an upgrade adds one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The value as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
