//! The transport that all botroster clients share, and the types of their public API.
//!
//! Programs rarely depend on this crate: a platform's crate (`botroster-peki`, `botroster-chatbot`, …) re-exports the types
//! that its API uses. The crate has
//!
//! - the types that calls return: [`Page`], [`Pages`], [`Items`], [`Timestamp`], [`Json`], [`Error`];
//! - [`Platform`] and [`Connection`], which describe a platform as data, for programs that treat all platforms alike;
//! - the transport. Each attempt of a call waits for the rate limit, authenticates with the current time, checks the origin,
//!   sends, reads a bounded body and interprets the response; then it is retried or decoded.
//!
//! Redirects are never followed, because they would send custom key headers to another host. Bodies are bounded
//! ([`Options::with_body_limit`]). The message of an error contains no value of a request or response, because such values are
//! secrets or personal data.

mod base_url;
mod builder;
mod call;
mod call_options;
mod clock;
#[doc(hidden)]
pub mod codegen;
mod completeness;
mod core;
mod credential_set;
mod credentials;
mod csv;
mod cursor;
mod decode;
mod enums;
mod envelope;
mod error;
mod error_code;
mod exchange;
mod extra;
mod fetch;
mod item;
mod json;
mod limiter;
mod limits;
mod network;
mod nullable;
mod number_or_text;
mod operation;
mod options;
mod page;
mod page_report;
mod pages;
mod paging;
mod personal;
mod platform;
mod platform_info;
mod query;
mod record;
mod rejected;
mod request_id;
mod response;
mod retry;
mod segment;
mod send;
mod settings;
mod skew;
mod surrogates;
#[cfg(test)]
mod testing;
mod timestamp;
mod transport;
mod walk;
mod walk_options;

pub use botroster_auth::{
    ProvideSecret, ResolvedSecret, Secret, SecretProviderError, SecretSource, SecretSourceError,
    SecretSourceProblem, SecretSourceWarning,
};
pub use builder::Builder;
pub use call::CallFuture;
pub use clock::Runtime;
pub use completeness::Completeness;
pub use credential_set::CredentialSet;
pub use csv::Rows;
pub use cursor::Cursor;
pub use enums::UnknownValue;
pub use error::{Error, ErrorKind};
pub use error_code::ErrorCode;
pub use extra::Extra;
pub use item::Item;
pub use json::{Json, Map};
pub use network::{BodyStream, HttpSend, IncomingResponse, OutgoingRequest, SendError};
pub use nullable::Nullable;
pub use number_or_text::NumberOrText;
pub use operation::RateLimit;
pub use options::Options;
pub use page::{Page, Totals};
pub use page_report::PageReport;
pub use pages::{Items, Pages};
pub use personal::{PersonalCategory, PersonalField};
pub use platform::{Connection, Platform, RawPages};
pub use platform_info::{CredentialInfo, ParentInfo, PlatformInfo, StreamInfo};
pub use rejected::Rejected;
pub use response::{Metadata, RawResponse};
pub use serde_json::Number;
pub use settings::Settings;
pub use timestamp::Timestamp;

// The crates whose types are in the public API.
pub use bytes;
pub use futures_core;
pub use http;
pub use serde;
pub use serde_json;
pub use url;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
