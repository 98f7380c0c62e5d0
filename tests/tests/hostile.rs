//! Ids, search texts and keys made to break out of their place in a request.
//!
//! `BOTROSTER_CASES` and `BOTROSTER_SEED` make a campaign of it; `cargo xtask campaign ids` sets them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    sync::{Arc, Mutex},
    time::SystemTime,
};

use botroster_auth::{Authenticator, Secret, SigningInput};
use botroster_client::{Error, ErrorKind, OutgoingRequest};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    runtime::Runtime,
    server::{self, Server},
    sim::{
        self,
        network::{Answer, Network},
    },
};
use http::HeaderMap;
use serde_json::json;

/// What hostile texts are made of.
const PIECES: [&str; 50] = [
    "..",
    ".",
    "/",
    "\\",
    "%2e",
    "%2E%2E",
    "%2f",
    "%5C",
    "%",
    "%%",
    "%zz",
    "%00",
    "%0d%0a",
    "\0",
    "\r",
    "\n",
    "\r\nx-bot-token: other",
    " HTTP/1.1\r\n",
    "?",
    "#",
    "&",
    "=",
    "+",
    ";",
    ":",
    "@",
    ",",
    "'",
    "\"",
    "<",
    "|",
    " ",
    "\t",
    "\u{7f}",
    "\u{80}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "ü",
    "e\u{301}",
    "😀",
    "．．",
    "／",
    "//",
    "http://other.example/",
    "{userId}",
    "{chatbotId}",
    "a",
    "7",
    "&page=9",
];

fn hostile(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(0..7) {
        match random.u8(0..8) {
            0 => text.push(random.char(..)),
            1 => text.push(random.char(' '..='~')),
            _ => text.push_str(PIECES[random.usize(..PIECES.len())]),
        }
    }
    text
}

/// Percent-decodes, without the code under test and what it uses.
fn decoded(text: &str, plus_is_space: bool) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            b'+' if plus_is_space => b' ',
            byte => byte,
        });
    }
    out
}

type Segments = Vec<Vec<u8>>;
type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// The path and query of a request, as a server reads them.
fn route(target: &str) -> (Segments, Pairs) {
    assert!(
        target
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\'),
        "{target:?}"
    );
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let segments = path.strip_prefix('/').unwrap().split('/');
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (decoded(name, true), decoded(value, true))
    });
    (
        segments.map(|segment| decoded(segment, false)).collect(),
        pairs.collect(),
    )
}

/// Clients on a network that keeps the last request and says that there is nothing.
struct Bench {
    last: Arc<Mutex<Option<OutgoingRequest>>>,
    peki: botroster_peki::Client,
    chatbot: botroster_chatbot::Client,
    botpenguin: botroster_botpenguin::Client,
    mybot: botroster_mybot::Client,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn new() -> Self {
        let last = Arc::new(Mutex::new(None));
        let kept = last.clone();
        let network = Arc::new(Network(move |request: &OutgoingRequest| {
            *kept.lock().unwrap() = Some(request.clone());
            Answer::json(404, &json!({})).into()
        }));
        let base = "https://api.example.com/api";
        // Far more calls than BotPenguin allows in a minute: waits cost nothing here.
        let clock = || Arc::new(Runtime::new());
        Self {
            peki: clients::peki()
                .with_base_url(base)
                .with_http(network.clone())
                .with_runtime(clock())
                .build()
                .unwrap(),
            chatbot: clients::chatbot()
                .with_base_url(base)
                .with_http(network.clone())
                .with_runtime(clock())
                .build()
                .unwrap(),
            botpenguin: clients::botpenguin()
                .with_base_url(base)
                .with_http(network.clone())
                .with_runtime(clock())
                .build()
                .unwrap(),
            mybot: clients::mybot()
                .with_base_url(base)
                .with_http(network)
                .with_runtime(clock())
                .build()
                .unwrap(),
            last,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap(),
        }
    }

