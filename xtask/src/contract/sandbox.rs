//! The sandbox, as a program of its own.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{
    Setup,
    process::{self, Background},
};

const COMMAND: [&str; 5] = ["run", "--quiet", "--package", "botroster-cli", "--"];

pub(super) struct Sandbox {
    /// The address of the control API, with its scheme, without a slash at the end.
    pub(super) hub: String,
    pub(super) platforms: Vec<Platform>,
    /// The records it has.
    pub(super) dump: PathBuf,
    _process: Background,
}

/// What the control API says of a platform.
#[derive(Deserialize)]
pub(super) struct Platform {
    pub(super) name: String,
    pub(super) base_url: String,
    pub(super) operations: Vec<Operation>,
}

#[derive(Deserialize)]
pub(super) struct Operation {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct Requests {
    requests: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    operation: Option<String>,
    status: u16,
}

impl Sandbox {
    /// With the options that are usual, which the examples in the documentation use.
    pub(super) fn start(setup: &Setup) -> Result<Self> {
        let dump = setup.work.join("dump.jsonl");
        let mut dumping = botroster(setup);
        dumping.args(["sandbox", "--dump"]);
        dumping.stdout(std::fs::File::create(&dump)?);
        process::done(dumping, "botroster sandbox --dump")?;
        let mut command = botroster(setup);
        command.args(["sandbox", "--port", "0"]);
        let mut process = Background::start(command, setup.work.join("sandbox.txt"))?;
        let printed = process.printed("Ready")?;
        let hub = printed
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .context("the sandbox does not say where it is")?
            .trim_end_matches('/')
            .to_owned();
        let address = hub.trim_start_matches("http://");
        let platforms = process::get(address, "/_sandbox/platforms")?;
        Ok(Self {
            platforms: serde_json::from_str(&platforms).context("/_sandbox/platforms")?,
            hub,
            dump,
            _process: process,
        })
    }

    /// The operations of a platform that succeeded, of the last thousand requests.
    pub(super) fn succeeded(&self, platform: &Platform) -> Result<BTreeSet<String>> {
        let address = self.hub.trim_start_matches("http://");
        let target = format!("/_sandbox/requests?platform={}&limit=1000", platform.name);
        let answer: Requests =
            serde_json::from_str(&process::get(address, &target)?).context("/_sandbox/requests")?;
        let good = |one: &Recorded| (200..300).contains(&one.status);
        let requests = answer.requests.into_iter().filter(good);
        Ok(requests.filter_map(|one| one.operation).collect())
    }
}

fn botroster(setup: &Setup) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(COMMAND).current_dir(&setup.root);
    command
}
