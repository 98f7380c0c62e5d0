//! Collects the problems of a document.

use serde_json::Value;

use crate::{problem::Problem, rules::Rule, span::Span, tree::Tree};

/// Collects the problems of a document.
pub(in crate::lint) struct Report<'t> {
    pub(in crate::lint) tree: &'t Tree,
    pub(in crate::lint) problems: Vec<Problem>,
}

impl<'t> Report<'t> {
    pub(in crate::lint) fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            problems: Vec::new(),
        }
    }

    /// Returns the problems in the order of the document.
    pub(in crate::lint) fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort_by(|one, other| one.order().cmp(&other.order()));
        problems.dedup();
        problems
    }

    /// Adds a problem at `pointer`: `what` is wrong, `fix` is the remedy. A scalar is shown itself, a list or an object by its key.
    pub(in crate::lint) fn add(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let span = self.shown(pointer);
        self.problems.push(Problem::new(rule, span, what, fix));
    }

    /// Adds a problem whose subject is the key at `pointer`, not its value.
    pub(in crate::lint) fn add_key(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let span = self.tree.key(pointer);
        self.problems.push(Problem::new(rule, span, what, fix));
    }

    /// Adds a related position to the last problem.
    pub(in crate::lint) fn also(&mut self, pointer: &str, label: &str) {
        let span = self.shown(pointer);
        if let Some(problem) = self.problems.last_mut()
            && problem.span != span
        {
            problem.also.push((span, label.to_owned()));
        }
    }

    fn shown(&self, pointer: &str) -> Span {
        match self.tree.value(pointer) {
            Some(Value::Null | Value::Object(_) | Value::Array(_)) | None => self.tree.key(pointer),
            Some(_) => self.tree.span(pointer),
        }
    }

    pub(in crate::lint) fn value(&self, pointer: &str) -> &'t Value {
        let tree: &'t Tree = self.tree;
        tree.value(pointer).unwrap_or(&Value::Null)
    }
}

/// Adds a problem to a [`Report`]: `problem!(report, RULE, pointer; "what is wrong"; "how to fix it")`.
///
/// Both messages are format strings; the fix may also be a string made elsewhere. With `key` in front of the pointer, the
/// subject is the key there, not its value.
macro_rules! problem {
    ($report:expr, $rule:expr, key $at:expr; $what:literal; $fix:literal) => {
        $report.add_key($rule, $at, format!($what), format!($fix))
    };
    ($report:expr, $rule:expr, key $at:expr; $what:literal; $fix:expr) => {
        $report.add_key($rule, $at, format!($what), $fix)
    };
    ($report:expr, $rule:expr, $at:expr; $what:literal; $fix:literal) => {
        $report.add($rule, $at, format!($what), format!($fix))
    };
    ($report:expr, $rule:expr, $at:expr; $what:literal; $fix:expr) => {
        $report.add($rule, $at, format!($what), $fix)
    };
}
pub(in crate::lint) use problem;
