//! What is wrong with a spec, all of it at once, each with its place and the fix.
//!
//! It runs on the document as written, before anything else reads it: the OpenAPI model swallows unknown keys and what
//! stands beside a `$ref`, and the generator behind it panics on some documents and writes wrong code for others.
//! What it lets through, the generator generates.

mod cases;
mod command;
mod evidence;
mod keys;
mod kinds;
mod mapping;
mod names;
mod operations;
pub(crate) mod page;
mod paging;
mod parameters;
mod pointers;
mod problem;
mod render;
mod responses;
mod root;
pub(crate) mod rules;
mod schemas;
mod security;
mod streams;
mod texts;
mod vocabulary;

use anyhow::{Result, bail};

use crate::codegen::Tree;
pub(crate) use command::run;
pub(crate) use problem::{Problem, Report};
pub(crate) use render::Source;

/// Everything that is wrong with a document, in its order.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut report = Report {
        tree,
        problems: Vec::new(),
    };
    keys::check(&mut report);
    root::check(&mut report);
    operations::check(&mut report);
    schemas::check(&mut report);
    evidence::check(&mut report);
    texts::check(&mut report);
    let mut problems = report.problems;
    problems.sort_by(|one, other| one.order().cmp(&other.order()));
    problems.dedup();
    problems
}

/// The same as reports, for standard error.
pub(crate) fn problems(tree: &Tree) -> Vec<String> {
    let source = Source::new(&tree.file, &tree.text);
    check(tree)
        .iter()
        .map(|problem| source.for_people(problem))
        .collect()
}

/// Reads a spec that has no problem.
///
/// # Errors
/// The reports of all its problems.
pub(crate) fn read(file: &str, text: &str) -> Result<Tree> {
    let tree = Tree::parse(file, text)?;
    let problems = problems(&tree);
    if problems.is_empty() {
        return Ok(tree);
    }
    bail!("{}", problems.join("\n\n"))
}

/// The known word that a typo was meant to be.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let length = word.chars().count();
    // Nobody mistypes a novel.
    if length > 64 {
        return None;
    }
    if length >= 3
        && let Some(whole) = known.iter().find(|known| known.starts_with(word))
    {
        return Some(whole);
    }
    let best = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), *known))
        .min()?;
    (best.0 <= (length / 3).max(1) && best.0 < length).then_some(best.1)
}

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod tests;
