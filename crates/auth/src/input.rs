use crate::AuthError;
use std::fmt;

/// The parts of a request that a signature may cover, exactly as sent on the wire.
#[derive(Clone, Copy, Default)]
pub struct SigningInput<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The value of the `Host` header, with the port where the header has one.
    pub host: &'a str,
    /// The path, starting with `/`, percent-encoded as sent.
    pub path: &'a str,
    /// The query after the `?`, percent-encoded as sent; `Some("")` for a URL that ends with `?`.
    pub query: Option<&'a str>,
    /// The bytes of the body as sent; empty without a body.
    pub body: &'a [u8],
    /// A value never used before, for a recipe with `{nonce}`. A verifier reads it from the header instead.
    pub nonce: Option<&'a str>,
}

/// Path, query and body may contain personal data and are not shown.
impl fmt::Debug for SigningInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInput")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Rewrites the signed path, for callers behind a proxy that changes paths: the signature must cover the path that the
/// platform receives.
///
/// A path equal to `from` or below it is signed with the prefix `from` replaced by `to`; the request itself is unchanged.
/// A trailing `/` of either is ignored. An empty `from` prepends `to` to every path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRewrite {
    /// The path prefix that the caller sends.
    pub from: String,
    /// The path prefix that the platform receives.
    pub to: String,
}

impl PathRewrite {
    /// The signed path in two parts.
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
