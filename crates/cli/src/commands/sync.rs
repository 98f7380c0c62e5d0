use std::process::ExitCode;

use botroster_client::{Secret, Settings};
use botroster_sandbox::{Sandbox, SandboxOptions};
use botroster_sync::{Job, Sink};

use super::sandbox;
use crate::arguments::SyncArguments;
use crate::failure::{CommandFailure, INCOMPLETE};
use crate::output::{note, print};
use crate::{config, estimate, names, progress, report};

pub(super) async fn run(arguments: SyncArguments) -> Result<ExitCode, CommandFailure> {
    names::check_platforms(&arguments.platform)?;
    // Dropping the sandbox stops its servers, so it is kept until the end of the run.
    let (jobs, _sandbox) = match &arguments.config {
        Some(path) => (configured(path, &arguments)?, None),
        None => {
            let sandbox = start_sandbox(&arguments).await?;
            let jobs = sandbox_jobs(&sandbox)?;
            forecast(&jobs, &arguments);
            (jobs, Some(sandbox))
        }
    };
    let sink =
        Sink::open(&arguments.db).map_err(|error| CommandFailure::usage(error.to_string()))?;
    let observer = progress::start(&jobs, arguments.quiet);
    let report = botroster_sync::sync(jobs, sink, observer).await;
    if arguments.json {
        print(&report::json(&report, &arguments.db))?;
    } else if !arguments.quiet {
        print(&report::table(&report, &arguments.db))?;
    }
    for error in report::errors(&report) {
        note(&format!("error: {error}"));
    }
    Ok(if report.is_complete() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

fn configured(
    path: &std::path::Path,
    arguments: &SyncArguments,
) -> Result<Vec<Job>, CommandFailure> {
    let accounts = config::read(path)?.into_iter().filter(|account| {
        arguments.platform.is_empty()
            || arguments
                .platform
                .iter()
                .any(|name| name == account.platform.info().name)
    });
    let mut jobs = Vec::new();
    for account in accounts {
        let job = account.into_job(&mut |warning| note(&format!("warning: {warning}")))?;
        check(&job)?;
        jobs.push(job);
    }
    if jobs.is_empty() {
        let names = arguments.platform.join(", ");
        return Err(CommandFailure::usage(format!(
            "configuration {}: no account for {names}",
            path.display()
        )));
    }
    Ok(jobs)
}

/// Finds errors that are known before the first request.
fn check(job: &Job) -> Result<(), CommandFailure> {
    let account = job.account();
    let plan = job.plan();
    if let Some(reason) = plan
        .iter()
        .map(|planned| planned.skipped.as_ref())
        .collect::<Option<Vec<_>>>()
    {
        let reason = reason
            .first()
            .map_or("the platform has no streams", |reason| reason.as_str());
        return Err(CommandFailure::usage(format!(
            "account {account}: nothing can be synced: {reason}"
        )));
    }
    job.check()
        .map_err(|error| CommandFailure::usage(format!("account {account}: {error}")))
}

async fn start_sandbox(arguments: &SyncArguments) -> Result<Sandbox, CommandFailure> {
    let people = &arguments.people;
    let options = SandboxOptions {
        users: people.users,
        chats: people.chats,
        seed: people.seed,
        edits: people.edits,
        platforms: (!arguments.platform.is_empty()).then(|| arguments.platform.clone()),
        ..SandboxOptions::default()
    };
    let faults = sandbox::read(&people.fault)?;
    let sandbox = Sandbox::start_with(options)
        .await
        .map_err(|error| CommandFailure::incomplete(format!("sandbox: {error}")))?;
    sandbox::set(&sandbox, faults)?;
    Ok(sandbox)
}

fn forecast(jobs: &[Job], arguments: &SyncArguments) {
    if arguments.quiet {
        return;
    }
    let people = &arguments.people;
    let records = people.chats.unwrap_or(people.users.min(1000));
    for line in estimate::forecast(jobs, records) {
        note(&line);
    }
}

fn sandbox_jobs(sandbox: &Sandbox) -> Result<Vec<Job>, CommandFailure> {
    let job = |running: &botroster_sandbox::Running| {
        let platform = names::platform(&running.name, botroster_platforms::all())
            .map_err(|problem| CommandFailure::incomplete(format!("sandbox: {problem}")))?;
        let settings = Settings::new()
            .with_base_url(&running.base_url)
            .with_loopback_http();
        let mut job = Job::new(platform, settings);
        for (slot, value) in &running.credentials {
            job = job.with_credential(slot, Secret::new(value));
        }
        for (name, value) in &running.scope {
            job = job.with_scope(name, value);
        }
        for (stream, rows) in &running.seeds {
            job = job.with_seeds(stream, rows.clone());
        }
        Ok(job)
    };
    sandbox.platforms().iter().map(job).collect()
}
