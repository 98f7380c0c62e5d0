//! Schemathesis makes requests of each operation from its spec, good and bad ones, and judges the answers.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, Result, anyhow, bail};
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
    let list = read_exceptions(&fs::read_to_string(&exceptions)?, &sandbox.platforms)
        .with_context(|| exceptions.display().to_string())?;
    println!("exceptions: {} of {MOST}", list.len());
    let fewest = |platform: &&Platform| platform.operations.len();
    let smallest = sandbox.platforms.iter().min_by_key(fewest);
    let smallest = smallest.context("the sandbox has no platform")?;
    thread::scope(|scope| {
        let ask = |platform, planted| ask(setup, sandbox, platform, &exceptions, planted);
        let platforms = sandbox.platforms.iter();
        let runs: Vec<_> = platforms
            .map(|platform| (platform, scope.spawn(move || ask(platform, false))))
            .collect();
        let control = scope.spawn(move || ask(smallest, true));
        let mut complaints = 0;
        for (platform, run) in runs {
            complaints += tell(platform, &joined(run)?, &log(setup, platform, false));
        }
        check_control(&joined(control)?, &log(setup, smallest, true))?;
        Ok(complaints)
    })
}

fn joined(run: thread::ScopedJoinHandle<'_, Result<Report>>) -> Result<Report> {
    run.join().map_err(|_| anyhow!("a thread panicked"))?
}

/// Prints what was reported; the number of complaints.
fn tell(platform: &Platform, report: &Report, log: &Path) -> usize {
    println!("{}: {} cases", platform.name, report.test_cases.generated);
    for failure in &report.failures {
        let places = failure.operations.join(", ");
        println!("  {} ({}): {places}", failure.title, failure.count);
    }
    let found = report.failures.len() + report.errors.len();
    if found == 0 && report.complete {
        return 0;
    }
    println!("  details: {}", log.display());
    found.max(1)
}

/// A judge that lets a wrong document pass is none.
fn check_control(report: &Report, log: &Path) -> Result<()> {
    let reported = report.failures.iter().map(|failure| failure.kind.as_str());
    let reported: BTreeSet<&str> = reported.collect();
    let mut missed = PLANTED.to_vec();
    missed.retain(|kind| !reported.contains(kind));
    if !missed.is_empty() {
        bail!(
            "of the lies in a document schemathesis did not report {}; see {}",
            missed.join(", "),
            log.display()
        );
    }
    println!("lies: all {} kinds reported", PLANTED.len());
    Ok(())
}

fn log(setup: &Setup, platform: &Platform, planted: bool) -> PathBuf {
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
    let _ = fs::remove_file(&report);
    let log = log(setup, platform, planted);
    let mut command = setup.python();
    command
        .args(["-m", "schemathesis.cli", "--no-color", "run"])
        .arg(&document)
        .args(["--url", super::origin(&platform.base_url)])
        .args(["--checks", "all", "--continue-on-failure"])
        // How long a busy computer takes says nothing.
        .args(["--max-response-time", "300"])
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

fn read_exceptions(text: &str, platforms: &[Platform]) -> Result<Vec<Exception>> {
    let list = toml::from_str::<Exceptions>(text)?.exception;
    if list.len() > MOST {
        bail!("{} entries, of {MOST}", list.len());
    }
    for entry in &list {
        let at = format!("{} {}", entry.platform, entry.operation);
        let mut own = platforms.iter().filter(|one| one.name == entry.platform);
        if !own.any(|one| one.operations.iter().any(|one| one.id == entry.operation)) {
            bail!("{at}: there is no such operation");
        }
        if entry.reason.trim().is_empty() {
            bail!("{at}: why?");
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::{super::sandbox::Operation, *};

    fn read(text: &str) -> Result<usize, String> {
        let parley = Platform {
            name: "parley".to_owned(),
            base_url: "http://127.0.0.1:1/api".to_owned(),
            operations: vec![Operation {
                id: "list".to_owned(),
            }],
        };
        let list = read_exceptions(text, &[parley]);
        list.map(|list| list.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn exceptions_are_few_and_have_reasons() {
        let entry = |operation: &str, reason: &str| {
            format!(
                "[[exception]]\nplatform = 'parley'\noperation = '{operation}'\ncheck = 'c'\nreason = '{reason}'\n"
            )
        };
        assert_eq!(read("# none"), Ok(0));
        assert_eq!(read(&entry("list", "because").repeat(MOST)), Ok(MOST));
        let many = read(&entry("list", "because").repeat(MOST + 1));
        assert_eq!(many, Err("11 entries, of 10".to_owned()));
        assert!(read(&entry("find", "because")).is_err());
        assert!(read(&entry("list", " ")).is_err());
        assert!(read("[[exception]]\nplatform = 'parley'\n").is_err());
    }
}
