//! Walks over lists on a network that fails on purpose.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::Arc,
    time::Duration,
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use botroster_client::{Error, ErrorKind, Options};
use botroster_contract_tests::{
    clients,
    runtime::{PATIENCE, Runtime},
    server::with_length,
    sim::{
        self,
        canaries::Canaries,
        faults::{self, FAULTS, Required, SOCKETS},
        lists::{self, List},
        play::{self, Case, Stage},
        sockets::{Act, Hole, Rough},
        trace,
    },
};
use bytes::Bytes;
use futures_util::FutureExt as _;
use serde_json::Value;

#[tokio::test(start_paused = true)]
async fn every_fault_ends_as_the_table_says() {
    trace::capture();
    let matrix = play::matrix();
    let cases = sim::cases(matrix.len() as u64).max(1_000);
    let mut stage = Stage::new(sim::seed());
    let mut failed = Vec::new();
    for (case, number) in matrix.iter().cycle().zip(0..cases) {
        let seed = sim::seed().wrapping_mul(1_000_003).wrapping_add(number);
        let played = AssertUnwindSafe(play::play(Case { seed, ..*case }, &mut stage));
        if let Err(panic) = played.catch_unwind().await {
            let text = panic.downcast_ref::<String>().cloned();
            failed.push(text.unwrap_or_else(|| format!("{}: a panic", case.fault.name)));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {cases} cases:\n{}",
        failed.len(),
        failed.join("\n")
    );
    println!("{cases} cases of {} faults", FAULTS.len());
}

#[test]
fn the_page_of_faults_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    if std::env::var_os("BOTROSTER_WRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, faults::page()).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == faults::page(),
        "docs/faults.md is not the table: BOTROSTER_WRITE=1 cargo test -p botroster-contract-tests --test simulation"
    );
}

/// A page of one person, and where its list ends.
fn good(canaries: &Canaries) -> Vec<u8> {
    let records = [List::PekiUsers.record(canaries, 1)];
    let body = List::PekiUsers.answer(&records, 0, 5).to_string();
    with_length(
        "200 OK",
        &["content-type: application/json", "connection: close"],
        &body,
        body.len(),
    )
}

/// The answer as it should be, in chunks.
fn chunked(canaries: &Canaries, end: &str) -> Bytes {
    let records = [List::PekiUsers.record(canaries, 1)];
    let body = List::PekiUsers.answer(&records, 0, 5).to_string();
    let size = body.len();
    format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n{end}")
        .into()
}

/// What a server on a socket does for a row of the table; `None` where there is none.
fn act(name: &str, canaries: &Canaries) -> Option<Act> {
    let good = Bytes::from(good(canaries));
    let (in_head, in_body) = (good.slice(..20), good.slice(..good.len() - 30));
    let flood: String = (0..200)
        .map(|number| format!("x-{number}: {}\r\n", canaries.text))
        .collect();
    Some(match name {
        "reset before the head" => Act::Reset(Bytes::new()),
        "reset in the head" => Act::Reset(in_head),
        "reset in the body" => Act::Reset(in_body),
        "end before the head" => Act::End(Bytes::new()),
        "end in a body with a length" => Act::End(in_body),
        "last chunk missing" => Act::End(chunked(canaries, "")),
        "response in pieces of one byte" => Act::Slices(good),
        "200 headers" => {
            Act::End(format!("HTTP/1.1 200 OK\r\n{flood}content-length: 0\r\n\r\n").into())
        }
        "body stalls" => Act::Stall(in_body),
        "head stalls" => Act::Stall(in_head),
        _ => return None,
    })
}

/// A client of Peki for a server at this place, which waits a moment for anything.
fn peki_at(base_url: &str) -> botroster_peki::Client {
    let moment = Duration::from_millis(200);
    let options = Options::new()
        .with_read_timeout(2 * moment)
        .with_connect_timeout(moment);
    let builder = clients::peki().with_base_url(base_url).with_loopback_http();
    let builder = builder.with_options(options.with_attempt_timeout(PATIENCE));
    builder
        .with_runtime(Arc::new(Runtime::on_sockets()))
        .build()
        .unwrap()
}

async fn read(base_url: &str, canaries: &Canaries) -> (Vec<Value>, Option<ErrorKind>, String) {
    let list = peki_at(base_url)
        .chatbot(canaries.id.as_str())
        .users()
        .list();
    match list.await {
        Ok(page) => {
            let shown = format!("{page:?} {:?}", page.metadata());
            (
                page.items
                    .iter()
                    .map(|item| serde_json::to_value(item).unwrap())
                    .collect(),
                None,
                shown,
            )
        }
        Err(error) => (Vec::new(), Some(error.kind()), lists::show(&error)),
    }
}

