//! The active faults, and which of them a request is subject to.

use super::{fault::Fault, paging::PageMemory};
use crate::{
    hash::{Dice, mix},
    spec::Operation,
};
use botroster_spec::pointer;
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The active faults of all platforms of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct ActiveFaults {
    /// Whether there are any, so that requests without faults do not wait for the lock.
    any: AtomicBool,
    list: Mutex<FaultList>,
}

#[derive(Debug, Default)]
struct FaultList {
    last_id: u64,
    active: Vec<ActiveFault>,
}

/// An active fault.
#[derive(Debug)]
struct ActiveFault {
    id: u64,
    fault: Arc<Fault>,
    /// Number of requests it was applied to.
    fired: u64,
    /// Number of requests that matched so far.
    seen: u64,
    pages: PageMemory,
}

/// A request for which faults are chosen.
pub(crate) struct FaultCandidate<'a> {
    pub(crate) platform: &'a str,
    pub(crate) operation: Option<&'a Operation>,
    pub(crate) method: &'a str,
    /// The page of a list, from 1.
    pub(crate) page: Option<u64>,
}

/// A fault chosen for a request.
#[derive(Debug)]
pub(crate) struct ChosenFault {
    pub(super) id: u64,
    pub(crate) fault: Arc<Fault>,
    /// Chooses places in the response.
    pub(crate) dice: Dice,
    /// Number of times it was applied, this time included.
    pub(crate) fired: u64,
}

impl ActiveFaults {
    fn list(&self) -> MutexGuard<'_, FaultList> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether any fault is active.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Adds a fault and returns its id.
    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let mut list = self.list();
        list.last_id += 1;
        let id = list.last_id;
        let is_immediate = fault.is_immediate();
        list.active.push(ActiveFault {
            id,
            fault: Arc::new(fault),
            fired: u64::from(is_immediate),
            seen: 0,
            pages: PageMemory::default(),
        });
        self.any.store(true, Ordering::Relaxed);
        id
    }

    /// Removes a fault; false if there is none with this id.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut list = self.list();
        let before = list.active.len();
        list.active.retain(|active| active.id != id);
        self.any.store(!list.active.is_empty(), Ordering::Relaxed);
        list.active.len() < before
    }

    pub(crate) fn clear(&self) {
        self.list().active.clear();
        self.any.store(false, Ordering::Relaxed);
    }

    /// The active faults as JSON, with `id` and `fired`.
    pub(crate) fn listed(&self) -> Value {
        let list = self.list();
        let listed = list.active.iter().map(|active| {
            let mut value = json!(*active.fault);
            pointer::set(&mut value, "/id", active.id.into());
            pointer::set(&mut value, "/fired", active.fired.into());
            value
        });
        listed.collect()
    }

    /// Returns how often a fault was applied; `None` if there is none with this id.
    pub(crate) fn fired(&self, id: u64) -> Option<u64> {
        self.with(id, |active| active.fired)
    }

    /// The faults to apply to a request, at most one of each group; they count as applied.
    pub(super) fn choose(&self, candidate: &FaultCandidate<'_>) -> Vec<ChosenFault> {
        let mut chosen: Vec<ChosenFault> = Vec::new();
        for active in &mut self.list().active {
            if !active.fault.matches(candidate) {
                continue;
            }
            active.seen += 1;
            let group = active.fault.kind.group;
            let taken = chosen.iter().any(|other| other.fault.kind.group == group);
            let mut dice = Dice::new(mix(active.fault.seed(), active.seen));
            if !taken && active.is_due(&mut dice) {
                active.fired += 1;
                chosen.push(ChosenFault {
                    id: active.id,
                    fault: Arc::clone(&active.fault),
                    dice,
                    fired: active.fired,
                });
            }
        }
        chosen
    }

    /// Uncounts a fault that could not be applied to the response.
    pub(super) fn undo(&self, id: u64) {
        self.with(id, |active| active.fired = active.fired.saturating_sub(1));
    }

    /// Accesses the responses that a fault remembers.
    pub(super) fn with_pages<T>(
        &self,
        id: u64,
        work: impl FnOnce(&mut PageMemory) -> T,
    ) -> Option<T> {
        self.with(id, |active| work(&mut active.pages))
    }

    /// Accesses an active fault; `None` if there is none with this id.
    fn with<T>(&self, id: u64, work: impl FnOnce(&mut ActiveFault) -> T) -> Option<T> {
        let mut list = self.list();
        let mut active = list.active.iter_mut();
        active.find(|active| active.id == id).map(work)
    }
}

