//! Validation of credentials before they are used, and its error.

use crate::Secret;
use std::{borrow::Cow, error::Error, fmt};

/// An invalid credential. The message names the credential and the problem, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialError {
    credential: Cow<'static, str>,
    problem: CredentialProblem,
}

/// The problem with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialProblem {
    /// It is empty, or empty after its prefix.
    Empty,
    /// It starts or ends with white space, as pasted values often do.
    SurroundingWhiteSpace,
    /// It contains a control character such as a line break.
    ControlCharacter,
    /// It is sent in a header and contains a character other than visible ASCII and space.
    NotVisibleAscii,
    /// It is not the `b64token` of RFC 6750, section 2.1.
    NotABearerToken,
    /// A user name of RFC 7617 cannot contain a colon.
    ColonInUserName,
    /// It contains the character that follows it in its header template, so a receiver could not find its end.
    HoldsSeparator(char),
    /// Its length is not usable as an HMAC key.
    UnusableLength,
    /// The name of its header is not a header name.
    InvalidHeaderName,
    /// The template of its header is not literal text around exactly one `{key}`.
    InvalidTemplate,
}

impl CredentialError {
    pub(crate) fn new(
        credential: impl Into<Cow<'static, str>>,
        problem: CredentialProblem,
    ) -> Self {
        Self {
            credential: credential.into(),
            problem,
        }
    }

    /// The name of the credential for messages: `API key`, `bearer token`, `value of the header x-bot-token`.
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// The problem.
    pub fn problem(&self) -> CredentialProblem {
        self.problem
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}", self.credential, self.problem)
    }
}

impl Error for CredentialError {}

impl fmt::Display for CredentialProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::SurroundingWhiteSpace => "starts or ends with white space: remove it",
            Self::ControlCharacter => "contains a control character, such as a line break: remove it",
            Self::NotVisibleAscii => "contains a character that a header cannot carry: only visible ASCII and space are allowed",
            Self::NotABearerToken => {
                "is not a valid bearer token: only letters, digits and -._~+/ followed by = signs are allowed, without the word Bearer"
            }
            Self::ColonInUserName => "contains a colon, which basic authentication does not allow in a user name",
            Self::HoldsSeparator(c) => {
                return write!(f, "contains {c:?}, the character that follows it in its header template");
            }
            Self::UnusableLength => "has a length that is not usable as an HMAC key",
            Self::InvalidHeaderName => "has an invalid header name",
            Self::InvalidTemplate => "has a header template that is not literal text around exactly one {key}",
        })
    }
}

/// Checks that a secret is not empty and has no surrounding white space and no control characters.
pub(crate) fn check_text(secret: &Secret) -> Result<(), CredentialProblem> {
    let text = secret.expose();
    if text.is_empty() {
        return Err(CredentialProblem::Empty);
    }
    if text.trim().len() != text.len() {
        return Err(CredentialProblem::SurroundingWhiteSpace);
    }
    if text.chars().any(char::is_control) {
        return Err(CredentialProblem::ControlCharacter);
    }
    Ok(())
}

/// Like [`check_text`], and additionally that a header can carry the value.
pub(crate) fn check_header_text(secret: &Secret) -> Result<(), CredentialProblem> {
    check_text(secret)?;
    if is_visible(secret.expose()) {
        Ok(())
    } else {
        Err(CredentialProblem::NotVisibleAscii)
    }
}

/// Like [`check_text`], and additionally `1*(ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/") *"="`.
pub(crate) fn check_bearer(secret: &Secret) -> Result<(), CredentialProblem> {
    check_text(secret)?;
    let token = secret.expose().trim_end_matches('=');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    if token.is_empty() || !token.bytes().all(allowed) {
        return Err(CredentialProblem::NotABearerToken);
    }
    Ok(())
}

/// Returns whether the text consists of visible ASCII and spaces.
pub(crate) fn is_visible(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}
