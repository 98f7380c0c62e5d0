//! Prism stands between our clients and the sandbox, and compares what passes with the spec.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{
    Platform, Sandbox, Setup,
    process::{self, Background},
};

const LISTENING: &str = "Prism is listening";
/// How Prism reports something.
const VIOLATION: &str = "Violation: ";
/// A path that no platform has: when Prism has reported this, it has reported all before it.
const LAST: &str = "/the-last-request";

struct Proxy<'a> {
    platform: &'a Platform,
    address: String,
    process: Background,
}

/// The number of complaints.
pub(super) fn judge(setup: &Setup, sandbox: &Sandbox) -> Result<usize> {
    process::done(
        cargo_example(setup, "build"),
        "building tests/examples/walk.rs",
    )?;
    let start = |platform, planted| Proxy::start(setup, sandbox, platform, planted);
    let platforms = sandbox.platforms.iter();
    let mut proxies = platforms
        .map(|platform| start(platform, false))
        .collect::<Result<Vec<_>>>()?;
    let first = sandbox.platforms.first();
    let mut planted = start(first.context("the sandbox has no platform")?, true)?;
    let mut complaints = walk(setup, &mut proxies)?;
    for proxy in &mut proxies {
        complaints += proxy.tell(sandbox)?;
    }
    // A judge that lets a wrong document pass is none. What the walk says of it is of no concern.
    walk(setup, std::slice::from_mut(&mut planted))?;
    let (_, violations) = planted.reports()?;
    for place in ["request.query", "response.body"] {
        if !violations.iter().any(|one| one.contains(place)) {
            bail!("of the lies in a document Prism did not report that in {place}: {violations:?}");
        }
    }
    println!("lies: reported");
    Ok(complaints)
}

/// Calls every operation of the platforms behind the proxies; the number of calls that failed, or 1 where that is not known.
fn walk(setup: &Setup, proxies: &mut [Proxy<'_>]) -> Result<usize> {
    let mut command = cargo_example(setup, "run");
    for proxy in proxies.iter_mut() {
        proxy.process.printed(LISTENING)?;
        let base_url = &proxy.platform.base_url;
        let path = base_url.trim_start_matches(super::origin(base_url));
        command.env(
            format!("WALK_{}", proxy.platform.name.to_uppercase()),
            format!("http://{}{path}", proxy.address),
        );
    }
    let log = setup.work.join("walk.txt");
    command.stdout(std::fs::File::create(&log)?);
    let output = command.output().context("cannot run the walk")?;
    let told = String::from_utf8_lossy(&output.stderr);
    print!("{told}");
    Ok(match output.status.success() {
        true => 0,
        false => told.lines().count().max(1),
    })
}

fn cargo_example(setup: &Setup, what: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args([what, "--quiet", "--package", "botroster-contract-tests"])
        .args(["--example", "walk"])
        .current_dir(&setup.root);
    command
}

impl<'a> Proxy<'a> {
    fn start(
        setup: &Setup,
        sandbox: &Sandbox,
        platform: &'a Platform,
        planted: bool,
    ) -> Result<Self> {
        let document = setup.plain(sandbox, platform, planted)?;
        let port = process::free_port()?;
        let mut command = Command::new(setup.root.join("target/ci/node/node_modules/.bin/prism"));
        command
            .arg("proxy")
            .arg(&document)
            .arg(super::origin(&platform.base_url))
            .args(["--port", &port.to_string()])
            .env("NO_PROXY", "127.0.0.1")
            .env("NO_COLOR", "1");
        let process = Background::start(command, document.with_extension("prism.txt"))?;
        Ok(Self {
            platform,
            address: format!("127.0.0.1:{port}"),
            process,
        })
    }

    /// Prints what was reported; the number of complaints.
    fn tell(&mut self, sandbox: &Sandbox) -> Result<usize> {
        let (requests, violations) = self.reports()?;
        println!("{}: {requests} requests", self.platform.name);
        for violation in &violations {
            println!("  {violation}");
        }
        let succeeded = sandbox.succeeded(self.platform)?;
        let ids = self.platform.operations.iter().map(|one| &one.id);
        let missing: Vec<&String> = ids.filter(|id| !succeeded.contains(*id)).collect();
        if !missing.is_empty() {
            println!("  never succeeded: {missing:?}; is the client in tests/Cargo.toml?");
        }
        Ok(violations.len() + missing.len())
    }

    /// How many requests it has seen, and what it reported.
    fn reports(&mut self) -> Result<(usize, Vec<String>)> {
        process::get(&self.address, LAST)?;
        let log = self.process.printed(LAST)?;
        let log = log.split(LAST).next().unwrap_or_default();
        let violations = log.lines().filter_map(|line| line.split_once(VIOLATION));
        let violations = violations.map(|(_, what)| what.to_owned()).collect();
        Ok((log.matches("Request received").count(), violations))
    }
}
