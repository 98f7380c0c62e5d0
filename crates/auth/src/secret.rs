use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// A credential. `Debug` hides it, there is no `Display`, and its memory is cleared on drop.
///
/// This applies to this copy only. A value sent in a header is copied into the header, which is marked sensitive but not
/// cleared.
#[derive(Clone)]
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// Creates a secret from any text. It is validated where it is used.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        // Boxing a string with spare capacity may move it and leave the old bytes behind: copy and clear instead.
        let exact = Box::<str>::from(text.as_str());
        text.zeroize();
        Self(Zeroizing::new(exact))
    }

    /// Returns the secret text. Every use of a secret goes through this method, so it can be searched for.
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
