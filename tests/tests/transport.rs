//! Retries, each signed anew, in virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{sync::Arc, time::Duration};

use botroster_chatbot::types::UpdateUser;
use botroster_client::{ErrorKind, Options, OutgoingRequest, SendError};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    network::{Answer, Network, Reply},
    runtime::{Runtime, START},
    server::{Act, Server, with_length},
};
use serde_json::json;

fn empty_page() -> Reply {
    Answer::json(200, &json!({ "data": [], "error": null })).into()
}

fn status(status: u16) -> Reply {
    Answer::new(status, "", "").into()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn users(network: &Arc<Network>, runtime: &Runtime) -> botroster_peki::Users {
    let client = clients::peki().on(network, runtime).build().unwrap();
    client.chatbot("bot-1").users()
}

fn chatbot(network: &Arc<Network>, runtime: &Runtime) -> botroster_chatbot::Users {
    clients::chatbot()
        .on(network, runtime)
        .build()
        .unwrap()
        .users()
}

fn header<'a>(request: &'a OutgoingRequest, name: &str) -> &'a str {
    request.headers[name].to_str().unwrap()
}

#[tokio::test]
async fn a_429_is_waited_for_as_long_as_it_says() {
    let (runtime, limited) = (
        Runtime::new(),
        Answer::new(429, "", "").with_header("retry-after", "7"),
    );
    let network = Network::script([limited.into(), empty_page()]);
    let page = users(&network, &runtime).list().await.unwrap();
    assert_eq!(page.metadata().attempts(), 2);
    assert_eq!(runtime.waits(), [seconds(7)]);
    assert_eq!(page.metadata().elapsed(), seconds(7));
}

#[tokio::test]
async fn every_attempt_is_signed_anew_with_its_own_time() {
    let (runtime, limited) = (
        Runtime::new(),
        Answer::new(429, "", "").with_header("retry-after", "7"),
    );
    let network = Network::script([limited.into(), empty_page()]);
    users(&network, &runtime).list().await.unwrap();
    let sent = network.sent();
    let [first, second] = &sent[..] else {
        panic!("{} requests", sent.len())
    };
    assert_eq!(header(first, "x-timestamp"), START.to_string());
    assert_eq!(header(second, "x-timestamp"), (START + 7).to_string());
    assert_ne!(header(first, "x-signature"), header(second, "x-signature"));
    assert_eq!(header(first, "x-api-key"), header(second, "x-api-key"));
    for request in &sent {
        for name in [
            "x-timestamp",
            "x-signature",
            "x-api-key",
            "accept",
            "user-agent",
        ] {
            assert_eq!(request.headers.get_all(name).iter().count(), 1, "{name}");
        }
    }
}

#[tokio::test]
async fn reads_are_tried_again_with_growing_waits() {
    for code in [408, 500, 502, 503, 504] {
        let runtime = Runtime::new();
        let network = Network::script([status(code), status(code), empty_page()]);
        let page = users(&network, &runtime).list().await.unwrap();
        assert_eq!(page.metadata().attempts(), 3, "{code}");
        let (first, second) = (Duration::from_millis(100), Duration::from_millis(200));
        assert_eq!(runtime.waits(), [first, second], "{code}");
    }
}

#[tokio::test]
async fn reads_end_after_three_attempts() {
    let network = Network::always(status(503));
    let error = users(&network, &Runtime::new()).list().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    assert!(error.to_string().ends_with("(after 3 attempts)"), "{error}");
    assert_eq!(network.count(), 3);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn what_will_not_get_better_is_not_tried_again() {
    for code in [301, 400, 401, 403, 404, 409, 418, 422, 501, 505] {
        let network = Network::always(status(code));
        let error = users(&network, &Runtime::new()).list().await.unwrap_err();
        assert_eq!((network.count(), error.attempts()), (1, 1), "{code}");
    }
}

#[tokio::test]
async fn writes_that_must_not_be_repeated_are_not() {
    let network = Network::always(status(503));
    let error = chatbot(&network, &Runtime::new())
        .create(clients::new_user())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), network.count()), (ErrorKind::Server, 1));
    for failure in [SendError::Broken, SendError::Timeout] {
        let network = Network::always(Reply::Fail(failure));
        let error = chatbot(&network, &Runtime::new())
            .create(clients::new_user())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), network.count()),
            (ErrorKind::OutcomeUnknown, 1),
            "{failure:?}"
        );
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn writes_that_never_left_or_were_refused_by_429_are_repeated() {
    let created = json!([{ "id": "u1", "status": { "code": 200, "type": "success" } }]);
    for first in [Reply::Fail(SendError::NotSent), status(429)] {
        let network = Network::script([first, Answer::json(200, &created).into()]);
        let result = chatbot(&network, &Runtime::new())
            .create(clients::new_user())
            .await
            .unwrap();
        assert_eq!((result.id.as_deref(), network.count()), (Some("u1"), 2));
    }
}

