#![doc = include_str!("../README.md")]

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
