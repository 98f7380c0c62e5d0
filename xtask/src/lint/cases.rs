//! Bad specs: `xtask/tests/lint`. Each breaks a rule by changing `good.yaml` in one place; the tests run them, the
//! documentation shows them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use super::{Problem, Source, check};
use crate::codegen::Tree;

/// What a case is called in its reports.
const FILE: &str = "bad.yaml";

/// A spec that breaks rules.
pub(crate) struct Case {
    /// The names of the rules that are reported, sorted.
    pub(crate) rules: Vec<String>,
    pub(crate) title: String,
    /// What is written in the place of what was good.
    pub(crate) excerpt: String,
    /// The whole spec.
    pub(crate) text: String,
}

impl Case {
    pub(crate) fn problems(&self) -> Vec<Problem> {
        match Tree::parse(FILE, &self.text) {
            Ok(tree) => check(&tree),
            Err(unreadable) => vec![*unreadable.problem],
        }
    }

    /// The reports, as they are printed.
    pub(crate) fn reports(&self) -> String {
        let source = Source::new(FILE, &self.text);
        let reports: Vec<String> = self
            .problems()
            .iter()
            .map(|problem| source.plain(problem))
            .collect();
        reports.join("\n\n")
    }
}

/// The spec without a fault.
pub(crate) fn good() -> Result<String> {
    Ok(fs::read_to_string(folder().join("good.yaml"))?)
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
    let good = good()?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_stem().and_then(|name| name.to_str());
            let name = name.context("a file name that is not Unicode")?.to_owned();
            let text = fs::read_to_string(&path)?;
            let cases = text
                .trim_end()
                .split("\n---\n")
                .map(|case| read(&good, case));
            let cases = cases.collect::<Result<_>>().with_context(|| name.clone())?;
            files.push((name, cases));
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

fn read(good: &str, case: &str) -> Result<Case> {
    let (head, changes) = case.split_once('\n').context("a case of one line")?;
    let (rules, title) = head.split_once(": ").with_context(|| head.to_owned())?;
    let mut rules: Vec<String> = rules.split(", ").map(str::to_owned).collect();
    rules.sort();
    let mut text = good.to_owned();
    let mut excerpt = Vec::new();
    for change in changes.split("\n&\n") {
        let (from, to) = match change.strip_prefix("=>\n") {
            Some(whole) => (good, whole),
            None => change
                .split_once("\n=>\n")
                .or_else(|| Some((change.strip_suffix("\n=>")?, "")))
                .with_context(|| format!("{title}: no =>"))?,
        };
        ensure!(
            text.matches(from).count() == 1,
            "{title}: `{from}` must stand once in good.yaml"
        );
        text = text.replace(from, to);
        excerpt.push(to);
    }
    Ok(Case {
        rules,
        title: title.to_owned(),
        excerpt: excerpt.join("\n# …\n"),
        text,
    })
}
