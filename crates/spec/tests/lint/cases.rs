//! Bad specs: the folder `specs` beside this file. Each breaks a rule by changing `good.yaml` in one place; the tests run them, the
//! documentation shows them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// A spec that breaks rules.
pub(crate) struct Case {
    /// The names of the rules that are reported, sorted.
    pub(crate) rules: Vec<String>,
    pub(crate) title: String,
    /// What is changed in the good spec, as the file says it.
    changes: String,
}

impl Case {
    /// What stands in the good spec, and what stands here instead; nothing for all of it.
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
    // The documentation is made of the cases by another crate.
    own.join("../crates/spec/tests/lint/specs")
}

/// All cases, in the order of their files.
///
/// A file holds cases between lines of `---`. A case begins with `rule, rule: title`; then comes what stands once in
/// `good.yaml`, a line `=>`, and what stands there instead. A line `&` begins another such change. Where nothing is to
/// be replaced, the case is a document of its own.
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
