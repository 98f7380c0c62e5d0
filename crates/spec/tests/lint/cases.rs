//! Invalid specs, in the folder `specs` beside this file. Each violates a rule by changing `good.yaml`; the tests run them, and
//! the documentation shows them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// A spec that violates rules.
pub(crate) struct Case {
    /// Names of the reported rules, sorted.
    pub(crate) rules: Vec<String>,
    pub(crate) title: String,
    /// Changes to the good spec, as written in the file.
    changes: String,
}

impl Case {
    /// Iterates over the changes: the text in the good spec, `""` for all of it, and its replacement.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.changes.split("\n&\n").map(|change| {
            let split = change.split_once("\n=>\n");
            split
                .or_else(|| Some(("", change.strip_prefix("=>\n")?)))
                .unwrap_or((change.trim_end_matches("\n=>"), ""))
        })
    }
}

pub(crate) fn folder() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = own.join("tests/lint/specs");
    if folder.is_dir() {
        return folder;
    }
    // `xtask` includes this file to generate the documentation.
    own.join("../crates/spec/tests/lint/specs")
}

/// Returns all cases, in the order of their files.
///
/// A file contains cases separated by `---`. A case starts with `rule, rule: title`, followed by a text that occurs once in
/// `good.yaml`, a line `=>` and the replacement. A line `&` starts another change. Without a text to replace, the case is a
/// complete document.
pub(crate) fn all() -> Result<Vec<(String, Vec<Case>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_stem().and_then(|name| name.to_str());
            let name = name.context("a file name that is not Unicode")?.to_owned();
            let text = fs::read_to_string(&path)?;
            let cases = text.trim_end().split("\n---\n").map(read);
            let cases = cases.collect::<Result<_>>().with_context(|| name.clone())?;
            files.push((name, cases));
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

fn read(case: &str) -> Result<Case> {
    let (head, changes) = case.split_once('\n').context("a case of one line")?;
    let (rules, title) = head.split_once(": ").with_context(|| head.to_owned())?;
    let mut rules: Vec<String> = rules.split(", ").map(str::to_owned).collect();
    rules.sort();
    Ok(Case {
        rules,
        title: title.to_owned(),
        changes: changes.to_owned(),
    })
}
