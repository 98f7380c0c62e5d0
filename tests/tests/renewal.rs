//! A credential that the server refuses is read again, once, if it can have changed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the exception for tests in clippy.toml does not reach the helpers of an integration test"
)]

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use botroster_chatbot::{Credentials, Segments};
use botroster_client::SecretSource;
use botroster_client::{ErrorKind, Secret};
use botroster_contract_tests::{
    clients::Attach as _,
    network::{Answer, Network},
    runtime::Runtime,
};
use futures_util::future::join_all;
use http::StatusCode;
use serde_json::json;

/// Lets in whoever has this token.
fn door(token: &'static str) -> Arc<Network> {
    Network::new(move |request| {
        let given = request.headers["authorization"].to_str().unwrap();
        let status = match given == format!("Bearer {token}") {
            true => 200,
            false => 401,
        };
        Answer::json(status, &json!([])).into()
    })
}

fn segments(source: SecretSource, network: &Arc<Network>) -> Segments {
    botroster_chatbot::Client::builder()
        .with_credentials(Credentials::new().with_access_token(source))
        .on(network, &Runtime::new())
        .build()
        .unwrap()
        .segments()
}

/// `token-0`, `token-1`, and so on, up to this one.
fn counting(last: u32) -> (SecretSource, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let source = SecretSource::provider(move || {
        let number = count.fetch_add(1, Ordering::Relaxed).min(last);
        Ok(Secret::new(format!("token-{number}")))
    });
    (source, asked)
}

#[tokio::test]
async fn a_401_asks_the_provider_once_more_and_tries_once_more() {
    let (source, asked) = counting(9);
    let network = door("token-1");
    let segments = segments(source, &network);
    segments.list().await.unwrap();
    assert_eq!((network.count(), asked.load(Ordering::Relaxed)), (2, 2));
    // What was let in is kept.
    segments.list().await.unwrap();
    assert_eq!((network.count(), asked.load(Ordering::Relaxed)), (3, 2));
}

#[tokio::test]
async fn a_second_401_is_the_answer() {
    let (source, asked) = counting(9);
    let network = door("another");
    let error = segments(source, &network).list().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert!(error.is_auth());
    assert_eq!((network.count(), asked.load(Ordering::Relaxed)), (2, 2));
}

#[tokio::test]
async fn the_same_secret_is_not_tried_again() {
    let (source, asked) = counting(0);
    let network = door("another");
    segments(source, &network).list().await.unwrap_err();
    assert_eq!((network.count(), asked.load(Ordering::Relaxed)), (1, 2));
}

#[tokio::test]
async fn a_fixed_secret_is_not_tried_again() {
    let network = door("another");
    segments("token".into(), &network).list().await.unwrap_err();
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn another_status_asks_nobody() {
    let (source, asked) = counting(9);
    let network = Network::always(Answer::json(403, &json!({ "error": "no" })));
    segments(source, &network).list().await.unwrap_err();
    assert_eq!((network.count(), asked.load(Ordering::Relaxed)), (1, 1));
}

#[tokio::test]
async fn calls_that_fail_together_ask_once() {
    let (source, asked) = counting(9);
    let network = door("token-1");
    let segments = segments(source, &network);
    let lists = join_all((0..20).map(|_| async { segments.list().await })).await;
    assert!(lists.iter().all(Result::is_ok));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_file_that_was_replaced_is_read_again() {
    let folder = std::env::temp_dir().join(format!("botroster-renewal-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let path = folder.join("token");
    fs::write(&path, "old\n").unwrap();
    let network = door("new");
    let segments = segments(SecretSource::file(&path), &network);
    fs::write(&path, "new\n").unwrap();
    let outcome = segments.list().await;
    fs::remove_dir_all(&folder).unwrap();
    outcome.unwrap();
    assert_eq!(network.count(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_again_leaves_the_401() {
    let asked = AtomicU32::new(0);
    let source = SecretSource::provider(move || match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(Secret::new("old")),
        _ => Err("the vault is sealed".into()),
    });
    let network = door("new");
    let error = segments(source, &network).list().await.unwrap_err();
    assert_eq!(
        (network.count(), error.status()),
        (1, Some(StatusCode::UNAUTHORIZED))
    );
}

#[test]
fn a_source_that_cannot_be_read_makes_no_client() {
    let credentials = Credentials::new().with_access_token(SecretSource::file("/no/such/file"));
    let error = botroster_chatbot::Client::builder()
        .with_credentials(credentials)
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        error.to_string(),
        "chatbot: access_token: secret file \"/no/such/file\": it does not exist"
    );
}