    /// What was sent by a call that ends in "not found", or `None` where it was refused.
    fn sent(&self, call: impl Future<Output = Option<Error>>) -> Option<OutgoingRequest> {
        *self.last.lock().unwrap() = None;
        let error = self.runtime.block_on(call).expect("a call that must fail");
        let request = self.last.lock().unwrap().take();
        match &request {
            Some(_) => assert_eq!(error.kind(), ErrorKind::NotFound, "{error}"),
            None => assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}"),
        }
        request
    }
}

fn target(request: &OutgoingRequest) -> String {
    let query = request
        .url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    assert_eq!(request.url.host_str(), Some("api.example.com"));
    assert_eq!(
        (
            request.url.port(),
            request.url.fragment(),
            request.url.username()
        ),
        (None, None, "")
    );
    format!("{}{query}", request.url.path())
}

/// What must be refused in a path: no encoding keeps it in its place.
fn leaves_its_place(text: &str) -> bool {
    matches!(text, "" | "." | "..")
}

fn bytes(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn paths(bench: &Bench, bot: &str, user: &str) {
    let users = bench.peki.chatbot(bot).users();
    let request = bench.sent(async { users.get(user).await.err() });
    check_path(request, &["api", "Dev", bot, "users", user], &[bot, user]);
    let request = bench.sent(async { bench.chatbot.users().get(user).await.err() });
    check_path(request, &["api", "users", user], &[user]);
    let segments = bench
        .chatbot
        .users()
        .add_segments(user, vec!["vip".to_owned()]);
    let request = bench.sent(async { segments.await.err() });
    check_path(request, &["api", "users", user, "segments"], &[user]);
}

fn check_path(request: Option<OutgoingRequest>, wanted: &[&str], arguments: &[&str]) {
    let Some(request) = request else {
        assert!(
            arguments.iter().any(|text| leaves_its_place(text)),
            "refused: {arguments:?}"
        );
        return;
    };
    let (segments, pairs) = route(&target(&request));
    assert_eq!(
        (segments, pairs),
        (bytes(wanted), Vec::new()),
        "{arguments:?}"
    );
}

fn queries(bench: &Bench, one: &str, other: &str) {
    let find = bench.mybot.bot("bot-1", "cus-1").users().find(one, other);
    let request = bench.sent(async { find.await.err() });
    check_query(request, &[one, other]);
    let after = bench.chatbot.users().list().after(one);
    let request = bench.sent(async { after.await.err() });
    check_query(request, &[one]);
    let messages = bench
        .peki
        .chatbot("bot-1")
        .messages()
        .list()
        .user_id(one)
        .session_id(other);
    let request = bench.sent(async { messages.await.err() });
    check_query(request, &[one, other]);
    let chats = bench.botpenguin.bot(one, other).inbox();
    let chats = chats.list_chats(botroster_botpenguin::types::ChatType::Lead);
    let request = bench.sent(async { chats.await.err() });
    check_query(request, &[one, other]);
}

/// Each value stands in one pair of its own, and the names are those of a request without harm.
fn check_query(request: Option<OutgoingRequest>, values: &[&str]) {
    let Some(request) = request else {
        panic!("refused: {values:?}")
    };
    let target = target(&request);
    let (segments, pairs) = route(&target);
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    assert!(segments.iter().flatten().all(is_plain), "{target}");
    let names: std::collections::BTreeSet<_> = pairs.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names.len(), pairs.len(), "a name twice: {target}");
    for value in values {
        let found = pairs.iter().filter(|(_, found)| found == value.as_bytes());
        assert!(found.count() >= 1, "{value:?} in {target}");
    }
    assert!(names.iter().flatten().all(is_plain), "{target}");
}

