//! `cargo bench -p botroster-benches --bench lists`: whole lists. Each figure is a ratio to something of the same run, and has a gate.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use botroster_benches::{server, typed};
use botroster_peki::Error;

const LATENCY: Duration = Duration::from_millis(50);
const PAGES: u32 = 81;
const CONCURRENCY: u32 = 8;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = runtime
        .map_err(|error| error.to_string())
        .and_then(|runtime| {
            let speed = runtime.block_on(latency())?;
            let memory = runtime.block_on(memory())?;
            Ok(speed && memory)
        });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A list of 81 pages behind 50 ms, eight requests at once: the first page alone, then ten rounds, is the ideal.
async fn latency() -> Result<bool, String> {
    let url = server::start(LATENCY).map_err(|error| error.to_string())?;
    let client = typed(&url).map_err(|error| error.to_string())?;
    let list = client.chatbot(format!("list-{PAGES}")).users();
    let mut best = 0.0_f64;
    for _ in 0..3 {
        let began = Instant::now();
        let mut pages = list.list().with_concurrency(CONCURRENCY as usize).pages();
        let mut seen = 0;
        while let Some(page) = pages.try_next().await.map_err(|error| error.to_string())? {
            seen += page.items.len();
        }
        if seen != PAGES as usize * 20 {
            return Err(format!("{seen} users came"));
        }
        let rounds = 1 + (PAGES - 1).div_ceil(CONCURRENCY);
        best = best.max((LATENCY * rounds).as_secs_f64() / began.elapsed().as_secs_f64());
    }
    println!("list at 50 ms, 8 at once: {best:.3} of the ideal, at least 0.90");
    Ok(best >= 0.90)
}

/// Reading 10,000 pages must not take more memory than 100 pages do, but for the keys that tell repeated users apart.
async fn memory() -> Result<bool, String> {
    let url = server::start(Duration::ZERO).map_err(|error| error.to_string())?;
    let read = async |pages: u32, dedupe: bool| -> Result<u64, String> {
        let client = typed(&url).map_err(|error| error.to_string())?;
        let users = client.chatbot(format!("list-{pages}")).users();
        let mut items = users.list().with_dedupe(dedupe).stream();
        let mut seen = 0_u64;
        let read: Result<(), Error> = async {
            while items.try_next().await?.is_some() {
                seen += 1;
            }
            Ok(())
        }
        .await;
        read.map_err(|error| error.to_string())?;
        if seen != u64::from(pages) * 20 {
            return Err(format!("{seen} users came"));
        }
        resident()
    };
    let few = read(100, false).await?;
    let many = read(10_000, false).await?;
    let keyed = read(10_000, true).await?;
    let (grown, for_keys) = (many.saturating_sub(few), keyed.saturating_sub(many));
    println!(
        "10,000 pages after 100: {} KiB more, at most 5,120",
        grown >> 10
    );
    println!(
        "telling 200,000 users apart: {:.1} bytes each, at most 24",
        for_keys as f64 / 200_000.0
    );
    Ok(grown <= 5 << 20 && for_keys <= 24 * 200_000)
}

/// The most memory that this process has held, in bytes.
fn resident() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.map(|kib| kib << 10)
        .ok_or_else(|| "this system does not say how much memory a process held".to_owned())
}
