//! Credentials reach the base URL's origin and no other place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{process::Command, sync::Arc};

use botroster_botpenguin::types::{ChatType, InboxFilter};
use botroster_client::{Builder, Error, ErrorKind, Options};
use botroster_contract_tests::{
    clients,
    leak::Scanner,
    runtime::{PATIENCE, Runtime},
    server::{self, Server, with_length},
    sim::sockets::{Act, Rough},
};
use tokio::io::AsyncWriteExt as _;

const CODES: [&str; 5] = [
    "301 Moved Permanently",
    "302 Found",
    "303 See Other",
    "307 Temporary Redirect",
    "308 Permanent Redirect",
];

/// A kind of target, and the `Location` for it; `{here}` is the server that redirects, `{there}` the other one's address.
const TARGETS: [(&str, &str); 8] = [
    ("same host, other port", "http://{there}/taken"),
    ("other host", "http://localhost:{port}/taken"),
    ("other scheme", "https://{there}/taken"),
    ("protocol-relative", "//{there}/taken"),
    ("user information", "http://user:password@{there}/taken"),
    ("relative path", "/taken"),
    ("backslashes", "\\\\{there}\\taken"),
    ("same origin", "{here}/taken"),
];

/// A kind of authentication, and a call that uses it.
const KINDS: [&str; 4] = ["signature", "bearer", "header token", "key behind a prefix"];

async fn call(kind: &str, base_url: &str) -> Result<(), Error> {
    match kind {
        "signature" => {
            let client = at(clients::peki(), base_url);
            client.chatbot("bot-1").users().list().await.map(drop)
        }
        "bearer" => {
            let client = at(clients::botpenguin(), base_url);
            client
                .inbox()
                .list_users(InboxFilter::new())
                .await
                .map(drop)
        }
        "header token" => {
            let client = at(clients::botpenguin(), base_url);
            client
                .bot("cus-1", "bot-1")
                .inbox()
                .list_chats(ChatType::Lead)
                .await
                .map(drop)
        }
        _ => {
            let client = at(clients::mybot(), base_url);
            client
                .bot("cus-1", "bot-1")
                .users()
                .find("name", "somebody")
                .await
                .map(drop)
        }
    }
}

fn at<C>(builder: Builder<C>, base_url: &str) -> C {
    let options = Options::new().with_attempt_timeout(PATIENCE);
    let builder = builder
        .with_base_url(base_url)
        .with_loopback_http()
        .with_options(options);
    builder
        .with_runtime(Arc::new(Runtime::on_sockets()))
        .build()
        .unwrap()
}

fn authority(server: &Server) -> String {
    server.base_url("").trim_start_matches("http://").to_owned()
}

#[tokio::test]
async fn no_redirect_carries_anything_anywhere() {
    let other = Server::start([]).await;
    let there = authority(&other);
    let port = there.rsplit(':').next().unwrap();
    let scanner = Scanner::new(clients::SECRETS);
    let mut cases = 0;
    for code in CODES {
        for (target, location) in TARGETS {
            for kind in KINDS {
                let what = format!("{code} to {target}, {kind}");
                let location = location.replace("{there}", &there).replace("{port}", port);
                let here = Rough::answering(|base_url| {
                    let location = format!("location: {}", location.replace("{here}", base_url));
                    vec![Act::End(with_length(code, &[&location], "", 0).into())]
                })
                .await;
                let error = call(kind, &here.base_url()).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Redirect, "{what}: {error}");
                scanner.assert_clean(&what, &format!("{error} {error:?}"));
                assert_eq!((here.requests(), error.attempts()), (1, 1), "{what}");
                assert_eq!((other.connections(), other.bytes()), (0, 0), "{what}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, 160);
    assert_can_receive(&other, &there).await;
}

/// The silence of the other server means something.
async fn assert_can_receive(other: &Server, there: &str) {
    let port = there.rsplit(':').next().unwrap();
    for address in [there.to_owned(), format!("localhost:{port}")] {
        let before = other.bytes();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /taken HTTP/1.1\r\n\r\n")
            .await
            .unwrap();
        while other.bytes() == before {
            tokio::task::yield_now().await;
        }
    }
}

const ADDRESS: &str = "BOTROSTER_TEST_ADDRESS";

#[tokio::test]
async fn loopback_is_not_asked_for_through_a_proxy_of_the_environment() {
    if let Ok(base_url) = std::env::var(ADDRESS) {
        return behind_a_proxy(&base_url).await;
    }
    let page = r#"{"data":[],"error":null}"#;
    let (server, proxy) = (
        Server::start([server::Act::json(page)]).await,
        Server::start([server::Act::json("{}")]).await,
    );
    again(
        "loopback_is_not_asked_for_through_a_proxy_of_the_environment",
        server.base_url("/api"),
        &proxy,
    )
    .await;
    assert!(
        server
            .only_request()
            .line()
            .starts_with("GET /api/Dev/bot-1/users?")
    );
    // The one request is that of a client without our settings: the environment does name a proxy that works.
    assert_eq!(
        proxy.only_request().line(),
        "GET http://proxied.invalid/ HTTP/1.1"
    );
    assert_eq!(proxy.connections(), 1);
}

/// Runs a test again, in an environment that names a proxy.
async fn again(test: &str, address: String, proxy: &Server) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", test])
        .env(ADDRESS, address)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        child.env(name, proxy.base_url(""));
    }
    let status = tokio::task::spawn_blocking(move || child.status().unwrap())
        .await
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn another_machine_is_asked_for_through_the_proxy_whatever_is_allowed_for_loopback() {
    if let Ok(base_url) = std::env::var(ADDRESS) {
        let client = clients::peki()
            .with_base_url(base_url)
            .with_loopback_http()
            .with_options(Options::new().with_attempts(1))
            .build()
            .unwrap();
        let users = client.chatbot("bot-1").users();
        return assert!(users.list().await.is_err());
    }
    let proxy = Server::start([server::Act::answer("403 Forbidden", &[], "")]).await;
    again(
        "another_machine_is_asked_for_through_the_proxy_whatever_is_allowed_for_loopback",
        "https://proxied.invalid".to_owned(),
        &proxy,
    )
    .await;
    assert_eq!(
        proxy.only_request().line(),
        "CONNECT proxied.invalid:443 HTTP/1.1"
    );
}

async fn behind_a_proxy(base_url: &str) {
    let client = clients::peki()
        .with_base_url(base_url)
        .with_loopback_http()
        .build()
        .unwrap();
    client.chatbot("bot-1").users().list().await.unwrap();
    reqwest::get("http://proxied.invalid/").await.unwrap();
}
