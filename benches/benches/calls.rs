//! `cargo bench -p botroster-benches --bench calls`: the processor time of one call, beside the same call written by hand.
//!
//! Where memory comes to lie costs one process a tenth more than the next, whatever it runs. So each side runs in many processes, in
//! turns, and the medians are compared.

use std::{
    env,
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use botroster_benches::{baseline, server, typed};
use rustix::time::{ClockId, clock_gettime};

/// That of the command line tool. The system's gives memory back to the system after a page and takes it again for the next when the top
/// of the heap lies just so, which costs a seventh of a call and has nothing to do with either side.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Processes a side.
const ROUNDS: usize = 31;
/// Calls a process: those before they count, and those that do.
const CALLS: [u32; 2] = [200, 1000];
const MOST: f64 = 1.10;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["side", way, page, url] => side(way, page, url).map(|seconds| {
            println!("{seconds}");
            true
        }),
        _ => compare(),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The server is this process, so that a side's time is the client's alone.
fn compare() -> Result<bool, Failure> {
    let url = server::start(Duration::ZERO)?;
    let mut met = true;
    for page in ["20", "100"] {
        let (mut typed, mut hand) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            typed.push(process("typed", page, &url)?);
            hand.push(process("hand", page, &url)?);
        }
        let (typed, hand) = (median(typed), median(hand));
        let ratio = typed / hand;
        println!(
            "a page of {page} users: {:.1} µs of processor time, {:.1} by hand: {ratio:.3}, at most {MOST}",
            typed * 1e6,
            hand * 1e6
        );
        met &= ratio <= MOST;
    }
    Ok(met)
}

fn process(way: &str, page: &str, url: &str) -> Result<f64, Failure> {
    let output = Command::new(env::current_exe()?)
        .args(["side", way, page, url])
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.trim().parse()?)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)
}

/// Seconds of this process for one call.
fn side(way: &str, page: &str, url: &str) -> Result<f64, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if way == "hand" {
            let client = baseline::Client::new(url)?;
            time(async || Ok(client.list(page).await?.data.len())).await
        } else {
            let users = typed(url)?.chatbot(page).users();
            time(async || Ok(users.list().page(1).page_size(100).await?.items.len())).await
        }
    })
}

async fn time(call: impl AsyncFn() -> Result<usize, Failure>) -> Result<f64, Failure> {
    let [before, counted] = CALLS;
    let mut from = 0.0;
    for number in 0..before + counted {
        if number == before {
            from = spent();
        }
        if call().await? == 0 {
            return Err("a page was empty".into());
        }
    }
    Ok((spent() - from) / f64::from(counted))
}

fn spent() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
