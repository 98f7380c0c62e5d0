//! Programs that run meanwhile, and what is asked of them.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// How long a server may take to start on a busy computer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server that ends with this, and what it prints.
pub(super) struct Background {
    child: Child,
    log: PathBuf,
}

impl Background {
    pub(super) fn start(mut command: Command, log: PathBuf) -> Result<Self> {
        let out = File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .with_context(|| format!("cannot run {}", command.get_program().display()))?;
        Ok(Self { child, log })
    }

    /// What it printed, once that contains a text.
    pub(super) fn printed(&mut self, text: &str) -> Result<String> {
        let from = Instant::now();
        loop {
            let printed = fs::read_to_string(&self.log)?;
            if printed.contains(text) {
                return Ok(printed);
            }
            if self.child.try_wait()?.is_some() || from.elapsed() > PATIENCE {
                bail!("`{text}` is not in {}:\n{printed}", self.log.display());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end, which must be a good one.
pub(super) fn done(mut command: Command, what: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{what} failed: {status}");
    }
    Ok(())
}

/// A port that is free now.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// The body of the answer to a GET.
pub(super) fn get(address: &str, target: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {target} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .with_context(|| format!("{address} sent no whole answer"))?;
    Ok(body.to_owned())
}

pub(super) fn read_json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}
