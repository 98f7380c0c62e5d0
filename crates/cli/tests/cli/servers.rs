use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::support::*;

/// Stops the servers at the end of a test.
struct Servers(Child);

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the servers. Returns them with the variables and the configuration that they print.
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
fn the_printed_configuration_works_and_no_secret_is_shown() {
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

    // A wrong key: the stream fails, and no key appears in the output or the database.
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
    let message = text(&output.stderr);
    assert!(
        message
            .lines()
            .any(|line| line.starts_with(&format!("error: {} ", platform().name))),
        "{message}"
    );
    let seen = [output.stdout, output.stderr, fs::read(&db).unwrap()].concat();
    for secret in secrets.chain(["canary0secret"]) {
        assert!(
            !seen
                .windows(secret.len())
                .any(|window| window == secret.as_bytes()),
            "a secret is shown"
        );
    }

    // Without a key, the streams that need it are skipped with a reason and the others run.
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

/// Returns the variable of a credential that only some streams of a platform need, and one of these streams.
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
fn a_port_in_use_is_an_error_with_a_fix() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let message = refused(&run(&["sandbox", "--port", &port.to_string()]));
    let expected = format!(
        "error: sandbox: cannot listen on 127.0.0.1:{port}, which is in use: choose another port with --port, or any free ones with --port 0\n"
    );
    assert_eq!(message, expected);
    let message = refused(&run(&["sandbox", "--bind", "192.0.2.1"]));
    assert!(message.contains("does not have this address"), "{message}");
}

#[test]
fn listening_beyond_loopback_gives_a_warning() {
    let mut child = botroster(&["sandbox", "--port", "0", "--bind", "0.0.0.0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let message = BufReader::new(child.stderr.take().unwrap()).lines().next();
    let _servers = Servers(child);
    let message = message.unwrap().unwrap();
    assert!(
        message.starts_with("warning: the sandbox listens on 0.0.0.0: "),
        "{message}"
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
fn faults_are_listed_checked_and_injected() {
    let listed = text(&run(&["sandbox", "--faults"]).stdout);
    assert!(
        listed.contains("\n  status=STATUS ") && listed.contains("\n  latency[=DELAY] "),
        "{listed}"
    );
    for (fault, problem) in [
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
            let message = refused(&run(&[command, &["--fault", fault]].concat()));
            assert!(
                message.starts_with(&format!("error: --fault {fault}: "))
                    && message.contains(problem),
                "{message}"
            );
        }
    }
    let message = refused(&run(&["sandbox", "--port", "0", "--churn=-1"]));
    assert!(message.contains("--churn"), "{message}");

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
