//! Lint: checks a document and reports every problem with its position and fix.
//!
//! It runs on the document as written, before it is read into a model: an OpenAPI model drops unknown keys and the siblings
//! of a `$ref`, and progenitor panics on some documents and generates wrong code for others. The generator accepts every
//! document without problems.

mod clashes;
#[cfg(test)]
mod coverage;
mod evidence;
mod grammar;
mod keys;
mod lookup;
mod mapping;
mod operations;
mod paging;
mod parameters;
mod pointers;
mod report;
mod responses;
mod root;
mod schema_kind;
mod schemas;
mod security;
mod streams;
mod texts;
mod vocabulary;

use crate::{error::Error, problem::Problem, render::Source, tree::Tree};

/// Returns all problems of a document, in the order of the file.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut report = report::Report::new(tree);
    keys::check(&mut report);
    root::check(&mut report);
    operations::check(&mut report);
    schemas::check(&mut report);
    evidence::check(&mut report);
    texts::check(&mut report);
    report.finish()
}

/// Returns the reports of all problems, rendered for standard error.
pub fn reports(tree: &Tree) -> Vec<String> {
    let source = Source::new(&tree.file, &tree.text);
    check(tree)
        .iter()
        .map(|problem| source.for_people(problem))
        .collect()
}

/// Parses a document and checks it.
///
/// # Errors
/// Returns the reports of all problems of the document.
pub fn read(file: &str, text: &str) -> Result<Tree, Error> {
    let tree = Tree::parse(file, text).map_err(|unreadable| Error::new(unreadable.to_string()))?;
    let problems = reports(&tree);
    if problems.is_empty() {
        return Ok(tree);
    }
    Err(Error::new(problems.join("\n\n")))
}
