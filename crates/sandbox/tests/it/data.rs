//! What is in the sandbox, whatever the platform.

use crate::client::{peki, platform, start};
use botroster_sandbox::{Sandbox, SandboxOptions};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn lines(sandbox: &Sandbox) -> Vec<Value> {
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).unwrap();
    let lines = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

fn text(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(own) => found.push(own.clone()),
        Value::Array(list) => list.iter().for_each(|value| text(value, found)),
        Value::Object(members) => members.values().for_each(|value| text(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_sandbox() {
    let options = SandboxOptions {
        users: 30,
        ..SandboxOptions::default()
    };
    let (one, two) = (start(options.clone()).await, start(options.clone()).await);
    assert_eq!(lines(&one), lines(&two));
    assert_eq!(
        platform(&one, "peki").credentials,
        platform(&two, "peki").credentials
    );
    let other = start(SandboxOptions { seed: 2, ..options }).await;
    assert_ne!(lines(&one), lines(&other));
    assert_ne!(
        platform(&one, "peki").credentials,
        platform(&other, "peki").credentials
    );
    assert_ne!(platform(&one, "peki").scope, platform(&other, "peki").scope);
}

#[tokio::test]
async fn every_stream_has_its_records() {
    let sandbox = start(SandboxOptions {
        users: 40,
        chats: Some(12),
        ..SandboxOptions::default()
    })
    .await;
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in lines(&sandbox) {
        let name = |word: &str| line[word].as_str().unwrap().to_owned();
        *counts
            .entry((name("platform"), name("stream")))
            .or_default() += 1;
    }
    let count = |platform: &str, stream: &str| counts[&(platform.to_owned(), stream.to_owned())];
    assert_eq!(count("peki", "users"), 40);
    assert_eq!(count("chatbot", "users"), 40);
    assert_eq!(count("botpenguin", "contacts"), 40);
    assert_eq!(count("botpenguin", "leads"), 12);
    assert_eq!(count("botpenguin", "non-leads"), 12);
    assert_eq!(count("mybot", "users"), 40);
    assert!((40..=40 * 6).contains(&count("mybot", "history")));
}

#[tokio::test]
async fn the_dump_is_what_is_served() {
    let sandbox = start(SandboxOptions {
        users: 15,
        ..SandboxOptions::default()
    })
    .await;
    let served = peki(platform(&sandbox, "peki"), "/users").await.json();
    let dumped: Vec<Value> = lines(&sandbox)
        .into_iter()
        .filter(|line| line["platform"] == "peki" && line["stream"] == "users")
        .map(|mut line| line["record"].take())
        .collect();
    assert_eq!(served["data"], Value::Array(dumped));
}

#[tokio::test]
async fn addresses_are_reserved_ones_and_quirks_turn_up() {
    let sandbox = start(SandboxOptions {
        users: 1000,
        surprises: true,
        ..SandboxOptions::default()
    })
    .await;
    let all = lines(&sandbox);
    let mut texts = Vec::new();
    all.iter()
        .for_each(|line| text(&line["record"], &mut texts));
    for text in texts.iter().filter(|text| text.contains('@')) {
        let domain = text.rsplit('@').next().unwrap();
        assert!(
            ["example.com", "example.org", "example.net"].contains(&domain),
            "{text}"
        );
    }
    assert!(
        texts.iter().any(|text| text == "ARCHIVED_2"),
        "a value no enum has"
    );
    assert!(texts.iter().any(|text| !text.is_ascii()));
    let chatbot: Vec<&Value> = all
        .iter()
        .filter(|line| line["platform"] == "chatbot")
        .map(|line| &line["record"])
        .collect();
    let created: Vec<&str> = chatbot
        .iter()
        .filter_map(|user| user["createdAt"].as_str())
        .collect();
    assert!(created.iter().any(|at| at.contains(' ')) && created.iter().any(|at| at.contains('T')));
    assert!(chatbot.iter().any(|user| user.get("userId").is_none()));
    assert!(
        chatbot
            .iter()
            .any(|user| user.get("userId") == Some(&Value::Null))
    );
    assert!(chatbot.iter().any(|user| user.get("addedLater").is_some()));
    let ids: BTreeSet<&str> = chatbot
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 1000);
}

#[tokio::test]
async fn edits_change_one_field_of_as_many_records() {
    let platforms = ["botpenguin", "chatbot", "mybot", "peki"];
    let options = SandboxOptions {
        users: 25,
        platforms: Some(platforms.map(str::to_owned).to_vec()),
        ..SandboxOptions::default()
    };
    let before = lines(&start(options.clone()).await);
    for edits in [1, 7, 12, 60] {
        let after = lines(
            &start(SandboxOptions {
                edits,
                ..options.clone()
            })
            .await,
        );
        assert_eq!(before.len(), after.len());
        let changed: Vec<(&Value, &Value)> = before
            .iter()
            .zip(&after)
            .filter(|(one, two)| one != two)
            .collect();
        assert_eq!(changed.len() as u64, edits);
        for (one, two) in &changed {
            let (mut own, mut other) = (BTreeMap::new(), BTreeMap::new());
            flat(&one["record"], "", &mut own);
            flat(&two["record"], "", &mut other);
            let differing: Vec<&String> = other
                .keys()
                .filter(|place| own.get(*place) != other.get(*place))
                .collect();
            let edited = differing
                .iter()
                .filter(|place| !place.ends_with("/updatedAt") && !place.ends_with("/updated_at"));
            assert_eq!(edited.count(), 1, "{differing:?}");
        }
        let platforms: BTreeSet<&str> = changed
            .iter()
            .map(|(one, _)| one["platform"].as_str().unwrap())
            .collect();
        assert!(edits == 1 || platforms.len() == 4);
        assert!(changed.iter().all(|(one, _)| one["stream"] != "history"));
    }
}

fn flat(value: &Value, at: &str, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| flat(value, &format!("{at}/{name}"), into)),
        other => {
            into.insert(at.to_owned(), other.clone());
        }
    }
}

