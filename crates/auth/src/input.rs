use crate::AuthError;
use std::fmt;

/// The parts of a request that a signature may cover, exactly as they go over the wire.
#[derive(Clone, Copy, Default)]
pub struct SigningInput<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The host as the `Host` header says it, with the port if that does.
    pub host: &'a str,
    /// The path, starting with `/`, percent-encoded as sent.
    pub path: &'a str,
    /// What follows the `?`, percent-encoded as sent; `Some("")` for an URL that ends in `?`.
    pub query: Option<&'a str>,
    /// The body's bytes as sent; empty without a body.
    pub body: &'a [u8],
    /// A text never used before, for a recipe with `{nonce}`. Verifying takes it from the header instead.
    pub nonce: Option<&'a str>,
}

/// The path can name a person and the body describe one: neither is shown.
impl fmt::Debug for SigningInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInput")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// For a caller behind a proxy that changes the path: the signature must cover the path that the platform sees.
///
/// A path that is `from` or lies below it is signed with `to` in the place of `from`; the request itself stays as it is.
/// A trailing `/` of either means nothing, and an empty `from` puts `to` before every path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRewrite {
    /// The start of the path that the caller sends.
    pub from: String,
    /// What the platform sees instead.
    pub to: String,
}

impl PathRewrite {
    /// The signed path in two pieces.
    pub(crate) fn apply<'a>(&'a self, path: &'a str) -> Result<(&'a str, &'a str), AuthError> {
        let rest = path
            .strip_prefix(self.from.trim_end_matches('/'))
            .ok_or(AuthError::PathNotRewritten)?;
        match (self.to.trim_end_matches('/'), rest) {
            ("", "") => Ok(("", "/")),
            (to, rest) if rest.is_empty() || rest.starts_with('/') => Ok((to, rest)),
            _ => Err(AuthError::PathNotRewritten),
        }
    }
}
