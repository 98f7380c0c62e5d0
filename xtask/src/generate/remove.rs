//! What is on disk and was generated, but is not asked for any more.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use super::Kind;
use crate::{
    codegen::{self, File},
    lint::page::FOLDER,
};

/// Files that an earlier run wrote and no spec asks for any more, from the workspace's root.
///
/// # Errors
/// A crate without a spec holds files that are not ours: nothing is removed then.
pub(super) fn left_over(root: &Path, files: &[File], kind: &Kind) -> Result<Vec<PathBuf>> {
    let home = kind.home;
    let mut left_over = Vec::new();
    if !root.join(home.crates()).is_dir() {
        return Ok(left_over);
    }
    for entry in fs::read_dir(root.join(home.crates()))? {
        let folder = entry?.path();
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let has_spec = kind.specs.iter().any(|(spec, _)| spec.name == name);
        if is_ours(&folder) && name != home.list && !has_spec {
            let (ours, others): (Vec<_>, Vec<_>) = all_files(&folder)?
                .into_iter()
                .partition(|path| is_marked(path));
            if !others.is_empty() {
                let names: Vec<String> = others
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                bail!(
                    "{} is gone, but {} holds files that were not generated:\n  {}\nmove them away first; nothing was removed",
                    home.spec(&name),
                    home.folder(&name),
                    names.join("\n  ")
                );
            }
            left_over.extend(ours);
        } else if has_spec || home.holds_documents(&name) {
            let generated = folder.join("src/generated");
            let asked: BTreeSet<PathBuf> = files
                .iter()
                .map(|(known, _)| root.join(known))
                .filter(|known| known.starts_with(&generated))
                .collect();
            // A run for some platforms writes only theirs.
            if !asked.is_empty() {
                left_over.extend(
                    all_files(&generated)?
                        .into_iter()
                        .filter(|path| !asked.contains(path)),
                );
            }
        }
    }
    Ok(left_over
        .into_iter()
        .map(|path| path.strip_prefix(root).map(Path::to_owned).unwrap_or(path))
        .collect())
}

/// Pages about lint that an earlier run wrote, for chapters that there are no more.
pub(super) fn pages_left_over(root: &Path, files: &[File]) -> Result<Vec<PathBuf>> {
    let asked = |path: &Path| files.iter().any(|(known, _)| Path::new(known) == path);
    Ok(all_files(&root.join(FOLDER))?
        .into_iter()
        .filter(|path| is_marked(path))
        .filter_map(|path| path.strip_prefix(root).map(Path::to_owned).ok())
        .filter(|path| !asked(path))
        .collect())
}

/// Whether a folder is a crate that was generated.
pub(super) fn is_ours(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains(codegen::MARK))
}

fn is_marked(path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|text| {
        text.lines()
            .take(2)
            .any(|line| line.contains(codegen::MARK))
    })
}

fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                files.extend(all_files(&path)?)
            } else {
                files.push(path)
            }
        }
    }
    Ok(files)
}

/// Removes a file, and the folders that are empty then.
pub(super) fn remove(root: &Path, path: &Path) -> Result<()> {
    fs::remove_file(root.join(path)).with_context(|| path.display().to_string())?;
    println!("{} is removed", path.display());
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.components().count() > 1)
    {
        if fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}
