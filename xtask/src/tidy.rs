//! `cargo xtask tidy`: the rules of the house that neither rustc nor clippy checks.
//!
//! - No circle of files: no hand-written file imports a file that imports it, directly or through others ([`circles`]).
//! - Crates depend on each other as the table in [`arrows`] allows.
//! - A module with children is `foo.rs` beside a folder `foo/`, and every file is part of a target ([`style`]).
//!
//! Files that begin with the mark of generated code are skipped.

mod arrows;
mod circles;
mod modules;
mod paths;
mod resolve;
mod sizes;
mod style;
mod workspace;

use anyhow::{Result, bail};

use modules::Tree;
use workspace::Workspace;

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let workspace = Workspace::load(crate::cargo::root()?)?;
    match arguments {
        [] => check(&workspace),
        ["--sizes"] => {
            print!("{}", sizes::table(&workspace)?);
            Ok(())
        }
        _ => bail!("Usage: cargo xtask tidy [--sizes]"),
    }
}

/// Prints every problem.
///
/// # Errors
/// There are problems.
fn check(workspace: &Workspace) -> Result<()> {
    let trees = trees(workspace)?;
    let circles = circles::find(&trees);
    for circle in &circles {
        println!("{circle}");
    }
    let mut others = arrows::check(workspace);
    others.extend(style::check(workspace, &trees)?);
    for problem in &others {
        println!("{problem}");
    }
    if circles.is_empty() && others.is_empty() {
        println!("tidy: no circles of files, no forbidden arrows, one module style");
        return Ok(());
    }
    bail!(
        "tidy: {} circles of files, {} other problems",
        circles.len(),
        others.len()
    )
}

/// The modules of every target.
fn trees(workspace: &Workspace) -> Result<Vec<Tree>> {
    let targets = workspace
        .packages
        .iter()
        .flat_map(|package| &package.targets);
    targets
        .map(|target| Tree::read(&workspace.root, target))
        .collect()
}

#[cfg(test)]
mod tests;
