use std::io;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::arguments::CommandLine;
use crate::failure::CommandFailure;
use crate::output;

pub(super) fn run(shell: Shell) -> Result<ExitCode, CommandFailure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "botroster", &mut script);
    output::written(io::Write::write_all(&mut io::stdout().lock(), &script))?;
    Ok(ExitCode::SUCCESS)
}
