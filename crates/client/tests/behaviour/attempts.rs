//! What attempts cost and how long they may take, to the token and the millisecond.

use std::{sync::Arc, time::Duration};

use crate::{
    network::{Answer, Network, Reply},
    parley::{LIMITED, Parley, READ, WRITE},
    runtime::{Runtime, START},
};
use botroster_client::{
    Error, ErrorKind, Options, SendError, Settings,
    codegen::{Operation, send_raw},
};

fn status(status: u16) -> Reply {
    Answer::new(status, "", "{}").into()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn connect(network: &Arc<Network>, runtime: &Runtime, options: Options) -> Parley {
    let settings = Settings::new()
        .with_http(network.clone())
        .with_runtime(Arc::new(runtime.clone()))
        .with_options(options);
    Parley::connect(settings)
}

async fn ask(parley: &Parley, operation: &'static Operation) -> Result<u16, Error> {
    let answer = send_raw(parley.call(operation, "/things", "")).await?;
    Ok(answer.status().as_u16())
}

/// The waits of a call that meets these answers.
async fn waits(operation: &'static Operation, replies: Vec<Reply>) -> Vec<Duration> {
    let (network, runtime) = (Network::script(replies), Runtime::new());
    let _ = ask(&connect(&network, &runtime, Options::new()), operation).await;
    runtime.waits()
}

#[tokio::test]
async fn a_read_on_a_connection_that_was_closed_is_sent_again_at_once_and_only_once() {
    let (broken, wait) = (Reply::Fail(SendError::Broken), Duration::from_millis);
    assert_eq!(waits(&READ, vec![broken.clone(), status(200)]).await, []);
    assert_eq!(waits(&READ, vec![broken.clone(); 3]).await, [wait(200)]);
    assert_eq!(waits(&WRITE, vec![broken, status(200)]).await, [wait(100)]);
    let timeout = Reply::Fail(SendError::Timeout);
    assert_eq!(waits(&READ, vec![timeout, status(200)]).await, [wait(100)]);
}

#[tokio::test]
async fn a_success_gives_back_what_its_retry_took() {
    let replies = (0..150).flat_map(|_| [status(503), status(200)]);
    let (network, runtime) = (Network::script(replies), Runtime::new());
    let parley = connect(&network, &runtime, Options::new());
    for call in 0..150 {
        assert_eq!(ask(&parley, &READ).await.unwrap(), 200, "{call}");
    }
}

#[tokio::test]
async fn failures_and_refusals_by_429_give_nothing_back() {
    for failure in [status(429), status(500), status(503)] {
        let (network, runtime) = (Network::always(failure), Runtime::new());
        let parley = connect(&network, &runtime, Options::new());
        for _ in 0..120 {
            let _ = ask(&parley, &READ).await;
        }
        // 500 tokens are a hundred retries.
        assert_eq!(network.count(), 120 + 100);
    }
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_ends_before_the_deadline_or_does_not_begin() {
    for (deadline, waits) in [(9, false), (10, false), (11, true)] {
        let (network, runtime) = (Network::always(status(200)), Runtime::new());
        let options = Options::new().with_deadline(seconds(deadline));
        let parley = connect(&network, &runtime, options);
        for _ in 0..3 {
            ask(&parley, &LIMITED).await.unwrap();
        }
        runtime.advance(Duration::from_millis(1));
        let fourth = ask(&parley, &LIMITED).await;
        if waits {
            assert_eq!(fourth.unwrap(), 200);
            assert_eq!(runtime.waits(), [seconds(10)]);
            continue;
        }
        let error = fourth.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::RateLimited, 0)
        );
        let text = "GET /things: the rate limit allows the next request in 10 s, after the deadline of this call";
        assert_eq!(error.to_string(), text);
        assert_eq!((network.count(), runtime.waits()), (3, Vec::new()));
    }
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_between_attempts_counts_those_before() {
    let (network, runtime) = (Network::always(status(503)), Runtime::new());
    let options = Options::new().with_attempts(9).with_deadline(seconds(5));
    let error = ask(&connect(&network, &runtime, options), &LIMITED)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 3)
    );
    assert_eq!(network.count(), 3);
}

#[tokio::test]
async fn an_attempt_has_its_own_limit_and_never_more_than_is_left() {
    let stalls = || Network::always(Reply::Stall);
    let limits = Options::new()
        .with_attempt_timeout(seconds(3))
        .with_attempts(2);
    let (network, runtime) = (stalls(), Runtime::new());
    let error = ask(&connect(&network, &runtime, limits), &READ)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    let wait = Duration::from_millis(100);
    assert_eq!(runtime.waits(), [seconds(3), wait, seconds(3)]);

    let (network, runtime) = (stalls(), Runtime::new());
    let options = limits.with_deadline(seconds(5));
    let error = ask(&connect(&network, &runtime, options), &READ)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(runtime.waits(), [seconds(3), wait, seconds(2) - wait]);
}

#[tokio::test]
async fn a_clock_that_is_nearly_right_stays_as_it_is() {
    let date = |ahead: u64| {
        let time = std::time::UNIX_EPOCH + seconds(START + ahead);
        let answer = Answer::new(401, "", "{}");
        Reply::from(answer.with_header("date", &httpdate::fmt_http_date(time)))
    };
    for (ahead, corrected) in [(10, 0), (40, 40)] {
        let network = Network::script([date(ahead), status(200), status(200)]);
        let parley = connect(&network, &Runtime::new(), Options::new());
        let _ = ask(&parley, &READ).await;
        assert_eq!(ask(&parley, &READ).await.unwrap(), 200);
        let sent = network.sent();
        let last = sent.last().unwrap().headers["x-timestamp"]
            .to_str()
            .unwrap();
        assert_eq!(last, (START + corrected).to_string());
    }
}
