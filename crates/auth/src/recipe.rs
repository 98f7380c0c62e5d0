//! Signature recipes: how a platform signs, as data.

mod error;

pub use error::RecipeError;

use crate::{
    encoding::Encoding, headers::HeaderTemplate, message::Message, timestamp::TimestampFormat,
};
use http::HeaderName;
use std::time::Duration;

/// The text of a signature recipe, parsed by [`Recipe::parse`].
#[derive(Clone, Copy, Debug)]
pub struct RecipeText<'a> {
    /// `hmac-sha256`.
    pub algorithm: &'a str,
    /// Encoding of the signature: `base64` (standard alphabet, padded), `base64url` (URL-safe alphabet, unpadded) or `hex`
    /// (lower case).
    pub encoding: &'a str,
    /// Format of `{timestamp}`: `unix-seconds`, `unix-millis` or `rfc3339` (UTC, whole seconds, `Z`).
    pub timestamp: &'a str,
    /// The signed message: literal text with `{method}`, `{path}`, `{query}`, `{path_and_query}`, `{host}`, `{body}`,
    /// `{body_sha256}` (lower-case hexadecimal), `{timestamp}`, `{nonce}` and `{header:NAME}`.
    pub message: &'a str,
    /// The headers to set, each a name and a template: literal text with `{key}`, `{signature}`, `{timestamp}` and
    /// `{nonce}`. Each placeholder may occur once across all headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// Maximum difference between the timestamp and the receiver's time, in either direction, inclusive.
    pub tolerance: Duration,
}

/// A compiled signature recipe, shared by signers and verifiers.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub(crate) encoding: Encoding,
    pub(crate) timestamp: TimestampFormat,
    pub(crate) message: Message,
    pub(crate) headers: Vec<HeaderTemplate>,
    tolerance: Duration,
    needs_timestamp: bool,
    needs_nonce: bool,
}

impl Recipe {
    /// Parses and validates a recipe.
    ///
    /// # Errors
    ///
    /// An unknown algorithm, encoding, timestamp format or placeholder; an invalid or repeated header name; no header with
    /// `{signature}`; a signed `{timestamp}` or `{nonce}` that no header carries; a header template that a receiver could not
    /// parse. The error names the field and the accepted values.
    pub fn parse(text: &RecipeText<'_>) -> Result<Self, RecipeError> {
        if text.algorithm != "hmac-sha256" {
            return Err(RecipeError::unknown(
                "algorithm",
                text.algorithm,
                "hmac-sha256",
            ));
        }
        let encoding = Encoding::from_name(text.encoding)
            .ok_or_else(|| RecipeError::unknown("encoding", text.encoding, Encoding::NAMES))?;
        let timestamp = TimestampFormat::from_name(text.timestamp).ok_or_else(|| {
            RecipeError::unknown("timestamp", text.timestamp, TimestampFormat::NAMES)
        })?;
        let message = Message::parse(text.message)?;
        let headers = HeaderTemplate::parse_all(text.headers, encoding, timestamp)?;
        let recipe = Self {
            encoding,
            timestamp,
            needs_timestamp: headers.iter().any(HeaderTemplate::uses_timestamp),
            needs_nonce: headers.iter().any(HeaderTemplate::uses_nonce),
            message,
            headers,
            tolerance: text.tolerance,
        };
        recipe.check_receivable()?;
        Ok(recipe)
    }

    /// Maximum difference between the timestamp and the receiver's time, in either direction, inclusive.
    pub fn tolerance(&self) -> Duration {
        self.tolerance
    }

    /// The names of the headers that signing sets, in recipe order.
    pub fn header_names(&self) -> impl Iterator<Item = &HeaderName> {
        self.headers.iter().map(|header| &header.name)
    }

    /// Returns whether [`SigningInput::nonce`](crate::SigningInput::nonce) is required.
    pub fn needs_nonce(&self) -> bool {
        self.needs_nonce
    }

    /// Returns whether signing uses the time. A signed timestamp is always carried by a header.
    pub(crate) fn needs_timestamp(&self) -> bool {
        self.needs_timestamp
    }

    /// Checks that the headers carry every signed value that a receiver cannot know from the request.
    fn check_receivable(&self) -> Result<(), RecipeError> {
        if !self.headers.iter().any(HeaderTemplate::uses_signature) {
            return Err(RecipeError::new("headers", "no header carries {signature}"));
        }
        if self.message.uses_timestamp() && !self.headers.iter().any(HeaderTemplate::uses_timestamp)
        {
            return Err(RecipeError::new(
                "headers",
                "the message signs {timestamp} but no header carries it",
            ));
        }
        if self.message.uses_nonce() && !self.needs_nonce {
            return Err(RecipeError::new(
                "headers",
                "the message signs {nonce} but no header carries it",
            ));
        }
        match self
            .message
            .headers()
            .find(|name| self.header_names().any(|set| set == *name))
        {
            Some(name) => Err(RecipeError::new(
                "message",
                format!("{{header:{name}}} is a header that signing sets"),
            )),
            None => Ok(()),
        }
    }
}
