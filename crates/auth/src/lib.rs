//! Request signing and credential injection described as data: HMAC-SHA256, bearer, basic and header tokens.
//!
//! A [`Recipe`] describes how a platform signs: which bytes are signed, how the signature is encoded and which headers
//! carry it. A [`Signer`] signs requests with a recipe and a [`Verifier`] checks them on the receiving side. An
//! [`Authenticator`] is one authentication method, signing included; it sets the headers of a request and can verify the
//! headers it sets. A [`SecretSource`] is where a secret is read from. The crate has no HTTP client, no async code and no
//! clock: a request is passed as its parts, headers as an [`http::HeaderMap`], and the time as an argument.
//!
//! ```
//! use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer, SigningInput};
//! use http::HeaderMap;
//! use std::{sync::Arc, time::{Duration, SystemTime}};
//!
//! let recipe = Recipe::parse(&RecipeText {
//!     algorithm: "hmac-sha256",
//!     encoding: "base64",
//!     timestamp: "unix-seconds",
//!     message: "{method}\n{path_and_query}\n{body}\n{timestamp}",
//!     headers: &[("X-API-Key", "{key}"), ("X-Signature", "{signature}"), ("X-Timestamp", "{timestamp}")],
//!     tolerance: Duration::from_secs(300),
//! })?;
//! let signer = Signer::new(Arc::new(recipe), Secret::new("an-example-key"), Secret::new("an-example-secret"))?;
//! let authenticator = Authenticator::signature(signer);
//!
//! // Path and query exactly as sent on the wire.
//! let request = SigningInput {
//!     method: "GET",
//!     host: "api.example.com",
//!     path: "/v1/users",
//!     query: Some("page=1"),
//!     ..SigningInput::default()
//! };
//! let sent_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600);
//! let mut headers = HeaderMap::new();
//! authenticator.authenticate(&request, sent_at, &mut headers)?;
//! assert_eq!(headers["x-timestamp"], "1735689600");
//!
//! // The receiver accepts the signature for five minutes, and for this request only.
//! authenticator.verify(&request, &headers, sent_at + Duration::from_secs(300))?;
//! assert!(authenticator.verify(&request, &headers, sent_at + Duration::from_secs(301)).is_err());
//! let other = SigningInput { query: Some("page=2"), ..request };
//! assert!(authenticator.verify(&other, &headers, sent_at).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a signature covers
//!
//! Only what the recipe's message names. Without `{host}`, a captured request can be replayed against another host;
//! without `{nonce}`, it can be replayed within the tolerance. A [`Verifier`] does not store nonces.

mod authenticator;
mod credential;
mod encoding;
mod error;
mod headers;
mod input;
mod message;
mod recipe;
mod secret;
mod signer;
mod source;
mod template;
mod timestamp;
mod verifier;
mod wire;

pub use authenticator::Authenticator;
pub use credential::{CredentialError, CredentialProblem};
pub use error::{AuthError, VerifyError};
pub use input::{PathRewrite, SigningInput};
pub use recipe::{Recipe, RecipeError, RecipeText};
pub use secret::Secret;
pub use signer::{MAX_SIGNATURE_LEN, Signer};
pub use source::{
    ProvideSecret, ResolvedSecret, SecretProviderError, SecretSource, SecretSourceError,
    SecretSourceProblem, SecretSourceWarning,
};
pub use verifier::Verifier;
