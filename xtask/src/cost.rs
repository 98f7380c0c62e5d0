//! `cargo xtask cost`: instructions of one call, typed and by hand, counted by callgrind.
//!
//! Two runs of different length are counted; their difference is the calls alone, without start and connection.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

const SHORT: u64 = 20;
const LONG: u64 = 120;

/// Case, what it is compared with, and how many times its instructions it may take.
const GATES: [(&str, &str, f64); 3] = [
    ("typed-20", "hand-20", 1.05),
    ("typed-100", "hand-100", 1.05),
    ("typed-100-unknown", "hand-100", 1.35),
];

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It serves until it is ended; that it may be gone already is no concern.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask has no parent folder")?;
    if Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        bail!("valgrind is not installed: it is Debian's package `valgrind`");
    }
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "botroster-benches"])
        .current_dir(root)
        .status()?;
    if !built.success() {
        bail!("the benchmarks do not build");
    }
    let program = root.join("target/release/botroster-benches");
    let mut server = Server(
        Command::new(&program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let mut url = String::new();
    BufReader::new(server.0.stdout.take().context("the server says nothing")?)
        .read_line(&mut url)?;
    let mut costs = BTreeMap::new();
    for case in [
        "hand-20",
        "typed-20",
        "hand-100",
        "typed-100",
        "typed-100-unknown",
    ] {
        let count = |calls| instructions(&program, case, calls, url.trim());
        let cost = (count(LONG)? - count(SHORT)?) / (LONG - SHORT);
        println!("{case:>18}: {cost:>9} instructions a call");
        costs.insert(case, cost);
    }
    let mut failed = false;
    for (case, baseline, most) in GATES {
        let ratio = costs[case] as f64 / costs[baseline] as f64;
        let verdict = if ratio <= most { "ok" } else { "too much" };
        failed |= ratio > most;
        println!("{case} / {baseline}: {ratio:.3}, at most {most}: {verdict}");
    }
    if failed {
        bail!("a call costs more than it may");
    }
    Ok(())
}

fn instructions(program: &Path, case: &str, calls: u64, url: &str) -> Result<u64> {
    let out = std::env::temp_dir().join(format!("botroster-cost-{}", std::process::id()));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(program)
        .args(["run", case, &calls.to_string(), url])
        .output()?;
    let _ = fs::remove_file(&out);
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{case} failed under valgrind: {text}");
    }
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .context("callgrind says no count")?;
    collected
        .trim()
        .parse()
        .context("callgrind's count is no number")
}
