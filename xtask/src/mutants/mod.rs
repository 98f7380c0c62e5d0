//! `cargo xtask mutants auth|client`: changes a crate in every small way there is, and reports the changes that no test notices.
//!
//! cargo-mutants says what the ways are. It builds and tests each of them by itself, which is right for a crate whose tests are its own.
//! The transport's tests are those of the crates that are made for it, and take far longer to build than to run: its mutants are
//! compiled all at once, each behind a switch, and a test process is told which one to switch on.

mod build;
mod list;
mod play;
mod report;
mod weave;

use std::{
    fs,
    ops::Range,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Result, bail};

use play::{Outcome, Tests};
use report::Report;

/// The version whose mutants `docs/mutants.md` explains.
const VERSION: &str = "27.1.0";

const EXPLAINED: &str = "docs/mutants.md";

/// What follows the name of the crate goes to cargo-mutants, as `--file` or `--shard`.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    match arguments.split_first() {
        Some((&"auth", rest)) => {
            check_version()?;
            one_by_one("auth", rest)
        }
        Some((&"client", rest)) => {
            check_version()?;
            all_at_once("client", rest)
        }
        _ => bail!("whose mutants? write auth or client"),
    }
}

/// As cargo-mutants does it: each in a copy of the workspace, built and tested by itself.
fn one_by_one(krate: &str, arguments: &[&str]) -> Result<()> {
    let output = format!("target/mutants-{krate}");
    fs::create_dir_all(&output)?;
    let noticed = cargo()
        .args(["--package", &format!("botroster-{krate}")])
        .args(["--output", &output])
        // A mutant that hangs has been noticed.
        .args(["--minimum-test-timeout", "20"])
        .args(arguments)
        .status()?
        .success();
    if !noticed {
        bail!(
            "there are mutants that no test notices, in {output}/mutants.out/missed.txt; {EXPLAINED} says which of them are harmless"
        );
    }
    Ok(())
}

/// Tests up to the first time, then those that take longer.
const ROUNDS: [Range<Duration>; 2] = [
    Duration::ZERO..Duration::from_secs(1),
    Duration::from_secs(1)..Duration::MAX,
];

/// Mutants after which what is known is written down.
const SOME: usize = 25;

fn all_at_once(krate: &str, arguments: &[&str]) -> Result<()> {
    let output = Path::new("target").join(format!("mutants-{krate}"));
    let tree = output.join("tree");
    fs::create_dir_all(&tree)?;
    let (output, tree) = (output.canonicalize()?, tree.canonicalize()?);
    let iterates = arguments.contains(&"--iterate");
    let mut choice = arguments.to_vec();
    choice.retain(|argument| *argument != "--iterate");

    let mutants = list::list(&format!("botroster-{krate}"), &choice)?;
    let built = build::build(&tree, &Path::new("crates").join(krate), &mutants)?;
    let mut report = Report::new(&output, &mutants, &built.left);
    if iterates {
        report.take_noticed()?;
    }
    let tests = Tests::look(&tree, built.binaries)?;
    eprintln!("{} mutants, {} tests", mutants.len(), tests.len());
    for within in ROUNDS {
        for (done, number) in report.open().into_iter().enumerate() {
            let outcome = tests.play(number, &within)?;
            if outcome.0 != Outcome::Caught {
                eprintln!(
                    "{:?} {}",
                    outcome.0,
                    mutants.get(number).map_or("", |mutant| &mutant.name)
                );
            }
            report.set(number, outcome);
            if done % SOME == 0 {
                report.write()?;
            }
        }
        println!("{}", report.write()?);
    }
    let names = report.unswitched();
    if !names.is_empty() {
        let names: Vec<_> = names
            .into_iter()
            .map(|name| format!("--re=^{}$", escaped(name)))
            .collect();
        let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
        arguments.extend(["--test-package", build::TESTED]);
        one_by_one(krate, &arguments)?;
    }
    report.judge()
}

/// A text as a regular expression that is nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if !character.is_alphanumeric() && character.is_ascii() && character != ' ' {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn check_version() -> Result<()> {
    let version = cargo().arg("--version").stderr(Stdio::null()).output()?;
    if !version.status.success() {
        bail!(
            "cargo-mutants is not installed; run: cargo install cargo-mutants --version {VERSION} --locked"
        );
    }
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.trim_end().ends_with(VERSION) {
        eprintln!(
            "note: {EXPLAINED} was written for {VERSION}, this is {}",
            version.trim_end()
        );
    }
    Ok(())
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.arg("mutants");
    command
}
