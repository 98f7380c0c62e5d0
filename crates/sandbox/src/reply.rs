//! Responses: what an operation returns, and refusals in the platform's own form.

pub(crate) mod content;
mod csv;
mod envelope;
mod filter;
pub(crate) mod list;
mod omitted;
mod page;
pub(crate) mod refusal;
pub(crate) mod respond;
mod selection;
mod single;
mod sort;
mod success;
mod template;
