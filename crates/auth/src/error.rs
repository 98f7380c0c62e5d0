use http::HeaderName;
use std::{error::Error, fmt};

/// Why a request could not be authenticated. Its headers are as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The time is before 1970 or too late for the recipe's timestamp.
    TimeOutOfRange,
    /// The recipe signs or sends a nonce and the input has none.
    MissingNonce,
    /// The nonce is empty, is not visible ASCII without spaces, or holds the character that ends it in its header.
    InvalidNonce,
    /// The recipe signs this header and the request does not have it.
    MissingHeader(HeaderName),
    /// The recipe signs this header and the request has it more than once.
    DuplicateHeader(HeaderName),
    /// This part of the input (`method`, `host`, `path` or `query`) is not what can go over the wire.
    InvalidInput(&'static str),
    /// The path does not lie below the `from` of the [`PathRewrite`](crate::PathRewrite).
    PathNotRewritten,
    /// The header map cannot hold more headers.
    TooManyHeaders,
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeOutOfRange => {
                f.write_str("the time cannot be written as the recipe's timestamp")
            }
            Self::MissingNonce => f.write_str("the recipe needs a nonce and none was given"),
            Self::InvalidNonce => {
                f.write_str("the nonce is empty or holds a character its header cannot carry")
            }
            Self::MissingHeader(name) => write!(
                f,
                "the header {name} is signed but the request does not have it"
            ),
            Self::DuplicateHeader(name) => write!(
                f,
                "the header {name} is signed but the request has it more than once"
            ),
            Self::InvalidInput(part) => {
                write!(
                    f,
                    "the {part} of the request is empty, incomplete or not encoded as on the wire"
                )
            }
            Self::PathNotRewritten => {
                f.write_str("the path is not below the path that the rewrite starts from")
            }
            Self::TooManyHeaders => f.write_str("the request has too many headers"),
        }
    }
}

impl Error for AuthError {}

/// Which check a request failed. Says nothing of the values, neither the expected nor the given ones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request does not have this header.
    MissingHeader(HeaderName),
    /// The request has this header more than once.
    DuplicateHeader(HeaderName),
    /// This header does not have the form the scheme gives it.
    MalformedHeader(HeaderName),
    /// The timestamp is not in the recipe's format, written the one way a signer writes it.
    MalformedTimestamp,
    /// The timestamp is further in the past than the tolerance.
    TimestampTooOld,
    /// The timestamp is further in the future than the tolerance.
    TimestampTooNew,
    /// The signature is not in the recipe's encoding, written the one way a signer writes it.
    MalformedSignature,
    /// The key belongs to none of the accepted credentials.
    UnknownKey,
    /// The signature was not made over this request with the accepted secret.
    SignatureMismatch,
    /// This header does not have the accepted value.
    ValueMismatch(HeaderName),
    /// This part of the input (`method`, `host`, `path` or `query`) is not what can go over the wire.
    InvalidInput(&'static str),
    /// The path does not lie below the `from` of the [`PathRewrite`](crate::PathRewrite).
    PathNotRewritten,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the header {name} is missing"),
            Self::DuplicateHeader(name) => write!(f, "the header {name} is there more than once"),
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
            Self::UnknownKey => f.write_str("the key is not known"),
            Self::SignatureMismatch => f.write_str("the signature does not match the request"),
            Self::ValueMismatch(name) => {
                write!(f, "the header {name} does not have the accepted value")
            }
            Self::InvalidInput(part) => {
                write!(
                    f,
                    "the {part} of the request is empty, incomplete or not encoded as on the wire"
                )
            }
            Self::PathNotRewritten => {
                f.write_str("the path is not below the path that the rewrite starts from")
            }
        }
    }
}

impl Error for VerifyError {}
