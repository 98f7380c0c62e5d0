//! What a credential must look like before it may be used, and the error that says what is wrong with it.

use crate::Secret;
use std::{borrow::Cow, error::Error, fmt};

/// A credential that cannot be used. Names the credential and the problem, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialError {
    credential: Cow<'static, str>,
    problem: CredentialProblem,
}

/// What is wrong with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialProblem {
    /// There are no characters in it, or none behind its prefix.
    Empty,
    /// It starts or ends with white space, as a pasted value or one read from a file often does.
    SurroundingWhiteSpace,
    /// It holds a control character such as a line break.
    ControlCharacter,
    /// It goes into a header and holds a character other than visible ASCII and space.
    NotVisibleAscii,
    /// It is not the `b64token` of RFC 6750, section 2.1.
    NotABearerToken,
    /// A user name of RFC 7617 cannot hold a colon.
    ColonInUserName,
    /// It holds the character that ends it in the header the recipe writes it to.
    HoldsSeparator(char),
    /// HMAC cannot take a key of its length.
    UnusableLength,
    /// The name of its header is no header name.
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

    /// Which credential it is, in words: `API key`, `bearer token`, `value of the header x-bot-token`.
    pub fn credential(&self) -> &str {
        &self.credential
    }

    /// What is wrong with it.
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
            Self::ControlCharacter => "holds a control character, such as a line break: remove it",
            Self::NotVisibleAscii => "holds a character that a header cannot carry: allowed are visible ASCII and space",
            Self::NotABearerToken => {
                "is no bearer token: allowed are letters, digits and -._~+/ then = signs, without the word Bearer"
            }
            Self::ColonInUserName => "holds a colon, which basic authentication does not allow in a user name",
            Self::HoldsSeparator(c) => {
                return write!(f, "holds {c:?}, the character that ends it in its header");
            }
            Self::UnusableLength => "has a length that HMAC cannot take",
            Self::InvalidHeaderName => "has a header name that is not valid",
            Self::InvalidTemplate => "has a header template that is not literal text around exactly one {key}",
        })
    }
}

/// Not empty, no white space around it, no control character.
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

/// As [`check_text`], and fit for a header.
pub(crate) fn check_header_text(secret: &Secret) -> Result<(), CredentialProblem> {
    check_text(secret)?;
    if is_visible(secret.expose()) {
        Ok(())
    } else {
        Err(CredentialProblem::NotVisibleAscii)
    }
}

/// As [`check_text`], and `1*(ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/") *"="`.
pub(crate) fn check_bearer(secret: &Secret) -> Result<(), CredentialProblem> {
    check_text(secret)?;
    let token = secret.expose().trim_end_matches('=');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    if token.is_empty() || !token.bytes().all(allowed) {
        return Err(CredentialProblem::NotABearerToken);
    }
    Ok(())
}

/// Visible ASCII and space only.
pub(crate) fn is_visible(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}
