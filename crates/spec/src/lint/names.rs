//! Names that clash in the generated code.

use std::collections::BTreeMap;

use crate::{lint::report::Report, rules};

/// What Rust itself has in scope everywhere.
pub(super) const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Tells when a name is one of those that generated code is written with.
pub(super) fn taken(report: &mut Report<'_>, at: &str, rust: &str, lists: &[&[&str]]) {
    if lists.iter().any(|list| list.contains(&rust)) {
        report.add_key(
            rules::TAKEN_NAME,
            at,
            format!("`{rust}` clashes with generated code"),
            "write another name instead",
        );
    }
}

/// What to do about a name that is the spec's own choice.
pub(super) const RENAME: &str = "rename it, or leave one out";

/// Tells when two keys give one name in Rust. `names` holds, by Rust name, where the first of them is.
pub(super) fn distinct(
    report: &mut Report<'_>,
    names: &mut BTreeMap<String, String>,
    at: &str,
    wire: &str,
    rust: String,
    what: &str,
    fix: &str,
) {
    if let Some(first) = names.get(&rust) {
        report.add_key(
            rules::DUPLICATE_NAME,
            at,
            format!("`{wire}` would be {what} with another: `{rust}` in Rust"),
            fix,
        );
        let first = first.clone();
        report.also(&first, "first here");
    } else {
        names.insert(rust, at.to_owned());
    }
}

/// The same for values, which are shown themselves.
pub(super) fn distinct_value(
    report: &mut Report<'_>,
    names: &mut BTreeMap<String, String>,
    at: &str,
    wire: &str,
    rust: String,
    fix: &str,
) {
    if let Some(first) = names.get(&rust) {
        report.add(
            rules::DUPLICATE_NAME,
            at,
            format!("`{wire}` gives a name that is there already: `{rust}` in Rust"),
            fix,
        );
        let first = first.clone();
        report.also(&first, "first here");
    } else {
        names.insert(rust, at.to_owned());
    }
}

/// Lower-case letters, digits and single underscores, a letter first.
pub(super) fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !name.contains("__")
        && crate::idents::snake(name) == name
}
