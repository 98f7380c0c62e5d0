//! A platform that no Rust file knows: other names, other paging, other authentication, all as data.

use crate::client::{Answer, borrowed, model, send, signed, start};
use botroster_auth::{Authenticator, Secret, SigningInput};
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use http::HeaderMap;
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::SystemTime};

const SPEC: &str = include_str!("foreign.json");

async fn foreign(users: u64) -> Sandbox {
    let options = SandboxOptions {
        users,
        ..SandboxOptions::default()
    };
    Sandbox::start_models(options, &[("quill", &model(SPEC))])
        .await
        .unwrap()
}

/// With user name and password.
async fn basic(at: &Running, method: &str, target: &str, body: &str) -> Answer {
    let credential = |slot: &str| Secret::new(at.credentials[slot].clone());
    let mut headers = HeaderMap::new();
    let login = Authenticator::basic(credential("username"), credential("password")).unwrap();
    login
        .authenticate(&SigningInput::default(), SystemTime::now(), &mut headers)
        .unwrap();
    let value = headers["authorization"].to_str().unwrap().to_owned();
    send(
        at,
        method,
        target,
        &[
            ("authorization", &value),
            ("content-type", "application/json"),
        ],
        body,
    )
    .await
}

/// With a hexadecimal signature over the hash of the body.
async fn hashed(at: &Running, method: &str, target: &str, body: &str, sent: &str) -> Answer {
    let recipe = ("hex", "{timestamp}.{method}.{path}.{body_sha256}");
    let names = [
        ("authorization", "Quill key={key}, sig={signature}"),
        ("x-quill-time", "{timestamp}"),
    ];
    let mut headers = signed(at, recipe, &names, (method, target, body));
    headers.push(("content-type".into(), "application/json".into()));
    send(at, method, target, &borrowed(&headers), sent).await
}

fn workspace(at: &Running) -> String {
    format!("workspace_id={}", at.scope["workspace_id"])
}

#[tokio::test]
async fn offsets_and_nested_envelopes() {
    let sandbox = foreign(25).await;
    let at = &sandbox.platforms()[0];
    assert!(at.base_url.ends_with("/v2/api"));
    let mut ids = BTreeSet::new();
    for (skip, expected) in [(0, 10), (10, 10), (20, 5), (30, 0)] {
        let answer = basic(
            at,
            "GET",
            &format!("/people?{}&skip={skip}&take=10", workspace(at)),
            "",
        )
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!(
            (&body["result"]["ok"], &body["result"]["page"]["total"]),
            (&true.into(), &25.into())
        );
        let people = body["result"]["page"]["people"].as_array().unwrap();
        assert_eq!(people.len(), expected);
        ids.extend(
            people
                .iter()
                .map(|person| person["person_id"].as_i64().unwrap()),
        );
        assert!(
            people
                .iter()
                .all(|person| person["workspace_id"] == at.scope["workspace_id"].as_str())
        );
    }
    assert_eq!(ids.len(), 25);
    let refused = basic(at, "GET", &format!("/people?{}&take=51", workspace(at)), "").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["result"]["ok"], false);
    assert!(
        refused.json()["result"]["problem"]["text"]
            .as_str()
            .unwrap()
            .contains("take")
    );
    assert_eq!(refused.json()["result"]["problem"]["code"], "E_PAGING");
}

