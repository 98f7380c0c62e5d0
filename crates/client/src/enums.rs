//! Values of an enumeration that this version does not know.

use std::fmt;

/// A value of an enumeration that this version does not know, kept as the platform sent it.
///
/// It cannot be built from outside, so it never holds a value that has a name: matching on the named variants
/// is enough, today and after an upgrade.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The value as the platform sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}
