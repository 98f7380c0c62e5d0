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
    let mut child = botroster(&["sandbox", "--users", "8"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let printed = BufReader::new(child.stdout.take().unwrap());
    let (servers, mut exports, mut config) = (Servers(child), BTreeMap::new(), String::new());
    let mut accounts = 0;
    for line in printed.lines().map(Result::unwrap) {
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
