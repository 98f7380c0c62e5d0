//! Writes: created records, changes to records, and rows moved by churn.

use super::{
    Collection, View,
    changes::{self, RowChanges},
    created::{self, CreatedRecord},
    ids::{CHURNED_FROM, CREATED_FROM},
    patch::{self, Patch},
    shape::ValueShape,
};
use crate::options::Churn;
use botroster_spec::pointer;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

/// All writes to a platform.
#[derive(Debug, Default)]
pub(crate) struct Store {
    created: BTreeMap<usize, Vec<CreatedRecord>>,
    patches: BTreeMap<(usize, u64), Vec<Patch>>,
    changes: BTreeMap<usize, RowChanges>,
}

impl Store {
    fn created(&self, collection: usize) -> &[CreatedRecord] {
        self.created
            .get(&collection)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn moved(&self, collection: usize) -> &RowChanges {
        static NOTHING: LazyLock<RowChanges> = LazyLock::new(RowChanges::default);
        self.changes.get(&collection).unwrap_or(&NOTHING)
    }

    /// Creates a record and returns its index.
    pub(crate) fn create(&mut self, collection: usize, given: Value, at: i64) -> u64 {
        let all = self.created.entry(collection).or_default();
        all.push(CreatedRecord { given, at });
        let index = CREATED_FROM + all.len() as u64 - 1;
        self.changes
            .entry(collection)
            .or_default()
            .arrive(index, None);
        index
    }

    pub(crate) fn patch(&mut self, collection: usize, index: u64, patch: Patch) {
        self.patches
            .entry((collection, index))
            .or_default()
            .push(patch);
    }

    /// Inserts and deletes rows after a page; `read` are the positions of the rows read so far.
    pub(crate) fn churn(
        &mut self,
        (at, collection): (usize, &Collection),
        churn: Churn,
        read: std::ops::Range<u64>,
        request: u64,
    ) {
        let moved = self.changes.entry(at).or_default();
        let mut dice = moved.dice(collection);
        for _ in 0..changes::amount(churn.inserts, &mut dice) {
            moved.insert(request);
        }
        for _ in 0..changes::amount(churn.deletes, &mut dice) {
            let total = self.len((at, collection), &View::All);
            // Half of the deletions are of rows already read, which makes clients skip others.
            let position = match dice.chance(500) && read.end > read.start {
                true => read.start + dice.below(read.end - read.start),
                false => dice.below(total),
            };
            let index = self.index((at, collection), &View::All, position);
            if let (Some(index), Some(moved)) = (index, self.changes.get_mut(&at)) {
                moved.remove(index);
            }
        }
    }

    /// Inserts a row before a request.
    pub(crate) fn insert(&mut self, at: usize, request: u64) {
        self.changes.entry(at).or_default().insert(request);
    }

    /// Deletes the first row; false if that is impossible.
    pub(crate) fn remove_first(&mut self, listed: (usize, &Collection)) -> bool {
        let before = self.moved(listed.0).count_removed();
        let index = self.index(listed, &View::All, 0);
        if let Some(index) = index {
            self.changes.entry(listed.0).or_default().remove(index);
        }
        self.moved(listed.0).count_removed() > before
    }

    /// The request after which churn inserted a row.
    pub(crate) fn inserted(&self, at: usize, index: u64) -> Option<u64> {
        self.moved(at).inserted(index)
    }

    /// The rows before those from the start, oldest first.
    fn ahead(&self, (at, collection): (usize, &Collection), view: &View) -> Vec<u64> {
        let moved = self.moved(at);
        match view {
            View::All => moved.arrived().collect(),
            View::Row(row) => {
                let churned = moved.arrived().filter(|index| *index >= CHURNED_FROM);
                churned
                    .filter(|index| index % collection.parts() == *row)
                    .collect()
            }
            View::Children(_) | View::Some(_) => Vec::new(),
        }
    }

    /// The positions of deleted rows in a view, counted from the first row from the start, in ascending order.
    fn gaps(&self, (at, collection): (usize, &Collection), view: &View) -> Cow<'_, [u64]> {
        let gone = self.moved(at).gone();
        let parts = collection.parts();
        match view {
            View::All => Cow::Borrowed(gone),
            View::Row(row) => {
                let own = gone.iter().filter(|index| *index % parts == *row);
                Cow::Owned(own.map(|index| index / parts).collect())
            }
            View::Children(_) | View::Some(_) => Cow::Borrowed(&[]),
        }
    }