#[tokio::test]
async fn writes_that_may_be_repeated_are() {
    let changed = json!({ "status": { "code": 200, "type": "success" } });
    for first in [
        status(503),
        Reply::Fail(SendError::Broken),
        Reply::Fail(SendError::Timeout),
    ] {
        let network = Network::script([first, Answer::json(200, &changed).into()]);
        let users = chatbot(&network, &Runtime::new());
        users
            .update("u1", UpdateUser::new(clients::attributes()))
            .await
            .unwrap();
        let sent = network.sent();
        assert_eq!(sent[0].body, sent[1].body);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_leaves_the_outcome_open() {
    let cut = with_length(
        "200 OK",
        &["content-type: application/json"],
        "[{\"id\":",
        500,
    );
    for act in [Act::hang_up(), Act::AnswerAndClose(cut)] {
        let server = Server::start([act]).await;
        let builder = clients::chatbot().at(&server, "", &Runtime::on_sockets());
        let error = builder
            .build()
            .unwrap()
            .users()
            .create(clients::new_user())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        assert_eq!((server.requests().len(), server.connections()), (1, 1));
    }
}

#[tokio::test]
async fn a_used_connection_that_breaks_is_no_reason_to_send_twice() {
    let server = Server::start([Act::json(r#"{"data":[]}"#), Act::hang_up()]).await;
    let builder = clients::chatbot().at(&server, "", &Runtime::on_sockets());
    let users = builder.build().unwrap().users();
    users.list().await.unwrap();
    let error = users.create(clients::new_user()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!((server.requests().len(), server.connections()), (2, 1));
}

#[tokio::test]
async fn nobody_listening_is_tried_again_for_every_class() {
    let address = {
        let gone = Server::start([]).await;
        gone.base_url("")
    };
    tokio::task::yield_now().await;
    let runtime = Runtime::on_sockets();
    let builder = clients::chatbot()
        .with_base_url(address)
        .with_loopback_http();
    let options = Options::new().with_attempt_timeout(botroster_contract_tests::runtime::PATIENCE);
    let builder = builder
        .with_options(options)
        .with_runtime(Arc::new(runtime.clone()));
    let error = builder
        .build()
        .unwrap()
        .users()
        .create(clients::new_user())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connection, 3),
        "{error}"
    );
    assert_eq!(runtime.waits().len(), 2);
}

#[tokio::test]
async fn the_deadline_ends_the_waiting() {
    let runtime = Runtime::new();
    let network = Network::always(Answer::new(429, "", "").with_header("retry-after", "3600"));
    let error = users(&network, &runtime).list().await.unwrap_err();
    assert_eq!((error.kind(), network.count()), (ErrorKind::RateLimited, 1));
    assert_eq!(runtime.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn an_unreadable_retry_after_counts_as_none() {
    for text in ["soon", "-1", "1.5", ""] {
        let runtime = Runtime::new();
        let limited = Answer::new(429, "", "").with_header("retry-after", text);
        let network = Network::script([limited.into(), empty_page()]);
        users(&network, &runtime).list().await.unwrap();
        assert_eq!(runtime.waits(), [Duration::from_millis(100)], "{text:?}");
    }
}

#[tokio::test]
async fn a_retry_after_can_be_a_date() {
    let runtime = Runtime::new();
    let limited =
        Answer::new(429, "", "").with_header("retry-after", "Thu, 01 Jan 2026 00:00:11 GMT");
    let past = Answer::new(503, "", "").with_header("retry-after", "Wed, 31 Dec 2025 23:59:59 GMT");
    let network = Network::script([limited.into(), past.into(), empty_page()]);
    users(&network, &runtime).list().await.unwrap();
    assert_eq!(runtime.elapsed(), seconds(11));
}

#[tokio::test]
async fn a_platform_in_trouble_is_not_asked_for_ever() {
    let network = Network::always(status(503));
    let users = users(&network, &Runtime::new());
    for _ in 0..200 {
        users.list().await.unwrap_err();
    }
    let retries = network.count() - 200;
    assert!(retries < 150, "{retries} retries of 200 calls");
    let before = network.count();
    let error = users.list().await.unwrap_err();
    assert_eq!((network.count() - before, error.attempts()), (1, 1));
}

#[tokio::test]
async fn raw_answers_are_not_judged() {
    let network =
        Network::always(Answer::new(404, "text/plain", "nobody").with_header("x-request-id", "r1"));
    let raw = users(&network, &Runtime::new())
        .get("u1")
        .send_raw()
        .await
        .unwrap();
    assert_eq!(
        (raw.status().as_u16(), &raw.body()[..]),
        (404, &b"nobody"[..])
    );
    assert_eq!(raw.metadata().request_id(), Some("r1"));
}
