//! `cargo xtask generate`: the client crates, from the specs.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};

use crate::codegen::{self, Spec, Tree};

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
        let tree = Tree::parse(&format!("specs/{name}.yaml"), source)?;
        let problems = crate::lint::problems(&tree);
        if !problems.is_empty() {
            bail!("{}", problems.join("\n"));
        }
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
    files.extend(codegen::workspace_files(&specs));
    files.extend(codegen::sandbox_files(&specs)?);
    let stale: Vec<&str> = files
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_deref() != Some(text))
        .map(|(path, _)| path.as_str())
        .collect();
    if check && !stale.is_empty() {
        bail!("not as the specs say:\n  {}\n{MEND}", stale.join("\n  "));
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
