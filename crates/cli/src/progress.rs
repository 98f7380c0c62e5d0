//! Shows the progress of a sync: bars on a terminal, plain lines otherwise.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use botroster_client::StreamInfo;
use botroster_sync::{Job, Observer, Progress, StreamId, StreamReport};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output::{grouped, note, safe};
use crate::report::label;
use crate::{estimate, report};

/// The interval of progress lines.
const EVERY: Duration = Duration::from_secs(5);

/// Returns an observer that shows the progress on standard error, or nothing if `quiet`.
pub(crate) fn start(jobs: &[Job], quiet: bool) -> Arc<dyn Observer> {
    if quiet {
        return Arc::new(());
    }
    let known = KnownStreams::new(jobs);
    if std::io::stderr().is_terminal() {
        return Arc::new(ProgressBars {
            known,
            bars: MultiProgress::new(),
            running: Mutex::default(),
        });
    }
    let lines = Arc::new(ProgressLines {
        known,
        running: Mutex::default(),
    });
    let weak = Arc::downgrade(&lines);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            // Ends with the sync, which drops the observer.
            let Some(lines) = weak.upgrade() else { break };
            lines.print();
        }
    });
    lines
}

/// The streams of the run, and those for which a warning was shown.
struct KnownStreams {
    streams: BTreeMap<(&'static str, &'static str), &'static StreamInfo>,
    warned: Mutex<BTreeMap<StreamId, ()>>,
}

impl KnownStreams {
    fn new(jobs: &[Job]) -> Self {
        let streams = jobs.iter().flat_map(|job| {
            job.platform()
                .streams
                .iter()
                .map(|stream| ((job.platform().name, stream.name), stream))
        });
        Self {
            streams: streams.collect(),
            warned: Mutex::default(),
        }
    }

    /// Returns a warning, once, about a stream that takes long.
    fn warning(&self, id: &StreamId, progress: &Progress) -> Option<String> {
        let stream = self.streams.get(&(id.platform, id.stream))?;
        let warning = estimate::warning(&label(id), stream, progress)?;
        lock(&self.warned)
            .insert(id.clone(), ())
            .is_none()
            .then_some(warning)
    }
}

struct ProgressLines {
    known: KnownStreams,
    running: Mutex<BTreeMap<StreamId, Progress>>,
}

impl ProgressLines {
    fn print(&self) {
        let running = lock(&self.running).clone();
        for (id, progress) in running {
            note(&format!("{}: {}", label(&id), describe(&progress)));
        }
    }
}

fn describe(progress: &Progress) -> String {
    let fetched = grouped(progress.fetched);
    match progress.expected {
        _ if progress.walks > 1 => {
            let (done, all) = (grouped(progress.walks_done), grouped(progress.walks));
            format!("{fetched} fetched, {done} of {all} lists")
        }
        Some(expected) => format!("{fetched} of {} fetched", grouped(expected)),
        None => format!("{fetched} fetched"),
    }
}

impl Observer for ProgressLines {
    fn started(&self, id: &StreamId, progress: &Progress) {
        note(&format!("{}: started", label(id)));
        self.progressed(id, progress);
    }

    fn progressed(&self, id: &StreamId, progress: &Progress) {
        if let Some(warning) = self.known.warning(id, progress) {
            note(&warning);
        }
        lock(&self.running).insert(id.clone(), *progress);
    }

    fn finished(&self, finished: &StreamReport) {
        lock(&self.running).remove(&finished.id);
        note(&report::line(finished));
    }
}

struct ProgressBars {
    known: KnownStreams,
    bars: MultiProgress,
    running: Mutex<BTreeMap<StreamId, ProgressBar>>,
}

impl ProgressBars {
    fn print(&self, line: &str) {
        // A closed terminal does not stop the sync.
        let _ = self.bars.println(safe(line));
    }
}

impl Observer for ProgressBars {
    fn started(&self, id: &StreamId, progress: &Progress) {
        let bar = ProgressBar::no_length()
            .with_prefix(label(id))
            .with_style(style(WITHOUT_LENGTH));
        let bar = self.bars.add(bar);
        bar.enable_steady_tick(Duration::from_millis(200));
        lock(&self.running).insert(id.clone(), bar);
        self.progressed(id, progress);
    }

    fn progressed(&self, id: &StreamId, progress: &Progress) {
        if let Some(warning) = self.known.warning(id, progress) {
            self.print(&warning);
        }
        let Some(bar) = lock(&self.running).get(id).cloned() else {
            return;
        };
        let (done, all) = match progress.expected {
            _ if progress.walks > 1 => (progress.walks_done, Some(progress.walks)),
            expected => (progress.fetched, expected),
        };
        if let Some(all) = all
            && bar.length() != Some(all)
        {
            bar.set_style(style(WITH_LENGTH));
            bar.set_length(all);
        }
        bar.set_position(done);
        bar.set_message(describe(progress));
    }

    fn finished(&self, finished: &StreamReport) {
        if let Some(bar) = lock(&self.running).remove(&finished.id) {
            bar.finish_and_clear();
        }
        self.print(&report::line(finished));
    }
}

const WITH_LENGTH: &str = "{spinner} {prefix:24} [{bar:24}] {msg}, {elapsed}";
const WITHOUT_LENGTH: &str = "{spinner} {prefix:24} {msg}, {elapsed}";

/// Parses a template. The templates are constants and tested below.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_valid() {
        for template in [WITH_LENGTH, WITHOUT_LENGTH] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn progress_is_described_as_far_as_it_is_known() {
        let mut progress = Progress {
            fetched: 1200,
            expected: None,
            walks_done: 0,
            walks: 1,
        };
        assert_eq!(describe(&progress), "1,200 fetched");
        progress.expected = Some(10_000);
        assert_eq!(describe(&progress), "1,200 of 10,000 fetched");
        progress.walks = 50;
        assert_eq!(describe(&progress), "1,200 fetched, 0 of 50 lists");
    }
}
