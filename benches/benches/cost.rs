//! `cargo bench -p botroster-benches --bench cost`: the instructions of one call, typed and by hand, counted by callgrind.
//!
//! This program runs itself under valgrind, twice a case and for different numbers of calls: the difference is the calls alone, without
//! start and connection.

use std::{
    collections::BTreeMap,
    env, fs,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use botroster_benches::{Figures, server, side::Side};

const SHORT: u32 = 20;
const LONG: u32 = 120;

/// Way and page of each case: Peki's documented page of users, as the server fills it.
const CASES: [&str; 5] = [
    "hand-20",
    "typed-20",
    "hand-100",
    "typed-100",
    "typed-100-unknown",
];

/// Case, what it is compared with, and how many times its instructions it may take.
const GATES: [(&str, &str, f64); 3] = [
    ("typed-20", "hand-20", 1.05),
    ("typed-100", "hand-100", 1.05),
    ("typed-100-unknown", "hand-100", 1.35),
];

fn main() -> Result<()> {
    match Side::of_arguments()? {
        Some((side, calls)) => side.calls(calls.concat().parse()?),
        None => compare(),
    }
}

fn compare() -> Result<()> {
    let valgrind = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    valgrind.context("valgrind is not installed: it is Debian's package `valgrind`")?;
    let url = server::start(Duration::ZERO)?;
    let mut costs = BTreeMap::new();
    for case in CASES {
        let count = |calls| instructions(case, calls, &url);
        let cost = (count(LONG)? - count(SHORT)?) / u64::from(LONG - SHORT);
        println!("{case:>18}: {cost:>9} instructions a call");
        costs.insert(case, cost);
    }
    let mut figures = Figures::default();
    for (case, baseline, most) in GATES {
        let ratio = costs[case] as f64 / costs[baseline] as f64;
        let figure = format!("{ratio:.3}, at most {most}");
        figures.report(&format!("{case} / {baseline}"), figure, ratio <= most);
    }
    figures.end()
}

/// The instructions of a process that makes so many calls.
fn instructions(case: &str, calls: u32, url: &str) -> Result<u64> {
    let out = env::temp_dir().join(format!("botroster-cost-{}", std::process::id()));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe()?)
        .args(["side", case, url, &calls.to_string()])
        .output()?;
    let _ = fs::remove_file(&out);
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{case} failed under valgrind: {text}");
    }
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1));
    let collected = collected.context("callgrind printed no count")?;
    Ok(collected.trim().parse()?)
}
