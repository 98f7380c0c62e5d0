//! `cargo xtask mutants auth|client`: changes a crate in every small way there is, and reports the changes that no test notices.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

/// The version whose mutants `docs/mutants.md` explains.
const VERSION: &str = "27.1.0";

const EXPLAINED: &str = "docs/mutants.md";

/// The quick tests first: those after them get only what these let pass.
const CLIENT: [&[&str]; 3] = [
    &["--test-package", "botroster-client", "--", "--lib"],
    &[
        "--iterate",
        "--test-package",
        "botroster-contract-tests",
        "--",
        "--test",
        "transport",
        "--test",
        "refusals",
        "--test",
        "limits",
        "--test",
        "renewal",
        "--test",
        "paging",
        "--test",
        "csv",
        "--test",
        "records",
        "--test",
        "leaks",
    ],
    &[
        "--iterate",
        "--test-package",
        "botroster-contract-tests,botroster-sync",
    ],
];

/// What follows the name of the crate goes to cargo-mutants, as `--file` or `--list`.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let Some((krate @ (&"auth" | &"client"), arguments)) = arguments.split_first() else {
        bail!("whose mutants? write auth or client");
    };
    check_version()?;
    let steps: &[&[&str]] = if *krate == "auth" { &[&[]] } else { &CLIENT };
    let output = format!("target/mutants-{krate}");
    fs::create_dir_all(&output)?;
    let mut noticed = false;
    for step in steps {
        noticed = cargo()
            // It works on a copy of the workspace: the sources here stay as they are.
            .args(["--package", &format!("botroster-{krate}")])
            .args(["--output", &output])
            // A mutant that hangs has been noticed.
            .args(["--minimum-test-timeout", "20"])
            .args(arguments)
            .args(*step)
            .status()?
            .success();
    }
    if !noticed {
        bail!(
            "there are mutants that no test notices, in {output}/mutants.out/missed.txt; {EXPLAINED} says which of them are harmless"
        );
    }
    Ok(())
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
