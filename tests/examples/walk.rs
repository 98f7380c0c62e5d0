//! Calls every operation of the platforms by the examples in the documentation of their clients, through a proxy that validates
//! requests and responses. `tests/contract/run.sh` runs it.
//!
//! Environment: `WALK_<PLATFORM>`, the base URL of a platform, by way of the proxy; platforms without one are skipped. Behind the
//! proxy runs a sandbox with the options of `SandboxOptions::default`: each example starts a sandbox of its own to learn the
//! credentials and ids, which are the same for the same options. The exit code is 1 if a call failed.

use std::process::ExitCode;

/// Platform, name and program.
type Example = (&'static str, &'static str, fn() -> Outcome);
type Outcome = Result<(), Box<dyn std::error::Error>>;

include!(concat!(env!("OUT_DIR"), "/walk.rs"));

/// The base URL of a platform, by way of the proxy.
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
