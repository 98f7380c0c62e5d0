//! Request signing and credential injection described as data: HMAC-SHA256, bearer, basic and header tokens.
//!
//! A [`Recipe`] says how a platform signs: which bytes, in which encoding, sent in which headers. A [`Signer`] applies it
//! to the headers of a request, a [`Verifier`] checks it on the other side. An [`Authenticator`] is any one way to
//! authenticate, signing included, and can check what it sets. A [`Source`] says where its secret comes from. There is no
//! HTTP client here, no async and no clock: a request is its parts, headers are an [`http::HeaderMap`], and the time is an
//! argument.
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
//! // Path and query exactly as they go over the wire.
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
//! // The receiver accepts it for five minutes, and only for this request.
//! authenticator.verify(&request, &headers, sent_at + Duration::from_secs(300))?;
//! assert!(authenticator.verify(&request, &headers, sent_at + Duration::from_secs(301)).is_err());
//! let other = SigningInput { query: Some("page=2"), ..request };
//! assert!(authenticator.verify(&other, &headers, sent_at).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a signature covers
//!
//! Only what the recipe's message names. A recipe without `{host}` lets a captured request be replayed against another
//! host, one without `{nonce}` lets it be replayed within the tolerance, and a [`Verifier`] remembers no nonces.

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
    Provide, ProviderError, Resolved, Source, SourceError, SourceProblem, SourceWarning,
};
pub use verifier::Verifier;
