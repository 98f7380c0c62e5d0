use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::support::*;

/// Ends the servers when a test does, well or not.
struct Servers(Child);

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Servers, the variables they ask to export, and the configuration they print.
fn servers() -> (Servers, BTreeMap<String, String>, String) {
    let mut child = botroster(&["sandbox", "--users", "8", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let printed = BufReader::new(child.stdout.take().unwrap());
    let (servers, mut exports, mut config) = (Servers(child), BTreeMap::new(), String::new());
    let mut accounts = 0;
    for (number, line) in printed.lines().map(Result::unwrap).enumerate() {
        if number == 0 {
            assert!(line.starts_with("# http://127.0.0.1:"), "{line}");
        }
        if let Some((name, value)) = line
            .strip_prefix("export ")
            .and_then(|export| export.split_once('='))
        {
            exports.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            continue;
        }
        accounts += usize::from(line == "[[account]]");
        config.push_str(&line);
        config.push('\n');
        if line.starts_with("# Ready") {
            break;
        }
    }
    assert_eq!(accounts, botroster_platforms::all().len());
    (servers, exports, config)
}

#[test]
fn what_the_sandbox_prints_works_as_it_is_and_no_secret_is_seen() {
    let (_servers, exports, config) = servers();
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (
        folder.path().join("botroster.toml"),
        folder.path().join("x.db"),
    );
    fs::write(&file, &config).unwrap();
    let arguments = [
        "sync",
        "--config",
        file.to_str().unwrap(),
        "--db",
        db.to_str().unwrap(),
    ];
    let output = botroster(&arguments).envs(&exports).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!column(&db, "SELECT id FROM contacts").is_empty());

    // A key that is refused: the stream fails, and neither the wrong key nor a right one shows anywhere.
    let (refused, secrets) = (
        platform().credentials[0].env,
        exports.values().map(String::as_str),
    );
    let output = botroster(&arguments)
        .envs(&exports)
        .env(refused, "canary0secret")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.lines()
            .any(|line| line.starts_with(&format!("error: {} ", platform().name))),
        "{said}"
    );
    let seen = [output.stdout, output.stderr, fs::read(&db).unwrap()].concat();
    for secret in secrets.chain(["canary0secret"]) {
        assert!(
            !seen
                .windows(secret.len())
                .any(|window| window == secret.as_bytes()),
            "a secret shows"
        );
    }

    // Without a key, the streams that need it are skipped with a word, and the others are done.
    let mut without = exports.clone();
    let (slot, skipped) = optional_credential();
    without.remove(slot);
    let output = botroster(&arguments).envs(&without).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    assert!(
        table.contains(&format!("{skipped}: skipped: the credential")) && table.contains(slot),
        "{table}"
    );
}

/// A credential's variable without which a platform can still do something, and a stream it cannot do then.
fn optional_credential() -> (&'static str, String) {
    for info in botroster_platforms::all()
        .iter()
        .map(|platform| platform.info())
    {
        for slot in info.credentials {
            let (need, rest): (Vec<_>, Vec<_>) = info.streams.iter().partition(|stream| {
                let sets = stream.credentials;
                !sets.is_empty() && sets.iter().all(|slots| slots.contains(&slot.name))
            });
            if let (Some(stream), false) = (need.first(), rest.is_empty()) {
                return (slot.env, format!("{} {}", info.name, stream.name));
            }
        }
    }
    panic!("no platform has an optional credential")
}

#[test]
fn a_port_that_is_taken_is_told_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = refused(&run(&["sandbox", "--port", &port.to_string()]));
    let expected = format!(
        "error: sandbox: cannot listen on 127.0.0.1:{port}, which is in use: choose another port with --port, or any free ones with --port 0\n"
    );
    assert_eq!(said, expected);
    let said = refused(&run(&["sandbox", "--bind", "192.0.2.1"]));
    assert!(said.contains("does not have this address"), "{said}");
}

#[test]
fn other_computers_are_warned_about() {
    let mut child = botroster(&["sandbox", "--port", "0", "--bind", "0.0.0.0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = BufReader::new(child.stderr.take().unwrap()).lines().next();
    let _servers = Servers(child);
    let said = said.unwrap().unwrap();
    assert!(
        said.starts_with("warning: the sandbox listens on 0.0.0.0: "),
        "{said}"
    );
    assert!(
        printed
            .next()
            .unwrap()
            .unwrap()
            .starts_with("# http://127.0.0.1:")
    );
}

#[test]
fn faults_are_listed_checked_and_done() {
    let listed = text(&run(&["sandbox", "--faults"]).stdout);
    assert!(
        listed.contains("\n  status=STATUS ") && listed.contains("\n  latency[=DELAY] "),
        "{listed}"
    );
    for (fault, told) in [
        (
            "statsu=503",
            "fault 'statsu' does not exist; did you mean status?",
        ),
        (
            "status=503,pge=3",
            "'status' takes no 'pge'; did you mean page?",
        ),
        (
            "html,operation=nothing_like_it",
            "operation 'nothing_like_it' does not exist",
        ),
    ] {
        for command in [&["sandbox", "--port", "0"][..], &["sync", "--sandbox"]] {
            let said = refused(&run(&[command, &["--fault", fault]].concat()));
            assert!(
                said.starts_with(&format!("error: --fault {fault}: ")) && said.contains(told),
                "{said}"
            );
        }
    }
    let said = refused(&run(&["sandbox", "--port", "0", "--churn=-1"]));
    assert!(said.contains("--churn"), "{said}");

    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("x.db");
    let base = [
        "sync",
        "--sandbox",
        "--users",
        "30",
        "--quiet",
        "--json",
        "--db",
        db.to_str().unwrap(),
    ];
    let output = run(&[&base[..], &["--fault", "status=503,times=1"]].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let retries = report["streams"].as_array().unwrap().iter();
    let retries: u64 = retries
        .map(|stream| stream["retries"].as_u64().unwrap())
        .sum();
    assert_eq!((&report["complete"], retries), (&true.into(), 1));
    let output = run(&[&base[..], &["--fault", "status=403"]].concat());
    assert_eq!(output.status.code(), Some(1));
}
