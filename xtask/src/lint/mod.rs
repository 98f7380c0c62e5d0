//! What is wrong with a spec, all of it at once, each with its place and the fix.
//!
//! It runs on the document as written, before anything else reads it: the OpenAPI model swallows unknown keys and what
//! stands beside a `$ref`, and the generator behind it panics on some documents and writes wrong code for others.

mod keys;
mod limits;
mod operations;
mod parameters;
mod schemas;
pub(crate) mod vocabulary;
mod words;

use std::{fs, path::Path};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::codegen::Tree;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    line: usize,
    column: usize,
    text: String,
}

/// Collects the problems of one document.
pub(crate) struct Report<'t> {
    pub(crate) tree: &'t Tree,
    problems: Vec<Problem>,
}

impl<'t> Report<'t> {
    /// `what` is wrong at `pointer`, and `fix` mends it.
    pub(crate) fn add(&mut self, pointer: &str, what: impl AsRef<str>, fix: impl AsRef<str>) {
        let place = self.tree.place(pointer);
        let text = format!("{}: {}", what.as_ref(), fix.as_ref());
        self.problems.push(Problem {
            line: place.line,
            column: place.column,
            text,
        });
    }

    pub(crate) fn value(&self, pointer: &str) -> &'t Value {
        let tree: &'t Tree = self.tree;
        tree.value.pointer(pointer).unwrap_or(&Value::Null)
    }
}

/// The problems of a document, in its order, as `file:line:column: what: fix`.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let mut report = Report {
        tree,
        problems: Vec::new(),
    };
    keys::check(&mut report);
    operations::check(&mut report);
    schemas::check(&mut report);
    words::check(&mut report);
    let mut problems = report.problems;
    problems.sort();
    problems.dedup();
    problems
        .into_iter()
        .map(|problem| {
            format!(
                "{}:{}:{}: {}",
                tree.file, problem.line, problem.column, problem.text
            )
        })
        .collect()
}

/// `cargo xtask lint [file...]`.
pub(crate) fn run(files: &[&str]) -> Result<()> {
    let mut all = Vec::new();
    let files: Vec<String> = if files.is_empty() {
        specs()?
    } else {
        files.iter().map(|file| (*file).to_owned()).collect()
    };
    for file in &files {
        match Tree::parse(file, &fs::read_to_string(file)?) {
            Ok(tree) => all.extend(problems(&tree)),
            Err(error) => all.push(error.to_string()),
        }
    }
    if all.is_empty() {
        println!("{} specs, no problem", files.len());
        return Ok(());
    }
    bail!("{}\n{} problems", all.join("\n"), all.len())
}

fn specs() -> Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("specs");
    let mut files = Vec::new();
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path.display().to_string());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::problems;
    use crate::codegen::Tree;

    /// Each file of `tests/lint` is a spec with one fault; its first comment says what the report must be.
    #[test]
    fn every_bad_spec_is_refused_with_its_place_and_the_fix() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
        let base = fs::read_to_string(folder.join("good.yaml")).unwrap();
        assert_eq!(
            problems(&Tree::parse("good.yaml", &base).unwrap()),
            Vec::<String>::new()
        );
        let cases = fs::read_to_string(folder.join("faults.txt")).unwrap();
        let mut report = String::new();
        let mut count = 0;
        for case in cases
            .split("\n---\n")
            .filter(|case| !case.trim().is_empty())
        {
            let (name, rest) = case.trim_start().split_once('\n').unwrap();
            let (from, to) = rest.split_once("\n=>\n").unwrap();
            let (from, to) = (from.trim_end_matches('\n'), to.trim_end_matches('\n'));
            assert_eq!(
                base.matches(from).count(),
                1,
                "{name}: `{from}` must stand once in good.yaml"
            );
            let text = base.replace(from, to);
            let found = match Tree::parse("bad.yaml", &text) {
                Ok(tree) => problems(&tree),
                Err(error) => vec![error.to_string()],
            };
            assert!(!found.is_empty(), "{name}: nothing was found");
            report.push_str(&format!("{name}\n  {}\n", found.join("\n  ")));
            count += 1;
        }
        assert!(count >= 30, "{count}");
        insta::assert_snapshot!(report);
    }

    #[test]
    fn no_yaml_makes_it_panic() {
        let base =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/good.yaml"))
                .unwrap();
        let lines: Vec<&str> = base.lines().collect();
        for skip in 0..lines.len() {
            let text: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != skip)
                .map(|(_, line)| *line)
                .collect();
            if let Ok(tree) = Tree::parse("cut.yaml", &text.join("\n")) {
                problems(&tree);
            }
            if let Ok(tree) = Tree::parse("cut.yaml", &lines[..skip].join("\n")) {
                problems(&tree);
            }
        }
        for text in [
            "",
            "[]",
            "a",
            "{}",
            "paths: 1",
            "paths: {a: {get: []}}",
            "components: {schemas: {A: [x]}}",
            "openapi: [3]",
        ] {
            if let Ok(tree) = Tree::parse("odd.yaml", text) {
                assert!(!problems(&tree).is_empty(), "{text}");
            }
        }
    }
}
