//! The packages of the workspace, their targets and what they depend on.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::Value;
use walkdir::WalkDir;

use crate::cargo;

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

impl Workspace {
    /// Reads the workspace as cargo sees it.
    pub(super) fn load(root: &Path) -> Result<Workspace> {
        let metadata = cargo::metadata(root, "--no-deps")?;
        let packages = cargo::array(&metadata, "packages")?;
        Ok(Workspace {
            root: root.to_owned(),
            packages: packages
                .iter()
                .map(|package| Package::new(root, package))
                .collect::<Result<_>>()?,
        })
    }

    /// Returns every Rust file of the workspace, sorted.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>> {
        let rooms = ROOMS.map(|room| self.root.join(room));
        let mut files = Vec::new();
        for room in rooms.iter().filter(|room| room.is_dir()) {
            let walk = WalkDir::new(room).into_iter().filter_entry(|entry| {
                let name = entry.file_name().to_string_lossy();
                !name.starts_with('.') && !["target", "node_modules"].contains(&&*name)
            });
            for entry in walk {
                let path = entry?.into_path();
                if path.extension().is_some_and(|extension| extension == "rs") {
                    files.push(path.strip_prefix(&self.root)?.to_owned());
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Package {
    fn new(root: &Path, package: &Value) -> Result<Package> {
        let text = |value: &Value| value.as_str().map(str::to_owned).context("no text");
        let path = |value: &Value| -> Result<PathBuf> {
            Ok(Path::new(&text(value)?).strip_prefix(root)?.to_owned())
        };
        let manifest = path(&package["manifest_path"])?;
        let lines = fs::read_to_string(root.join(&manifest))?;
        let mut dependencies = Vec::new();
        for dependency in cargo::array(package, "dependencies")? {
            if dependency["path"].is_string() && dependency["kind"] != "dev" {
                let name = text(&dependency["name"])?;
                let line = line_of(&lines, &name);
                dependencies.push(Dependency { name, line });
            }
        }
        let targets = cargo::array(package, "targets")?.iter();
        Ok(Package {
            name: text(&package["name"])?,
            manifest,
            targets: targets
                .map(|target| path(&target["src_path"]))
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
