//! `cargo bench -p botroster-benches --bench calls`: the processor time of one call, beside the same call written by hand.
//!
//! Where memory comes to lie costs one process a tenth more than the next, whatever it runs. So each side runs in many processes, in
//! turns, and the medians are compared.

use std::{
    env,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Result;
use botroster_benches::{Figures, server, side::Side};
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

fn main() -> Result<()> {
    match Side::of_arguments()? {
        Some((side, _)) => measure(&side),
        None => compare(),
    }
}

/// The server is this process, so that a side's time is the client's alone.
fn compare() -> Result<()> {
    let url = server::start(Duration::ZERO)?;
    let mut figures = Figures::default();
    for page in ["20", "100"] {
        let (mut typed, mut hand) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            typed.push(process(&format!("typed-{page}"), &url)?);
            hand.push(process(&format!("hand-{page}"), &url)?);
        }
        let (typed, hand) = (median(typed), median(hand));
        let ratio = typed / hand;
        let figure = format!(
            "{:.1} µs of processor time, {:.1} by hand: {ratio:.3}, at most {MOST}",
            typed * 1e6,
            hand * 1e6
        );
        figures.report(&format!("a page of {page} users"), figure, ratio <= MOST);
    }
    figures.end()
}

fn process(case: &str, url: &str) -> Result<f64> {
    let output = Command::new(env::current_exe()?)
        .args(["side", case, url])
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.trim().parse()?)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the seconds of this process for one call.
fn measure(side: &Side) -> Result<()> {
    let [before, counted] = CALLS;
    side.calls(before)?;
    let from = spent();
    side.calls(counted)?;
    println!("{}", (spent() - from) / f64::from(counted));
    Ok(())
}

fn spent() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
