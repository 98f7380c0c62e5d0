//! `cargo bench -p botroster-benches --bench lists`: whole lists. Each figure is a ratio to something of the same run, and has a gate.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use botroster_benches::{Figures, peak, server, typed};
use tokio::runtime::Builder;

const LATENCY: Duration = Duration::from_millis(50);
const PAGES: u32 = 81;
const CONCURRENCY: u32 = 8;

fn main() -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut figures = Figures::default();
    runtime.block_on(latency(&mut figures))?;
    runtime.block_on(memory(&mut figures))?;
    figures.end()
}

/// A list of 81 pages behind 50 ms, eight requests at once: the first page alone, then ten rounds, is the ideal.
async fn latency(figures: &mut Figures) -> Result<()> {
    let url = server::start(LATENCY)?;
    let client = typed(&url)?;
    let list = client.chatbot(format!("list-{PAGES}")).users();
    let mut best = 0.0_f64;
    for _ in 0..3 {
        let began = Instant::now();
        let mut pages = list.list().with_concurrency(CONCURRENCY as usize).pages();
        let mut seen = 0;
        while let Some(page) = pages.try_next().await? {
            seen += page.items.len();
        }
        if seen != PAGES as usize * 20 {
            bail!("{seen} users came");
        }
        let rounds = 1 + (PAGES - 1).div_ceil(CONCURRENCY);
        best = best.max((LATENCY * rounds).as_secs_f64() / began.elapsed().as_secs_f64());
    }
    let figure = format!("{best:.3} of the ideal, at least 0.90");
    figures.report("list at 50 ms, 8 at once", figure, best >= 0.90);
    Ok(())
}

/// Reading 10,000 pages must not take more memory than 100 pages do, but for the keys that tell repeated users apart.
async fn memory(figures: &mut Figures) -> Result<()> {
    let url = server::start(Duration::ZERO)?;
    let read = async |pages: u32, dedupe: bool| -> Result<u64> {
        let client = typed(&url)?;
        let users = client.chatbot(format!("list-{pages}")).users();
        let mut items = users.list().with_dedupe(dedupe).stream();
        let mut seen = 0_u64;
        while items.try_next().await?.is_some() {
            seen += 1;
        }
        if seen != u64::from(pages) * 20 {
            bail!("{seen} users came");
        }
        peak(std::process::id())
    };
    let few = read(100, false).await?;
    let many = read(10_000, false).await?;
    let keyed = read(10_000, true).await?;
    let (grown, for_keys) = (many.saturating_sub(few), keyed.saturating_sub(many));
    let figure = format!("{} KiB more, at most 5,120", grown >> 10);
    figures.report("10,000 pages after 100", figure, grown <= 5 << 20);
    let each = for_keys as f64 / 200_000.0;
    let figure = format!("{each:.1} bytes each, at most 24");
    figures.report("telling 200,000 users apart", figure, each <= 24.0);
    Ok(())
}
