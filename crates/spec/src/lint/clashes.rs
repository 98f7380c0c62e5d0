//! Name clashes in the generated code.

use std::collections::BTreeMap;

use crate::{
    idents::snake,
    lint::report::{Report, problem},
    rules,
};

/// Names of the Rust prelude.
pub(super) const PRELUDE: &str = "
    AsMut AsRef Clone Copy Debug Default DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From
    FromIterator Future Hash Into IntoFuture IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Self Send
    Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec";

/// Fix for a name that the author of the spec chooses.
pub(super) const RENAME: &str = "rename or remove one of the two";

/// The first use of each Rust name: name to pointer.
pub(super) type FirstUses = BTreeMap<String, String>;

/// Returns whether a list of names separated by white space contains a name.
pub(super) fn contains(names: &str, name: &str) -> bool {
    names.split_whitespace().any(|known| known == name)
}

/// Reports a name that the generated code uses itself.
pub(super) fn taken(report: &mut Report<'_>, at: &str, rust: &str, lists: &[&str]) {
    if lists.iter().any(|names| contains(names, rust)) {
        problem!(report, rules::TAKEN_NAME, key at;
            "`{rust}` clashes with a name in the generated code"; "choose another name");
    }
}

/// Reports two keys that map to the same Rust name.
pub(super) fn distinct(
    report: &mut Report<'_>,
    uses: &mut FirstUses,
    (at, wire, rust): (&str, &str, String),
    what: &str,
    fix: &str,
) {
    if let Some(first) = uses.get(&rust) {
        problem!(report, rules::DUPLICATE_NAME, key at;
            "`{wire}` would be the same {what} as another name: `{rust}` in Rust"; fix);
        report.also(first, "first used here");
    } else {
        uses.insert(rust, at.to_owned());
    }
}

/// The same for values; the excerpt shows the value.
pub(super) fn distinct_value(
    report: &mut Report<'_>,
    uses: &mut FirstUses,
    (at, wire, rust): (&str, &str, String),
    fix: &str,
) {
    if let Some(first) = uses.get(&rust) {
        problem!(report, rules::DUPLICATE_NAME, at;
            "`{wire}` maps to a name that is already used: `{rust}` in Rust"; fix);
        report.also(first, "first used here");
    } else {
        uses.insert(rust, at.to_owned());
    }
}

/// Returns whether a name consists of lower-case letters, digits and single underscores, and starts with a letter.
pub(super) fn is_lower(name: &str) -> bool {
    is_made_of(name, |c| c.is_ascii_lowercase(), "_")
        && !name.ends_with('_')
        && !name.contains("__")
}

/// Returns whether a name is [lower-case](is_lower) and a Rust identifier.
pub(super) fn is_snake(name: &str) -> bool {
    is_lower(name) && snake(name) == name
}

/// Returns whether a name starts with a letter and consists of letters, digits and `others`.
pub(super) fn is_made_of(name: &str, is_letter: fn(char) -> bool, others: &str) -> bool {
    let fits = |c: char| is_letter(c) || c.is_ascii_digit() || others.contains(c);
    name.starts_with(is_letter) && name.chars().all(fits)
}
