use std::sync::Arc;

use botroster_client::StreamInfo;
use tokio::task::JoinSet;

use crate::job::{Job, PlannedStream};
use crate::prepare::{PlannedWalk, Preparer};
use crate::progress::Observer;
use crate::report::SyncReport;
use crate::sink::{Sink, SinkError};
use crate::stream::{Children, StreamRun};
use crate::stream_report::{StreamId, StreamReport};
use crate::writer::{self, Outlet};

/// Reads every stream of every job once and stores the records. Must be called within a tokio runtime.
///
/// Jobs run concurrently; the streams of a job run in order. Errors are returned in the [`SyncReport`], so that one failing
/// stream does not stop the others.
pub async fn sync(jobs: Vec<Job>, sink: Sink, observer: Arc<dyn Observer>) -> SyncReport {
    let (outlet, writer) = match writer::start(sink) {
        Ok(started) => started,
        Err(failure) => {
            return SyncReport {
                streams: Vec::new(),
                failure: Some(failure),
            };
        }
    };
    // Dropping this future drops the set, which aborts the jobs.
    let mut running = JoinSet::new();
    for (index, job) in jobs.into_iter().enumerate() {
        let (outlet, observer) = (outlet.clone(), Arc::clone(&observer));
        running.spawn(async move { (index, run_job(&job, &outlet, &*observer).await) });
    }
    let mut finished = running.join_all().await;
    finished.sort_unstable_by_key(|(index, _)| *index);
    drop(outlet);
    // The writer ends once the last outlet is dropped.
    let failure: Option<SinkError> = match tokio::task::spawn_blocking(move || writer.join()).await
    {
        Ok(result) => result.err(),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    SyncReport {
        streams: finished
            .into_iter()
            .flat_map(|(_, streams)| streams)
            .collect(),
        failure,
    }
}

async fn run_job(job: &Job, outlet: &Outlet, observer: &dyn Observer) -> Vec<StreamReport> {
    let plan = job.plan();
    let connected = job
        .platform
        .connect(job.settings.clone())
        .map_err(|error| error.to_string());
    let running: Vec<&'static StreamInfo> = plan
        .iter()
        .filter(|planned| planned.skipped.is_none())
        .map(|planned| planned.stream)
        .collect();
    let mut children = Children::new();
    let mut reports = Vec::with_capacity(plan.len());
    for PlannedStream { stream, skipped } in plan {
        let id = StreamId {
            platform: job.platform().name,
            account: job.account.clone(),
            stream: stream.name,
        };
        let ready = connected.as_deref().map_err(Clone::clone);
        let ready = ready.and_then(|connection| Ok((connection, Preparer::new(stream, &running)?)));
        let mut report = match (skipped, ready) {
            (Some(reason), _) => StreamReport {
                skipped: Some(reason),
                ..StreamReport::new(id)
            },
            (None, Err(problem)) => StreamReport {
                error: Some(problem),
                ..StreamReport::new(id)
            },
            (None, Ok((connection, preparer))) => {
                let run = StreamRun {
                    connection,
                    stream,
                    id: Arc::new(id),
                    preparer: &preparer,
                    outlet,
                    observer,
                };
                let finished = run.run(walks(job, stream, &mut children)).await;
                children.extend(finished.children);
                finished.report
            }
        };
        if report.error.is_none() {
            report.error = incomplete_parent(stream, &reports);
        }
        observer.finished(&report);
        // If the writer has stopped, the error is in `SyncReport::failure`.
        let _ = outlet.record(&report).await;
        reports.push(report);
    }
    reports
}

/// The lists of a child stream come from its parent's records, so an incomplete parent makes the child incomplete.
fn incomplete_parent(stream: &StreamInfo, done: &[StreamReport]) -> Option<String> {
    let parent = stream.parent.as_ref()?.stream;
    let failed = done
        .iter()
        .any(|report| report.id.stream == parent && report.error.is_some());
    failed.then(|| format!("its parent stream `{parent}` is incomplete"))
}

/// Returns the lists to read: one for each parent record and seed, or a single one.
fn walks(job: &Job, stream: &StreamInfo, children: &mut Children) -> Vec<PlannedWalk> {
    let roots = match stream.parent {
        Some(_) => children.remove(stream.name).unwrap_or_default(),
        None => vec![PlannedWalk::default()],
    };
    if stream.seeds.is_empty() {
        return roots;
    }
    let seeded = roots.into_iter().flat_map(|root| {
        job.seeds(stream.name).iter().map(move |seed| {
            let mut walk = root.clone();
            walk.arguments.extend(seed.clone());
            walk
        })
    });
    seeded.collect()
}
