//! A platform's request limit over an hour, and clocks that are off.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use botroster_auth::{SigningInput, Verifier};
use botroster_botpenguin::types::ChatType;
use botroster_client::{ErrorKind, Options, OutgoingRequest};
use botroster_contract_tests::{
    clients, signing,
    sim::{
        canaries::Canaries,
        clock::{VirtualTime, true_time},
        faults::{CLOCKS, Required},
        lists::List,
        network::{Answer, Network, Reply},
    },
};
use serde_json::json;

const HOUR: Duration = Duration::from_secs(3_600);
const WINDOW: Duration = Duration::from_secs(60);
const WORKERS: usize = 10;

/// What the server saw: when requests came, and when it asked for silence until when.
#[derive(Default)]
struct Log {
    requests: Vec<Duration>,
    pauses: Vec<(Duration, Duration)>,
}

/// Ten workers ask for chats for an hour. Every `limited`th request is refused for some seconds.
async fn work(limited: Option<usize>) -> Log {
    let clock = Arc::new(VirtualTime::new(11));
    let log = Arc::new(Mutex::new(Log::default()));
    let (seen, now) = (log.clone(), clock.clone());
    let random = Mutex::new(fastrand::Rng::with_seed(12));
    let network = Network(move |_: &OutgoingRequest| {
        let (mut log, mut random) = (seen.lock().unwrap(), random.lock().unwrap());
        let at = now.elapsed();
        log.requests.push(at);
        let late = Duration::from_millis(random.u64(5..500));
        let answer = if limited.is_some_and(|every| log.requests.len() % every == 0) {
            let seconds = random.u64(1..90);
            log.pauses
                .push((at + late, at + late + Duration::from_secs(seconds)));
            Answer::json(429, &json!({})).with("retry-after", seconds.to_string())
        } else {
            Answer::json(200, &json!({ "success": true, "code": 200, "data": [] }))
        };
        Reply::Answer(Answer { late, ..answer })
    });
    let builder = clients::botpenguin().with_base_url("https://api.example.com");
    let client = builder
        .with_http(Arc::new(network))
        .with_runtime(clock.clone())
        .build()
        .unwrap();
    let workers = (0..WORKERS).map(|_| {
        let (inbox, clock) = (client.bot("cus-1", "bot-1").inbox(), clock.clone());
        tokio::spawn(async move {
            while clock.elapsed() < HOUR {
                inbox.list_chats(ChatType::Lead).await.unwrap();
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    std::mem::take(&mut *log.lock().unwrap())
}

fn assert_never_more_than_a_hundred(requests: &[Duration]) {
    for (index, first) in requests.iter().enumerate() {
        let window = requests[index..]
            .iter()
            .take_while(|at| **at - *first <= WINDOW);
        assert!(window.count() <= 100, "in the minute from {first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_workers_use_the_limit_for_an_hour_and_never_pass_it() {
    let log = work(None).await;
    assert_never_more_than_a_hundred(&log.requests);
    let count = log.requests.iter().filter(|at| **at < HOUR).count();
    assert!(count >= 6_000 * 95 / 100, "only {count} requests");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_a_retry_after_ends() {
    let log = work(Some(97)).await;
    assert_never_more_than_a_hundred(&log.requests);
    assert!(log.pauses.len() >= 20, "{} pauses", log.pauses.len());
    for (from, until) in &log.pauses {
        let early = log.requests.iter().find(|at| *from < **at && **at < *until);
        assert_eq!(early, None, "in the silence from {from:?} to {until:?}");
    }
    let silent: Duration = log.pauses.iter().map(|(from, until)| *until - *from).sum();
    let count = log.requests.iter().filter(|at| **at < HOUR).count();
    let allowed = (HOUR - silent).as_secs_f64() / 0.6;
    assert!(
        count as f64 >= allowed * 0.95,
        "only {count} requests of {allowed}"
    );
}

fn verifier() -> Verifier {
    signing::verifier(clients::PEKI_KEY, clients::PEKI_SECRET)
}

/// A server that verifies, and tells the time with what it refuses. It counts refusals.
struct Server {
    clock: Arc<VirtualTime>,
    refusals: Arc<Mutex<u32>>,
    requests: Arc<Mutex<u32>>,
}

const RECORDS: usize = 40;

impl Server {
    fn start() -> Self {
        Self {
            clock: Arc::new(VirtualTime::new(13)),
            refusals: Arc::default(),
            requests: Arc::default(),
        }
    }

    /// A client of it; `during` happens before each request is judged.
    fn client(
        &self,
        options: Options,
        during: impl Fn(u32) + Send + Sync + 'static,
    ) -> botroster_peki::Client {
        let (clock, refusals, requests) = (
            self.clock.clone(),
            self.refusals.clone(),
            self.requests.clone(),
        );
        let (verifier, canaries) = (verifier(), Canaries::new(7));
        let records: Vec<_> = (0..RECORDS)
            .map(|number| List::PekiUsers.record(&canaries, number))
            .collect();
        let network = Network(move |request: &OutgoingRequest| {
            let mut requests = requests.lock().unwrap();
            *requests += 1;
            during(*requests);
            let late = Duration::from_millis(200);
            let now = true_time(clock.elapsed());
            let input = SigningInput {
                method: request.method.as_str(),
                host: "api.example.com",
                path: request.url.path(),
                query: request.url.query(),
                body: &request.body,
                nonce: None,
            };
            if verifier.verify(&input, &request.headers, now).is_ok() {
                let start = List::PekiUsers.start(request, &records, 10);
                return Answer {
                    late,
                    ..Answer::json(200, &List::PekiUsers.answer(&records, start, 10))
                }
                .into();
            }
            *refusals.lock().unwrap() += 1;
            let answer = Answer::json(401, &json!({ "error": "no" }));
            Answer {
                late,
                ..answer.with("date", httpdate::fmt_http_date(now))
            }
            .into()
        });
        let builder = clients::peki()
            .with_base_url("https://api.example.com/api")
            .with_options(options);
        builder
            .with_http(Arc::new(network))
            .with_runtime(self.clock.clone())
            .build()
            .unwrap()
    }

    fn refusals(&self) -> u32 {
        *self.refusals.lock().unwrap()
    }
}

async fn walk(client: &botroster_peki::Client) -> Result<usize, ErrorKind> {
    let mut pages = client.chatbot("bot-1").users().list().pages();
    let mut count = 0;
    while let Some(page) = pages.try_next().await.map_err(|error| error.kind())? {
        count += page.items.len();
    }
    Ok(count)
}

#[tokio::test(start_paused = true)]
async fn every_clock_ends_as_the_table_says() {
    for (name, seconds, required) in CLOCKS {
        let server = Server::start();
        server.clock.shift(seconds);
        let client = server.client(Options::new(), |_| ());
        match (required, walk(&client).await) {
            (Required::Exact, Ok(count)) => assert_eq!(count, RECORDS, "{name}"),
            (required, Err(kind)) if required.is(kind) => {}
            (required, ended) => panic!("{name}: must end in {required:?}, ended in {ended:?}"),
        }
        // At five minutes slow the way to the server makes the signature too old.
        let expected = u32::from(!(-299..=300).contains(&seconds));
        assert_eq!(server.refusals(), expected, "{name}: refusals");
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_corrected_once_a_client_and_not_where_that_is_switched_off() {
    for seconds in [-86_000, -600, 600, 86_000] {
        let server = Server::start();
        server.clock.shift(seconds);
        let client = server.client(Options::new(), |_| ());
        let list = client.chatbot("bot-1").users().list();
        assert_eq!(list.clone().await.unwrap().metadata().attempts(), 2);
        assert_eq!(list.clone().await.unwrap().metadata().attempts(), 1);
        // The clock changes once more: the next refusal is final.
        server.clock.shift(-seconds);
        let error = list.clone().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Authentication, 1)
        );

        let server = Server::start();
        server.clock.shift(seconds);
        let client = server.client(Options::new().with_clock_correction(false), |_| ());
        let error = client.chatbot("bot-1").users().list().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Authentication, 1)
        );
        assert_eq!(server.refusals(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_or_forth_in_a_walk_loses_nothing() {
    for seconds in [-80_000, -3_600, -301, 301, 3_600, 80_000] {
        let server = Server::start();
        let clock = server.clock.clone();
        let client = server.client(Options::new(), move |request| {
            if request == 2 {
                clock.shift(seconds);
            }
        });
        assert_eq!(walk(&client).await, Ok(RECORDS), "{seconds}");
        assert_eq!(server.refusals(), 1, "{seconds}");
        assert!(
            server.clock.elapsed() < Duration::from_secs(5),
            "waits follow the other clock"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_were_under_way_when_the_clock_was_corrected_are_signed_again_too() {
    let server = Server::start();
    server.clock.shift(-600);
    let client = server.client(Options::new(), |_| ());
    let calls = (0..5).map(|_| {
        let list = client.chatbot("bot-1").users().list();
        tokio::spawn(async move {
            list.await
                .map_err(|error| error.kind())
                .map(|page| page.items.len())
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok(10));
    }
    assert_eq!(server.refusals(), 5);
}
