//! `cargo xtask msrv`: no library dependency may need a newer Rust than the workspace promises.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Crates that are applications or tools: they are built with the pinned toolchain, not by other people's.
const APPLICATIONS: [&str; 4] = [
    "botroster-cli",
    "botroster-sync",
    "botroster-contract-tests",
    "xtask",
];

pub(crate) fn run() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"]
        .as_array()
        .context("metadata without packages")?;
    let nodes = metadata["resolve"]["nodes"]
        .as_array()
        .context("metadata without a graph")?;
    let package = |id: &str| packages.iter().find(|package| package["id"] == id);
    let members = metadata["workspace_members"]
        .as_array()
        .context("metadata without members")?;
    let mut queue: Vec<&str> = members
        .iter()
        .filter_map(Value::as_str)
        .filter(|id| {
            package(id).is_some_and(|p| !APPLICATIONS.iter().any(|name| p["name"] == *name))
        })
        .collect();
    let promised = queue
        .first()
        .and_then(|id| package(id))
        .and_then(|p| version(&p["rust_version"]))
        .context("no rust-version")?;
    let (mut seen, mut newer) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(package) = package(id)
            && version(&package["rust_version"]).is_some_and(|needed| needed > promised)
        {
            newer.insert(format!(
                "{} {} needs {}",
                package["name"], package["version"], package["rust_version"]
            ));
        }
        let node = nodes.iter().find(|node| node["id"] == id);
        let dependencies = node
            .and_then(|node| node["deps"].as_array())
            .into_iter()
            .flatten();
        queue.extend(
            dependencies
                .filter(|dependency| {
                    dependency["dep_kinds"]
                        .as_array()
                        .is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
                })
                .filter_map(|dependency| dependency["pkg"].as_str()),
        );
    }
    if !newer.is_empty() {
        bail!(
            "libraries promise Rust {}.{} but:\n{}",
            promised.0,
            promised.1,
            newer.into_iter().collect::<Vec<_>>().join("\n")
        );
    }
    println!(
        "{} packages build with Rust {}.{}",
        seen.len(),
        promised.0,
        promised.1
    );
    Ok(())
}

fn version(value: &Value) -> Option<(u32, u32)> {
    let mut parts = value.as_str()?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
