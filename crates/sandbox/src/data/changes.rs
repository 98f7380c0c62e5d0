//! Rows that came and went since the start: those that requests made, and those that come and go by themselves.

use super::{
    Collection,
    ids::{CHURNED_FROM, CREATED_FROM},
};
use crate::hash::{Dice, mix};
use std::collections::{BTreeMap, BTreeSet};

/// What moved in one list.
#[derive(Debug, Default)]
pub(crate) struct RowChanges {
    /// The new rows that are there, in the order in which they came: turn and index.
    arrived: Vec<(u64, u64)>,
    /// The turn of each new row, also of those that are gone.
    turns: BTreeMap<u64, u64>,
    /// By index: the request after which a row was inserted.
    inserted: BTreeMap<u64, u64>,
    /// Rows from the start that are gone, rising.
    gone: Vec<u64>,
    removed: u64,
    pages: u64,
}

impl RowChanges {
    pub(crate) const fn new() -> Self {
        Self {
            arrived: Vec::new(),
            turns: BTreeMap::new(),
            inserted: BTreeMap::new(),
            gone: Vec::new(),
            removed: 0,
            pages: 0,
        }
    }

    /// The chances of the next page.
    pub(crate) fn dice(&mut self, collection: &Collection) -> Dice {
        self.pages += 1;
        Dice::new(mix(mix(collection.seed(), 0xc4_0214), self.pages))
    }

    /// A new row; `request` is the one after which it inserted itself.
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

    /// Takes a row out; those that requests made stay.
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

    /// The new rows that are there, the oldest first.
    pub(crate) fn arrived(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.arrived.iter().map(|(_, index)| *index)
    }

    /// Whether a new row is there.
    pub(crate) fn has(&self, index: u64) -> bool {
        self.place(index).is_some()
    }

    fn place(&self, index: u64) -> Option<usize> {
        let turn = self.turns.get(&index)?;
        let own = self.arrived.binary_search_by_key(turn, |(turn, _)| *turn);
        own.ok()
    }

    /// The new rows that came after one that was there; `None` for one that never was.
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

/// A whole number whose average is this one.
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

/// The position, gaps counted, of the row that has this position without them.
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
    fn gaps_are_stepped_over() {
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
        let mut moved = RowChanges::new();
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
