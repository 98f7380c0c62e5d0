use std::io;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "botroster", &mut script);
    output::written(io::Write::write_all(&mut io::stdout().lock(), &script))?;
    Ok(ExitCode::SUCCESS)
}
