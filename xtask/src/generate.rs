//! `cargo xtask generate`: the client crates, from the specs.

mod remove;

use std::{collections::BTreeMap, fs, path::Path, thread};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::{
    codegen::{self, File, Home, PLATFORMS, Spec, TEST_PLATFORMS},
    lint,
};

const HOMES: [&Home; 2] = [&PLATFORMS, &TEST_PLATFORMS];
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
    let kinds = HOMES
        .iter()
        .map(|home| read(root, home))
        .collect::<Result<Vec<_>>>()?;
    unique(&kinds)?;
    let known = || kinds.iter().flat_map(|kind| &kind.specs);
    if let Some(unknown) = wanted
        .iter()
        .find(|name| !known().any(|(spec, _)| spec.name == **name))
    {
        bail!(
            "there is no {}; there are: {}",
            PLATFORMS.spec(unknown),
            known()
                .map(|(spec, _)| spec.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let version = version(root)?;
    let mut files = Vec::new();
    for kind in &kinds {
        files.extend(kind.files(root, &wanted, &version)?);
    }
    files.extend(lint::page::pages()?);
    let stale: Vec<&str> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_deref() != Some(text))
        .map(|(path, _)| path.as_str())
        .collect();
    let mut left_over = remove::pages_left_over(root, &files)?;
    for kind in &kinds {
        left_over.extend(remove::left_over(root, &files, kind)?);
    }
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
        remove::remove(root, path)?;
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
        known().count(),
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

/// The specs of one home, each with its text.
struct Kind {
    home: &'static Home,
    specs: Vec<(Spec, String)>,
}

impl Kind {
    /// All files that are made of them, crates only of the platforms wanted.
    fn files(&self, root: &Path, wanted: &[&str], version: &str) -> Result<Vec<File>> {
        let is_wanted = |spec: &Spec| wanted.is_empty() || wanted.contains(&spec.name.as_str());
        let others = self.specs.iter().filter(|(spec, _)| !is_wanted(spec));
        let others: Vec<File> = others
            .filter_map(|(spec, _)| {
                let path = self.home.examples(&spec.name)?;
                let text = fs::read_to_string(root.join(&path)).ok()?;
                Some((path, text))
            })
            .collect();
        let wanted = self.specs.iter().filter(|(spec, _)| is_wanted(spec));
        let made = each(wanted, |(spec, source)| {
            codegen::crate_files(self.home, spec, source)
        })?;
        let mut files: Vec<File> = made.into_iter().flatten().chain(others).collect();
        let specs: Vec<&Spec> = self.specs.iter().map(|(spec, _)| spec).collect();
        files.extend(codegen::workspace_files(self.home, &specs, version)?);
        files.extend(codegen::document_files(self.home, &specs));
        Ok(files)
    }
}

/// The results for all items, in their order; one thread each, since a run spends its time on them.
fn each<T: Send, R: Send>(
    items: impl Iterator<Item = T>,
    work: impl Fn(T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = items.map(|item| scope.spawn(move || work(item))).collect();
        let panicked = |_| Err(anyhow!("a thread panicked"));
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(panicked))
            .collect()
    })
}

/// Reads every spec of a home, by name.
fn read(root: &Path, home: &'static Home) -> Result<Kind> {
    let specs = each(sources(root, home)?.into_iter(), |(name, source)| {
        Ok((read_one(root, home, &name, &source)?, source))
    })?;
    Ok(Kind { home, specs })
}

fn read_one(root: &Path, home: &Home, name: &str, source: &str) -> Result<Spec> {
    let tree = lint::read(&home.spec(name), source)?;
    let spec = Spec::read(tree)?;
    let place = spec.tree.locate("/x-platform");
    if spec.name != name {
        let own = &spec.name;
        bail!("{place}: `x-platform` is `{own}`: write `{name}`, as the file is called");
    }
    let folder = home.folder(name);
    let path = root.join(&folder);
    if name == home.list || (path.exists() && !remove::is_ours(&path)) {
        bail!("{place}: `{folder}` holds something else: give the platform another name");
    }
    Ok(spec)
}

/// Packages are told apart by the platform's name alone, wherever its spec is.
fn unique(kinds: &[Kind]) -> Result<()> {
    let mut packages = BTreeMap::new();
    for (spec, _) in kinds.iter().flat_map(|kind| &kind.specs) {
        if let Some(other) = packages.insert(spec.crate_name(), &spec.tree.file) {
            bail!(
                "{}: {other} gives a crate of this name too: give the platform another name",
                spec.tree.locate("/x-platform")
            );
        }
    }
    Ok(())
}

/// Name and text of every spec of a home, sorted.
fn sources(root: &Path, home: &Home) -> Result<Vec<(String, String)>> {
    let mut sources = Vec::new();
    if !root.join(home.specs).is_dir() {
        return Ok(sources);
    }
    for entry in fs::read_dir(root.join(home.specs))? {
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
