//! `cargo bench -p botroster-benches --bench cost`: the instructions of one call, typed and by hand, counted by callgrind.
//!
//! This program runs itself under valgrind, twice a case and for different numbers of calls: the difference is the calls alone, without
//! start and connection.

use std::{
    collections::BTreeMap,
    env, fs,
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use botroster_benches::{baseline, server, typed};

const SHORT: u32 = 20;
const LONG: u32 = 120;

/// Way and page of each case: Peki's documented page of users, as the server fills it.
const CASES: [&str; 5] = [
    "hand-20",
    "typed-20",
    "hand-100",
    "typed-100",
    "typed-100-unknown",
];

/// Case, what it is compared with, and how many times its instructions it may take.
const GATES: [(&str, &str, f64); 3] = [
    ("typed-20", "hand-20", 1.05),
    ("typed-100", "hand-100", 1.05),
    ("typed-100-unknown", "hand-100", 1.35),
];

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", case, calls, url] => run(case, calls, url).map(|()| true),
        _ => compare(),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare() -> Result<bool, Failure> {
    let valgrind = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if valgrind.is_err() {
        return Err("valgrind is not installed: it is Debian's package `valgrind`".into());
    }
    let url = server::start(Duration::ZERO)?;
    let mut costs = BTreeMap::new();
    for case in CASES {
        let count = |calls| instructions(case, calls, &url);
        let cost = (count(LONG)? - count(SHORT)?) / u64::from(LONG - SHORT);
        println!("{case:>18}: {cost:>9} instructions a call");
        costs.insert(case, cost);
    }
    let mut met = true;
    for (case, baseline, most) in GATES {
        let ratio = costs[case] as f64 / costs[baseline] as f64;
        let verdict = if ratio <= most { "met" } else { "MISSED" };
        met &= ratio <= most;
        println!("{case} / {baseline}: {ratio:.3}, at most {most}: {verdict}");
    }
    Ok(met)
}

/// The instructions of a process that makes so many calls.
fn instructions(case: &str, calls: u32, url: &str) -> Result<u64, Failure> {
    let out = env::temp_dir().join(format!("botroster-cost-{}", std::process::id()));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe()?)
        .args(["run", case, &calls.to_string(), url])
        .output()?;
    let _ = fs::remove_file(&out);
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{case} failed under valgrind: {text}").into());
    }
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1));
    let collected = collected.ok_or("callgrind printed no count")?;
    Ok(collected.trim().parse()?)
}

fn run(case: &str, calls: &str, url: &str) -> Result<(), Failure> {
    // The chatbot's id tells the server which page to give.
    let (way, page) = case.split_once('-').ok_or("a case is WAY-PAGE")?;
    let calls: u32 = calls.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let users = runtime.block_on(async {
        let mut users = 0;
        if way == "hand" {
            let client = baseline::Client::new(url)?;
            for _ in 0..calls {
                users += client.list(page).await?.data.len();
            }
        } else {
            let list = typed(url)?.chatbot(page).users();
            for _ in 0..calls {
                users += list.list().page(1).page_size(100).await?.items.len();
            }
        }
        Ok::<_, Failure>(users)
    })?;
    // Keeps the work from being optimised away, and shows that it was done.
    println!("{users}");
    Ok(())
}
