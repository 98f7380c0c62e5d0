//! Commands of the workspace: `cargo xtask <command>`.

mod campaign;
mod cargo;
mod generate;
mod lint;
mod msrv;
mod new;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command>

Commands:
  generate [--check]                write the client crates from specs/*.yaml, or check that they are up to date
  lint [--json] [file...]           report what is wrong with specs, each with its place and the fix;
                                    --rules lists the rules, --explain <rule> tells about one
  new <platform>                    write a commented spec to begin with
  campaign <ids|faults|lint> [--cases N] [--seed N]
                                    run a seeded test with other or more cases than the tests do
  tidy [--sizes]                    find circles of files, forbidden dependencies between crates, and `mod.rs` files;
                                    --sizes counts the lines of every room
  msrv                              build the libraries with the Rust they promise, where it is installed, and compare that of
                                    their dependencies
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
