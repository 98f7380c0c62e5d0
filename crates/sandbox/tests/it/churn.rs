//! Lists that change while they are read.

use crate::client::{chatbot, peki, platform, start};
use botroster_sandbox::{Churn, Sandbox, SandboxOptions};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn options(inserts: f64, deletes: f64) -> SandboxOptions {
    SandboxOptions {
        users: 200,
        churn: Churn { inserts, deletes },
        ..SandboxOptions::default()
    }
}

/// The ids of a platform's users as they are now, each with the request after which it came.
fn users(sandbox: &Sandbox, name: &str) -> BTreeMap<String, u64> {
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).unwrap();
    let lines = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let lines = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let own = lines.filter(|line| line["platform"] == name && line["stream"] == "users");
    own.map(|line| {
        let id = line["record"]["id"].as_str().unwrap().to_owned();
        (id, line["inserted"].as_u64().unwrap_or(0))
    })
    .collect()
}

#[tokio::test]
async fn totals_follow_and_new_rows_come_first() {
    let sandbox = start(options(2.0, 1.0)).await;
    let at = platform(&sandbox, "peki");
    let before = users(&sandbox, "peki");
    assert_eq!(before.len(), 200);
    for request in 0..20 {
        let page = peki(at, "/users?pageSize=20").await.json();
        assert_eq!(page["totalItems"], 200 + request);
        let items = page["data"].as_array().unwrap();
        assert_eq!(items.len(), 20);
        let times: Vec<jiff::Timestamp> = items
            .iter()
            .filter_map(|user| user["createdAt"].as_str()?.parse().ok())
            .collect();
        let seconds: Vec<i64> = times.iter().map(|time| time.as_second()).collect();
        assert!(
            seconds.windows(2).all(|pair| pair[0] >= pair[1]),
            "newest first"
        );
    }
    let after = users(&sandbox, "peki");
    assert_eq!(after.len(), 220);
    assert!(after.values().any(|request| *request == 20));
    assert!(before.keys().any(|id| !after.contains_key(id)));
    for (id, request) in &after {
        assert_eq!(*request == 0, before.contains_key(id));
    }
    let state = at
        .state()
        .into_iter()
        .find(|one| one.name == "users")
        .unwrap();
    assert_eq!((state.created, state.removed), (40, 20));
    let gone = before.keys().find(|id| !after.contains_key(*id)).unwrap();
    assert_eq!(peki(at, &format!("/users/{gone}")).await.status, 404);
}

#[tokio::test]
async fn the_same_seed_changes_in_the_same_way() {
    let (one, two) = (
        start(options(0.7, 1.3)).await,
        start(options(0.7, 1.3)).await,
    );
    for sandbox in [&one, &two] {
        for page in 1..=10 {
            peki(platform(sandbox, "peki"), &format!("/users?page={page}")).await;
        }
    }
    assert_eq!(users(&one, "peki"), users(&two, "peki"));
    let still = start(options(0.0, 0.0)).await;
    peki(platform(&still, "peki"), "/users").await;
    assert_ne!(users(&one, "peki"), users(&still, "peki"));
    assert!(users(&still, "peki").values().all(|request| *request == 0));
}

/// A cursor is a place between rows: no row that stays is lost, whatever happens before and behind it, in either order.
#[tokio::test]
async fn cursors_stay_where_they_are() {
    for (order, seed) in [
        ("desc", 1),
        ("asc", 2),
        ("desc", 3),
        ("asc", 4),
        ("desc", 5),
    ] {
        let sandbox = start(SandboxOptions {
            seed,
            platforms: Some(vec!["chatbot".to_owned()]),
            ..options(0.5, 1.5)
        })
        .await;
        let at = platform(&sandbox, "chatbot");
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let target = format!("/users?limit=4&sort.order={order}{after}");
            let page = chatbot(at, "GET", &target, "").await.json();
            let items = page["data"].as_array().unwrap();
            let ids = items
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned());
            read.extend(ids);
            let Some(last) = items.last() else { break };
            after = format!("&after={}", last["id"].as_str().unwrap());
        }
        let distinct: BTreeSet<&String> = read.iter().collect();
        assert_eq!(distinct.len(), read.len(), "no row twice");
        let stayed = users(&sandbox, "chatbot");
        let mut stayed = stayed.iter().filter(|(_, request)| **request == 0);
        let (kept, pages) = (stayed.clone().count(), at.request_count());
        assert!(kept > 80, "{kept} after {pages} pages, {order}");
        assert!(stayed.all(|(id, _)| distinct.contains(id)), "{order}");
    }
}

/// What makes readers of page numbers skip rows is there: without it, the test of the clients would show nothing.
#[tokio::test]
async fn page_numbers_alone_lose_rows() {
    let sandbox = start(options(0.0, 2.0)).await;
    let at = platform(&sandbox, "peki");
    let mut read = BTreeSet::new();
    for page in 1.. {
        let answer = peki(at, &format!("/users?page={page}&pageSize=10"))
            .await
            .json();
        let items = answer["data"].as_array().unwrap();
        if items.is_empty() {
            break;
        }
        read.extend(
            items
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned()),
        );
    }
    assert!(users(&sandbox, "peki").keys().any(|id| !read.contains(id)));
}
