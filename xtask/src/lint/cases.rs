//! Bad specs: `xtask/tests/lint`. Each breaks a rule by changing `good.yaml` in one place; the tests run them, the
//! documentation shows them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
#[cfg(test)]
pub(crate) use run::good;

/// A spec that breaks rules.
pub(crate) struct Case {
    /// The names of the rules that are reported, sorted.
    pub(crate) rules: Vec<String>,
    pub(crate) title: String,
    /// What is changed in the good spec, as the file says it.
    changes: String,
}

impl Case {
    /// What is written in the place of what was good.
    pub(crate) fn excerpt(&self) -> String {
        let written: Vec<&str> = self.changes().map(|(_, to)| to).collect();
        written.join("\n# …\n")
    }

    /// What stands in the good spec, and what stands here instead; nothing for all of it.
    fn changes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.changes.split("\n&\n").map(|change| {
            let split = change.split_once("\n=>\n");
            split
                .or_else(|| Some(("", change.strip_prefix("=>\n")?)))
                .unwrap_or((change.trim_end_matches("\n=>"), ""))
        })
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint"))
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

/// The tests run the cases.
#[cfg(test)]
mod run {
    use super::{
        super::{Problem, Source, check},
        Case, folder, fs,
    };
    use crate::codegen::Tree;

    /// What a case is called in its reports.
    const FILE: &str = "bad.yaml";

    /// The spec without a fault.
    pub(crate) fn good() -> String {
        fs::read_to_string(folder().join("good.yaml")).unwrap()
    }

    impl Case {
        /// The whole spec.
        fn text(&self) -> String {
            let mut text = good();
            for (from, to) in self.changes() {
                if from.is_empty() {
                    to.clone_into(&mut text);
                    continue;
                }
                let count = text.matches(from).count();
                let title = &self.title;
                assert_eq!(count, 1, "{title}: `{from}` must stand once in good.yaml");
                text = text.replace(from, to);
            }
            text
        }

        pub(crate) fn problems(&self) -> Vec<Problem> {
            match Tree::parse(FILE, &self.text()) {
                Ok(tree) => check(&tree),
                Err(unreadable) => vec![*unreadable.problem],
            }
        }

        /// The reports, as they are printed.
        pub(crate) fn reports(&self) -> String {
            let text = self.text();
            let source = Source::new(FILE, &text);
            let reports: Vec<String> = self
                .problems()
                .iter()
                .map(|problem| source.plain(problem))
                .collect();
            reports.join("\n\n")
        }
    }
}
