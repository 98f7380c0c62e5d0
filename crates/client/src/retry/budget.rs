//! The retry budget of a client.

use std::sync::{Mutex, PoisonError};

/// Tokens shared by all calls of a client, so that retries do not multiply the load of a failing platform.
///
/// A retry takes tokens and a success returns them. Without tokens, failures are final.
#[derive(Debug)]
pub(crate) struct Budget(Mutex<u32>);

const TOKENS: u32 = 500;

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new(TOKENS))
    }
}

impl Budget {
    /// Takes the cost of a retry. Returns `false` if too few tokens are left.
    pub(crate) fn take(&self, cost: u32) -> bool {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match tokens.checked_sub(cost) {
            Some(left) => {
                *tokens = left;
                true
            }
            None => false,
        }
    }

    /// Returns the cost of the last retry of a call, or one token for a call that needed none.
    pub(crate) fn give(&self, taken: u32) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = tokens.saturating_add(taken.max(1)).min(TOKENS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_runs_out_and_refills() {
        let budget = Budget::default();
        assert_eq!((0..200).filter(|_| budget.take(5)).count(), 100);
        budget.give(0);
        assert!(!budget.take(5));
        budget.give(5);
        assert!(budget.take(5));
        for _ in 0..1000 {
            budget.give(1);
        }
        assert_eq!((0..200).filter(|_| budget.take(10)).count(), 50);
    }
}