    fn ahead_len(&self, listed: (usize, &Collection), view: &View) -> u64 {
        match view {
            View::All => self.moved(listed.0).arrived().len() as u64,
            view => self.ahead(listed, view).len() as u64,
        }
    }

    pub(crate) fn len(&self, listed: (usize, &Collection), view: &View) -> u64 {
        let from_start = listed.1.len(view);
        let gaps = self.gaps(listed, view).len() as u64;
        self.ahead_len(listed, view) + from_start.saturating_sub(gaps)
    }

    /// The index of the record at a position in a view; new records come first, latest first.
    pub(crate) fn index(
        &self,
        listed: (usize, &Collection),
        view: &View,
        position: u64,
    ) -> Option<u64> {
        let ahead = self.ahead_len(listed, view);
        match position.checked_sub(ahead) {
            None => {
                let at = usize::try_from(ahead - 1 - position).ok()?;
                match view {
                    View::All => self.moved(listed.0).arrived().nth(at),
                    view => self.ahead(listed, view).get(at).copied(),
                }
            }
            Some(rest) => {
                let rest = changes::survivor(&self.gaps(listed, view), rest);
                listed.1.index(view, rest)
            }
        }
    }

    /// The position of a record in a view; for a deleted one, where it would be.
    pub(crate) fn position(
        &self,
        listed: (usize, &Collection),
        view: &View,
        index: u64,
    ) -> Option<u64> {
        if index >= CREATED_FROM && !matches!(view, View::Some(_)) {
            let later = self.moved(listed.0).later(index)?;
            let ahead = self.ahead(listed, view);
            return Some(ahead.iter().filter(|own| later.contains(own)).count() as u64);
        }
        let rest = listed.1.position(view, index)?;
        let gaps = self.gaps(listed, view);
        let before = gaps.partition_point(|gap| *gap < rest) as u64;
        Some(self.ahead_len(listed, view) + rest - before)
    }

    /// Returns whether a record with this index exists.
    pub(crate) fn has(&self, (at, collection): (usize, &Collection), index: u64) -> bool {
        match index < CREATED_FROM {
            true => collection.has(index) && !self.moved(at).is_gone(index),
            false => self.moved(at).has(index),
        }
    }

    /// The matching records of a view.
    pub(crate) fn filter(
        &self,
        listed: (usize, &Collection),
        view: &View,
        matches: impl Fn(u64) -> bool,
    ) -> View {
        let all = (0..self.len(listed, view)).filter_map(|at| self.index(listed, view, at));
        View::Some(all.filter(|index| matches(*index)).collect())
    }

    /// When a record was created, in milliseconds.
    pub(crate) fn created_at(&self, (at, collection): (usize, &Collection), index: u64) -> i64 {
        match self.created_record(at, index) {
            Some(created) => created.at,
            None => collection.created(index),
        }
    }

    /// The record that a request created with this index.
    fn created_record(&self, at: usize, index: u64) -> Option<&CreatedRecord> {
        let number = usize::try_from(index.checked_sub(CREATED_FROM)?).ok()?;
        self.created(at).get(number)
    }

    /// Returns whether a request created the record with this index.
    pub(crate) fn is_created(&self, at: usize, index: u64) -> bool {
        self.created_record(at, index).is_some()
    }

    /// The numbers of existing, added, changed and removed records.
    pub(crate) fn counts(&self, listed: (usize, &Collection)) -> [u64; 4] {
        let moved = self.moved(listed.0);
        let patched = self.patches.keys().filter(|(at, _)| *at == listed.0);
        [
            self.len(listed, &View::All),
            moved.count_arrived(),
            patched.count() as u64,
            moved.count_removed(),
        ]
    }

    /// A record in a shape, with all changes.
    pub(crate) fn record(
        &self,
        (at, collection): (usize, &Collection),
        index: u64,
        shape: &ValueShape,
    ) -> Value {
        let mut record = match self.created_record(at, index) {
            Some(created) => created.record(collection, index, shape),
            None => collection.record_as(shape, index),
        };
        for patch in self.patches.get(&(at, index)).into_iter().flatten() {
            patch::apply(&mut record, shape, patch);
            if let Some(updated) = collection
                .updated
                .as_deref()
                .filter(|at| shape.find(at).is_some())
            {
                pointer::set(
                    &mut record,
                    updated,
                    created::timestamp(shape.find(updated), patch.at),
                );
            }
        }
        record
    }
}
