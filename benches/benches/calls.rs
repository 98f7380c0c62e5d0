//! `cargo bench -p botroster-benches --bench calls`: the processor time of one call, beside the same call written by hand.
//!
//! The two take turns within one run, and of each the round counts that only a tenth were faster than: what a busy machine adds to the
//! others is not theirs.

use std::{process::ExitCode, time::Duration};

use botroster_benches::{baseline, server, typed};
use rustix::time::{ClockId, clock_gettime};

/// That of the command line tool. The system's gives memory back to the system after a page and takes it again for the next when the top
/// of the heap lies just so, which costs a seventh of a call and has nothing to do with either side.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 400;
const CALLS: u32 = 5;
const MOST: f64 = 1.10;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = runtime
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(calls()));
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The server has a thread of its own, so that this thread's time is the client's.
async fn calls() -> Result<bool, String> {
    let url = server::start(Duration::ZERO).map_err(|error| error.to_string())?;
    let mut met = true;
    for page in ["20", "100"] {
        let by_hand = baseline::Client::new(&url)?;
        let typed = typed(&url).map_err(|error| error.to_string())?;
        let users = typed.chatbot(page).users();
        let hand = async || Ok::<_, String>(by_hand.list(page).await?.data.len());
        let ours = async || {
            let answer = users.list().page(1).page_size(100).await;
            Ok(answer.map_err(|error| error.to_string())?.items.len())
        };
        let (mut typed, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            typed.push(time(&ours).await?);
            plain.push(time(&hand).await?);
        }
        let ratio = tenth(typed) / tenth(plain);
        println!(
            "a page of {page} users: {ratio:.3} of the processor time by hand, at most {MOST}"
        );
        met &= ratio <= MOST;
    }
    Ok(met)
}

fn tenth(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 10).copied().unwrap_or(f64::NAN)
}

/// Seconds of this thread for some calls.
async fn time(call: &impl AsyncFn() -> Result<usize, String>) -> Result<f64, String> {
    let from = spent();
    for _ in 0..CALLS {
        if call().await? == 0 {
            return Err("a page was empty".to_owned());
        }
    }
    Ok(spent() - from)
}

fn spent() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