#[tokio::test]
async fn one_person_in_a_list_of_one() {
    let sandbox = foreign(9).await;
    let at = &sandbox.platforms()[0];
    let list = basic(at, "GET", &format!("/people?{}&take=9", workspace(at)), "")
        .await
        .json();
    let person = &list["result"]["page"]["people"][6];
    let target = format!("/people/{}?{}", person["person_id"], workspace(at));
    let answer = basic(at, "GET", &target, "").await.json();
    assert_eq!(answer["result"]["people"], json!([person]));
    let missing = basic(at, "GET", &format!("/people/12?{}", workspace(at)), "").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_body_is_hashed_and_signed() {
    let sandbox = foreign(3).await;
    let at = &sandbox.platforms()[0];
    let target = format!("/people?{}", workspace(at));
    let body = r#"{"name":{"given":"Ada","family":"Ö"},"labels":["vip"]}"#;
    let answer = hashed(at, "POST", &target, body, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let person = answer.json()["result"]["person"].clone();
    assert_eq!(
        (&person["name"]["family"], &person["labels"]),
        (&"Ö".into(), &json!(["vip"]))
    );
    let list = basic(at, "GET", &target, "").await.json();
    assert_eq!(list["result"]["page"]["people"][0], person);
    assert_eq!(list["result"]["page"]["total"], 4);
    let other = hashed(
        at,
        "POST",
        &target,
        body,
        r#"{"name":{"given":"Bob","family":"Ö"},"labels":["vip"]}"#,
    )
    .await;
    assert_eq!(other.status, 401);
    assert_eq!(other.json()["result"]["ok"], false);
    let either = hashed(at, "GET", &target, "", "").await;
    assert_eq!(either.status, 200, "one of two requirements is enough");
}

#[tokio::test]
async fn tokens_lead_from_page_to_page() {
    let sandbox = foreign(23).await;
    let at = &sandbox.platforms()[0];
    let people = basic(at, "GET", &format!("/people?{}&take=50", workspace(at)), "")
        .await
        .json();
    let known: BTreeSet<i64> = people["result"]["page"]["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["person_id"].as_i64().unwrap())
        .collect();
    let (mut cursor, mut ids, mut pages) = (Value::Null, BTreeSet::new(), 0);
    loop {
        let body = match &cursor {
            Value::String(cursor) => json!({"paging": 1, "cursor": cursor}),
            _ => json!({"paging": 1}),
        };
        let target = format!("/threads/search?{}", workspace(at));
        let answer = basic(at, "POST", &target, &body.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        for thread in page["threads"].as_array().unwrap() {
            assert!(known.contains(&thread["with"].as_i64().unwrap()));
            assert!(ids.insert(thread["threadId"].as_str().unwrap().to_owned()));
        }
        pages += 1;
        cursor = page["meta"]["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((ids.len(), pages), (23, 5));
    let target = format!("/threads/search?{}", workspace(at));
    let unknown = basic(at, "POST", &target, r#"{"paging":1,"cursor":"abc"}"#).await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn children_of_threads_and_foreign_workspaces() {
    let sandbox = foreign(12).await;
    let at = &sandbox.platforms()[0];
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).unwrap();
    let lines: Vec<Value> = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let note = lines.iter().find(|line| line["stream"] == "notes").unwrap();
    let thread = note["arguments"]["thread_id"].as_str().unwrap();
    let notes = basic(
        at,
        "GET",
        &format!("/threads/{thread}/notes?{}", workspace(at)),
        "",
    )
    .await
    .json();
    let notes = notes.as_array().unwrap();
    assert_eq!(notes[0], note["record"]);
    assert!(notes.iter().all(|note| note["thread"] == thread));
    let missing = basic(
        at,
        "GET",
        &format!("/threads/none/notes?{}", workspace(at)),
        "",
    )
    .await;
    assert_eq!(missing.status, 404);
    let foreign = basic(at, "GET", "/people?workspace_id=other", "").await;
    assert_eq!(
        foreign.status, 404,
        "neither 403 nor 400 is documented for it"
    );
}

#[tokio::test]
async fn arguments_name_what_is_there() {
    let sandbox = foreign(12).await;
    let at = &sandbox.platforms()[0];
    for (operation, path) in [
        ("list_people", "/people"),
        ("get_person", "/people/{person_id}"),
        ("list_notes", "/threads/{thread_id}/notes"),
    ] {
        let arguments = at.arguments(operation).unwrap();
        assert_eq!(arguments["workspace_id"], at.scope["workspace_id"]);
        let path = arguments
            .iter()
            .fold(path.to_owned(), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), value)
            });
        let answer = basic(at, "GET", &format!("{path}?{}", workspace(at)), "").await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
        let is_empty = answer.json().as_array().is_some_and(Vec::is_empty);
        assert!(!is_empty, "{operation}");
    }
    assert_eq!(at.arguments("no_such_operation"), None);
}

#[tokio::test]
async fn the_start_of_all_platforms_is_the_default() {
    let sandbox = start(SandboxOptions {
        users: 1,
        ..SandboxOptions::default()
    })
    .await;
    assert!(sandbox.platforms().len() >= 4);
}
