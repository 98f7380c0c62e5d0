//! `cargo bench -p botroster-benches --bench sandbox`: what the sandbox's responses cost, how much memory an export takes, and how soon
//! the sandbox is ready.
//!
//! Costs are processor time of the server alone, which other work on the machine hardly changes.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use botroster_benches::{Figures, baseline, peak, root};
use reqwest::{RequestBuilder, Url};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Requests that are counted, over so many connections.
const REQUESTS: usize = 20_000;
const CONNECTIONS: usize = 8;
/// Lists of 20 users that one core verifies and answers in a second, at least.
const RATE: f64 = 5000.0;
/// How much more than a file of the page a list may cost.
const RATIO: f64 = 12.0;
/// An export is read so far, and the server's memory may be so much.
const EXPORT: u64 = 1 << 30;
const EXPORT_USERS: u64 = 12_000_000;
const MEMORY: u64 = 50 << 20;
/// A million users a platform are ready in this time, in the best of so many starts.
const START: Duration = Duration::from_millis(100);
const STARTS: u32 = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = build()?;
    let mut figures = Figures::default();

    let starts = (0..STARTS).map(|_| {
        let begin = Instant::now();
        Server::start(&program, &["--users", "1000000"]).map(|_| begin.elapsed())
    });
    let starts = starts.collect::<Result<Vec<_>>>()?;
    let start = starts.into_iter().min().unwrap_or(Duration::MAX);
    let figure = format!(
        "{:.0} ms, at most {} ms",
        start.as_secs_f64() * 1e3,
        START.as_millis()
    );
    let what = "start with 1,000,000 users a platform";
    figures.report(what, figure, start <= START);

    let server = Server::start(&program, &["--users", "10000", "--platform", "peki"])?;
    let list = list(&server).await?;
    let file = server.http.get(format!("http://{}/app.js", server.hub));
    // The first of each fill caches.
    server.cost(&list, REQUESTS / 10).await?;
    server.cost(&file, REQUESTS / 10).await?;
    let list = server.cost(&list, REQUESTS).await?;
    let file = server.cost(&file, REQUESTS).await?;
    let rate = 1.0 / list;
    let figure = format!("{rate:.0} a second of one core, at least {RATE:.0}");
    figures.report("verified lists of 20 users", figure, rate >= RATE);
    let ratio = list / file;
    let figure = format!("{ratio:.1} times a file of the page, at most {RATIO}");
    figures.report("one of them", figure, ratio <= RATIO);
    drop(server);

    let users = EXPORT_USERS.to_string();
    let server = Server::start(&program, &["--users", &users, "--platform", "chatbot"])?;
    let (bytes, cost) = export(&server).await?;
    let memory = peak(server.process.id())?;
    let figure = format!(
        "{} MiB read at {:.0} MiB a second of one core, {} MiB of memory, at most {} MiB",
        bytes >> 20,
        (bytes >> 20) as f64 / cost,
        memory >> 20,
        MEMORY >> 20
    );
    figures.report("CSV export", figure, memory <= MEMORY && bytes >= EXPORT);
    figures.end()
}

fn build() -> Result<PathBuf> {
    let root = root()?;
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "botroster-cli"])
        .current_dir(root)
        .status()?;
    if !built.success() {
        bail!("the command does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("release/botroster"))
}

/// A sandbox on one core.
struct Server {
    process: Child,
    /// Host and port of its page.
    hub: String,
    http: reqwest::Client,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It serves until it is ended; that it may be gone already is no concern.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new("taskset")
            .args(["-c", "0"])
            .arg(program)
            .args(["sandbox", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .context("taskset is not installed: it is in Debian's package `util-linux`")?;
        let printed = process.stdout.take().context("the server says nothing")?;
        let mut server = Self {
            process,
            hub: String::new(),
            http: reqwest::Client::builder().no_proxy().build()?,
        };
        for line in BufReader::new(printed).lines() {
            let line = line?;
            if let Some(url) = line.strip_prefix("# http://") {
                server.hub = url.split('/').next().unwrap_or_default().to_owned();
            }
            if line.starts_with("# Ready") {
                return Ok(server);
            }
        }
        bail!("the sandbox did not start")
    }

    /// What its only platform says about itself.
    async fn platform(&self) -> Result<Value> {
        let url = format!("http://{}/_sandbox/platforms", self.hub);
        let platforms: Value =
            serde_json::from_slice(&self.http.get(url).send().await?.bytes().await?)?;
        Ok(platforms.get(0).context("no platform")?.clone())
    }

    /// Seconds of processor time so far.
    fn time(&self) -> Result<f64> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            let ran: u64 = text.split(' ').next().unwrap_or_default().parse()?;
            nanoseconds += ran;
        }
        Ok(Duration::from_nanos(nanoseconds).as_secs_f64())
    }

    /// Seconds of its processor time for one of so many requests, all of which must be answered with success.
    async fn cost(&self, request: &RequestBuilder, requests: usize) -> Result<f64> {
        let before = self.time()?;
        let mut clients = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = request.try_clone().context("a request without a body")?;
            clients.spawn(ask(request, requests / CONNECTIONS));
        }
        while let Some(asked) = clients.join_next().await {
            asked??;
        }
        Ok((self.time()? - before) / requests as f64)
    }
}

/// Sends a request again and again.
async fn ask(request: RequestBuilder, times: usize) -> Result<()> {
    for _ in 0..times {
        let request = request.try_clone().context("a request without a body")?;
        request.send().await?.error_for_status()?.bytes().await?;
    }
    Ok(())
}

/// Returns a signed request for a page of 20 users.
async fn list(server: &Server) -> Result<RequestBuilder> {
    let platform = server.platform().await?;
    let text = |place: &str| platform.pointer(place).and_then(Value::as_str);
    let bot = text("/scope/chatbotId").context("no bot")?;
    let base = text("/base_url").context("no address")?;
    let url: Url = format!("{base}/Dev/{bot}/users?page=3&pageSize=20").parse()?;
    let key = text("/credentials/api_key").context("no key")?;
    let secret = text("/credentials/api_secret").context("no secret")?;
    let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    let (signature, timestamp) = baseline::sign(baseline::mac(secret)?, &target)?;
    let request = server.http.get(url);
    Ok(request
        .header("content-type", "application/json")
        .header("x-api-key", key)
        .header("x-signature", signature)
        .header("x-timestamp", timestamp))
}

/// Reads an export as far as it is to be; how far, and for how many seconds of the server's processor time.
async fn export(server: &Server) -> Result<(u64, f64)> {
    let platform = server.platform().await?;
    let text = |place: &str| platform.pointer(place).and_then(Value::as_str);
    let base = text("/base_url").context("no address")?;
    let token = text("/credentials/access_token").context("no token")?;
    let before = server.time()?;
    let request = server.http.post(format!("{base}/users/export"));
    let request = request.bearer_auth(token).json(&json!({}));
    let mut answer = request.send().await?.error_for_status()?;
    let mut read = 0;
    while read < EXPORT
        && let Some(chunk) = answer.chunk().await?
    {
        read += chunk.len() as u64;
    }
    Ok((read, server.time()? - before))
}
