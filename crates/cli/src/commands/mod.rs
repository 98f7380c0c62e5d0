mod completions;
mod platforms;
mod sandbox;
mod sync;

use std::process::ExitCode;

use crate::arguments::Command;
use crate::failure::Failure;

pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Sync(arguments) => in_runtime(sync::run(arguments)),
        Command::Sandbox(arguments) => in_runtime(sandbox::run(arguments)),
        Command::Platforms => platforms::run(),
        Command::Completions { shell } => completions::run(shell),
    }
}

fn in_runtime(work: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime
        .map_err(|error| Failure::incomplete(format!("no threads can be started: {error}")))?;
    runtime.block_on(work)
}