impl ActiveFault {
    fn is_due(&self, dice: &mut Dice) -> bool {
        const PARTS: u32 = 1_000_000;
        let part = u32::try_from(dice.below(u64::from(PARTS))).unwrap_or(PARTS);
        let only = &self.fault.only;
        self.seen > only.after.unwrap_or(0)
            && only.times.is_none_or(|times| self.fired < times)
            && only
                .rate
                .is_none_or(|rate| f64::from(part) < rate * f64::from(PARTS))
    }
}

impl Fault {
    /// Returns whether it takes effect when it is set, not on a request.
    pub(crate) fn is_immediate(&self) -> bool {
        self.kind.name == "refused"
    }

    fn matches(&self, candidate: &FaultCandidate<'_>) -> bool {
        let only = &self.only;
        let named = |wanted: &Option<String>, own: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == own)
        };
        let operation = || match (&only.operation, candidate.operation) {
            (None, _) => true,
            (Some(wanted), Some(operation)) => {
                operation_names(operation).any(|name| name == wanted)
            }
            (Some(_), None) => false,
        };
        !self.is_immediate()
            && named(&only.platform, candidate.platform)
            && named(&only.method, candidate.method)
            && operation()
            && only.page.is_none_or(|page| candidate.page == Some(page))
    }
}

/// The names by which a fault may refer to an operation.
pub(crate) fn operation_names(operation: &Operation) -> impl Iterator<Item = &str> + Clone {
    let streams = operation.streams.iter().map(|stream| stream.name.as_str());
    [operation.id.as_str(), operation.name.as_str()]
        .into_iter()
        .filter(|name| !name.is_empty())
        .chain(streams)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(text: &str, requests: u64) -> Vec<u64> {
        let faults = ActiveFaults::default();
        faults.add(Fault::parse(text).unwrap());
        let hits = (1..=requests).filter(|page| {
            let candidate = FaultCandidate {
                platform: "peki",
                operation: None,
                method: "GET",
                page: Some(*page),
            };
            !faults.choose(&candidate).is_empty()
        });
        hits.collect()
    }

    #[test]
    fn requests_are_chosen_as_the_fault_requires() {
        assert_eq!(fired("html", 3), [1, 2, 3]);
        assert_eq!(fired("html,times=2", 5), [1, 2]);
        assert_eq!(fired("html,after=2,times=1", 5), [3]);
        assert_eq!(fired("html,page=3", 5), [3]);
        assert_eq!(fired("html,platform=peki,method=get", 1), [1]);
        assert!(fired("html,platform=chatbot", 5).is_empty());
        assert!(fired("html,method=POST", 5).is_empty());
        assert!(fired("html,operation=list", 5).is_empty());
        assert!(fired("refused", 5).is_empty());
        assert!(fired("html,rate=0", 100).is_empty());
        assert_eq!(fired("html,rate=1", 100).len(), 100);
    }

    #[test]
    fn a_rate_is_a_share_that_the_seed_repeats() {
        let some = fired("html,rate=0.1", 10_000);
        assert!((900..1100).contains(&some.len()), "{}", some.len());
        assert_eq!(some, fired("html,rate=0.1,seed=1", 10_000));
        assert_ne!(some, fired("html,rate=0.1,seed=2", 10_000));
    }

    #[test]
    fn one_of_a_group_and_what_could_not_be_done_is_not_counted() {
        let faults = ActiveFaults::default();
        let ids =
            ["html", "status=500", "latency"].map(|text| faults.add(Fault::parse(text).unwrap()));
        let candidate = FaultCandidate {
            platform: "peki",
            operation: None,
            method: "GET",
            page: None,
        };
        let chosen: Vec<u64> = faults
            .choose(&candidate)
            .iter()
            .map(|chosen| chosen.id)
            .collect();
        assert_eq!(chosen, [ids[0], ids[2]]);
        faults.undo(ids[2]);
        assert_eq!(ids.map(|id| faults.fired(id)), [Some(1), Some(0), Some(0)]);
        assert!(faults.remove(ids[1]) && !faults.remove(ids[1]));
        assert_eq!(faults.fired(ids[1]), None);
        faults.clear();
        assert!(!faults.any());
    }
}