#[tokio::test]
async fn records_far_back_are_as_quick_to_get() {
    let sandbox = start(SandboxOptions {
        users: 1_000_000,
        platforms: Some(vec!["peki".into()]),
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "peki");
    let last = peki(at, "/users?page=10000&pageSize=100").await.json();
    assert_eq!(last["totalItems"], 1_000_000);
    assert_eq!(last["data"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn names_and_ports_are_checked() {
    let unknown = SandboxOptions {
        platforms: Some(vec!["nothing".into()]),
        ..SandboxOptions::default()
    };
    let error = Sandbox::start_with(unknown).await.unwrap_err().to_string();
    assert!(
        error.contains("'nothing'") && error.contains("peki"),
        "{error}"
    );
    let beyond = SandboxOptions {
        ports: Some(u16::MAX),
        ..SandboxOptions::default()
    };
    assert!(Sandbox::start_with(beyond).await.is_err());
    let one = start(SandboxOptions {
        platforms: Some(vec!["peki".into()]),
        ..SandboxOptions::default()
    })
    .await;
    let port: u16 = one.platforms()[0]
        .base_url
        .split([':', '/'])
        .find_map(|part| part.parse().ok().filter(|port| *port > 0))
        .unwrap();
    let taken = SandboxOptions {
        ports: Some(port),
        platforms: Some(vec!["mybot".into()]),
        ..SandboxOptions::default()
    };
    assert!(
        Sandbox::start_with(taken)
            .await
            .unwrap_err()
            .to_string()
            .contains("cannot listen")
    );
}

#[tokio::test]
async fn dropping_it_frees_the_port() {
    let options = SandboxOptions {
        users: 1,
        platforms: Some(vec!["peki".into()]),
        ..SandboxOptions::default()
    };
    let sandbox = start(options).await;
    let address = sandbox.platforms()[0]
        .base_url
        .split('/')
        .nth(2)
        .unwrap()
        .to_owned();
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok());
    drop(sandbox);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}
