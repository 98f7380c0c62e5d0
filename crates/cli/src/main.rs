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

use crate::arguments::CommandLine;

// Records consist of many small strings, and this allocator is faster for them than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forbid_core_dumps();
    let arguments = match CommandLine::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    commands::run(arguments.command).unwrap_or_else(|failure| {
        output::note(&format!("error: {failure}"));
        failure.exit_code()
    })
}

/// Disables core dumps, which would contain credentials and personal data.
fn forbid_core_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // If the kernel refuses, the sync runs anyway.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
