//! Files on disk that an earlier run generated and that no spec asks for any more.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use botroster_codegen::{CRATES, LIST, MARK, MODELS};
use botroster_spec::Spec;
use walkdir::WalkDir;

use super::{LICENCES, golden, lint_pages};

/// Returns their paths from the workspace's root.
///
/// # Errors
/// A crate without a spec holds files that were not generated; nothing is removed then.
pub(super) fn left_over(
    root: &Path,
    specs: &[Spec],
    files: &[(String, String)],
) -> Result<Vec<PathBuf>> {
    let asked: BTreeSet<&Path> = files.iter().map(|(path, _)| Path::new(path)).collect();
    let mut left_over = gone_crates(root, specs)?;
    let mut generated = all_files(&root.join(MODELS))?;
    for spec in specs {
        let sources = root
            .join(CRATES)
            .join(&spec.model.name)
            .join("src/generated");
        generated.extend(all_files(&sources)?);
    }
    for folder in [golden::FOLDER, lint_pages::FOLDER] {
        let files = all_files(&root.join(folder))?;
        generated.extend(files.into_iter().filter(|path| is_marked(path)));
    }
    let generated = generated.into_iter().map(|path| from_root(root, path));
    left_over.extend(generated.filter(|path| !asked.contains(path.as_path())));
    Ok(left_over)
}

/// The files of generated crates that have no spec.
fn gone_crates(root: &Path, specs: &[Spec]) -> Result<Vec<PathBuf>> {
    let mut gone = Vec::new();
    for entry in fs::read_dir(root.join(CRATES))? {
        let folder = entry?.path();
        let name = folder.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        let has_spec = specs.iter().any(|spec| spec.model.name == name);
        if !is_generated(&folder) || name == LIST || has_spec {
            continue;
        }
        let (ours, others): (Vec<_>, Vec<_>) = all_files(&folder)?
            .into_iter()
            .partition(|path| is_marked(path) || LICENCES.iter().any(|name| path.ends_with(name)));
        if !others.is_empty() {
            let names: Vec<String> = others
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            bail!(
                "specs/{name}.yaml is gone, but {CRATES}/{name} holds files that were not generated:\n  {}\nmove them away first; nothing was removed",
                names.join("\n  ")
            );
        }
        gone.extend(ours.into_iter().map(|path| from_root(root, path)));
    }
    Ok(gone)
}

fn from_root(root: &Path, path: PathBuf) -> PathBuf {
    path.strip_prefix(root).map(Path::to_owned).unwrap_or(path)
}

/// Returns whether a folder is a crate that was generated.
pub(super) fn is_generated(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains(MARK))
}

fn is_marked(path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|text| text.lines().take(2).any(|line| line.contains(MARK)))
}

fn all_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in WalkDir::new(folder) {
            files.push(entry?.into_path());
        }
    }
    files.retain(|path| path.is_file());
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
