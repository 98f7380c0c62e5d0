use crate::{
    AuthError, CredentialError, CredentialProblem, PathRewrite, Recipe, Secret, SigningInput,
    credential::{check_header_text, check_text, is_visible},
    encoding::{TEXT_LEN, Tag},
    headers::{HeaderTemplate, Slot, Slots},
    message::Values,
    timestamp::TimestampText,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;
use std::{fmt, sync::Arc, time::SystemTime};

/// Length in bytes of the longest encoded signature.
pub const MAX_SIGNATURE_LEN: usize = TEXT_LEN;

/// Signs requests with a recipe and one pair of credentials.
#[derive(Clone)]
pub struct Signer {
    recipe: Arc<Recipe>,
    key: Secret,
    /// Keyed; cloned for each request.
    hmac: Hmac<Sha256>,
    rewrite: Option<PathRewrite>,
    /// One entry for each header of the recipe: its value, if it is the same for every request.
    fixed: Vec<Option<HeaderValue>>,
}

impl Signer {
    /// Creates a signer. The HMAC key is the UTF-8 bytes of `secret`.
    ///
    /// # Errors
    ///
    /// A credential is empty, has surrounding white space or contains a control character; or the recipe sends `key` in a
    /// header and it contains anything but visible ASCII and space, or the character that follows it there.
    pub fn new(recipe: Arc<Recipe>, key: Secret, secret: Secret) -> Result<Self, CredentialError> {
        for header in recipe.headers.iter().filter(|header| header.uses_key()) {
            check_key(header, &key).map_err(|problem| CredentialError::new("API key", problem))?;
        }
        check_text(&secret).map_err(|problem| CredentialError::new("API secret", problem))?;
        Self::with_secret_bytes(recipe, key, secret.expose().as_bytes())
    }

    fn with_secret_bytes(
        recipe: Arc<Recipe>,
        key: Secret,
        secret: &[u8],
    ) -> Result<Self, CredentialError> {
        let hmac = Hmac::new_from_slice(secret)
            .map_err(|_| CredentialError::new("API secret", CredentialProblem::UnusableLength))?;
        let slots = Slots {
            key: Some(key.expose()),
            ..Slots::default()
        };
        let fixed = recipe
            .headers
            .iter()
            .map(|header| header.is_fixed().then(|| value(header, &slots)).transpose())
            .collect::<Result<_, _>>()
            .map_err(|()| CredentialError::new("API key", CredentialProblem::NotVisibleAscii))?;
        Ok(Self {
            recipe,
            key,
            hmac,
            rewrite: None,
            fixed,
        })
    }

    /// Signs a rewritten path, for callers behind a proxy that rewrites paths.
    #[must_use]
    pub fn with_signed_path(mut self, rewrite: PathRewrite) -> Self {
        self.rewrite = Some(rewrite);
        self
    }

    /// Returns the recipe.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Sets the recipe's headers for a request sent at `now`, replacing headers of the same names.
    ///
    /// Headers with the key or the signature are marked sensitive. Headers that the message covers must be present.
    ///
    /// # Errors
    ///
    /// See [`AuthError`]. `headers` is unchanged on an error.
    pub fn sign(
        &self,
        input: &SigningInput<'_>,
        now: SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), AuthError> {
        let timestamp = self.timestamp(now)?;
        let nonce = self.nonce(input)?;
        let tag = self.tag(input, timestamp.as_bytes(), nonce, headers)?;
        let mut buffer = [0; TEXT_LEN];
        let slots = Slots {
            key: Some(self.key.expose()),
            signature: Some(self.recipe.encoding.encode(&tag, &mut buffer)),
            timestamp: Some(timestamp.as_str()),
            nonce: Some(nonce),
        };
        let templates = self.recipe.headers.iter().zip(&self.fixed);
        let values: Vec<(&HeaderName, HeaderValue)> = templates
            .map(|(header, fixed)| match fixed {
                Some(fixed) => Ok((&header.name, fixed.clone())),
                // Only the nonce was not validated as a header value before.
                None => value(header, &slots)
                    .map(|value| (&header.name, value))
                    .map_err(|()| AuthError::InvalidNonce),
            })
            .collect::<Result<_, _>>()?;
        insert_all(headers, values)
    }

    /// Computes the encoded signature without allocating.
    ///
    /// `headers` are the headers of the request, for a message with `{header:NAME}`.
    ///
    /// # Errors
    ///
    /// See [`AuthError`].
    pub fn signature_into<'out>(
        &self,
        input: &SigningInput<'_>,
        now: SystemTime,
        headers: &HeaderMap,
        out: &'out mut [u8; MAX_SIGNATURE_LEN],
    ) -> Result<&'out str, AuthError> {
        let timestamp = self.timestamp(now)?;
        let tag = self.tag(input, timestamp.as_bytes(), self.nonce(input)?, headers)?;
        Ok(self.recipe.encoding.encode(&tag, out))
    }

    /// Returns the bytes that are signed for a request sent at `now`, for debugging and tests.
    ///
    /// They contain the body if the message does.
    ///
    /// # Errors
    ///
    /// See [`AuthError`].
    pub fn string_to_sign(
        &self,
        input: &SigningInput<'_>,
        now: SystemTime,
        headers: &HeaderMap,
    ) -> Result<Vec<u8>, AuthError> {
        let timestamp = self.timestamp(now)?;
        let values = self.values(input, timestamp.as_bytes(), self.nonce(input)?, headers);
        let mut message = Vec::new();
        self.recipe
            .message
            .write(&values, |bytes| message.extend_from_slice(bytes))?;
        Ok(message)
    }

    /// A signer with the same recipe and rewrite and other credentials.
    pub(crate) fn with_other_credentials(
        &self,
        key: Secret,
        secret: Secret,
    ) -> Result<Self, CredentialError> {
        let other = Self::new(Arc::clone(&self.recipe), key, secret)?;
        Ok(Self {
            rewrite: self.rewrite.clone(),
            ..other
        })
    }

    pub(crate) fn key(&self) -> &Secret {
        &self.key
    }

    /// Computes the signature without allocating.
    pub(crate) fn tag(
        &self,
        input: &SigningInput<'_>,
        timestamp: &[u8],
        nonce: &str,
        headers: &HeaderMap,
    ) -> Result<Tag, AuthError> {
        let mut hmac = self.hmac.clone();
        self.recipe
            .message
            .write(&self.values(input, timestamp, nonce, headers), |bytes| {
                hmac.update(bytes)
            })?;
        Ok(hmac.finalize().into_bytes().into())
    }

    fn values<'a>(
        &'a self,
        input: &'a SigningInput<'a>,
        timestamp: &'a [u8],
        nonce: &'a str,
        headers: &'a HeaderMap,
    ) -> Values<'a> {
        Values {
            input,
            rewrite: self.rewrite.as_ref(),
            headers,
            timestamp,
            nonce,
        }
    }

    fn timestamp(&self, now: SystemTime) -> Result<TimestampText, AuthError> {
        if !self.recipe.needs_timestamp() {
            return Ok(TimestampText::default());
        }
        self.recipe
            .timestamp
            .write(now)
            .ok_or(AuthError::TimeOutOfRange)
    }

    fn nonce<'a>(&self, input: &SigningInput<'a>) -> Result<&'a str, AuthError> {
        if !self.recipe.needs_nonce() {
            return Ok("");
        }
        let nonce = input.nonce.ok_or(AuthError::MissingNonce)?;
        let ends_early = |header: &HeaderTemplate| {
            header
                .separator_after(Slot::Nonce)
                .is_some_and(|c| nonce.contains(c))
        };
        if nonce.is_empty()
            || nonce.contains(' ')
            || !is_visible(nonce)
            || self.recipe.headers.iter().any(ends_early)
        {
            return Err(AuthError::InvalidNonce);
        }
        Ok(nonce)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("recipe", &self.recipe)
            .field("rewrite", &self.rewrite)
            .finish_non_exhaustive()
    }
}

fn check_key(header: &HeaderTemplate, key: &Secret) -> Result<(), CredentialProblem> {
    check_header_text(key)?;
    match header.separator_after(Slot::Key) {
        Some(separator) if key.expose().contains(separator) => {
            Err(CredentialProblem::HoldsSeparator(separator))
        }
        _ => Ok(()),
    }
}

fn value(header: &HeaderTemplate, slots: &Slots<'_>) -> Result<HeaderValue, ()> {
    let mut value = HeaderValue::try_from(header.render(slots)).map_err(|_| ())?;
    value.set_sensitive(header.is_sensitive());
    Ok(value)
}

/// Inserts all values or none.
pub(crate) fn insert_all(
    headers: &mut HeaderMap,
    values: Vec<(&HeaderName, HeaderValue)>,
) -> Result<(), AuthError> {
    headers
        .try_reserve(values.len())
        .map_err(|_| AuthError::TooManyHeaders)?;
    for (name, value) in values {
        headers
            .try_insert(name, value)
            .map_err(|_| AuthError::TooManyHeaders)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
