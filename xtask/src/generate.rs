//! `cargo xtask generate`: the client crates, from the specs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::codegen::{self, Spec};

const MEND: &str = "run `cargo xtask generate` and commit the result";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let check = arguments.contains(&"--check");
    let wanted: Vec<&str> = arguments
        .iter()
        .copied()
        .filter(|argument| *argument != "--check")
        .collect();
    if let Some(option) = wanted.iter().find(|argument| argument.starts_with('-')) {
        bail!("unknown option {option}: the only one is --check");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask has no parent folder")?;
    let sources = sources(root)?;
    if let Some(unknown) = wanted
        .iter()
        .find(|name| !sources.iter().any(|(known, _)| known == *name))
    {
        bail!(
            "there is no specs/{unknown}.yaml; there are: {}",
            sources
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let mut files = Vec::new();
    let mut specs = Vec::new();
    for (name, source) in &sources {
        let tree = crate::lint::read(&format!("specs/{name}.yaml"), source)?;
        let spec = Spec::read(tree)?;
        if spec.name != *name {
            bail!(
                "{}: `x-platform` is `{}`: write `{name}`, as the file is called",
                spec.tree.locate("/x-platform"),
                spec.name
            );
        }
        if wanted.is_empty() || wanted.contains(&name.as_str()) {
            files.extend(codegen::crate_files(&spec, source)?);
        }
        specs.push(spec);
    }
    files.extend(codegen::workspace_files(&specs, &version(root)?));
    files.extend(codegen::sandbox_files(&specs)?);
    files.push(crate::lint::page()?);
    let stale: Vec<&str> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_deref() != Some(text))
        .map(|(path, _)| path.as_str())
        .collect();
    let left_over = left_over(root, &files, &specs)?;
    if check && !(stale.is_empty() && left_over.is_empty()) {
        let names = stale
            .iter()
            .map(|path| (*path).to_owned())
            .chain(left_over.iter().map(|path| path.display().to_string()));
        bail!(
            "not as the specs say:\n  {}\n{MEND}",
            names.collect::<Vec<_>>().join("\n  ")
        );
    }
    for path in &left_over {
        remove(root, path)?;
    }
    if !check {
        for (path, text) in files
            .iter()
            .filter(|(path, _)| stale.contains(&path.as_str()))
        {
            let path = root.join(path);
            fs::create_dir_all(path.parent().context("a file without a folder")?)?;
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    println!(
        "{} files of {} platforms, {} {}",
        files.len(),
        specs.len(),
        stale.len(),
        if check { "stale" } else { "written" }
    );
    Ok(())
}

/// The version that all crates share.
fn version(root: &Path) -> Result<String> {
    let text = fs::read_to_string(root.join("Cargo.toml"))?;
    let package = text
        .split("[workspace.package]")
        .nth(1)
        .context("Cargo.toml has no [workspace.package]")?;
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .context("[workspace.package] has no version")?;
    Ok(line.trim().trim_matches('"').to_owned())
}

/// Files that an earlier run wrote and no spec asks for any more, from the workspace's root.
///
/// # Errors
/// A crate without a spec holds files that are not ours: nothing is removed then.
fn left_over(root: &Path, files: &[(String, String)], specs: &[Spec]) -> Result<Vec<PathBuf>> {
    let mut left_over = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let folder = entry?.path();
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let is_ours = fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|text| text.contains(codegen::MARK));
        if is_ours && name != "platforms" && !specs.iter().any(|spec| spec.name == name) {
            let (ours, others): (Vec<_>, Vec<_>) = all_files(&folder)?
                .into_iter()
                .partition(|path| is_marked(path));
            if !others.is_empty() {
                let names: Vec<String> = others
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                bail!(
                    "specs/{name}.yaml is gone, but crates/{name} holds files that were not generated:\n  {}\nmove them away first; nothing was removed",
                    names.join("\n  ")
                );
            }
            left_over.extend(ours);
        } else if specs.iter().any(|spec| spec.name == name) || name == "sandbox" {
            let generated = folder.join("src/generated");
            let asked = |path: &Path| files.iter().any(|(known, _)| root.join(known) == *path);
            // A run for some platforms writes only theirs.
            let is_written = files
                .iter()
                .any(|(known, _)| root.join(known).starts_with(&generated));
            if is_written {
                left_over.extend(
                    all_files(&generated)?
                        .into_iter()
                        .filter(|path| !asked(path)),
                );
            }
        }
    }
    Ok(left_over
        .into_iter()
        .map(|path| path.strip_prefix(root).map(Path::to_owned).unwrap_or(path))
        .collect())
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
fn remove(root: &Path, path: &Path) -> Result<()> {
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

/// Name and text of every spec, sorted.
fn sources(root: &Path) -> Result<Vec<(String, String)>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(root.join("specs"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .context("a spec's file name is not Unicode")?;
            sources.push((name.to_owned(), fs::read_to_string(&path)?));
        }
    }
    sources.sort();
    Ok(sources)
}
