//! Values of requests and schemas: parsing, validation and description.

pub(crate) mod describe;
pub(crate) mod moment;
pub(crate) mod text;
pub(crate) mod validate;
