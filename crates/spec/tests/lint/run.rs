//! Runs lint on the cases.

use std::fs;

use botroster_spec::{Problem, Source, Tree, lint::check};

use crate::cases::{Case, folder};

/// File name of cases in reports.
const FILE: &str = "bad.yaml";

/// Returns the valid spec.
pub(crate) fn good() -> String {
    fs::read_to_string(folder().join("good.yaml")).unwrap()
}

/// Returns the reports of a document, without colours.
pub(crate) fn reports(file: &str, text: &str) -> Vec<String> {
    let source = Source::new(file, text);
    let problems = problems_of(file, text);
    problems.iter().map(|found| source.plain(found)).collect()
}

fn problems_of(file: &str, text: &str) -> Vec<Problem> {
    match Tree::parse(file, text) {
        Ok(tree) => check(&tree),
        Err(unreadable) => vec![*unreadable.problem],
    }
}

impl Case {
    /// Returns the complete spec.
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
        problems_of(FILE, &self.text())
    }

    /// Returns the reports as printed.
    pub(crate) fn reports(&self) -> String {
        reports(FILE, &self.text()).join("\n\n")
    }
}
