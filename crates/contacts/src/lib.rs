//! The common model of the people who talk to chatbots: contacts, conversations and messages, mapped from each
//! platform's records by data.
//!
//! Every platform shapes its users differently. A platform's spec says with `x-maps-to` which part of a record is
//! which field of the common model; [`Mapping`] reads that description and applies it to records. Nothing here knows
//! a platform.
//!
//! ```
//! use botroster_contacts::Mapping;
//! use serde_json::json;
//!
//! let mapping = Mapping::parse(
//!     r#"{ "contact": {
//!         "id": "/_id",
//!         "display_name": { "first": ["/name", { "join": ["/first", "/last"], "with": " " }] },
//!         "phone": { "phone": { "prefix": "/phone/prefix", "number": "/phone/number" } },
//!         "last_seen_at": "/seen"
//!     } }"#,
//! )?;
//! let record = json!({
//!     "_id": 7, "first": "Ada", "last": "Example",
//!     "phone": { "prefix": "+1", "number": "(555) 01-00" },
//!     "seen": "2019-01-23 13:32:30.1635+01:00",
//! });
//! let contact = mapping.contact(&record).unwrap_or_default();
//! assert_eq!(contact.id.as_deref(), Some("7"));
//! assert_eq!(contact.display_name.as_deref(), Some("Ada Example"));
//! assert_eq!(contact.phone.as_deref(), Some("+15550100"));
//! assert_eq!(contact.last_seen_at.as_deref(), Some("2019-01-23T12:32:30.163Z"));
//! # Ok::<(), botroster_contacts::MappingError>(())
//! ```

mod error;
mod expression;
mod mapping;
mod model;
mod phone;
mod pointer;
mod text;
mod time;

pub use error::MappingError;
pub use mapping::Mapping;
pub use model::{Contact, Conversation, Field, FieldValue, Kind, Message, Record};
pub use pointer::Pointer;
pub use text::text;
