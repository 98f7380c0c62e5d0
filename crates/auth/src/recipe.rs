use crate::{
    encoding::Encoding, headers::HeaderTemplate, message::Message, timestamp::TimestampFormat,
};
use http::HeaderName;
use std::{error::Error, fmt, time::Duration};

/// A signature recipe as it is written down. [`Recipe::parse`] reads it.
#[derive(Clone, Copy, Debug)]
pub struct RecipeText<'a> {
    /// `hmac-sha256`.
    pub algorithm: &'a str,
    /// How the signature is written: `base64` (standard alphabet, padded), `base64url` (URL-safe alphabet, without padding)
    /// or `hex` (lower case).
    pub encoding: &'a str,
    /// How `{timestamp}` is written: `unix-seconds`, `unix-millis` or `rfc3339` (UTC, whole seconds, `Z`).
    pub timestamp: &'a str,
    /// What is signed: literal text with `{method}`, `{path}`, `{query}`, `{path_and_query}`, `{host}`, `{body}`,
    /// `{body_sha256}` (lower-case hexadecimal), `{timestamp}`, `{nonce}` and `{header:NAME}`.
    pub message: &'a str,
    /// The headers to set, each a name and a template: literal text with `{key}`, `{signature}`, `{timestamp}` and
    /// `{nonce}`, each at most once in all headers together.
    pub headers: &'a [(&'a str, &'a str)],
    /// How far the timestamp may be from the receiver's time, to either side and inclusive.
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
    /// Reads a recipe strictly.
    ///
    /// # Errors
    ///
    /// Names the field and what is allowed: an unknown algorithm, encoding, timestamp or placeholder, an invalid or repeated
    /// header name, no header with `{signature}`, a signed `{timestamp}` or `{nonce}` that no header carries, a header
    /// template that a receiver could not take apart again.
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

    /// How far the timestamp may be from the receiver's time, to either side and inclusive.
    pub fn tolerance(&self) -> Duration {
        self.tolerance
    }

    /// The names of the headers that signing sets, in the recipe's order.
    pub fn header_names(&self) -> impl Iterator<Item = &HeaderName> {
        self.headers.iter().map(|header| &header.name)
    }

    /// Whether a [`SigningInput`](crate::SigningInput) must bring a nonce.
    pub fn needs_nonce(&self) -> bool {
        self.needs_nonce
    }

    /// Whether signing needs the time. What the message signs, a header carries.
    pub(crate) fn needs_timestamp(&self) -> bool {
        self.needs_timestamp
    }

    /// The receiver must learn from the headers whatever it does not know from the request itself.
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

/// A recipe that cannot be used. Names the field, what is wrong and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeError {
    field: String,
    problem: String,
}

impl RecipeError {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }

    fn unknown(field: &str, given: &str, known: &str) -> Self {
        Self::new(field, format!("unknown value {given:?}; known are {known}"))
    }

    /// The field of [`RecipeText`], for a header followed by its name: `message`, `headers.X-Signature`.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recipe field {}: {}", self.field, self.problem)
    }
}

impl Error for RecipeError {}
