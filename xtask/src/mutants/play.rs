//! Runs the tests that reach a mutant, with the mutant switched on.

use std::{
    collections::BTreeSet,
    fs,
    ops::Range,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::build::Binary;

/// Most of what a test process may take, in KiB: a mutant may ask for ever more.
const MEMORY: u32 = 4_000_000;
/// A mutant that hangs has been noticed.
const PATIENCE: Duration = Duration::from_secs(20);
/// Tests of so much time together run in one process.
const TOGETHER: Duration = Duration::from_secs(1);

/// A test, how long it takes, and the mutants it comes by.
#[derive(Debug)]
pub(super) struct Test {
    binary: usize,
    name: String,
    time: Duration,
    reached: BTreeSet<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Caught,
    Hung,
    Missed,
    /// No test comes by it.
    Unreached,
}

#[derive(PartialEq)]
enum End {
    Passed,
    Failed,
    Hung,
}

pub(super) struct Tests {
    binaries: Vec<Binary>,
    /// The quick ones first.
    tests: Vec<Test>,
    tree: PathBuf,
}

impl Tests {
    /// Runs every test by itself, with no mutant.
    pub(super) fn look(tree: &Path, binaries: Vec<Binary>) -> Result<Self> {
        let mut all = Self {
            binaries,
            tests: Vec::new(),
            tree: tree.to_owned(),
        };
        let mut tests = Vec::new();
        for (binary, of) in all.binaries.iter().enumerate() {
            for name in names(of)? {
                tests.extend(all.look_at(binary, name)?);
            }
        }
        tests.sort_by_key(|test| test.time);
        all.tests = tests;
        Ok(all)
    }

    /// One that fails by itself, as where a tool that it needs is not there, tells nothing.
    fn look_at(&self, binary: usize, name: String) -> Result<Option<Test>> {
        let file = self.tree.join("target/reached");
        let _ = fs::remove_file(&file);
        let of = self.binaries.get(binary).context("a binary")?;
        let started = Instant::now();
        let variable = ("BOTROSTER_REACHED", file.display().to_string());
        if self.run(of, &[name.as_str()], &variable, Duration::from_secs(600))? != End::Passed {
            eprintln!("note: {name} fails without a mutant, and is left out");
            return Ok(None);
        }
        let time = started.elapsed();
        let text = fs::read_to_string(&file).unwrap_or_default();
        let reached = text.lines().filter_map(|line| line.parse().ok()).collect();
        Ok(Some(Test {
            binary,
            name,
            time,
            reached,
        }))
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }

    /// Runs the tests that reach a mutant, of those that take some time, until one notices it.
    pub(super) fn play(
        &self,
        mutant: usize,
        within: &Range<Duration>,
    ) -> Result<(Outcome, String)> {
        let reaches = |test: &&Test| test.reached.contains(&mutant);
        if !self.tests.iter().any(|test| reaches(&test)) {
            return Ok((Outcome::Unreached, String::new()));
        }
        let mut rest: Vec<&Test> = self.tests.iter().filter(reaches).collect();
        rest.retain(|test| within.contains(&test.time));
        while let Some(first) = rest.first() {
            let (mut time, mut names) = (Duration::ZERO, Vec::new());
            let binary = first.binary;
            rest.retain(|test| {
                let now =
                    test.binary == binary && (names.is_empty() || time + test.time < TOGETHER);
                if now {
                    time += test.time;
                    names.push(test.name.as_str());
                }
                !now
            });
            let of = self.binaries.get(binary).context("a binary")?;
            let variable = ("BOTROSTER_MUTANT", mutant.to_string());
            match self.run(of, &names, &variable, PATIENCE + 10 * time)? {
                End::Passed => {}
                End::Failed => return Ok((Outcome::Caught, names.join(" "))),
                End::Hung => return Ok((Outcome::Hung, names.join(" "))),
            }
        }
        Ok((Outcome::Missed, String::new()))
    }

    fn run(
        &self,
        binary: &Binary,
        names: &[&str],
        variable: &(&str, String),
        patience: Duration,
    ) -> Result<End> {
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY} && exec \"$@\""), "sh"])
            .arg(&binary.path)
            .args(["--exact", "--test-threads", "2"])
            .args(names)
            .current_dir(&binary.folder)
            .env("CARGO_MANIFEST_DIR", &binary.folder)
            .env("INSTA_WORKSPACE_ROOT", &self.tree)
            .env("INSTA_UPDATE", "no")
            .env("RUST_BACKTRACE", "0")
            .env(variable.0, &variable.1)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Whatever it starts ends with it.
            .process_group(0)
            .spawn()?;
        let started = Instant::now();
        let mut pause = Duration::from_millis(2);
        let end = loop {
            if let Some(status) = child.try_wait()? {
                break if status.success() {
                    End::Passed
                } else {
                    End::Failed
                };
            }
            if started.elapsed() > patience {
                break End::Hung;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        };
        let group = format!("-{}", child.id());
        if end == End::Hung {
            Command::new("kill")
                .args(["-KILL", "--", &group])
                .status()?;
            child.wait()?;
        }
        Ok(end)
    }
}

fn names(binary: &Binary) -> Result<Vec<String>> {
    let output = Command::new(&binary.path)
        .args(["--list", "--format", "terse"])
        .current_dir(&binary.folder)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
    Ok(names.map(str::to_owned).collect())
}
