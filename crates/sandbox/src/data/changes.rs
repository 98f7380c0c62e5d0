//! Rows inserted and deleted since the start, by requests and by churn.

use super::{
    Collection,
    ids::{CHURNED_FROM, CREATED_FROM},
};
use crate::hash::{Dice, mix};
use std::collections::{BTreeMap, BTreeSet};

/// The changes to the rows of a list.
#[derive(Debug, Default)]
pub(crate) struct RowChanges {
    /// The existing new rows in the order of insertion: turn and index.
    arrived: Vec<(u64, u64)>,
    /// The turn of each new row, deleted ones included.
    turns: BTreeMap<u64, u64>,
    /// By index: the request after which churn inserted the row.
    inserted: BTreeMap<u64, u64>,
    /// Deleted rows that existed at the start, in ascending order.
    gone: Vec<u64>,
    removed: u64,
    pages: u64,
}

impl RowChanges {
    /// The choices after the next page.
    pub(crate) fn dice(&mut self, collection: &Collection) -> Dice {
        self.pages += 1;
        Dice::new(mix(mix(collection.seed(), 0xc4_0214), self.pages))
    }

    /// Adds a row; `request` is the one after which churn inserted it.
    pub(crate) fn arrive(&mut self, index: u64, request: Option<u64>) {
        let turn = self.turns.len() as u64;
        self.turns.insert(index, turn);
        self.arrived.push((turn, index));
        self.inserted
            .extend(request.map(|request| (index, request)));
    }

    pub(crate) fn insert(&mut self, request: u64) {
        let index = CHURNED_FROM + self.inserted.len() as u64;
        self.arrive(index, Some(request));
    }

    /// Deletes a row, unless a request created it.
    pub(crate) fn remove(&mut self, index: u64) {
        if index < CREATED_FROM {
            if let Err(at) = self.gone.binary_search(&index) {
                self.gone.insert(at, index);
                self.removed += 1;
            }
        } else if self.inserted.contains_key(&index)
            && let Some(at) = self.place(index)
        {
            self.arrived.remove(at);
            self.removed += 1;
        }
    }

    /// The existing new rows, oldest first.
    pub(crate) fn arrived(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.arrived.iter().map(|(_, index)| *index)
    }

    /// Returns whether a new row exists.
    pub(crate) fn has(&self, index: u64) -> bool {
        self.place(index).is_some()
    }

    fn place(&self, index: u64) -> Option<usize> {
        let turn = self.turns.get(&index)?;
        let own = self.arrived.binary_search_by_key(turn, |(turn, _)| *turn);
        own.ok()
    }

    /// The existing new rows inserted after another new row; `None` if there never was such a row.
    pub(crate) fn later(&self, index: u64) -> Option<BTreeSet<u64>> {
        let turn = self.turns.get(&index)?;
        let later = self.arrived.iter().filter(|(own, _)| own > turn);
        Some(later.map(|(_, index)| *index).collect())
    }

    pub(crate) fn gone(&self) -> &[u64] {
        &self.gone
    }

    pub(crate) fn is_gone(&self, index: u64) -> bool {
        self.gone.binary_search(&index).is_ok()
    }

    pub(crate) fn inserted(&self, index: u64) -> Option<u64> {
        self.inserted.get(&index).copied()
    }

    pub(crate) fn count_arrived(&self) -> u64 {
        self.turns.len() as u64
    }

    pub(crate) fn count_removed(&self) -> u64 {
        self.removed
    }
}

/// A random integer with this average.
pub(crate) fn amount(average: f64, dice: &mut Dice) -> u64 {
    let average = average.clamp(0.0, 1000.0);
    let mut whole = 0_u16;
    while f64::from(whole) + 1.0 <= average {
        whole += 1;
    }
    let rest = (average - f64::from(whole)) * 1000.0;
    let more = (0..1000_u16).take_while(|mille| f64::from(*mille) + 0.5 < rest);
    u64::from(whole) + u64::from(dice.chance(more.count() as u64))
}

/// Converts a position among existing rows to one among all rows, those deleted included.
pub(crate) fn survivor(gaps: &[u64], rank: u64) -> u64 {
    let (mut low, mut high) = (0, gaps.len());
    while low < high {
        let middle = low.midpoint(high);
        let is_before = gaps
            .get(middle)
            .is_some_and(|gap| gap - middle as u64 <= rank);
        match is_before {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    rank + low as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_skipped() {
        let gaps = [0, 3, 4, 9];
        let all: Vec<u64> = (0..7).map(|rank| survivor(&gaps, rank)).collect();
        assert_eq!(all, [1, 2, 5, 6, 7, 8, 10]);
        assert_eq!(survivor(&[], 5), 5);
    }

    #[test]
    fn amounts_average() {
        let mut dice = Dice::new(1);
        let sum: u64 = (0..1000).map(|_| amount(1.25, &mut dice)).sum();
        assert!((1180..1320).contains(&sum), "{sum}");
        assert_eq!(amount(2.0, &mut dice), 2);
        assert_eq!(amount(0.0, &mut dice), 0);
        assert_eq!(amount(f64::NAN, &mut dice), 0);
    }

    #[test]
    fn rows_come_and_go() {
        let mut moved = RowChanges::default();
        moved.insert(7);
        moved.arrive(CREATED_FROM, None);
        moved.insert(8);
        assert_eq!(moved.arrived().len(), 3);
        assert_eq!(moved.inserted(CHURNED_FROM + 1), Some(8));
        moved.remove(CHURNED_FROM);
        moved.remove(CREATED_FROM);
        moved.remove(5);
        moved.remove(5);
        assert_eq!(moved.count_removed(), 2, "what a request made stays");
        assert_eq!(moved.later(CHURNED_FROM).unwrap().len(), 2);
        assert!(moved.is_gone(5) && !moved.is_gone(4));
        assert!(moved.later(1).is_none());
    }
}