/// A key becomes one header with its own value, or is refused.
fn headers(key: &str) {
    let is_plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    let Ok(token) = Authenticator::header("x-bot-token", "{key}", Secret::new(key)) else {
        assert!(!is_plain, "refused: {key:?}");
        return;
    };
    let mut headers = HeaderMap::new();
    let input = SigningInput {
        method: "GET",
        host: "api.example.com",
        path: "/",
        query: None,
        body: b"",
        nonce: None,
    };
    token
        .authenticate(&input, SystemTime::UNIX_EPOCH, &mut headers)
        .unwrap();
    assert_eq!(headers.len(), 1, "{key:?}");
    assert_eq!(headers["x-bot-token"].as_bytes(), key.as_bytes());
    assert!(
        !key.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)),
        "{key:?}"
    );
}

/// The same with a whole client.
fn headers_of_a_client(bench: &Bench, key: &str) {
    let credentials = botroster_botpenguin::Credentials::new()
        .with_api_token(clients::API_TOKEN)
        .with_bot_token(key);
    let last = bench.last.clone();
    let network = Network(move |request: &OutgoingRequest| {
        *last.lock().unwrap() = Some(request.clone());
        Answer::json(404, &json!({})).into()
    });
    let builder = botroster_botpenguin::Client::builder().with_credentials(credentials);
    let builder = builder
        .with_base_url("https://api.example.com/api")
        .with_http(Arc::new(network));
    let is_plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    match builder.with_runtime(Arc::new(Runtime::new())).build() {
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
            assert!(!is_plain, "refused: {key:?}");
        }
        Ok(client) => {
            let chats = client
                .bot("c", "b")
                .inbox()
                .list_chats(botroster_botpenguin::types::ChatType::Lead);
            let request = bench.sent(async { chats.await.err() }).expect("a request");
            let sent: Vec<_> = request.headers.get_all("x-bot-token").iter().collect();
            assert_eq!(sent.len(), 1, "{key:?}");
            assert_eq!(sent[0].as_bytes(), key.as_bytes());
            assert!(
                !key.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)),
                "{key:?}"
            );
        }
    }
}

#[test]
fn no_text_leaves_its_place() {
    let (cases, seed) = (sim::cases(20_000), sim::seed());
    let (bench, mut random) = (Bench::new(), fastrand::Rng::with_seed(seed));
    for number in 0..cases {
        let (one, other) = (hostile(&mut random), hostile(&mut random));
        match number % 4 {
            0 | 1 => paths(&bench, &one, &other),
            2 => queries(&bench, &one, &other),
            _ => headers(&one),
        }
        // Making a client takes much longer than all the rest.
        if number % 200 == 3 {
            headers_of_a_client(&bench, &one);
        }
    }
    println!("{cases} cases of seed {seed}");
}

#[test]
fn each_piece_alone_stays_in_its_place() {
    let bench = Bench::new();
    for piece in PIECES {
        paths(&bench, piece, "u");
        paths(&bench, "b", piece);
        queries(&bench, piece, "v");
        headers(piece);
        headers_of_a_client(&bench, piece);
    }
}

#[tokio::test]
async fn what_is_on_the_wire_is_what_was_checked() {
    let mut random = fastrand::Rng::with_seed(sim::seed());
    let not_found = server::Act::answer("404 Not Found", &[], "");
    let server = Server::start(vec![not_found; 400]).await;
    let builder = clients::peki().at(&server, "/api", &Runtime::on_sockets());
    let client = builder.build().unwrap();
    let mut sent = 0;
    for _ in 0..400 {
        let (bot, user) = (hostile(&mut random), hostile(&mut random));
        let error = client
            .chatbot(bot.as_str())
            .users()
            .get(user.as_str())
            .await
            .unwrap_err();
        if leaves_its_place(&bot) || leaves_its_place(&user) {
            assert_eq!(
                (error.kind(), server.requests().len()),
                (ErrorKind::InvalidInput, sent)
            );
            continue;
        }
        sent += 1;
        let requests = server.requests();
        assert_eq!((error.kind(), requests.len()), (ErrorKind::NotFound, sent));
        let (segments, pairs) = route(requests[sent - 1].target());
        assert_eq!(
            (segments, pairs),
            (bytes(&["api", "Dev", &bot, "users", &user]), Vec::new())
        );
    }
    assert!(sent > 200, "{sent}");
}
