//! The transport that every botroster client crate shares, and the types their public API is made of.
//!
//! You rarely name this crate: depend on a platform's crate (`botroster-peki`, `botroster-chatbot`, …), which
//! re-exports what it needs. What stands here is common to all of them and written once:
//!
//! - [`Error`], [`Page`], [`Pages`], [`Items`], [`Timestamp`], [`Json`]: what calls give back;
//! - [`Platform`] and [`Connection`]: a platform as data, for programs that treat them all alike;
//! - the order of every attempt: rate limit, authenticate with a fresh time, check the origin, send, read at most
//!   so many bytes, classify, perhaps retry, decode.
//!
//! Three defaults are worth knowing. Redirects are never followed, because a redirect carries custom key headers
//! to another host. Bodies are bounded ([`Options::with_body_limit`]). An error's text never repeats a value that you or
//! the platform sent, because such values are secrets or people's data.

mod attempts;
mod base_url;
mod builder;
mod call;
mod clock;
#[doc(hidden)]
pub mod codegen;
mod credentials;
mod csv;
mod cursor;
mod decode;
mod enums;
mod envelope;
mod error;
mod error_code;
mod extra;
mod fetch;
mod http_date;
mod item;
mod json;
mod limiter;
mod limits;
mod nullable;
mod number_or_text;
mod operation;
mod options;
mod page;
mod pages;
mod personal;
mod platform;
mod query;
mod record;
mod retry;
mod segment;
mod send;
mod skew;
mod surrogates;
#[cfg(test)]
mod testing;
mod timestamp;
mod transport;
mod walk;

pub use botroster_auth::{
    Provide, ProviderError, Resolved, Secret, Source, SourceError, SourceProblem, SourceWarning,
};
pub use builder::Builder;
pub use call::{CallFuture, RawResponse};
pub use clock::Runtime;
pub use csv::Rows;
pub use cursor::Cursor;
pub use enums::UnknownValue;
pub use error::{Error, ErrorKind};
pub use error_code::ErrorCode;
pub use extra::Extra;
pub use item::Item;
pub use json::Json;
pub use nullable::Nullable;
pub use number_or_text::NumberOrText;
pub use operation::RateLimit;
pub use options::Options;
pub use page::{Metadata, Page, Rejected, Totals};
pub use pages::{Completeness, Items, Pages};
pub use personal::{PersonalCategory, PersonalField};
pub use platform::{
    Connection, CredentialInfo, ParentInfo, Platform, PlatformInfo, RawPages, Settings, StreamInfo,
};
pub use send::{BodyStream, HttpSend, Incoming, Outgoing, SendError};
pub use serde_json::Number;
pub use timestamp::Timestamp;

/// Fields of any shape, by name.
pub type Map = serde_json::Map<String, serde_json::Value>;
