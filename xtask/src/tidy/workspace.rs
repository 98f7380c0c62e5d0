//! The packages of the workspace, their targets and what they depend on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The line that generated files begin with.
const GENERATED: &str = "// @generated";

/// The folders that hold Rust.
pub(super) const ROOMS: [&str; 5] = ["crates", "xtask", "tests", "benches", "examples"];

/// Paths are relative to the root.
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) packages: Vec<Package>,
}

pub(super) struct Package {
    pub(super) name: String,
    pub(super) manifest: PathBuf,
    /// The root file of each target.
    pub(super) targets: Vec<PathBuf>,
    /// Packages of this workspace that it needs when it is built for use.
    pub(super) dependencies: Vec<Dependency>,
}

pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) line: usize,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<MetadataTarget>,
    dependencies: Vec<MetadataDependency>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct MetadataDependency {
    name: String,
    /// `dev`, `build`, or nothing for normal dependencies.
    kind: Option<String>,
    path: Option<PathBuf>,
}

impl Workspace {
    /// Reads the workspace as cargo sees it.
    pub(super) fn load(root: &Path) -> Result<Workspace> {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(root)
            .output()?;
        if !output.status.success() {
            bail!(
                "cargo metadata failed: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        let packages = metadata
            .packages
            .into_iter()
            .map(|package| Package::new(root, package))
            .collect::<Result<_>>()?;
        Ok(Workspace {
            root: root.to_owned(),
            packages,
        })
    }

    /// Every Rust file of the workspace, sorted.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for room in ROOMS {
            let folder = self.root.join(room);
            if folder.is_dir() {
                collect(&folder, &mut files)?;
            }
        }
        files.sort();
        files
            .iter()
            .map(|file| Ok(file.strip_prefix(&self.root)?.to_owned()))
            .collect()
    }
}

impl Package {
    fn new(root: &Path, package: MetadataPackage) -> Result<Package> {
        let manifest = fs::read_to_string(&package.manifest_path)?;
        let dependencies = package
            .dependencies
            .into_iter()
            .filter(|dependency| {
                dependency.path.is_some() && dependency.kind.as_deref() != Some("dev")
            })
            .map(|dependency| Dependency {
                line: line_of(&manifest, &dependency.name),
                name: dependency.name,
            })
            .collect();
        let relative = |path: &Path| -> Result<PathBuf> { Ok(path.strip_prefix(root)?.to_owned()) };
        Ok(Package {
            name: package.name,
            manifest: relative(&package.manifest_path)?,
            targets: package
                .targets
                .iter()
                .map(|target| relative(&target.src_path))
                .collect::<Result<_>>()?,
            dependencies,
        })
    }
}

/// The line of a manifest that names a dependency; 1 if the key is renamed.
fn line_of(manifest: &str, name: &str) -> usize {
    let names = |line: &str| {
        let key = line.trim_start().strip_prefix(name);
        key.is_some_and(|rest| rest.starts_with([' ', '.', '=']))
    };
    manifest.lines().position(names).map_or(1, |line| line + 1)
}

pub(super) fn is_generated(text: &str) -> bool {
    text.starts_with(GENERATED)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if path.is_dir() {
            let skipped = name.is_none_or(|name| {
                name.starts_with('.') || ["target", "node_modules"].contains(&name)
            });
            if !skipped {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