#[tokio::test]
async fn every_fault_of_a_socket_ends_as_the_table_says() {
    trace::capture();
    let canaries = Canaries::new(0x50C);
    let search = canaries.search();
    let right = vec![List::PekiUsers.record(&canaries, 1)];
    for (name, required) in SOCKETS {
        let Some(act) = act(name, &canaries) else {
            continue;
        };
        let server = Rough::start(vec![act.clone()]).await;
        let (items, ended, shown) = read(&server.base_url(), &canaries).await;
        match (required, ended) {
            (Required::Exact, None) => assert_eq!(items, right, "{name}"),
            (required, Some(kind)) if required.is(kind) => {
                assert_eq!(server.requests(), 3, "{name}")
            }
            (required, ended) => panic!("{name}: must end in {required:?}, ended in {ended:?}"),
        }
        search.assert_clean(name, &shown);
        for times in [1, 2] {
            let mut acts = vec![act.clone(); times];
            acts.push(Act::End(good(&canaries).into()));
            let server = Rough::start(acts).await;
            let (items, ended, _) = read(&server.base_url(), &canaries).await;
            assert_eq!(
                (items, ended),
                (right.clone(), None),
                "{name}, {times} times"
            );
            let requests = if matches!(required, Required::Exact) {
                1
            } else {
                times + 1
            };
            assert_eq!(server.requests(), requests, "{name}, {times} times");
        }
    }
    let said = trace::take();
    for target in ["botroster_client", "reqwest", "hyper_util"] {
        assert!(said.contains(target), "nothing was captured of {target}");
    }
    search.assert_clean("what was said", &said);
}

#[tokio::test]
async fn connections_that_cannot_be_made_end_as_the_table_says() {
    let canaries = Canaries::new(0x51C);
    let search = canaries.search();
    let hole = Hole::dig().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = Rough::start(vec![Act::End(Bytes::new())]).await.base_url();
    tokio::task::yield_now().await;
    for (name, base_url) in [
        ("connection refused", gone),
        ("connection never answered", hole.base_url()),
        (
            "handshake never answered",
            format!("https://{}", silent.local_addr().unwrap()),
        ),
    ] {
        let (_, required) = SOCKETS.iter().find(|(row, _)| *row == name).unwrap();
        let (_, ended, shown) = read(&base_url, &canaries).await;
        assert!(
            ended.is_some_and(|kind| required.is(kind)),
            "{name}: {ended:?}"
        );
        search.assert_clean(name, &shown);
    }
}

#[test]
fn every_fault_of_a_socket_is_played() {
    let canaries = Canaries::new(1);
    let unplayed = SOCKETS
        .iter()
        .filter(|(name, _)| act(name, &canaries).is_none());
    assert_eq!(unplayed.count(), 6, "those of connections and certificates");
}

/// Somebody's secret in every place where one could show, in every encoding: what a leak would look like.
#[test]
fn twelve_planted_leaks_are_found() {
    trace::capture();
    let canaries = Canaries::new(12);
    let search = canaries.search();
    let secret = clients::PEKI_SECRET;
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let escaped: String = secret
        .bytes()
        .map(|byte| format!("\\u{byte:04X}"))
        .collect();
    let swapped: String = secret
        .chars()
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let said = |event: &dyn Fn()| {
        trace::take();
        event();
        trace::take()
    };
    let error = |text: &str| lists::show(&Error::new(ErrorKind::Decode, text));
    let planted = [
        ("an error's text", error(secret)),
        (
            "an error's text, base64",
            error(&STANDARD.encode(format!("user:{secret}"))),
        ),
        (
            "an error's text, base64url",
            error(&URL_SAFE.encode(format!("ab{secret}?>"))),
        ),
        ("an error's text, percent-encoded", error(&percent)),
        ("an error's text, hexadecimal", error(&hex)),
        (
            "a record's Debug, a name",
            format!("{:?}", vec![canaries.name.clone()]),
        ),
        (
            "a record's Debug, another case",
            format!("{:?}", Some(swapped)),
        ),
        ("JSON, all escaped", format!("{{\"key\":\"{escaped}\"}}")),
        (
            "JSON, a name",
            serde_json::json!({ "name": canaries.name }).to_string(),
        ),
        (
            "an event's message",
            said(&|| tracing::trace!("sent {secret}")),
        ),
        (
            "an event's field",
            said(&|| tracing::trace!(key = secret, "sent")),
        ),
        (
            "a span's field",
            said(&|| drop(tracing::trace_span!("call", user = canaries.id.as_str()).entered())),
        ),
    ];
    assert_eq!(planted.len(), 12);
    for (place, text) in planted {
        assert!(search.find(&text).is_some(), "{place}: {text}");
        let panics = panic::catch_unwind(AssertUnwindSafe(|| search.assert_clean(place, &text)));
        assert!(panics.is_err(), "{place}: {text}");
    }
    assert_eq!(search.find(&error("nothing that matters")), None);
    search.assert_clean(
        "an event",
        &said(&|| tracing::trace!(attempt = 2, "trying again")),
    );
}

#[test]
fn the_threat_model_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let quoted = page.split('`').skip(1).step_by(2);
    let names: Vec<_> = quoted
        .filter_map(|text| text.split_once("::"))
        .filter(|(file, _)| *file != "file")
        .collect();
    assert!(names.len() > 30, "{}", names.len());
    for (file, test) in names {
        let (folder, stem) = match file.split_once('/') {
            Some((member, stem)) => (root.join("crates").join(member), stem),
            None => (root.join("tests/tests"), file),
        };
        let is_there = sources(&folder, &format!("{stem}.rs")).iter().any(|text| {
            text.contains(&format!("fn {test}(")) || text.contains(&format!(" {test},"))
        });
        assert!(is_there, "there is no test {file}::{test}");
    }
}

/// The files of this name below a folder.
fn sources(folder: &Path, name: &str) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts = entries.flat_map(|path| match path.file_name() {
        _ if path.is_dir() => sources(&path, name),
        Some(file) if file == name => vec![fs::read_to_string(&path).unwrap()],
        _ => Vec::new(),
    });
    texts.collect()
}
