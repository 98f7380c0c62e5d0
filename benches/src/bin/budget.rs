//! `cargo run -p botroster-benches --bin budget [-- --times]`: compares the workspace with what `budget.toml` allows.
//!
//! Times mean something on a quiet machine only, so they are measured on request, and nothing else depends on them.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, bail};
use botroster_benches::{Figures, root};
use serde::Deserialize;

const RUNS: u32 = 5;
/// Any client will do: all are made alike.
const CLIENT: &str = "botroster-peki";
const GENERATED: &str = "crates/peki/src/generated";

const GENERATE: [&str; 3] = ["xtask", "generate", "--check"];
const CHECK: [&str; 5] = ["check", "--quiet", "--locked", "--package", CLIENT];
const TREE: [&str; 9] = [
    "tree",
    "--locked",
    "--package",
    CLIENT,
    "--edges",
    "normal",
    "--prefix",
    "depth",
    "--no-dedupe",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    seconds: Seconds,
    crates: Crates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    generate: f64,
    check: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Crates {
    beside_reqwest: usize,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let with_times = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--times"] => true,
        _ => bail!("Usage: budget [--times]"),
    };
    let root = root()?;
    let budget = Budget::read()?;
    let mut figures = Figures::default();
    let mut compare = |what: &str, found: f64, most: f64, unit: &str| {
        let figure = format!("{found:.2}{unit}, at most {most}{unit}");
        figures.report(what, figure, found <= most);
    };
    let others = beside_reqwest(&cargo(root, &TREE)?);
    compare(
        "crates beside reqwest",
        others.len() as f64,
        budget.crates.beside_reqwest as f64,
        "",
    );
    println!("  {}", others.into_iter().collect::<Vec<_>>().join(", "));
    if with_times {
        // The first time, xtask is built.
        cargo(root, &GENERATE)?;
        let generate = best(|| cargo(root, &GENERATE))?;
        compare("generate", generate, budget.seconds.generate, " s");
        cargo(root, &CHECK)?;
        let check = best(|| {
            touch(&root.join(GENERATED))?;
            cargo(root, &CHECK)
        })?;
        compare("check", check, budget.seconds.check, " s");
    }
    figures.end()
}

impl Budget {
    fn read() -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("budget.toml");
        toml::from_str(&fs::read_to_string(path)?).context("benches/budget.toml")
    }
}

/// Seconds of the fastest of some runs.
fn best(mut run: impl FnMut() -> Result<String>) -> Result<f64> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let begun = Instant::now();
        run()?;
        best = best.min(begun.elapsed());
    }
    Ok(best.as_secs_f64())
}

/// Makes cargo think that a file of the folder has changed.
fn touch(folder: &Path) -> Result<()> {
    let file = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .with_context(|| format!("{} holds no Rust", folder.display()))?;
    File::options()
        .append(true)
        .open(file)?
        .set_modified(SystemTime::now())?;
    Ok(())
}

/// Runs cargo, and returns what it prints.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("cargo {} failed: {errors}", arguments.join(" "));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The crates of others in a tree of `cargo tree --prefix depth --no-dedupe` that do not stand below `reqwest`.
fn beside_reqwest(tree: &str) -> BTreeSet<String> {
    let (mut all, mut below) = (BTreeSet::new(), BTreeSet::new());
    let mut reqwest: Option<usize> = None;
    for line in tree.lines() {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (depth, krate) = line.split_at(digits);
        let depth = depth.parse::<usize>().unwrap_or_default();
        let name = krate.split(' ').next().unwrap_or_default().to_owned();
        reqwest = reqwest.filter(|above| depth > *above);
        if name == "reqwest" {
            reqwest = reqwest.or(Some(depth));
        }
        if reqwest.is_some() {
            below.insert(name);
        } else if !name.starts_with("botroster-") {
            all.insert(name);
        }
    }
    all.difference(&below).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_needs_no_more_crates_than_the_budget_allows() {
        let most = Budget::read().unwrap().crates.beside_reqwest;
        let others = beside_reqwest(&cargo(root().unwrap(), &TREE).unwrap());
        assert!(others.len() <= most, "{} crates: {others:?}", others.len());
    }

    #[test]
    fn only_what_reqwest_does_not_need_counts() {
        let tree = "0botroster-peki v0.1.0 (/x)
1botroster-client v0.1.0 (/y)
2bytes v1.0.0
2hmac v0.13.0
3digest v0.11.0
2reqwest v0.13.0
3bytes v1.0.0
3hyper v1.0.0
4digest v0.11.0
2jiff v0.2.0
";
        let found: Vec<String> = beside_reqwest(tree).into_iter().collect();
        assert_eq!(found, ["hmac", "jiff"]);
    }
}
