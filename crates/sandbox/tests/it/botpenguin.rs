//! A platform with two kinds of tokens, a rate limit, and a list that is asked for in a body.

use crate::client::{platform, send, start};
use botroster_sandbox::{Running, SandboxOptions};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn chats(at: &Running, rest: &str) -> crate::client::Answer {
    let target = format!(
        "/inbox/direct/chats?botId={}&customerId={}{rest}",
        at.scope["botId"], at.scope["customerId"]
    );
    let headers = [
        ("x-bot-token", at.credentials["bot_token"].as_str()),
        ("content-type", "application/json"),
    ];
    send(at, "GET", &target, &headers, "").await
}

fn filter(page: u64) -> Value {
    json!({
        "searchText": "", "tags": [], "status": [], "isOnline": false, "_botWebsite": [], "_botWhatsapp": [],
        "_botTelegram": [], "_botFacebook": [], "_agentAssigned": [], "segments": [], "applicableFilters": [],
        "lastSeenAt": {"startAt": "", "endsAt": ""}, "createdAt": {"startAt": "", "endsAt": ""},
        "userInteracted": false, "lastMessageBy": [], "isLiveChatActive": false,
        "hasOrdered": {"status": false, "lastAt": ""}, "page": page, "isExport": "none", "isContact": true,
    })
}

async fn contacts(at: &Running, body: &Value) -> crate::client::Answer {
    let token = format!("Bearer {}", at.credentials["api_token"]);
    let headers = [
        ("authorization", token.as_str()),
        ("authtype", "Key"),
        ("content-type", "application/json"),
    ];
    send(at, "POST", "/inbox/users", &headers, &body.to_string()).await
}

fn ids(page: &Value) -> BTreeSet<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| chat["_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn leads_and_other_chats_are_different_people() {
    let sandbox = start(SandboxOptions {
        users: 130,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "botpenguin");
    let answer = chats(at, "&page=1&type=lead").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let leads = answer.json();
    assert_eq!(
        (&leads["success"], &leads["code"], &leads["message"]),
        (&true.into(), &200.into(), &"ok".into())
    );
    let (first, rest) = (
        ids(&leads),
        ids(&chats(at, "&page=2&type=lead").await.json()),
    );
    assert_eq!((first.len(), rest.len()), (100, 30));
    assert!(ids(&chats(at, "&page=3&type=lead").await.json()).is_empty());
    let others = ids(&chats(at, "&page=1&type=non-lead").await.json());
    assert_eq!(others.len(), 100);
    assert!(others.is_disjoint(&first) && others.is_disjoint(&rest));
    let wrong = chats(at, "&page=1&type=all").await;
    assert_eq!(
        (
            wrong.status,
            &wrong.json()["success"],
            &wrong.json()["code"]
        ),
        (400, &false.into(), &400.into())
    );
    assert!(wrong.json()["message"].as_str().unwrap().contains("type"));
}

#[tokio::test]
async fn the_hundred_and_first_request_in_a_minute_waits() {
    let sandbox = start(SandboxOptions {
        users: 1,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "botpenguin");
    for _ in 0..100 {
        assert_eq!(chats(at, "&page=1&type=lead").await.status, 200);
    }
    let answer = chats(at, "&page=1&type=lead").await;
    assert_eq!(answer.status, 429);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(
        (&answer.json()["success"], &answer.json()["code"]),
        (&false.into(), &429.into())
    );
    assert_eq!(
        contacts(at, &filter(1)).await.status,
        200,
        "another operation"
    );
}

#[tokio::test]
async fn contacts_are_asked_for_with_a_whole_filter() {
    let sandbox = start(SandboxOptions {
        users: 150,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "botpenguin");
    let first = contacts(at, &filter(1)).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let (first, rest) = (
        ids(&first.json()),
        ids(&contacts(at, &filter(2)).await.json()),
    );
    assert_eq!(
        (first.len(), rest.len(), first.union(&rest).count()),
        (100, 50, 150)
    );
    let mut less = filter(1);
    less.as_object_mut().unwrap().remove("isExport");
    let refused = contacts(at, &less).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("/isExport")
    );
}

#[tokio::test]
async fn all_schemes_of_a_requirement_must_hold() {
    let sandbox = start(SandboxOptions {
        users: 1,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "botpenguin");
    let token = format!("Bearer {}", at.credentials["api_token"]);
    let body = filter(1).to_string();
    for headers in [
        vec![("authorization", token.as_str())],
        vec![("authtype", "Key")],
        vec![],
    ] {
        let answer = send(at, "POST", "/inbox/users", &headers, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (401, &401.into()));
    }
    let foreign = format!(
        "/inbox/direct/chats?botId=other&customerId={}&page=1&type=lead",
        at.scope["customerId"]
    );
    let headers = [
        ("x-bot-token", at.credentials["bot_token"].as_str()),
        ("content-type", "application/json"),
    ];
    assert_eq!(
        send(at, "GET", &foreign, &headers, "").await.status,
        400,
        "403 is not documented"
    );
}
