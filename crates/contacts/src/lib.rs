#![doc = include_str!("../README.md")]

mod error;
mod evaluate;
mod expression;
mod field;
mod mapped_fields;
mod mapping;
mod model;
mod phone;
mod pointer;
mod scalar;
mod time;

pub use error::MappingError;
pub use field::{CommonModel, FieldInfo, FieldKind, FieldValue};
pub use mapping::Mapping;
pub use model::{Contact, Conversation, Message};
pub use pointer::Pointer;
pub use scalar::scalar_to_string;
