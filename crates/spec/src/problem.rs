//! A problem of a document.

use crate::{rules::Rule, span::Span};

/// Something wrong in a document: the rule, the place and the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Where.
    pub span: Span,
    /// What is wrong, one line.
    pub what: String,
    /// What to write instead, one line.
    pub fix: String,
    /// Related places, each with a label.
    pub also: Vec<(Span, String)>,
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
    pub(crate) fn order(&self) -> impl Ord + use<'_> {
        (self.span.start, self.rule.name, &self.what, &self.fix)
    }
}
