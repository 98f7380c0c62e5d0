//! What spans and events say of a call, by the names of OpenTelemetry's conventions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{sync::Arc, time::Duration};

use botroster_client::{SendError, Settings, codegen::send_raw};
use botroster_contract_tests::{
    network::{Answer, Network, Reply},
    parley::{Parley, READ},
    runtime::{Runtime, START},
    sim::trace,
};

/// What is said while a call meets these answers, each text that is looked for with how often it is there.
async fn said(replies: Vec<Reply>) -> String {
    trace::capture();
    let settings = Settings::new()
        .with_http(Network::script(replies))
        .with_runtime(Arc::new(Runtime::new()));
    let parley = Parley::connect(settings);
    trace::take();
    let _ = send_raw(parley.call(&READ, "/things?page=1", "")).await;
    trace::take()
}

fn assert_said(said: &str, texts: &[(&str, usize)]) {
    for (text, times) in texts {
        assert_eq!(said.matches(text).count(), *times, "{text}\n{said}");
    }
}

fn status(status: u16) -> Reply {
    Answer::new(status, "", "{}").into()
}

#[tokio::test]
async fn each_attempt_has_a_span_with_its_end_in_that_of_the_call() {
    let said = said(vec![
        Reply::Fail(SendError::NotSent),
        status(503),
        status(200),
    ])
    .await;
    let call = "call{otel.kind=\"internal\" otel.name=\"read\" http.request.method=\"POST\" url.template=\"/things\"}";
    let attempt = "attempt{otel.kind=\"client\" otel.name=\"POST\" http.request.method=\"POST\" url.template=\"/things\" \
                   server.address=\"api.parley.example\" server.port=443 http.request.resend_count=";
    assert_said(
        &said,
        &[
            (&format!("{call}:{attempt}0 error.type=NotSent}}"), 1),
            (
                &format!("{call}:{attempt}1 http.response.status_code=503}}"),
                1,
            ),
            (
                &format!("{call}:{attempt}2 http.response.status_code=200}}"),
                1,
            ),
            ("retrying operation=\"read\" attempt=1 wait_ms=100", 1),
            ("retrying operation=\"read\" attempt=2 wait_ms=200", 1),
        ],
    );
}

#[tokio::test]
async fn the_call_s_span_says_how_it_ended() {
    let said = said(vec![Reply::Fail(SendError::Broken); 3]).await;
    assert_said(
        &said,
        &[("url.template=\"/things\" error.type=Connection}", 1)],
    );
}

#[tokio::test]
async fn a_clock_that_is_off_is_spoken_of() {
    let theirs = Duration::from_secs(START + 600);
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + theirs);
    let refused = Answer::new(401, "", "{}").with_header("date", &date);
    let said = said(vec![refused.into(), status(200)]).await;
    let text = "WARN call{otel.kind=\"internal\" otel.name=\"read\" http.request.method=\"POST\" url.template=\"/things\"}: \
                botroster_client::transport::attempts: the local clock is wrong";
    assert_said(&said, &[(text, 1)]);
}
