//! What a call costs. `cost serve` is a server with fixed answers; `cost run CASE CALLS URL` makes calls to it. An instruction
//! counter around two runs of different length gives the instructions of one call; `cargo xtask cost` does that.

use std::{process::ExitCode, time::Duration};

use botroster_benches::{baseline, server, typed};

/// Peki's documented page of users, as the server fills it.
const CASES: &[&str] = &[
    "hand-20",
    "typed-20",
    "hand-100",
    "typed-100",
    "hand-100-unknown",
    "typed-100-unknown",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["serve"] => server::serve(Duration::ZERO).map_err(|error| error.to_string()),
        ["cases"] => {
            println!("{}", CASES.join("\n"));
            Ok(())
        }
        ["run", case, calls, url] => match calls.parse() {
            Ok(calls) => run(case, calls, url),
            Err(_) => Err("CALLS is a number".to_owned()),
        },
        _ => Err("usage: cost serve | cost cases | cost run CASE CALLS URL".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(case: &str, calls: u32, url: &str) -> Result<(), String> {
    // The chatbot's id tells the server which page to give.
    let (way, page) = case.split_once('-').ok_or("a case is WAY-PAGE")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut users = 0;
        match way {
            "hand" => {
                let client = baseline::Client::new(url)?;
                for _ in 0..calls {
                    users += client.list(page).await?.data.len();
                }
            }
            "typed" => {
                let client = typed(url).map_err(|error| error.to_string())?;
                let list = client.chatbot(page).users();
                for _ in 0..calls {
                    users += list
                        .list()
                        .page(1)
                        .page_size(100)
                        .await
                        .map_err(|error| error.to_string())?
                        .items
                        .len();
                }
            }
            _ => return Err(format!("no such case: {case}")),
        }
        // Keeps the work from being optimised away, and shows that it was done.
        println!("{users}");
        Ok(())
    })
}
