//! One problem of a spec, and what collects them.

use serde_json::Value;

use super::rules::Rule;
use crate::codegen::{Span, Tree};

/// What is wrong, where, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) rule: &'static Rule,
    pub(crate) span: Span,
    pub(crate) what: String,
    pub(crate) fix: String,
    /// Other places that have to do with it, each with a word.
    pub(crate) also: Vec<(Span, String)>,
}

impl Problem {
    pub(crate) fn new(
        rule: &'static Rule,
        span: Span,
        what: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) -> Self {
        Self {
            rule,
            span,
            what: what.as_ref().to_owned(),
            fix: fix.as_ref().to_owned(),
            also: Vec::new(),
        }
    }

    /// The order of reports: that of the file.
    pub(super) fn order(&self) -> impl Ord + use<'_> {
        (self.span.start, self.rule.name, &self.what, &self.fix)
    }
}

/// Collects the problems of one document.
pub(crate) struct Report<'t> {
    pub(crate) tree: &'t Tree,
    pub(super) problems: Vec<Problem>,
}

impl<'t> Report<'t> {
    /// `what` is wrong at `pointer`, and `fix` mends it. A single value is shown itself, anything larger by its key.
    pub(crate) fn add(
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
    pub(crate) fn add_key(
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
    pub(crate) fn also(&mut self, pointer: &str, label: &str) {
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

    pub(crate) fn value(&self, pointer: &str) -> &'t Value {
        let tree: &'t Tree = self.tree;
        tree.value(pointer).unwrap_or(&Value::Null)
    }
}
