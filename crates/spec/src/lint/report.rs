//! Collects the problems of a document.

use serde_json::Value;

use crate::{
    nearest::nearest, pointer::child, problem::Problem, rules::LintRule, span::Span, tree::Tree,
};

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
        rule: &'static LintRule,
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
        rule: &'static LintRule,
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

    /// Returns the value at a pointer, or null.
    pub(in crate::lint) fn value(&self, pointer: &str) -> &'t Value {
        let tree: &'t Tree = self.tree;
        tree.value(pointer).unwrap_or(&Value::Null)
    }

    /// Returns the value at `path` below a pointer, or null.
    pub(in crate::lint) fn at(&self, pointer: &str, path: &str) -> &'t Value {
        self.value(&format!("{pointer}/{path}"))
    }

    /// Returns the keys of an object with their pointers.
    pub(in crate::lint) fn entries(&self, pointer: &str) -> Vec<(&'t str, String)> {
        let object = self.value(pointer).as_object().into_iter().flatten();
        object
            .map(|(name, _)| (name.as_str(), child(pointer, name)))
            .collect()
    }

    /// Returns the items of a list with their pointers.
    pub(in crate::lint) fn items(&self, pointer: &str) -> Vec<(&'t Value, String)> {
        let items = self.list(pointer).iter().enumerate();
        items
            .map(|(index, item)| (item, format!("{pointer}/{index}")))
            .collect()
    }

    /// Returns the pointers to the items of a list, or the pointer to a single value.
    pub(in crate::lint) fn one_or_many(&self, pointer: &str) -> Vec<String> {
        match self.value(pointer) {
            Value::Array(_) => self.items(pointer).into_iter().map(|(_, at)| at).collect(),
            _ => vec![pointer.to_owned()],
        }
    }

    /// Returns the items of a list.
    pub(in crate::lint) fn list(&self, pointer: &str) -> &'t [Value] {
        self.value(pointer).as_array().map_or(&[], Vec::as_slice)
    }

    /// Returns the pointers to all operations.
    pub(in crate::lint) fn operations(&self) -> Vec<String> {
        let items = self.entries("/paths").into_iter();
        items
            .flat_map(|(_, item)| self.entries(&item))
            .map(|(_, operation)| operation)
            .collect()
    }
}

/// Returns the fix for an unknown name: the similar known name, or `otherwise`.
pub(in crate::lint) fn similar_or<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    nearest(name, known).map_or(otherwise.into(), |near| format!("write `{near}` instead"))
}

/// Returns the fix for a name that is none of the known ones.
pub(in crate::lint) fn known_instead(name: &str, known: &[&str]) -> String {
    let remove = match known.len() {
        0 => "remove it".into(),
        1..=12 => format!("remove it; known here: {}", known.join(", ")),
        _ => "remove it; specs/README.md lists the known keys".into(),
    };
    similar_or(name, known.iter().copied(), &remove)
}

/// Adds a problem to a [`Report`]: `problem!(report, RULE, pointer; "what is wrong"; "how to fix it")`.
///
/// Both messages are format strings, or variables. With `key` in front of the pointer, the subject is the key there, not its
/// value.
macro_rules! problem {
    ($report:expr, $rule:expr, key $at:expr; $what:tt; $($fix:tt)+) => {
        $report.add_key($rule, $at, $crate::lint::report::message!($what), $crate::lint::report::message!($($fix)+))
    };
    ($report:expr, $rule:expr, $at:expr; $what:tt; $($fix:tt)+) => {
        $report.add($rule, $at, $crate::lint::report::message!($what), $crate::lint::report::message!($($fix)+))
    };
}

macro_rules! message {
    ($text:literal) => {
        format!($text)
    };
    ($text:expr) => {
        $text
    };
}
pub(in crate::lint) use {message, problem};
