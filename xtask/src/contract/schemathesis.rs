//! Schemathesis makes requests of each operation from its spec, good and bad ones, and judges the answers.

use std::{collections::BTreeSet, fs::File, path::Path};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::{Platform, Sandbox, Setup, process};

/// More than these would hide what the sandbox is like.
const MOST: usize = 10;
/// What a document with lies in it must be reported for.
const PLANTED: [&str; 6] = [
    "AcceptedNegativeData",
    "JsonSchemaError",
    "MissingHeaders",
    "RejectedPositiveData",
    "UndefinedContentType",
    "UndefinedStatusCode",
];
/// The cases that follow from the document find the lies.
const QUICK: [&str; 3] = ["--phases", "coverage", "--no-shrink"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    platform: String,
    operation: String,
    #[serde(rename = "check")]
    _check: String,
    reason: String,
}

/// What is read of schemathesis' own report.
#[derive(Deserialize)]
struct Report {
    complete: bool,
    test_cases: Cases,
    failures: Vec<Failure>,
    errors: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Cases {
    generated: u64,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    count: u64,
    operations: Vec<String>,
}

/// The number of complaints.
pub(super) fn judge(setup: &Setup, sandbox: &Sandbox) -> Result<usize> {
    let exceptions = setup.root.join("tests/contract/exceptions.toml");
    check_exceptions(&exceptions, &sandbox.platforms)?;
    let mut complaints = 0;
    for platform in &sandbox.platforms {
        let report = ask(setup, sandbox, platform, &exceptions, false)?;
        println!("{}: {} cases", platform.name, report.test_cases.generated);
        for failure in &report.failures {
            let places = failure.operations.join(", ");
            println!("  {} ({}): {places}", failure.title, failure.count);
        }
        let found = report.failures.len() + report.errors.len();
        if found > 0 || !report.complete {
            println!("  details: {}", log(setup, platform, false).display());
            complaints += found.max(1);
        }
    }
    control(setup, sandbox, &exceptions)?;
    Ok(complaints)
}

/// A judge that lets a wrong document pass is none.
fn control(setup: &Setup, sandbox: &Sandbox, exceptions: &Path) -> Result<()> {
    let fewest = |platform: &&Platform| platform.operations.len();
    let Some(platform) = sandbox.platforms.iter().min_by_key(fewest) else {
        bail!("the sandbox has no platform");
    };
    let report = ask(setup, sandbox, platform, exceptions, true)?;
    let reported = report.failures.iter().map(|failure| failure.kind.as_str());
    let reported: BTreeSet<&str> = reported.collect();
    let missed: Vec<&str> = PLANTED
        .into_iter()
        .filter(|kind| !reported.contains(kind))
        .collect();
    if !missed.is_empty() {
        bail!(
            "of the lies in a document schemathesis did not report {}; see {}",
            missed.join(", "),
            log(setup, platform, true).display()
        );
    }
    println!("lies: all {} kinds reported", PLANTED.len());
    Ok(())
}

fn log(setup: &Setup, platform: &Platform, planted: bool) -> std::path::PathBuf {
    let kind = if planted { "-planted" } else { "" };
    let name = format!("{}{kind}-schemathesis.txt", platform.name);
    setup.work.join(name)
}

fn ask(
    setup: &Setup,
    sandbox: &Sandbox,
    platform: &Platform,
    exceptions: &Path,
    planted: bool,
) -> Result<Report> {
    let document = setup.plain(sandbox, platform, planted)?;
    let report = document.with_extension("report.json");
    let _ = std::fs::remove_file(&report);
    let log = log(setup, platform, planted);
    let mut command = setup.python();
    command
        .args(["-m", "schemathesis.cli", "--no-color", "run"])
        .arg(&document)
        .args(["--url", super::origin(&platform.base_url)])
        .args(["--checks", "all", "--continue-on-failure"])
        .args(["--seed", &setup.seed.to_string()])
        .args(["--max-examples", &setup.cases.to_string()])
        .args(["--generation-database", "none", "--report", "json"])
        .arg("--report-json-path")
        .arg(&report)
        .args(if planted { &QUICK[..] } else { &[] })
        .env(
            "SCHEMATHESIS_HOOKS",
            setup.root.join("tests/contract/hooks.py"),
        )
        .env("CONTRACT_SPEC", setup.spec(platform))
        .env("CONTRACT_HUB", &sandbox.hub)
        .env("CONTRACT_DUMP", &sandbox.dump)
        .env("CONTRACT_EXCEPTIONS", exceptions);
    let out = File::create(&log)?;
    command.stderr(out.try_clone()?).stdout(out);
    // It ends with 1 where it reports something; without a report something else is wrong.
    command.status()?;
    let value = process::read_json(&report)
        .with_context(|| format!("schemathesis did not finish; see {}", log.display()))?;
    Ok(serde_json::from_value(value)?)
}

fn check_exceptions(path: &Path, platforms: &[Platform]) -> Result<()> {
    let exceptions: Exceptions = toml::from_str(&std::fs::read_to_string(path)?)
        .with_context(|| path.display().to_string())?;
    let list = exceptions.exception;
    if list.len() > MOST {
        bail!("{}: {} entries, of {MOST}", path.display(), list.len());
    }
    for entry in &list {
        let known = platforms
            .iter()
            .find(|platform| platform.name == entry.platform)
            .is_some_and(|platform| {
                platform
                    .operations
                    .iter()
                    .any(|one| one.id == entry.operation)
            });
        if !known || entry.reason.trim().is_empty() {
            bail!(
                "{}: {} {}: there is no such operation, or no reason",
                path.display(),
                entry.platform,
                entry.operation
            );
        }
    }
    println!("exceptions: {} of {MOST}", list.len());
    Ok(())
}
