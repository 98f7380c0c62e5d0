//! The `botroster` command.

mod arguments;
mod commands;
mod config;
mod estimate;
mod failure;
mod names;
mod output;
mod progress;
mod report;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;

// Records are many small texts: much of what they cost is memory, which this allocator hands out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forbid_core_dumps();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    commands::run(arguments.command).unwrap_or_else(|failure| {
        output::note(&format!("error: {failure}"));
        failure.exit_code()
    })
}

/// A core file would hold the credentials and everybody's data.
fn forbid_core_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Where the kernel refuses, the sync is still worth doing.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
