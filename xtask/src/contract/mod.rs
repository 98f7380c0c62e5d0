//! `cargo xtask contract`: programs that others wrote judge the sandbox, and the clients on their way to it.

mod prism;
mod process;
mod sandbox;
mod schemathesis;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use sandbox::{Platform, Sandbox};

const USAGE: &str = "Usage: cargo xtask contract [schemathesis|prism] [--cases N] [--seed N]";
const JUDGES: [&str; 2] = ["prism", "schemathesis"];

/// Where things are and how much is asked.
struct Setup {
    root: PathBuf,
    /// What the judges read and write.
    work: PathBuf,
    /// Cases of each operation beyond those that follow from the document.
    cases: u64,
    seed: u64,
}

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask is not in a workspace")?;
    let mut setup = Setup {
        root: root.to_owned(),
        work: root.join("target/contract"),
        cases: 5,
        seed: 1,
    };
    let (mut judges, mut rest) = (JUDGES.to_vec(), arguments);
    if let [judge, others @ ..] = rest
        && JUDGES.contains(judge)
    {
        (judges, rest) = (vec![*judge], others);
    }
    while let [option, value, others @ ..] = rest {
        let number = value
            .parse()
            .with_context(|| format!("`{value}` is not a number\n{USAGE}"))?;
        match *option {
            "--cases" => setup.cases = number,
            "--seed" => setup.seed = number,
            _ => bail!("{USAGE}"),
        }
        rest = others;
    }
    if !rest.is_empty() {
        bail!("{USAGE}");
    }
    std::fs::create_dir_all(&setup.work)?;
    process::done(Command::new(root.join(".ci/tools")), "installing the tools")?;
    let sandbox = Sandbox::start(&setup)?;
    let mut complaints = 0;
    for judge in judges {
        let from = Instant::now();
        complaints += match judge {
            "prism" => prism::judge(&setup, &sandbox)?,
            _ => schemathesis::judge(&setup, &sandbox)?,
        };
        println!("{judge}: {} s", from.elapsed().as_secs());
    }
    complaints += signatures(&setup, &sandbox)?;
    match complaints {
        0 => Ok(()),
        number => bail!(
            "{number} complaints; again with: cargo xtask contract --cases {} --seed {}",
            setup.cases,
            setup.seed
        ),
    }
}

/// Other people's cryptography signs again what came in; the number of platforms where it finds something else.
fn signatures(setup: &Setup, sandbox: &Sandbox) -> Result<usize> {
    let mut wrong = 0;
    for platform in &sandbox.platforms {
        let spec = setup.spec(platform);
        if std::fs::read_to_string(&spec)?.contains("x-signature:") {
            let mut command = setup.python();
            command.arg(setup.root.join("tests/contract/signatures.py"));
            command.arg(spec).arg(&sandbox.hub);
            wrong += usize::from(!command.status()?.success());
        }
    }
    Ok(wrong)
}

impl Setup {
    fn python(&self) -> Command {
        let mut command = Command::new(self.root.join("target/ci/bin/python"));
        // A proxy of the environment cannot reach a server on this computer.
        command
            .current_dir(&self.work)
            .env("NO_PROXY", "127.0.0.1")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// Writes the spec of a platform in plain OpenAPI, `planted` with lies in it.
    fn plain(&self, sandbox: &Sandbox, platform: &Platform, planted: bool) -> Result<PathBuf> {
        let kind = if planted { "-planted" } else { "" };
        let path = self.work.join(format!("{}{kind}.json", platform.name));
        let mut command = self.python();
        command.arg(self.root.join("tests/contract/plain.py"));
        if planted {
            command.arg("--planted");
        }
        command.arg(self.spec(platform)).arg(&sandbox.hub);
        command.stdout(std::fs::File::create(&path)?);
        process::done(command, "tests/contract/plain.py")?;
        Ok(path)
    }

    fn spec(&self, platform: &Platform) -> PathBuf {
        self.root.join(format!("specs/{}.yaml", platform.name))
    }
}

/// Scheme and authority of a base URL: the paths of a plain document are whole.
fn origin(base_url: &str) -> &str {
    let slash = base_url.match_indices('/').nth(2);
    slash.map_or(base_url, |(at, _)| base_url.split_at(at).0)
}
