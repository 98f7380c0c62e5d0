//! How complete a list is that was read page by page.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

/// Whether a list is known to have been read completely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Completeness {
    /// The end of the list has not been reached.
    Unfinished,
    /// The number of records equals the total that the server reports.
    Complete,
    /// The server reports no total, or the walk did not start at the first page.
    Unverified,
}

/// The completeness of a walk, shared by the walk and the stream that the caller holds.
#[derive(Clone, Default)]
pub(crate) struct SharedCompleteness(Arc<AtomicU8>);

impl SharedCompleteness {
    pub(crate) fn set(&self, state: Completeness) {
        self.0.store(state as u8, Ordering::Release);
    }

    pub(crate) fn get(&self) -> Completeness {
        match self.0.load(Ordering::Acquire) {
            1 => Completeness::Complete,
            2 => Completeness::Unverified,
            _ => Completeness::Unfinished,
        }
    }
}
