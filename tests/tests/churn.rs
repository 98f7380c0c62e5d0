//! Lists that change while the clients read them: whoever was there all the while is read, and once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::collections::BTreeSet;

use botroster_peki::ErrorKind;
use botroster_sandbox::{Churn, Sandbox, SandboxOptions};
use futures_util::TryStreamExt as _;
use serde_json::Value;

async fn sandbox(platform: &str, seed: u64, inserts: f64, deletes: f64) -> Sandbox {
    let options = SandboxOptions {
        users: 300,
        seed,
        churn: Churn { inserts, deletes },
        ..SandboxOptions::only(platform)
    };
    Sandbox::start_with(options).await.unwrap()
}

/// The ids of those in a stream that were there before the first request, and still are.
fn stayed(sandbox: &Sandbox, stream: &str, key: &str) -> BTreeSet<String> {
    let mut dump = Vec::new();
    sandbox.dump(&mut dump).unwrap();
    let lines = dump
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let lines = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let own = lines.filter(|line| line["stream"] == stream && line.get("inserted").is_none());
    own.map(|line| line["record"][key].as_str().unwrap().to_owned())
        .collect()
}

fn check(what: &str, read: &[String], stayed: &BTreeSet<String>) {
    let distinct: BTreeSet<&String> = read.iter().collect();
    assert_eq!(distinct.len(), read.len(), "{what}: somebody came twice");
    let missing = stayed.iter().filter(|id| !distinct.contains(id)).count();
    assert_eq!(missing, 0, "{what}: of {}", stayed.len());
    assert!(stayed.len() > 100, "{what}: nearly everybody left");
}

/// Inserts and deletes a page.
type Rate = (f64, f64);

/// Who reads by page numbers steps back where rows vanished, and gives up, in as many words, where they do so after every page.
const PAGES: [Rate; 4] = [(2.0, 0.0), (0.0, 0.3), (1.0, 1.0), (0.2, 0.4)];
const CURSORS: [Rate; 4] = [(2.0, 0.0), (0.0, 2.0), (1.5, 1.5), (0.5, 3.0)];

#[tokio::test]
async fn pages_with_totals() {
    for (seed, (inserts, deletes)) in (1..).zip(PAGES) {
        let sandbox = sandbox("peki", seed, inserts, deletes).await;
        let running = &sandbox.platforms()[0];
        let credentials = botroster_peki::Credentials::new()
            .with_api_key(running.credentials["api_key"].as_str())
            .with_api_secret(running.credentials["api_secret"].as_str());
        let client = botroster_peki::Client::builder()
            .with_credentials(credentials)
            .with_base_url(&running.base_url)
            .with_loopback_http()
            .build()
            .unwrap();
        let bot = client.chatbot(running.scope["chatbotId"].as_str());
        let request = bot.users().list().page_size(10);
        let (mut users, mut read) = (request.stream(), Vec::new());
        loop {
            match users.try_next().await {
                Ok(Some(user)) => read.push(user.id),
                Ok(None) => break,
                // While new ones keep coming, the total is more than can be read; that is said at the end, and loses nobody.
                Err(error) => {
                    assert!(
                        matches!(error.kind(), ErrorKind::Incomplete { .. }),
                        "{error}"
                    );
                    assert!(inserts > 0.0, "{error}");
                    break;
                }
            }
        }
        check("peki", &read, &stayed(&sandbox, "users", "id"));
        let refused = running.requests().into_iter().find(|one| one.status != 200);
        assert!(refused.is_none(), "{refused:?}");
    }
}

#[tokio::test]
async fn cursors() {
    for (seed, (inserts, deletes)) in (1..).zip(CURSORS) {
        let sandbox = sandbox("chatbot", seed, inserts, deletes).await;
        let running = &sandbox.platforms()[0];
        let credentials = botroster_chatbot::Credentials::new()
            .with_access_token(running.credentials["access_token"].as_str());
        let client = botroster_chatbot::Client::builder()
            .with_credentials(credentials)
            .with_base_url(&running.base_url)
            .with_loopback_http()
            .build()
            .unwrap();
        let request = client.users().list().limit(10);
        let users: Vec<_> = request.stream().try_collect().await.unwrap();
        let read: Vec<String> = users.into_iter().map(|user| user.id).collect();
        check("chatbot", &read, &stayed(&sandbox, "users", "id"));
    }
}
