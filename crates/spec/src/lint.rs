//! Lint: everything that is wrong with a document, each problem with its place and the fix.
//!
//! It runs on the document as written, before anything else reads it: an OpenAPI model drops unknown keys and what stands
//! beside a `$ref`, and progenitor panics on some documents and writes wrong code for others. What lint passes, the
//! generator generates.

#[cfg(test)]
mod coverage;
mod evidence;
mod keys;
mod kinds;
mod lookup;
mod mapping;
mod names;
mod operations;
mod paging;
mod parameters;
mod pointers;
mod report;
mod responses;
mod root;
mod schemas;
mod security;
mod shape;
mod streams;
mod texts;
mod vocabulary;

use crate::{error::Error, problem::Problem, render::Source, tree::Tree};

/// Returns all problems of a document, in its order.
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

/// Returns the reports of all problems, as they are printed to standard error.
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
/// The reports of all its problems.
pub fn read(file: &str, text: &str) -> Result<Tree, Error> {
    let tree = Tree::parse(file, text).map_err(|unreadable| Error::new(unreadable.to_string()))?;
    let problems = reports(&tree);
    if problems.is_empty() {
        return Ok(tree);
    }
    Err(Error::new(problems.join("\n\n")))
}
