//! Calls every operation of every platform as the documentation of the clients shows it, by way of somebody else's server: a
//! proxy that judges requests and answers. `cargo xtask contract` runs it.
//!
//! Environment: `WALK_<PLATFORM>`, the base URL that its clients take; platforms without it are left out. Behind it must be a
//! sandbox with the options of `SandboxOptions::default`: the same options give the same credentials and records, which each
//! example learns from a sandbox of its own. Exits with 1 if a call failed.

use std::process::ExitCode;

/// Platform, name and program.
type Example = (&'static str, &'static str, fn() -> Outcome);
type Outcome = Result<(), Box<dyn std::error::Error>>;

include!(concat!(env!("OUT_DIR"), "/walk.rs"));

/// The base URL of a platform.
fn by_way_of(platform: &str) -> String {
    std::env::var(format!("WALK_{}", platform.to_uppercase())).unwrap_or_default()
}

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for (platform, name, call) in CALLS {
        if by_way_of(platform).is_empty() {
            continue;
        }
        if let Err(error) = call() {
            eprintln!("{platform}, {name}: {error}");
            code = ExitCode::FAILURE;
        }
    }
    code
}
