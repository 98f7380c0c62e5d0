//! One style of modules, and no file that is part of nothing.

use std::{collections::BTreeSet, ffi::OsStr, fs, path::PathBuf};

use anyhow::Result;

use super::{
    modules::Tree,
    workspace::{self, Workspace},
};

pub(super) fn check(workspace: &Workspace, trees: &[Tree]) -> Result<Vec<String>> {
    let known: BTreeSet<&PathBuf> = trees.iter().flat_map(|tree| tree.files.keys()).collect();
    let mut problems = Vec::new();
    for file in workspace.files()? {
        let path = file.display();
        if file.file_name() == Some(OsStr::new("mod.rs")) {
            let folder = file.parent().unwrap_or(&file).with_extension("rs");
            problems.push(format!(
                "{path}:1: is a `mod.rs`: move it to {}",
                folder.display()
            ));
        }
        if known.contains(&file) {
            continue;
        }
        let text = fs::read_to_string(workspace.root.join(&file))?;
        if !workspace::is_generated(&text) {
            problems.push(format!(
                "{path}:1: is part of no target: declare it with `mod` in its parent, or delete it"
            ));
        }
    }
    Ok(problems)
}
