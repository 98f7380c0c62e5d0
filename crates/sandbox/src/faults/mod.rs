//! What goes wrong on purpose: which faults are set, and which of them a request suffers.

mod apply;
mod body;
mod fault;
mod gzip;
mod kinds;
mod paging;
mod records;
mod status;
pub(crate) mod wire;

use crate::{
    hash::{Dice, mix},
    pointer,
    spec::Operation,
};
pub(crate) use apply::{Site, answer};
pub use fault::{Fault, FaultError};
pub(crate) use fault::{SELECTION, advice};
pub use kinds::Kind as FaultKind;
pub(crate) use kinds::{Group, KINDS};
use paging::Pages;
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The faults that are set, of all platforms of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Whether there are any, so that without faults nobody waits for the lock.
    any: AtomicBool,
    set: Mutex<Set>,
}

#[derive(Debug, Default)]
struct Set {
    last_id: u64,
    active: Vec<Active>,
}

/// A fault that is set.
#[derive(Debug)]
struct Active {
    id: u64,
    fault: Arc<Fault>,
    /// To how many requests it was done.
    fired: u64,
    /// How many requests fitted so far.
    seen: u64,
    pages: Pages,
}

/// The request that faults are looked for.
pub(crate) struct Asked<'a> {
    pub(crate) platform: &'a str,
    pub(crate) operation: Option<&'a Operation>,
    pub(crate) method: &'a str,
    /// The page of a list, from 1.
    pub(crate) page: Option<u64>,
}

/// A fault that a request suffers.
#[derive(Debug)]
pub(crate) struct Chosen {
    id: u64,
    pub(crate) fault: Arc<Fault>,
    /// Chooses places in the answer.
    pub(crate) dice: Dice,
    /// How often it has been done, with this time.
    pub(crate) fired: u64,
}

impl Faults {
    fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any fault is set.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Sets a fault and tells its id.
    pub(crate) fn add(&self, fault: Fault) -> u64 {
        let mut set = self.set();
        set.last_id += 1;
        let id = set.last_id;
        let at_once = fault.is_at_once();
        set.active.push(Active {
            id,
            fault: Arc::new(fault),
            fired: u64::from(at_once),
            seen: 0,
            pages: Pages::default(),
        });
        self.any.store(true, Ordering::Relaxed);
        id
    }

    /// Takes one back; false when there is none of this id.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut set = self.set();
        let before = set.active.len();
        set.active.retain(|active| active.id != id);
        self.any.store(!set.active.is_empty(), Ordering::Relaxed);
        set.active.len() < before
    }

    pub(crate) fn clear(&self) {
        self.set().active.clear();
        self.any.store(false, Ordering::Relaxed);
    }

    /// The faults that are set, as they were written, with `id` and `fired`.
    pub(crate) fn listed(&self) -> Value {
        let set = self.set();
        let listed = set.active.iter().map(|active| {
            let mut told = json!(*active.fault);
            pointer::set(&mut told, "/id", active.id.into());
            pointer::set(&mut told, "/fired", active.fired.into());
            told
        });
        listed.collect()
    }

    /// How often a fault was done; `None` when there is none of this id.
    pub(crate) fn fired(&self, id: u64) -> Option<u64> {
        let set = self.set();
        let mut active = set.active.iter();
        active
            .find(|active| active.id == id)
            .map(|found| found.fired)
    }

    /// The faults that a request suffers, at most one of each group; they count as done.
    fn choose(&self, asked: &Asked<'_>) -> Vec<Chosen> {
        let mut chosen: Vec<Chosen> = Vec::new();
        for active in &mut self.set().active {
            if !active.fault.fits(asked) {
                continue;
            }
            active.seen += 1;
            let group = active.fault.kind.group;
            let taken = chosen.iter().any(|other| other.fault.kind.group == group);
            let mut dice = Dice::new(mix(active.fault.seed(), active.seen));
            if !taken && active.is_due(&mut dice) {
                active.fired += 1;
                chosen.push(Chosen {
                    id: active.id,
                    fault: Arc::clone(&active.fault),
                    dice,
                    fired: active.fired,
                });
            }
        }
        chosen
    }

    /// Takes back that a fault was done: it could do nothing to this answer.
    fn undo(&self, id: u64) {
        let mut set = self.set();
        if let Some(active) = set.active.iter_mut().find(|active| active.id == id) {
            active.fired = active.fired.saturating_sub(1);
        }
    }

    /// What a fault remembers.
    fn with_pages<T>(&self, id: u64, work: impl FnOnce(&mut Pages) -> T) -> Option<T> {
        let mut set = self.set();
        let active = set.active.iter_mut().find(|active| active.id == id)?;
        Some(work(&mut active.pages))
    }
}

impl Active {
    fn is_due(&self, dice: &mut Dice) -> bool {
        const PARTS: u32 = 1_000_000;
        let part = u32::try_from(dice.below(u64::from(PARTS))).unwrap_or(PARTS);
        let fault = &self.fault;
        self.seen > fault.after.unwrap_or(0)
            && fault.times.is_none_or(|times| self.fired < times)
            && fault
                .rate
                .is_none_or(|rate| f64::from(part) < rate * f64::from(PARTS))
    }
}

impl Fault {
    /// Whether it is done when it is set, and not to a request.
    pub(crate) fn is_at_once(&self) -> bool {
        self.kind.name == "refused"
    }

    fn fits(&self, asked: &Asked<'_>) -> bool {
        let named = |wanted: &Option<String>, own: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == own)
        };
        let operation = || match (&self.operation, asked.operation) {
            (None, _) => true,
            (Some(wanted), Some(operation)) => names(operation).any(|name| name == wanted),
            (Some(_), None) => false,
        };
        !self.is_at_once()
            && named(&self.platform, asked.platform)
            && named(&self.method, asked.method)
            && operation()
            && self.page.is_none_or(|page| asked.page == Some(page))
    }
}

/// What an operation may be called in a fault.
pub(crate) fn names(operation: &Operation) -> impl Iterator<Item = &str> + Clone {
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
        let faults = Faults::default();
        faults.add(Fault::parse(text).unwrap());
        let hits = (1..=requests).filter(|page| {
            let asked = Asked {
                platform: "peki",
                operation: None,
                method: "GET",
                page: Some(*page),
            };
            !faults.choose(&asked).is_empty()
        });
        hits.collect()
    }

    #[test]
    fn requests_are_chosen_as_the_fault_says() {
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
        let faults = Faults::default();
        let ids =
            ["html", "status=500", "latency"].map(|text| faults.add(Fault::parse(text).unwrap()));
        let asked = Asked {
            platform: "peki",
            operation: None,
            method: "GET",
            page: None,
        };
        let chosen: Vec<u64> = faults
            .choose(&asked)
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
