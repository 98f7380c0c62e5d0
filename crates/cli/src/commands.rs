mod completions;
mod platforms;
mod sandbox;
mod sync;

use std::process::ExitCode;

use crate::arguments::Command;
use crate::failure::CommandFailure;

pub(crate) fn run(command: Command) -> Result<ExitCode, CommandFailure> {
    match command {
        Command::Sync(arguments) => in_runtime(sync::run(arguments)),
        Command::Sandbox(arguments) => in_runtime(sandbox::run(arguments)),
        Command::Platforms => platforms::run(),
        Command::Completions { shell } => completions::run(shell),
    }
}

fn in_runtime(
    work: impl Future<Output = Result<ExitCode, CommandFailure>>,
) -> Result<ExitCode, CommandFailure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime
        .map_err(|error| CommandFailure::incomplete(format!("cannot start threads: {error}")))?;
    runtime.block_on(work)
}
