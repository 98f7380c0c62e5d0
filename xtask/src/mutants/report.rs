//! What became of each mutant, in lists of cargo-mutants' names.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::{Result, bail};

use super::{EXPLAINED, list::Mutant, play::Outcome};

/// Errors that a mutant may have only because it stands beside the code that it replaces: a function is `const`, a value was moved.
const OF_SWITCHES: [&str; 10] = [
    "", "E0015", "E0373", "E0382", "E0499", "E0502", "E0505", "E0506", "E0597", "E0716",
];

pub(super) struct Report<'m> {
    output: &'m Path,
    mutants: &'m [Mutant],
    left: &'m BTreeMap<usize, String>,
    /// And the tests that noticed.
    outcomes: BTreeMap<usize, (Outcome, String)>,
}

impl<'m> Report<'m> {
    pub(super) fn new(
        output: &'m Path,
        mutants: &'m [Mutant],
        left: &'m BTreeMap<usize, String>,
    ) -> Self {
        Self {
            output,
            mutants,
            left,
            outcomes: BTreeMap::new(),
        }
    }

    /// What an earlier run noticed is not played again.
    pub(super) fn take_noticed(&mut self) -> Result<()> {
        for (list, outcome) in [("caught", Outcome::Caught), ("timeout", Outcome::Hung)] {
            let text = fs::read_to_string(self.output.join(format!("{list}.txt")))?;
            let names: HashSet<_> = text
                .lines()
                .filter_map(|line| line.split('\t').next())
                .collect();
            for (number, mutant) in self.mutants.iter().enumerate() {
                if names.contains(mutant.name.as_str()) {
                    self.outcomes.insert(number, (outcome, "before".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Those that no test has noticed yet.
    pub(super) fn open(&self) -> Vec<usize> {
        let is_open = |number: &usize| {
            let outcome = self.outcomes.get(number);
            !self.left.contains_key(number)
                && outcome.is_none_or(|(outcome, _)| *outcome == Outcome::Missed)
        };
        (0..self.mutants.len()).filter(is_open).collect()
    }

    pub(super) fn set(&mut self, number: usize, outcome: (Outcome, String)) {
        self.outcomes.insert(number, outcome);
    }

    /// Writes the lists, and says how long they are.
    pub(super) fn write(&self) -> Result<String> {
        let mut lists: BTreeMap<&str, String> = LISTS.map(|name| (name, String::new())).into();
        for (number, mutant) in self.mutants.iter().enumerate() {
            let (name, note) = self.place(number);
            if let Some(list) = lists.get_mut(name) {
                writeln!(list, "{}\t{note}", mutant.name)?;
            }
        }
        let mut lengths = Vec::new();
        for (name, list) in &lists {
            fs::write(self.output.join(format!("{name}.txt")), list)?;
            lengths.push(format!("{name} {}", list.lines().count()));
        }
        Ok(lengths.join(", "))
    }

    fn place(&self, number: usize) -> (&'static str, &str) {
        match (self.outcomes.get(&number), self.left.get(&number)) {
            (Some((Outcome::Caught, by)), _) => ("caught", by),
            (Some((Outcome::Hung, by)), _) => ("timeout", by),
            (Some((Outcome::Missed, _)), _) => ("missed", ""),
            (Some((Outcome::Unreached, _)), _) => ("missed", "no test comes by"),
            (None, Some(code)) if OF_SWITCHES.contains(&code.as_str()) => ("unswitched", code),
            (None, Some(code)) => ("unviable", code),
            (None, None) => ("open", ""),
        }
    }

    fn names(&self, list: &str) -> Vec<&'m str> {
        let mutants = self.mutants.iter().enumerate();
        let in_list = mutants.filter(|(number, _)| self.place(*number).0 == list);
        in_list.map(|(_, mutant)| mutant.name.as_str()).collect()
    }

    /// Those that have to be built by themselves.
    pub(super) fn unswitched(&self) -> Vec<&'m str> {
        self.names("unswitched")
    }

    pub(super) fn judge(&self) -> Result<()> {
        let missed = self.names("missed").len();
        if missed > 0 {
            bail!(
                "no test notices {missed} mutants, in {}/missed.txt; {EXPLAINED} says which of them are harmless",
                self.output.display()
            );
        }
        Ok(())
    }
}

const LISTS: [&str; 6] = [
    "caught",
    "missed",
    "open",
    "timeout",
    "unswitched",
    "unviable",
];
