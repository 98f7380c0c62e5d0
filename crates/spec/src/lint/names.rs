//! Name clashes in the generated code.

use std::collections::BTreeMap;

use crate::{
    lint::report::{Report, problem},
    rules,
};

/// Names of the Rust prelude.
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

/// Reports a name that the generated code uses itself.
pub(super) fn taken(report: &mut Report<'_>, at: &str, rust: &str, lists: &[&[&str]]) {
    if lists.iter().any(|list| list.contains(&rust)) {
        problem!(report, rules::TAKEN_NAME, key at;
            "`{rust}` clashes with a name in the generated code"; "choose another name");
    }
}

/// Fix for a name that the author of the spec chooses.
pub(super) const RENAME: &str = "rename or remove one of the two";

/// Reports two keys that map to the same Rust name. `names` maps each Rust name to the pointer of its first use.
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
        problem!(report, rules::DUPLICATE_NAME, key at;
            "`{wire}` would be the same {what} as another name: `{rust}` in Rust"; fix);
        let first = first.clone();
        report.also(&first, "first used here");
    } else {
        names.insert(rust, at.to_owned());
    }
}

/// The same for values; the excerpt shows the value.
pub(super) fn distinct_value(
    report: &mut Report<'_>,
    names: &mut BTreeMap<String, String>,
    at: &str,
    wire: &str,
    rust: String,
    fix: &str,
) {
    if let Some(first) = names.get(&rust) {
        problem!(report, rules::DUPLICATE_NAME, at;
            "`{wire}` maps to a name that is already used: `{rust}` in Rust"; fix);
        let first = first.clone();
        report.also(&first, "first used here");
    } else {
        names.insert(rust, at.to_owned());
    }
}

/// Returns whether a name consists of lower-case letters, digits and single underscores, and starts with a letter.
pub(super) fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !name.contains("__")
        && crate::idents::snake(name) == name
}
