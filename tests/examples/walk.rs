//! Calls every operation of every platform as the documentation of the clients shows it, by way of somebody else's server: a
//! proxy that judges requests and answers. `cargo xtask contract` runs it.
//!
//! Environment: for each platform `WALK_<PLATFORM>`, the base URL that its clients take. Behind it must be a sandbox with the
//! options of `SandboxOptions::default`: the same options give the same credentials and records, which each example learns
//! from a sandbox of its own. Exits with 1 if a call failed.

use std::process::ExitCode;

type Outcome = Result<(), Box<dyn std::error::Error>>;

include!(concat!(env!("OUT_DIR"), "/walk.rs"));

/// The base URL of a platform.
fn by_way_of(platform: &str) -> String {
    let name = format!("WALK_{}", platform.to_uppercase());
    std::env::var(&name).unwrap_or_else(|_| format!("{name} is not set"))
}

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for (name, call) in CALLS {
        if let Err(error) = call() {
            eprintln!("{name}: {error}");
            code = ExitCode::FAILURE;
        }
    }
    println!("{} examples", CALLS.len());
    code
}
