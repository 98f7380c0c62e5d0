use http::HeaderName;
use std::{error::Error, fmt};

/// A request that could not be authenticated. Its headers are unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The time is before 1970 or beyond the range of the recipe's timestamp format.
    TimeOutOfRange,
    /// The recipe uses a nonce and the input has none.
    MissingNonce,
    /// The nonce is empty, is not visible ASCII without spaces, or contains the character that follows it in its header.
    InvalidNonce,
    /// The recipe signs this header and the request lacks it.
    MissingHeader(HeaderName),
    /// The recipe signs this header and the request repeats it.
    DuplicateHeader(HeaderName),
    /// This part of the input (`method`, `host`, `path` or `query`) cannot be sent on the wire.
    InvalidInput(&'static str),
    /// The path is not below the `from` of the [`PathRewrite`](crate::PathRewrite).
    PathNotRewritten,
    /// The header map is full.
    TooManyHeaders,
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeOutOfRange => {
                f.write_str("the time is out of range for the recipe's timestamp format")
            }
            Self::MissingNonce => f.write_str("the recipe needs a nonce and the input has none"),
            Self::InvalidNonce => f.write_str(
                "the nonce is empty or contains a character that its header cannot carry",
            ),
            Self::MissingHeader(name) => write!(
                f,
                "the recipe signs the header {name}, which is missing from the request"
            ),
            Self::DuplicateHeader(name) => write!(
                f,
                "the recipe signs the header {name}, which occurs more than once in the request"
            ),
            Self::InvalidInput(part) => {
                write!(
                    f,
                    "the {part} of the request is empty, incomplete or not encoded as on the wire"
                )
            }
            Self::PathNotRewritten => {
                f.write_str("the path is not below the `from` path of the rewrite")
            }
            Self::TooManyHeaders => f.write_str("the request has too many headers"),
        }
    }
}

impl Error for AuthError {}

/// The check that a request failed. The message contains neither the expected nor the received values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request lacks this header.
    MissingHeader(HeaderName),
    /// The request repeats this header.
    DuplicateHeader(HeaderName),
    /// This header does not match its template.
    MalformedHeader(HeaderName),
    /// The timestamp is not the canonical text of the recipe's format.
    MalformedTimestamp,
    /// The timestamp is older than the tolerance.
    TimestampTooOld,
    /// The timestamp is ahead by more than the tolerance.
    TimestampTooNew,
    /// The signature is not canonical in the recipe's encoding.
    MalformedSignature,
    /// No accepted credential has this key.
    UnknownKey,
    /// The signature does not match this request and the accepted secret.
    SignatureMismatch,
    /// This header does not have the expected value.
    ValueMismatch(HeaderName),
    /// This part of the input (`method`, `host`, `path` or `query`) cannot be sent on the wire.
    InvalidInput(&'static str),
    /// The path is not below the `from` of the [`PathRewrite`](crate::PathRewrite).
    PathNotRewritten,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the header {name} is missing"),
            Self::DuplicateHeader(name) => write!(f, "the header {name} occurs more than once"),
            Self::MalformedHeader(name) => {
                write!(f, "the header {name} does not have the expected form")
            }
            Self::MalformedTimestamp => {
                f.write_str("the timestamp does not have the expected form")
            }
            Self::TimestampTooOld => f.write_str("the timestamp is too far in the past"),
            Self::TimestampTooNew => f.write_str("the timestamp is too far in the future"),
            Self::MalformedSignature => {
                f.write_str("the signature does not have the expected encoding")
            }
            Self::UnknownKey => f.write_str("the key is unknown"),
            Self::SignatureMismatch => f.write_str("the signature does not match the request"),
            Self::ValueMismatch(name) => {
                write!(f, "the header {name} does not have the expected value")
            }
            Self::InvalidInput(part) => {
                write!(
                    f,
                    "the {part} of the request is empty, incomplete or not encoded as on the wire"
                )
            }
            Self::PathNotRewritten => {
                f.write_str("the path is not below the `from` path of the rewrite")
            }
        }
    }
}

impl Error for VerifyError {}
