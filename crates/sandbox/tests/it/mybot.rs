//! A platform whose answers are not documented, that has no list of all users and codes for its errors.

use crate::client::{Answer, platform, send, start};
use botroster_sandbox::{Running, SandboxOptions};
use serde_json::Value;
use std::collections::BTreeSet;

async fn get(at: &Running, target: &str) -> Answer {
    let target = format!(
        "/bot-api/v1.0/customer/{}/bot/{}{target}",
        at.scope["customerId"], at.scope["botKey"]
    );
    let key = format!("Basic {}", at.credentials["api_key"]);
    send(at, "GET", &target, &[("authorization", &key)], "").await
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_seeds_list_every_user_once() {
    let sandbox = start(SandboxOptions {
        users: 33,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "mybot");
    let seeds = &at.seeds["users"];
    assert_eq!(seeds.len(), 5);
    let mut ids = BTreeSet::new();
    for seed in seeds {
        assert_eq!(seed["attribute_name"], "city");
        let value = &seed["attribute_value"];
        let answer = get(
            at,
            &format!(
                "/users?attribute_name=city&attribute_value={}",
                encoded(value)
            ),
        )
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        for user in answer.json()["users"].as_array().unwrap() {
            assert_eq!(user["attributes"]["city"], value.as_str());
            assert!(ids.insert(user["id"].as_str().unwrap().to_owned()));
        }
    }
    assert_eq!(ids.len(), 33);
    let nobody = get(at, "/users?attribute_name=city&attribute_value=Nowhere").await;
    assert_eq!(
        (
            nobody.status,
            nobody.json()["users"].as_array().unwrap().len()
        ),
        (200, 0)
    );
    assert_eq!(
        get(at, "/users?attribute_name=shoe&attribute_value=1")
            .await
            .status,
        404
    );
    assert_eq!(get(at, "/users?attribute_name=city").await.status, 400);
}

#[tokio::test]
async fn histories_page_and_refuse_with_codes() {
    let sandbox = start(SandboxOptions {
        users: 20,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "mybot");
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).unwrap();
    let lines: Vec<Value> = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let history: Vec<&Value> = lines
        .iter()
        .filter(|line| line["stream"] == "history")
        .collect();
    let user = history[0]["arguments"]["channelUserId"].as_str().unwrap();
    let own: Vec<&Value> = history
        .iter()
        .filter(|line| line["arguments"]["channelUserId"] == user)
        .map(|line| &line["record"])
        .collect();
    let path = format!("/channel-user/{user}/conversations");
    let all = get(at, &path).await.json();
    assert_eq!(
        all["conversations"]
            .as_array()
            .unwrap()
            .iter()
            .collect::<Vec<_>>(),
        own
    );
    let mut paged = Vec::new();
    for page in 1..=own.len() {
        let answer = get(at, &format!("{path}?page_number={page}&page_size=1"))
            .await
            .json();
        paged.extend(answer["conversations"].as_array().unwrap().clone());
    }
    assert_eq!(paged.iter().collect::<Vec<_>>(), own);
    let old = get(at, &format!("{path}?end_date=1000")).await.json();
    assert_eq!(old["conversations"], Value::Array(Vec::new()));
    for (target, code) in [
        ("/channel-user/nobody/conversations".to_owned(), 1002),
        (format!("{path}?start_date=2000&end_date=2000"), 1003),
        (format!("{path}?start_date=yesterday"), 1003),
        (format!("{path}?page_number=0"), 1004),
    ] {
        let answer = get(at, &target).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (400, &code.into()),
            "{target}"
        );
    }
}

#[tokio::test]
async fn the_key_is_verbatim() {
    let sandbox = start(SandboxOptions {
        users: 1,
        ..SandboxOptions::default()
    })
    .await;
    let at = platform(&sandbox, "mybot");
    let target = format!(
        "/bot-api/v1.0/customer/{}/bot/{}/users?attribute_name=city&attribute_value=x",
        at.scope["customerId"], at.scope["botKey"]
    );
    for value in ["", "Basic wrong", at.credentials["api_key"].as_str()] {
        assert_eq!(
            send(at, "GET", &target, &[("authorization", value)], "")
                .await
                .status,
            401
        );
    }
    assert_eq!(
        get(at, "/users?attribute_name=city&attribute_value=x")
            .await
            .status,
        200
    );
    let foreign = target.replace(&at.scope["botKey"], "other");
    let key = format!("Basic {}", at.credentials["api_key"]);
    assert_eq!(
        send(at, "GET", &foreign, &[("authorization", &key)], "")
            .await
            .status,
        403
    );
}
