//! Security schemes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::duration;

/// A security scheme of the document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecurityScheme {
    /// Name in the document.
    pub name: String,
    /// Credential slots in snake_case, as configuration files name them. A signature has `api_key` and `api_secret`, basic
    /// authentication `username` and `password`, a token one named after the scheme, a constant header none.
    pub slots: Vec<String>,
    /// How the credential is sent.
    #[serde(flatten)]
    pub scheme: Scheme,
}

/// How a credential is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// An HMAC signature, `x-signature`.
    Signature(Signature),
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header that holds the token.
    Header {
        /// Name of the header, as written.
        header: String,
        /// Value of the header, with `{key}` where the token goes.
        template: String,
    },
    /// A header that is always the same.
    Constant {
        /// Name of the header, as written.
        header: String,
        /// Value of the header.
        value: String,
    },
}

/// How a request is signed, the word `x-signature`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Algorithm: `hmac-sha256`.
    pub algorithm: String,
    /// Encoding of the signature: `base64`, `base64url` or `hex`.
    pub encoding: String,
    /// Form of the time: `unix-seconds`, `unix-millis` or `rfc3339`.
    pub timestamp: String,
    /// Template of the signed message.
    pub message: String,
    /// Headers that are sent, each with the template of its value.
    pub headers: Map<String, Value>,
    /// Largest difference between the two clocks.
    #[serde(with = "duration")]
    pub tolerance: Duration,
}
