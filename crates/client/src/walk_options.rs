//! Options of a walk over the pages of a list.

use std::sync::Arc;

use crate::{
    Cursor, Error,
    cursor::Position,
    operation::{Operation, PagingPlan},
};

/// How the pages of a list are requested.
#[derive(Debug, Clone)]
pub struct WalkOptions {
    pub(crate) concurrency: usize,
    pub(crate) dedupe: Option<bool>,
    start: Option<Result<Position, Arc<Error>>>,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            concurrency: 1,
            dedupe: None,
            start: None,
        }
    }
}

impl WalkOptions {
    /// Sets the maximum number of concurrent requests. Applies to lists whose number of pages the server reports.
    pub fn set_concurrency(&mut self, requests: usize) {
        self.concurrency = requests;
    }

    /// Sets whether repeated records are dropped.
    pub fn set_dedupe(&mut self, dedupe: bool) {
        self.dedupe = Some(dedupe);
    }

    /// Sets the position of the first page. A cursor of another operation is reported when the page is requested.
    pub fn set_start(&mut self, operation: &'static Operation, cursor: &Cursor) {
        self.start = Some(cursor.of(operation).cloned().map_err(Arc::new));
    }

    /// The position that the caller set with a cursor.
    ///
    /// # Errors
    /// The cursor belongs to another operation.
    pub(crate) fn start(&self) -> Result<Option<Position>, Error> {
        match &self.start {
            None => Ok(None),
            Some(Ok(position)) => Ok(Some(position.clone())),
            Some(Err(error)) => Err(Error::new(error.kind(), error.to_string())),
        }
    }

    /// The position at which a walk starts if the caller chose one, whether by a cursor or by `own`, a position argument.
    ///
    /// # Errors
    /// The cursor belongs to another operation.
    pub(crate) fn chosen_start(
        &self,
        own: Option<Position>,
        plan: &PagingPlan,
    ) -> Result<Option<Position>, Error> {
        let start = self.start()?;
        Ok(start.or_else(|| own.filter(|position| *position != plan.start())))
    }
}
