//! `docs/vocabulary-coverage.md`: every word and value of the vocabulary, the specs that use it, and where it is held to.

mod beyond;
mod held;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::codegen::Spec;

/// A word, or a value of a word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// Where the word stands, such as `operation › x-pagination`.
    of: String,
    word: String,
    /// Empty for the word itself.
    value: String,
}

impl Row {
    fn new(of: &str, word: &str, value: &str) -> Self {
        Self {
            of: of.to_owned(),
            word: word.to_owned(),
            value: value.to_owned(),
        }
    }
}

/// All rows, in the order of the vocabulary.
fn rows() -> Vec<Row> {
    let mut rows = table::rows();
    rows.extend(beyond::rows());
    rows
}

/// The words of the table, and the values that it lets them take.
#[cfg(test)]
pub(crate) fn words() -> BTreeSet<String> {
    let rows = table::rows().into_iter();
    let texts = rows.flat_map(|row| [row.word, row.value]);
    // What has spaces is a kind of value, in words.
    texts
        .filter(|text| !text.is_empty() && !text.contains(' '))
        .collect()
}

/// What a spec uses.
fn used(document: &Value) -> BTreeSet<Row> {
    let mut used = table::used(document);
    used.extend(beyond::used(document));
    used
}

/// The rows, each with the names of the specs that use it.
fn coverage(specs: &[&Spec]) -> Vec<(Row, Vec<String>)> {
    let mut by_row: BTreeMap<Row, Vec<String>> = BTreeMap::new();
    for spec in specs {
        for row in used(&spec.tree.value) {
            by_row.entry(row).or_default().push(spec.name.clone());
        }
    }
    let names = |row: Row| {
        let names = by_row.remove(&row).unwrap_or_default();
        (row, names)
    };
    let mut found: Vec<_> = rows().into_iter().map(names).collect();
    // What no row names is shown too, so that the test can tell.
    found.extend(by_row);
    found
}

/// The page.
pub(crate) fn page(specs: &[&Spec]) -> String {
    let mut text = format!("<!-- {}. Do not edit. -->\n{HEAD}", crate::codegen::MARK);
    let mut of = String::new();
    for (row, names) in coverage(specs) {
        if row.of != of {
            of.clone_from(&row.of);
            text.push_str(&format!(
                "\n## {of}\n\n| word | value | specs | held to in |\n|---|---|---|---|\n"
            ));
        }
        let value = match row.value.as_str() {
            "" => String::new(),
            value => format!("`{value}`"),
        };
        text.push_str(&format!(
            "| `{}` | {value} | {} | {} |\n",
            row.word,
            if names.len() == specs.len() {
                "all".to_owned()
            } else {
                names.join(", ")
            },
            held::by(&row)
        ));
    }
    text
}

const HEAD: &str = "\
# Coverage of the vocabulary

Every word of [the vocabulary](../specs/README.md), every value it names, and the specs that use it: those of `specs/` and the invented ones of
`xtask/tests/platforms`. A test fails on a row without a spec, and on a word without a row.

For every row a client is generated, compiled and linted, and its sandbox starts. Where nothing else is named, that is all that holds it.
Otherwise: *sync* is `tests/tests/platforms`, where each stream of each test platform is read from its sandbox into a database, record by record what the
sandbox says it has, and `tests/added-platform.sh`, where an independent reading of the spec says what the columns must hold; *wire* is
`tests/tests/test_platforms.rs`, which looks at the bytes of requests and at what is made of answers.
";

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::codegen::{PLATFORMS, TEST_PLATFORMS, Tree};

    fn specs() -> Vec<Spec> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut specs = Vec::new();
        for home in [PLATFORMS, TEST_PLATFORMS] {
            for entry in fs::read_dir(root.join(home.specs)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "yaml") {
                    let text = fs::read_to_string(&path).unwrap();
                    let tree = Tree::parse(&path.display().to_string(), &text).unwrap();
                    specs.push(Spec::read(tree).unwrap());
                }
            }
        }
        specs
    }

    #[test]
    fn every_word_and_every_value_is_used_by_a_spec() {
        let specs = specs();
        let found = coverage(&specs.iter().collect::<Vec<_>>());
        let empty: Vec<&Row> = found
            .iter()
            .filter(|(_, names)| names.is_empty())
            .map(|(row, _)| row)
            .collect();
        assert!(empty.is_empty(), "no spec uses {empty:#?}");
    }

    #[test]
    fn every_word_that_a_spec_uses_has_a_row() {
        let rows: BTreeSet<Row> = rows().into_iter().collect();
        for spec in specs() {
            let unknown: Vec<Row> = used(&spec.tree.value).difference(&rows).cloned().collect();
            assert!(unknown.is_empty(), "{}: {unknown:#?}", spec.name);
        }
    }

    #[test]
    fn an_unused_word_is_an_empty_row() {
        let specs = specs();
        let peki: Vec<&Spec> = specs.iter().filter(|spec| spec.name == "peki").collect();
        let found = coverage(&peki);
        let names = |of: &str, word: &str, value: &str| {
            let row = Row::new(of, word, value);
            found.iter().find(|(own, _)| *own == row).unwrap().1.len()
        };
        assert_eq!(names("operation › x-pagination", "style", "page"), 1);
        assert_eq!(names("operation › x-pagination", "style", "offset"), 0);
        assert_eq!(names("x-signature", "message", "{nonce}"), 0);
        assert_eq!(names("x-maps-to", "contact", "phone"), 1);
    }

    #[test]
    fn what_holds_a_row_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for row in rows() {
            let by = held::by(&row);
            for path in by.split('`').skip(1).step_by(2) {
                assert!(root.join(path).exists(), "{row:?}: {path}");
            }
        }
        // Each line of the table says something of some row.
        for line in held::lines() {
            assert!(
                rows().iter().any(|row| held::by(row) == line),
                "no row is held by {line}"
            );
        }
    }
}
