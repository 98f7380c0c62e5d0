use std::sync::Arc;

use botroster_client::StreamInfo;
use tokio::task::JoinSet;

use crate::job::{Job, PlannedStream};
use crate::prepare::{Preparer, Walk};
use crate::sink::{Sink, SinkError};
use crate::stream::{Children, StreamRun};
use crate::writer::{self, Outlet};
use crate::{Observer, Report, StreamId, StreamReport};

/// Walks every stream of every job and stores what comes. Runs inside a tokio runtime.
///
/// Jobs run concurrently; the streams of a job run in order. Never fails as a whole: what went wrong is in the [`Report`].
pub async fn sync(jobs: Vec<Job>, sink: Sink, observer: Arc<dyn Observer>) -> Report {
    let (outlet, writer) = match writer::start(sink) {
        Ok(started) => started,
        Err(failure) => {
            return Report {
                streams: Vec::new(),
                failure: Some(failure),
            };
        }
    };
    // The set ends the jobs with this future, should it be dropped.
    let mut running = JoinSet::new();
    for (place, job) in jobs.into_iter().enumerate() {
        let (outlet, observer) = (outlet.clone(), Arc::clone(&observer));
        running.spawn(async move { (place, run_job(&job, &outlet, &*observer).await) });
    }
    let mut finished = running.join_all().await;
    finished.sort_unstable_by_key(|(place, _)| *place);
    drop(outlet);
    // The writer is done with everything but its last transaction when the last outlet is gone.
    let failure: Option<SinkError> = match tokio::task::spawn_blocking(move || writer.join()).await
    {
        Ok(result) => result.err(),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    Report {
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
        // Where the writer has stopped, the report as a whole says so.
        let _ = outlet.record(&report).await;
        reports.push(report);
    }
    reports
}

/// Children are found in what came of their parents: where that is not all, theirs is not either.
fn incomplete_parent(stream: &StreamInfo, done: &[StreamReport]) -> Option<String> {
    let parent = stream.parent.as_ref()?.stream;
    let failed = done
        .iter()
        .any(|report| report.id.stream == parent && report.error.is_some());
    failed.then(|| format!("`{parent}` is incomplete, and so is this"))
}

/// The lists to walk: one for every parent record, for every seed, or just one.
fn walks(job: &Job, stream: &StreamInfo, children: &mut Children) -> Vec<Walk> {
    let roots = match stream.parent {
        Some(_) => children.remove(stream.name).unwrap_or_default(),
        None => vec![Walk::default()],
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
