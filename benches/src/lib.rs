//! What a call costs, beside the same call written by hand: a fixed server, a client by hand, the typed client.

pub mod baseline;
pub mod server;
pub mod side;

use std::{fmt::Display, fs, path::Path};

use anyhow::{Context as _, Result, bail};

/// Returns the typed client for the server at `url`.
///
/// # Errors
/// The URL is malformed.
pub fn typed(url: &str) -> Result<botroster_peki::Client, botroster_peki::Error> {
    let credentials = botroster_peki::Credentials::new()
        .with_api_key(baseline::KEY)
        .with_api_secret(baseline::SECRET);
    botroster_peki::Client::builder()
        .with_credentials(credentials)
        .with_base_url(url)
        .with_loopback_http()
        .build()
}

/// The figures of a run, some of which may miss their limits.
#[derive(Default)]
pub struct Figures {
    missed: Vec<String>,
}

impl Figures {
    /// Prints a figure, and remembers it if it is beyond its limit.
    pub fn report(&mut self, what: &str, figure: impl Display, good: bool) {
        println!("{what}: {figure}{}", if good { "" } else { " MISSED" });
        if !good {
            self.missed.push(what.to_owned());
        }
    }

    /// Ends the run.
    ///
    /// # Errors
    /// Some figures are beyond their limits.
    pub fn end(self) -> Result<()> {
        if !self.missed.is_empty() {
            bail!("missed: {}", self.missed.join(", "));
        }
        Ok(())
    }
}

/// Returns the folder of the workspace.
///
/// # Errors
/// None in a checkout.
pub fn root() -> Result<&'static Path> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.context("benches has no parent folder")
}

/// Returns the most memory that a process has held, in bytes.
///
/// # Errors
/// The system does not say.
pub fn peak(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: u64 = kibibytes.context("no VmHWM")?.parse()?;
    Ok(kibibytes << 10)
}
