//! `cargo bench -p botroster-benches --bench sandbox`: what the sandbox's responses cost, how much memory an export takes, and how soon
//! the sandbox is ready.
//!
//! Costs are processor time of the server alone, which other work on the machine hardly changes.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use botroster_benches::{Figures, baseline, peak, root};
use serde_json::Value;

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

fn main() -> Result<()> {
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
    let (host, list) = list(&server)?;
    let hub = server.hub.clone();
    let file = format!("GET /app.js HTTP/1.1\r\nhost: {hub}\r\n\r\n");
    // The first of each fill caches.
    server.cost(&host, &list, REQUESTS / 10)?;
    server.cost(&hub, &file, REQUESTS / 10)?;
    let list = server.cost(&host, &list, REQUESTS)?;
    let file = server.cost(&hub, &file, REQUESTS)?;
    let rate = 1.0 / list;
    let figure = format!("{rate:.0} a second of one core, at least {RATE:.0}");
    figures.report("verified lists of 20 users", figure, rate >= RATE);
    let ratio = list / file;
    let figure = format!("{ratio:.1} times a file of the page, at most {RATIO}");
    figures.report("one of them", figure, ratio <= RATIO);
    drop(server);

    let users = EXPORT_USERS.to_string();
    let server = Server::start(&program, &["--users", &users, "--platform", "chatbot"])?;
    let (bytes, cost) = export(&server)?;
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
    fn platform(&self) -> Result<Value> {
        let request = format!(
            "GET /_sandbox/platforms HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            self.hub
        );
        let mut stream = TcpStream::connect(&self.hub)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let body = answer.split_once("\r\n\r\n").context("no body")?.1;
        let platforms: Value = serde_json::from_str(body)?;
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

    /// Seconds of its processor time for one of so many requests.
    fn cost(&self, host: &str, request: &str, requests: usize) -> Result<f64> {
        let before = self.time()?;
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CONNECTIONS)
                .map(|_| scope.spawn(|| ask(host, request, requests / CONNECTIONS)))
                .collect();
            clients
                .into_iter()
                .try_for_each(|client| match client.join() {
                    Ok(asked) => asked,
                    Err(_) => bail!("a client failed"),
                })
        })?;
        Ok((self.time()? - before) / requests as f64)
    }
}

/// Sends a request again and again; all must be answered with 200.
fn ask(host: &str, request: &str, times: usize) -> Result<()> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::with_capacity(1 << 16, stream.try_clone()?);
    let mut body = Vec::new();
    for _ in 0..times {
        stream.write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        loop {
            let is_first = line.is_empty();
            line.clear();
            answers.read_line(&mut line)?;
            if is_first && !line.starts_with("HTTP/1.1 200 ") {
                bail!("answered {line}");
            }
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        answers.read_exact(&mut body)?;
    }
    Ok(())
}

/// Host, and a signed request for a page of 20 users.
fn list(server: &Server) -> Result<(String, String)> {
    let platform = server.platform()?;
    let text = |place: &str| platform.pointer(place).and_then(Value::as_str);
    let base = text("/base_url").context("no address")?;
    let (host, base) = split(base)?;
    let bot = text("/scope/chatbotId").context("no bot")?;
    let target = format!("{base}/Dev/{bot}/users?page=3&pageSize=20");
    let key = text("/credentials/api_key").context("no key")?;
    let secret = text("/credentials/api_secret").context("no secret")?;
    let (signature, timestamp) = baseline::sign(baseline::mac(secret)?, &target)?;
    let request = format!(
        "GET {target} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         x-api-key: {key}\r\nx-signature: {signature}\r\nx-timestamp: {timestamp}\r\n\r\n"
    );
    Ok((host.to_owned(), request))
}

/// Host and path of a URL.
fn split(url: &str) -> Result<(&str, &str)> {
    let rest = url.strip_prefix("http://").context("no http")?;
    Ok(rest.split_at(rest.find('/').unwrap_or(rest.len())))
}

/// Reads an export as far as it is to be; how far, and for how many seconds of the server's processor time.
fn export(server: &Server) -> Result<(u64, f64)> {
    let platform = server.platform()?;
    let text = |place: &str| platform.pointer(place).and_then(Value::as_str);
    let (host, base) = split(text("/base_url").context("no address")?)?;
    let token = text("/credentials/access_token").context("no token")?;
    let request = format!(
        "POST {base}/users/export HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    let before = server.time()?;
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(request.as_bytes())?;
    let (mut read, mut buffer) = (0, vec![0; 1 << 18]);
    while read < EXPORT {
        match stream.read(&mut buffer)? {
            0 => break,
            more => read += more as u64,
        }
    }
    Ok((read, server.time()? - before))
}
