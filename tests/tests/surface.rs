//! What the types that every client crate shares say and take, where no call needs more of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{collections::BTreeMap, process::Command, sync::Arc};

use botroster_client::{Error, ErrorKind, Platform as _, Settings, codegen::send_raw};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    lists::{ids, numbered, peki},
    network::{Answer, Network, Reply, query},
    parley::{OPEN, Parley},
};
use serde_json::json;

const SLOTS: &str = "BOTROSTER_TEST_SLOTS";

/// Runs one of these tests again, by itself, with these variables and no other credential.
fn again(test: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test]).env(SLOTS, "set");
    for name in ["PEKI_API_KEY", "PEKI_API_SECRET"] {
        child.env_remove(name);
    }
    let output = child.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn from_env() -> Result<botroster_peki::Credentials, Error> {
    botroster_peki::Credentials::from_env()
}

#[test]
fn credentials_of_the_environment_are_those_that_are_set() {
    let test = "credentials_of_the_environment_are_those_that_are_set";
    if std::env::var_os(SLOTS).is_none() {
        return again(test, &[("PEKI_API_KEY", "joe"), ("PEKI_API_SECRET", "")]);
    }
    let shown = format!("{:?}", from_env().unwrap());
    assert!(shown.contains(r#"{"api_key"}"#), "{shown}");
    assert!(!shown.contains("joe"), "{shown}");
}

#[test]
fn an_environment_without_credentials_is_an_error_with_their_names() {
    let test = "an_environment_without_credentials_is_an_error_with_their_names";
    if std::env::var_os(SLOTS).is_none() {
        return again(test, &[("PEKI_API_KEY", "")]);
    }
    let error = from_env().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        error.to_string(),
        "no credential of peki in the environment: set PEKI_API_KEY, PEKI_API_SECRET"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_variable_that_is_not_unicode_is_an_error() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let test = "a_variable_that_is_not_unicode_is_an_error";
    if std::env::var_os(SLOTS).is_none() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", test]).env(SLOTS, "set");
        child.env("PEKI_API_KEY", OsStr::from_bytes(b"\xff"));
        child.env("PEKI_API_SECRET", "joe");
        return assert!(child.status().unwrap().success());
    }
    let error = from_env().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("PEKI_API_KEY"), "{error}");
}

#[tokio::test]
async fn what_is_shown_names_its_type() {
    let network =
        Network::always(Answer::new(200, "text/plain", "joe").with_header("x-request-id", "r1"));
    let settings = Settings::new().with_http(network.clone());
    let parley = Parley::connect(settings.clone());
    let answer = send_raw(parley.call(&OPEN, "/things", "")).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.metadata().request_id(), Some("r1"));
    let gone =
        Parley::connect(Settings::new().with_http(Network::always(Answer::new(410, "", ""))));
    let gone = send_raw(gone.call(&OPEN, "/things", "")).await.unwrap();
    assert_eq!(gone.metadata().status().unwrap().as_u16(), 410);
    for (shown, start) in [
        (format!("{answer:?}"), "RawResponse { status: 200"),
        (format!("{parley:?}"), "Parley(Core { .. })"),
        (format!("{settings:?}"), "Settings { "),
        (format!("{:?}", clients::peki()), "Builder"),
        (format!("{:?}", clients::peki().once(&network)), "Client"),
    ] {
        assert!(shown.starts_with(start), "{shown}");
        assert!(!shown.contains("joe"), "{shown}");
    }
}

#[test]
fn base_urls_that_are_refused_say_why() {
    let text = |url: &str| {
        let client = clients::peki().with_base_url(url).build();
        client.map(|_| ()).unwrap_err().to_string()
    };
    let http = "is plain http to another host, which would expose the credentials: use https";
    assert!(
        text("http://api.example.com").ends_with(http),
        "{}",
        text("http://api.example.com")
    );
    let loopback = text("http://localhost:8080");
    assert!(
        loopback.contains("is plain http: for a loopback server, allow it"),
        "{loopback}"
    );
    let neither = text("ftp://api.example.com");
    assert!(neither.ends_with("is neither https nor http"), "{neither}");
}

/// Pages that overlap: the same record at the end of one and the beginning of the next.
fn overlapping() -> Arc<Network> {
    Network::new(|request| {
        let page: u64 = query(request, "page").map_or(1, |page| page.parse().unwrap());
        let data = match page {
            1 => json!([{ "id": "u1" }, { "id": "u2" }]),
            2 => json!([{ "id": "u2" }, { "id": "u3" }]),
            _ => json!([]),
        };
        Reply::from(Answer::json(
            200,
            &json!({ "data": data, "error": null, "totalPages": 2 }),
        ))
    })
}

#[tokio::test]
async fn repeated_records_are_left_out_or_not_as_the_call_says() {
    for (dedupe, expected) in [(true, 3), (false, 4)] {
        let users = peki(&overlapping()).users();
        let got = ids(users.list().with_dedupe(dedupe).stream()).await;
        assert_eq!(got.len(), expected, "{got:?}");
    }
}

#[tokio::test]
async fn a_page_size_of_the_settings_is_asked_for() {
    let network = numbered(3, 7);
    let settings = Settings::new()
        .with_http(network.clone())
        .with_credential("api_key", clients::PEKI_KEY)
        .with_credential("api_secret", clients::PEKI_SECRET)
        .with_scope("chatbotId", "bot-1")
        .with_page_size(7);
    let platform = botroster_peki::PekiPlatform;
    let users = &platform.info().streams[0];
    let connection = platform.connect(settings).unwrap();
    let mut pages = connection.walk(users, &BTreeMap::new()).unwrap();
    while let Some(page) = pages.try_next().await.unwrap() {
        assert_eq!(page.items.len(), 3);
    }
    let sent = network.sent();
    let asked: Vec<_> = sent[0]
        .url
        .query_pairs()
        .filter(|(_, value)| value == "7")
        .collect();
    assert_eq!(asked.len(), 1, "{}", sent[0].url);
}
