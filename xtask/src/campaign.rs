//! `cargo xtask campaign`: a seeded test, with as many cases as one likes.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Each name, and the arguments that choose its test.
const CAMPAIGNS: [(&str, &str); 3] = [
    (
        "ids",
        "-p botroster-contract-tests --test hostile no_text_leaves_its_place",
    ),
    (
        "faults",
        "-p botroster-contract-tests --test simulation every_fault_ends_as_the_table_says",
    ),
    ("lint", "-p botroster-codegen --test lint fuzz"),
];

const USAGE: &str = "Usage: cargo xtask campaign <ids|faults|lint> [--cases N] [--seed N]";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let Some((name, mut rest)) = arguments.split_first() else {
        bail!("{USAGE}");
    };
    let Some((_, tests)) = CAMPAIGNS.iter().find(|(known, _)| known == name) else {
        bail!("no campaign `{name}`\n{USAGE}");
    };
    let (mut cases, mut seed) = (1_000_000_u64, 1_u64);
    while let [option, value, others @ ..] = rest {
        let number = value
            .parse()
            .with_context(|| format!("`{value}` is not a number\n{USAGE}"))?;
        match *option {
            "--cases" => cases = number,
            "--seed" => seed = number,
            _ => bail!("{USAGE}"),
        }
        rest = others;
    }
    if !rest.is_empty() {
        bail!("{USAGE}");
    }
    let status = Command::new(env!("CARGO"))
        .args(["test", "--release"])
        .args(tests.split(' '))
        .args(["--", "--nocapture"])
        .env("BOTROSTER_CASES", cases.to_string())
        .env("BOTROSTER_SEED", seed.to_string())
        .status()?;
    if !status.success() {
        bail!("failed; again with: cargo xtask campaign {name} --cases {cases} --seed {seed}");
    }
    Ok(())
}
