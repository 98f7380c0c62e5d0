//! `cargo xtask generate`: writes what the specs describe.

mod golden;
mod lint_pages;
mod stale;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use botroster_codegen::{self as codegen, Options, generate};
use botroster_spec::{Spec, lint};

use crate::cargo;

/// The texts that every published crate contains, copied from the root into the generated ones.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

const FIX: &str = "run `cargo xtask generate` and commit the result";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let check = match arguments {
        [] => false,
        ["--check"] => true,
        [other, ..] => bail!("unknown argument {other}: the only one is --check"),
    };
    let root = cargo::root()?;
    let specs: Vec<Spec> = cargo::specs(root)?
        .iter()
        .map(|path| read(root, path))
        .collect::<Result<_>>()?;
    let generated = generate(&specs, &Options::workspace(version(root)?))?;
    let mut files: Vec<(String, String)> = generated
        .iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    files.extend(licences(root, &specs)?);
    files.extend(golden::files(root)?);
    files.extend(lint_pages::pages()?);
    let changed: Vec<&(String, String)> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_deref() != Some(text))
        .collect();
    let left_over = stale::left_over(root, &specs, &files)?;
    if check {
        compare(&changed, &left_over)?;
    } else {
        for path in &left_over {
            stale::remove(root, path)?;
        }
        for (path, text) in &changed {
            write(&root.join(path), text)?;
        }
    }
    println!(
        "{} files of {} platforms, {} {}",
        files.len(),
        specs.len(),
        changed.len(),
        if check { "stale" } else { "written" }
    );
    Ok(())
}

fn licences(root: &Path, specs: &[Spec]) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for name in LICENCES {
        let text = fs::read_to_string(root.join(name))?;
        let crates = specs.iter().map(|spec| spec.model.name.as_str());
        let paths = crates
            .chain([codegen::LIST])
            .map(|folder| format!("{}/{folder}/{name}", codegen::CRATES));
        files.extend(paths.map(|path| (path, text.clone())));
    }
    Ok(files)
}

fn compare(changed: &[&(String, String)], left_over: &[PathBuf]) -> Result<()> {
    if changed.is_empty() && left_over.is_empty() {
        return Ok(());
    }
    let changed = changed.iter().map(|(path, _)| path.clone());
    let left_over = left_over.iter().map(|path| path.display().to_string());
    let names: Vec<String> = changed.chain(left_over).collect();
    bail!("not as the specs say:\n  {}\n{FIX}", names.join("\n  "))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file without a folder")?)?;
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// The version that all crates share.
fn version(root: &Path) -> Result<String> {
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(root.join("Cargo.toml"))?)?;
    let version = manifest["workspace"]["package"]["version"].as_str();
    version
        .map(str::to_owned)
        .context("[workspace.package] has no version")
}

fn read(root: &Path, path: &Path) -> Result<Spec> {
    let file = path.strip_prefix(root)?.display().to_string();
    let text = fs::read_to_string(path).with_context(|| file.clone())?;
    let spec = Spec::read(lint::read(&file, &text)?)?;
    let (name, place) = (&spec.model.name, spec.tree.locate("/x-platform"));
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    if stem != Some(name) {
        let stem = stem.context("a file name that is not Unicode")?;
        bail!("{place}: `x-platform` is `{name}`: write `{stem}`, as the file is called");
    }
    let folder = format!("{}/{name}", codegen::CRATES);
    let path = root.join(&folder);
    if name == codegen::LIST || (path.exists() && !stale::is_generated(&path)) {
        bail!("{place}: `{folder}` holds something else: give the platform another name");
    }
    Ok(spec)
}
