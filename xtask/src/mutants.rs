//! `cargo xtask mutants`: changes botroster-auth in every small way there is, and reports the changes that no test notices.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

/// The version whose mutants `docs/mutants.md` explains.
const VERSION: &str = "27.1.0";

const EXPLAINED: &str = "docs/mutants.md";

/// What follows goes to cargo-mutants, as `--file` or `--list`.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
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
    let status = cargo()
        // It works on a copy of the workspace: the sources here stay as they are.
        .args(["--package", "botroster-auth", "--output", "target"])
        // A mutant that hangs has been noticed.
        .args(["--minimum-test-timeout", "20"])
        .args(arguments)
        .status()?;
    if !status.success() {
        bail!(
            "there are mutants that no test notices; {EXPLAINED} says which of them are harmless"
        );
    }
    Ok(())
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.arg("mutants");
    command
}
