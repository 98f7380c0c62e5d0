//! The interface between a generated request builder and the transport.

use std::{future::Future, pin::Pin};

use crate::{
    Error, OutgoingRequest, call_options::CallOptions, core::Core, cursor::Position,
    operation::Operation, walk_options::WalkOptions,
};

/// A call of one operation, implemented by every generated request builder.
pub trait Call: Clone + Send + Sync + 'static {
    /// The table entry of the operation.
    fn operation(&self) -> &'static Operation;
    /// The shared state of the client.
    fn core(&self) -> &Core;
    /// Builds the request, without the headers that each attempt adds.
    ///
    /// # Errors
    /// An argument cannot be sent.
    fn build(&self) -> Result<OutgoingRequest, Error>;
    /// The options of this call, in place of the client's.
    fn call_options(&self) -> Option<&CallOptions> {
        None
    }
    /// For a list: the position that the caller set as an argument.
    fn position(&self) -> Option<Position> {
        None
    }
    /// For a list: the options of a walk over its pages.
    fn walk_options(&self) -> WalkOptions {
        WalkOptions::default()
    }
    /// For a list: moves to another position.
    fn seek(&mut self, _position: &Position) {}
}

/// The future of a request builder.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;
