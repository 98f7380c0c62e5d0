//! Commands of the workspace: `cargo xtask <command>`.

mod budget;
mod campaign;
mod codegen;
mod contract;
mod cost;
mod generate;
mod lint;
mod msrv;
mod new;
mod speed;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command>

Commands:
  generate [--check] [platform...]  write the client crates from specs/*.yaml, or check that they are up to date
  budget [--times]                  compare the crates below a client, and times of development, with .ci/budget.toml
  cost                              count the instructions of a call, typed and by hand (needs valgrind)
  sandbox-speed                     measure the sandbox: lists, an export, its start (needs taskset)
  lint [--json] [file...]           report what is wrong with specs, each with its place and the fix;
                                    --rules lists the rules, --explain <rule> tells about one
  new <platform>                    write a commented spec to begin with
  campaign <ids|faults|lint> [--cases N] [--seed N]
                                    run a seeded test with other or more cases than the tests do
  contract [schemathesis|prism] [--cases N] [--seed N]
                                    have the sandbox judged by schemathesis, and the clients on their way to it by Prism
                                    (installs both under target/)
  tidy [--sizes]                    find circles of files, forbidden dependencies between crates, and `mod.rs` files;
                                    --sizes counts the lines of every room
  msrv                              check that no dependency of a library needs a newer Rust than the workspace says
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.split_first() {
        Some(_) if arguments.contains(&"--help") => {
            print!("{USAGE}");
            Ok(())
        }
        Some((&"generate", rest)) => generate::run(rest),
        Some((&"campaign", rest)) => campaign::run(rest),
        Some((&"contract", rest)) => contract::run(rest),
        Some((&"budget", rest)) => budget::run(rest),
        Some((&"cost", [])) => cost::run(),
        Some((&"sandbox-speed", [])) => speed::run(),
        Some((&"lint", rest)) => lint::run(rest),
        Some((&"new", [platform])) => new::run(platform),
        Some((&"msrv", [])) => msrv::run(),
        Some((&"tidy", rest)) => tidy::run(rest),
        Some((&("help" | "-h"), _)) => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(anyhow::anyhow!("{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
