//! `cargo xtask msrv`: the published libraries build with the Rust that the workspace promises.
//!
//! They are built where that toolchain is installed. The `rust-version` of everything they depend on is compared in any case.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::cargo::{self, array};

/// A published library that needs the pinned toolchain: an engine for the command, which is built with it.
const PINNED: &str = "botroster-sync";

pub(crate) fn run() -> Result<()> {
    let root = cargo::root()?;
    let metadata = cargo::metadata(root, "--locked")?;
    let libraries = libraries(&metadata)?;
    let promised = libraries
        .first()
        .and_then(|library| version(&library["rust_version"]))
        .context("the libraries have no `rust-version`")?;
    let compared = compare(&metadata, &libraries, promised)?;
    let (major, minor) = promised;
    println!(
        "no `rust-version` of the {compared} packages below the libraries is newer than {major}.{minor}"
    );
    let toolchain = format!("{major}.{minor}");
    match installed(&toolchain)? {
        Some(toolchain) => build(root, &toolchain, &libraries),
        None => {
            println!(
                "nothing was built: `rustup toolchain install {toolchain}` to build the libraries with it"
            );
            Ok(())
        }
    }
}

/// The packages of this workspace that are published and have a library.
fn libraries(metadata: &Value) -> Result<Vec<&Value>> {
    let packages = array(metadata, "packages")?;
    let is_library = |package: &&Value| {
        let mut targets = package["targets"].as_array().into_iter().flatten();
        // Those of a registry have a source.
        package["source"].is_null()
            && package["publish"].is_null()
            && package["name"] != PINNED
            && targets.any(|target| target["kind"][0] == "lib")
    };
    Ok(packages.iter().filter(is_library).collect())
}

/// Compares what the packages below the libraries need, and returns how many there are.
fn compare(metadata: &Value, libraries: &[&Value], promised: (u32, u32)) -> Result<usize> {
    let packages = array(metadata, "packages")?;
    let nodes = array(&metadata["resolve"], "nodes")?;
    let mut queue: Vec<&str> = libraries
        .iter()
        .filter_map(|library| library["id"].as_str())
        .collect();
    let (mut seen, mut newer) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(package) = packages.iter().find(|package| package["id"] == id)
            && version(&package["rust_version"]).is_some_and(|needed| needed > promised)
        {
            newer.insert(format!(
                "{} {} needs {}",
                package["name"], package["version"], package["rust_version"]
            ));
        }
        let node = nodes.iter().find(|node| node["id"] == id);
        let dependencies = node.and_then(|node| node["deps"].as_array());
        let is_normal = |dependency: &&Value| {
            let mut kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            kinds.any(|kind| kind["kind"].is_null())
        };
        let normal = dependencies.into_iter().flatten().filter(is_normal);
        queue.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
    }
    if !newer.is_empty() {
        bail!(
            "the libraries promise Rust {}.{}, but:\n{}",
            promised.0,
            promised.1,
            newer.into_iter().collect::<Vec<_>>().join("\n")
        );
    }
    Ok(seen.len())
}

/// The full name of the toolchain of a version, if rustup has it.
fn installed(version: &str) -> Result<Option<String>> {
    let Ok(output) = Command::new("rustup").args(["toolchain", "list"]).output() else {
        return Ok(None);
    };
    let text = String::from_utf8(output.stdout)?;
    let names = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let is_version = |name: &&str| {
        let rest = name.strip_prefix(version);
        rest.is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    Ok(names.into_iter().find(is_version).map(str::to_owned))
}

fn build(root: &Path, toolchain: &str, libraries: &[&Value]) -> Result<()> {
    let names: Vec<&str> = libraries
        .iter()
        .filter_map(|library| library["name"].as_str())
        .collect();
    let built = Command::new("rustup")
        .args(["run", toolchain, "cargo", "check", "--lib", "--locked"])
        // What another compiler made would be made again by each in turn.
        .args(["--target-dir", "target/msrv"])
        .args(names.iter().flat_map(|name| ["--package", name]))
        // Set by the cargo that runs this.
        .env_remove("RUSTC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .current_dir(root)
        .stdin(Stdio::null())
        .status()?;
    if !built.success() {
        bail!("the libraries do not build with {toolchain}");
    }
    println!("{} build with {toolchain}", names.join(", "));
    Ok(())
}

fn version(value: &Value) -> Option<(u32, u32)> {
    let mut parts = value.as_str()?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
