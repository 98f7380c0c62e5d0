//! Collects the problems of one document.

use serde_json::Value;

use crate::{problem::Problem, rules::Rule, span::Span, tree::Tree};

/// Collects the problems of one document.
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

    /// The problems in the order of the document.
    pub(in crate::lint) fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort_by(|one, other| one.order().cmp(&other.order()));
        problems.dedup();
        problems
    }

    /// `what` is wrong at `pointer`, and `fix` mends it. A single value is shown itself, anything larger by its key.
    pub(in crate::lint) fn add(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        what: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        let span = self.shown(pointer);
        self.problems.push(Problem::new(rule, span, what, fix));
    }

    /// The same, where the key itself is what is wrong.
    pub(in crate::lint) fn add_key(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        what: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        let span = self.tree.key(pointer);
        self.problems.push(Problem::new(rule, span, what, fix));
    }

    /// Shows another place beside the last problem.
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
