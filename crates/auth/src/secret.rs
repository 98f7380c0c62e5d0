use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// A credential: never shown by `Debug`, has no `Display`, and its memory is cleared when it is dropped.
///
/// That holds for this copy. A value that goes into a header is copied into the header, which is marked sensitive but not
/// cleared.
#[derive(Clone)]
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// Takes the text as it is; whether it fits is checked where it is used.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        // Boxing a string with spare capacity may move it and leave the old bytes behind, so copy and clear.
        let exact = Box::<str>::from(text.as_str());
        text.zeroize();
        Self(Zeroizing::new(exact))
    }

    /// The text itself. Look for calls of this to find every place that sees a secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
