//! Problems of a document.

use crate::{rules::LintRule, span::Span};

/// A violation of a rule: position, message and fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The violated rule.
    pub rule: &'static LintRule,
    /// Position of the problem.
    pub span: Span,
    /// Message, one line.
    pub what: String,
    /// Fix in the imperative, one line.
    pub fix: String,
    /// Related positions with labels.
    pub also: Vec<(Span, String)>,
}

impl Problem {
    pub(crate) fn new(
        rule: &'static LintRule,
        span: Span,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            span,
            what: what.into(),
            fix: fix.into(),
            also: Vec::new(),
        }
    }

    /// The sort key of reports: position in the file, then rule and message.
    pub(crate) fn order(&self) -> impl Ord + use<'_> {
        (self.span.start, self.rule.name, &self.what, &self.fix)
    }
}
