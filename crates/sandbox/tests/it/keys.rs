//! Several keys and several bots: who may see what, and that each bot has people of its own.

use crate::client::{Answer, address, borrowed, platform, send_to, start};
use botroster_sandbox::{AccessKey, Running, SandboxOptions, Scope};
use serde_json::Value;
use std::collections::BTreeSet;

fn small() -> SandboxOptions {
    SandboxOptions {
        users: 12,
        ..SandboxOptions::default()
    }
}

fn key<'a>(at: &'a Running, name: &str) -> &'a AccessKey {
    at.keys.iter().find(|key| key.name == name).unwrap()
}

/// The users of a bot, with a key.
async fn users(at: &Running, key: &AccessKey, scope: &Scope) -> Answer {
    let basic = format!("Basic {}", key.credentials["api_key"]);
    let (host, base) = address(at);
    let target = format!(
        "{base}/bot-api/v1.0/customer/{}/bot/{}/users?attribute_name=city&attribute_value=Boulder",
        scope["customerId"], scope["botKey"]
    );
    send_to(&host, "GET", &target, &[("authorization", &basic)], "").await
}

fn ids(answer: &Answer) -> BTreeSet<String> {
    let body = answer.json();
    let users = body["users"].as_array().unwrap().iter();
    users
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn each_bot_has_people_of_its_own() {
    let sandbox = start(small()).await;
    let at = platform(&sandbox, "mybot");
    assert_eq!(at.scopes.len(), 2);
    assert_eq!(at.scopes[0], at.scope);
    assert_eq!(key(at, "main").credentials, at.credentials);
    assert_eq!(key(at, "all").access, at.scopes);
    let all = key(at, "all");
    let one = ids(&users(at, all, &at.scopes[0]).await);
    let two = ids(&users(at, all, &at.scopes[1]).await);
    assert!(!one.is_empty() && !two.is_empty());
    assert!(one.is_disjoint(&two));
    assert_eq!(ids(&users(at, key(at, "main"), &at.scopes[0]).await), one);
}

#[tokio::test]
async fn keys_without_access_are_refused() {
    let sandbox = start(small()).await;
    let at = platform(&sandbox, "mybot");
    let told = || {
        let request = at.requests().pop().unwrap();
        let violation = request.violations[0].clone();
        (request.status, violation.kind.name(), violation.message)
    };
    users(at, key(at, "main"), &at.scopes[1]).await;
    let refused = "has no access to this customerId and botKey";
    assert_eq!(
        told(),
        (403, "access", format!("the key \"main\" {refused}"))
    );
    users(at, key(at, "none"), &at.scopes[0]).await;
    assert_eq!(
        told(),
        (403, "access", format!("the key \"none\" {refused}"))
    );
    let mut mixed = at.scopes[0].clone();
    mixed.insert("botKey".to_owned(), at.scopes[1]["botKey"].clone());
    users(at, key(at, "all"), &mixed).await;
    let (status, kind, message) = told();
    assert_eq!((status, kind), (403, "scope"));
    assert_eq!(message, "customerId and botKey belong to different scopes");
}

#[tokio::test]
async fn missing_rights_are_said_as_the_platform_says_it() {
    let sandbox = start(small()).await;
    // No 403 is documented: what is nearest to it is said.
    for (name, status) in [("chatbot", 401), ("botpenguin", 401)] {
        let at = platform(&sandbox, name);
        let key = key(at, "none");
        let slot = if name == "chatbot" {
            "access_token"
        } else {
            "api_token"
        };
        let headers = [
            (
                "authorization".to_owned(),
                format!("Bearer {}", key.credentials[slot]),
            ),
            ("authtype".to_owned(), "Key".to_owned()),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        let (host, base) = address(at);
        let (method, path) = match name {
            "chatbot" => ("GET", "/users"),
            _ => ("POST", "/inbox/users"),
        };
        send_to(
            &host,
            method,
            &format!("{base}{path}"),
            &borrowed(&headers),
            "",
        )
        .await;
        let request = at.requests().pop().unwrap();
        let own = request
            .violations
            .iter()
            .find(|one| one.kind.name() == "access");
        assert!(own.unwrap().message.starts_with("the key \"none\""));
        if name == "chatbot" {
            assert_eq!(request.status, status);
        }
    }
    let at = platform(&sandbox, "chatbot");
    assert_eq!(at.scopes, [Scope::new()]);
    let second = key(at, "all").credentials["access_token"].clone();
    let headers = [("authorization", format!("Bearer {second}"))];
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    let (host, _) = address(at);
    let answer = send_to(&host, "GET", "/users", &borrowed(&headers), "").await;
    assert_eq!(answer.json()["count"], 12);
}

#[tokio::test]
async fn operations_are_listed_with_their_grades() {
    let sandbox = start(small()).await;
    let at = platform(&sandbox, "mybot");
    let operations = at.operations();
    assert!(operations.iter().all(|one| one.grade == "reconstructed"));
    let users = &operations[0];
    assert_eq!(
        (users.id.as_str(), users.method.as_str()),
        ("find_users", "GET")
    );
    assert_eq!(users.streams, ["users"]);
    assert!(users.path.ends_with("/users") && !users.summary.is_empty());
    let at = platform(&sandbox, "peki");
    let grades: Vec<String> = at.operations().into_iter().map(|one| one.grade).collect();
    assert_eq!(
        grades,
        ["documented", "documented", "second-hand", "second-hand"]
    );
    assert!(at.operations()[0].path.starts_with("/api/Dev/{chatbotId}"));
    for running in sandbox.platforms() {
        assert!(running.operations().iter().all(|one| !one.grade.is_empty()));
        let keys = format!("{:?}", running.keys);
        assert!(
            running
                .credentials
                .values()
                .all(|value| !keys.contains(value.as_str()))
        );
    }
}

#[tokio::test]
async fn state_is_counted_and_forgotten() {
    let sandbox = start(small()).await;
    let at = platform(&sandbox, "chatbot");
    let users = || {
        let state = at.state().into_iter().find(|one| one.name == "users");
        let state = state.unwrap();
        [state.records, state.created, state.changed, state.removed]
    };
    assert_eq!(users(), [12, 0, 0, 0]);
    let body = r#"{"userId":"u-1","attributes":{"plan":"free"}}"#;
    let made = crate::client::chatbot(at, "POST", "/users", body)
        .await
        .json();
    let path = format!("/users/{}", made[0]["id"].as_str().unwrap());
    let ban = format!("{path}/ban");
    crate::client::chatbot(at, "PUT", &ban, r#"{"banned":true}"#).await;
    assert_eq!(users(), [13, 1, 1, 0]);
    at.reset();
    assert_eq!(users(), [12, 0, 0, 0]);
    assert_eq!(at.requests().len(), 0);
    assert_eq!(
        crate::client::chatbot(at, "GET", &path, "").await.status,
        404
    );
    assert_eq!(at.requests()[0].number, 1);
    assert_eq!(at.requests()[0].operation.as_deref(), Some("get_user"));
    let list: Value = crate::client::chatbot(at, "GET", "/users", "").await.json();
    assert_eq!(list["count"], 12);
}
