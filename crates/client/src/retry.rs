//! Retries: whether and when another attempt follows a failed one.
//!
//! This module only decides; [`transport`](crate::transport) sends and waits. It is written by hand because the available
//! crates retry a closure: they neither know whether a request may already have had an effect nor share a budget between the
//! calls of a client.

mod budget;
mod policy;
mod retry_after;

use http::StatusCode;

use crate::SendError;

pub(crate) use self::{
    budget::Budget,
    policy::{AttemptPolicy, Decision},
    retry_after::retry_after,
};

/// An attempt without a usable response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The response is missing or incomplete.
    Send(SendError),
    /// The response has this status.
    Status(StatusCode),
}
