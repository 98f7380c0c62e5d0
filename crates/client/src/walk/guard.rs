//! Detection of lists that never end.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
};

use crate::{Item, Page, cursor::Position};

/// Consecutive pages without a new record after which the list is considered endless. One such page can occur when many
/// records are inserted at once.
const MAX_REPEATED_PAGES: u32 = 2;

/// Detects a server that repeats itself endlessly.
#[derive(Default)]
pub(super) struct CycleGuard {
    keyed: RandomState,
    cursors: HashSet<u64>,
    last_page: Option<u64>,
    repeated: u32,
}

impl CycleGuard {
    /// Examines a page of a first pass.
    ///
    /// # Errors
    /// The list would never end.
    pub(super) fn check<T: Item>(
        &mut self,
        keys: bool,
        count: u64,
        fresh: u64,
        page: &Page<T>,
        next: Option<&Position>,
    ) -> Result<(), &'static str> {
        if let Some(Position::Cursor(Some(cursor))) = next
            && !self.cursors.insert(self.keyed.hash_one(cursor))
        {
            return Err("the server returned the same cursor twice, so the list would never end");
        }
        let is_repeated = if keys {
            count > 0 && fresh == 0
        } else {
            // Without keys, a page is identified by its whole content.
            let text = serde_json::to_string(&page.items).unwrap_or_default();
            let rejected: Vec<&str> = page.rejected().iter().map(|one| one.raw().get()).collect();
            let hash = self.keyed.hash_one((text, rejected));
            count > 0 && self.last_page.replace(hash) == Some(hash)
        };
        self.repeated = if is_repeated { self.repeated + 1 } else { 0 };
        if self.repeated >= MAX_REPEATED_PAGES {
            return Err("the server keeps returning the same page, so the list would never end");
        }
        Ok(())
    }
}
