//! The workspace as cargo describes it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Returns the workspace's root.
pub(crate) fn root() -> Result<&'static Path> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.context("xtask has no parent folder")
}

/// Returns every spec of `specs/`, by name.
pub(crate) fn specs(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in root.join("specs").read_dir()? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    Ok(files)
}

/// Returns what `cargo metadata` prints with an option.
pub(crate) fn metadata(root: &Path, option: &str) -> Result<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", option])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("cargo metadata failed: {errors}");
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Returns a list of the metadata.
pub(crate) fn array<'v>(value: &'v Value, key: &str) -> Result<&'v [Value]> {
    let list = value[key].as_array();
    list.map(Vec::as_slice)
        .with_context(|| format!("cargo metadata has no `{key}`"))
}
