//! A platform that signs, pages by number and has ids in its path.

use crate::client::{PEKI, PEKI_MESSAGE, borrowed, peki, platform, send, signed, start};
use botroster_sandbox::SandboxOptions;
use serde_json::Value;
use std::collections::BTreeSet;

fn options(users: u64) -> SandboxOptions {
    SandboxOptions {
        users,
        ..SandboxOptions::default()
    }
}

#[tokio::test]
async fn pages_through_all_users() {
    let sandbox = start(options(45)).await;
    let at = platform(&sandbox, "peki");
    assert!(at.base_url.ends_with("/api"), "{}", at.base_url);
    let mut ids = BTreeSet::new();
    let mut created = Vec::new();
    for page in 1..=3 {
        let answer = peki(at, &format!("/users?page={page}&pageSize=20")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let body = answer.json();
        assert_eq!(body["error"], Value::Null);
        assert_eq!(
            (&body["totalItems"], &body["totalPages"]),
            (&45.into(), &3.into())
        );
        assert_eq!(
            (&body["pageSize"], &body["currentPage"]),
            (&20.into(), &page.into())
        );
        for user in body["data"].as_array().unwrap() {
            assert!(ids.insert(user["id"].as_str().unwrap().to_owned()));
            created.extend(user["createdAt"].as_str().map(str::to_owned));
        }
    }
    assert_eq!(ids.len(), 45);
    let times: Vec<i64> = created
        .iter()
        .map(|text| text.parse::<jiff::Timestamp>().unwrap().as_second())
        .collect();
    assert!(
        times.windows(2).all(|pair| pair[0] >= pair[1]),
        "newest first"
    );
    let past = peki(at, "/users?page=4").await;
    assert_eq!(
        (past.status, past.json()["data"].as_array().unwrap().len()),
        (200, 0)
    );
    assert_eq!(at.request_count(), 4);
    assert_eq!(at.requests()[3].status, 200);
}

#[tokio::test]
async fn one_user_is_the_one_in_the_list() {
    let sandbox = start(options(10)).await;
    let at = platform(&sandbox, "peki");
    let list = peki(at, "/users").await.json();
    let user = &list["data"][7];
    let id = user["id"].as_str().unwrap();
    let answer = peki(at, &format!("/users/{id}")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(&answer.json()["data"], user);
    let missing = peki(at, "/users/nobody").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.json()["data"], Value::Null);
    assert!(missing.json()["error"].is_string());
}

#[tokio::test]
async fn what_belongs_to_a_user_is_found_by_the_user() {
    let sandbox = start(options(10)).await;
    let at = platform(&sandbox, "peki");
    let users = peki(at, "/users").await.json();
    let id = users["data"][4]["id"].as_str().unwrap();
    let sessions = peki(at, &format!("/sessions?userId={id}")).await.json();
    let sessions = sessions["data"].as_array().unwrap();
    assert!(!sessions.is_empty());
    assert!(
        sessions
            .iter()
            .all(|session| session["chatUserId"].is_null() || session["chatUserId"] == id)
    );
    let all = peki(at, "/sessions").await.json();
    assert!(all["data"].as_array().unwrap().len() > sessions.len());
}

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    let sandbox = start(options(3)).await;
    let at = platform(&sandbox, "peki");
    let scope = &at.scope["chatbotId"];
    let target = format!("/Dev/{scope}/users?page=1");
    let mut headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, ""));
    headers.push(("content-type".into(), "application/json".into()));
    assert_eq!(
        send(at, "GET", &target, &borrowed(&headers), "")
            .await
            .status,
        200
    );
    // The same values in another order are other bytes.
    let other = format!("/Dev/{scope}/users?page=01");
    let answer = send(at, "GET", &other, &borrowed(&headers), "").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["data"], Value::Null);
    assert!(answer.json()["error"].is_string());
    assert_eq!(send(at, "GET", &target, &[], "").await.status, 401);
}

#[tokio::test]
async fn requests_are_checked_strictly() {
    let sandbox = start(options(3)).await;
    let at = platform(&sandbox, "peki");
    for (target, about) in [
        ("/users?pagesize=2", "pagesize"),
        ("/users?page=0", "page"),
        ("/users?page=one", "page"),
        ("/users?page=1&page=1", "page"),
        ("/users?page=%E9", "query"),
    ] {
        let answer = peki(at, target).await;
        assert_eq!(answer.status, 400, "{target}");
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(about), "{error}");
    }
    let target = format!("/Dev/{}/users", at.scope["chatbotId"]);
    let headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, ""));
    assert_eq!(
        send(at, "GET", &target, &borrowed(&headers), "")
            .await
            .status,
        400,
        "no content type"
    );
    let foreign = "/Dev/another-bot/users";
    let mut headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", foreign, ""));
    headers.push((
        "content-type".into(),
        "application/json; charset=utf-8".into(),
    ));
    assert_eq!(
        send(at, "GET", foreign, &borrowed(&headers), "")
            .await
            .status,
        403
    );
    assert_eq!(send(at, "POST", &target, &[], "").await.status, 405);
    assert_eq!(send(at, "GET", "/nowhere", &[], "").await.status, 404);
}
