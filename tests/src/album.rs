//! Requests as snapshots, and what holds of all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    clients,
    runtime::Runtime,
    server::{Act, Server},
    snapshots::{assert_no_stale, snapshots},
    specs::Operation,
    wire::Recorded,
};

/// An id that has to be encoded and must come out as it went in.
pub const AWKWARD: &str = "a b/ü%2F..?#😀";

/// The header of a bearer token, and of what looks like one.
pub const BEARER: [&str; 1] = ["authorization"];

/// What was sent in this test, by operation.
#[derive(Default)]
pub struct Album {
    names: BTreeSet<String>,
    requests: BTreeMap<String, Vec<Recorded>>,
}

impl Album {
    /// Sends something to a server that refuses it, and keeps the request as the snapshot `operation--variant`.
    pub async fn take(
        &mut self,
        operation: &str,
        variant: &str,
        credentials: &[&str],
        send: impl AsyncFnOnce(&Server, &Runtime),
    ) -> Recorded {
        let refusal = Act::answer("404 Not Found", &["content-type: application/json"], "{}");
        let mut requests = self
            .take_all(operation, variant, credentials, [refusal], send)
            .await;
        assert_eq!(requests.len(), 1, "requests of {operation} {variant}");
        requests.remove(0)
    }

    /// The same with a server that follows a script; the last request is the snapshot.
    pub async fn take_all(
        &mut self,
        operation: &str,
        variant: &str,
        credentials: &[&str],
        script: impl IntoIterator<Item = Act>,
        send: impl AsyncFnOnce(&Server, &Runtime),
    ) -> Vec<Recorded> {
        let server = Server::start(script).await;
        send(&server, &Runtime::on_sockets()).await;
        let requests = server.requests();
        let name = format!("{operation}--{variant}");
        let shown = requests
            .last()
            .unwrap()
            .masked(credentials, &clients::SECRETS);
        snapshots("requests").bind(|| insta::assert_snapshot!(name.as_str(), shown));
        assert!(self.names.insert(name), "{operation} {variant} twice");
        let kept = self.requests.entry(operation.to_owned()).or_default();
        kept.extend(requests.iter().cloned());
        requests
    }

    /// What holds of every request, and that every operation of the platform, with all its query parameters, was sent.
    pub fn check(&self, platform: &str) {
        let operations = Operation::all().into_iter();
        let mut sent = self.requests.clone();
        for operation in operations.filter(|operation| operation.platform == platform) {
            let name = operation.name();
            let requests = sent.remove(&name);
            let requests = requests.unwrap_or_else(|| panic!("{name} has no snapshot"));
            for request in &requests {
                check_headers(&operation, request);
            }
            for parameter in operation.query_names() {
                let there = requests
                    .iter()
                    .any(|request| has_query(request, &parameter));
                assert!(there, "{name} was never sent with `{parameter}`");
            }
        }
        assert!(sent.is_empty(), "not in the specs: {:?}", sent.keys());
        assert_no_stale("requests", platform, &self.names);
    }
}

fn has_query(request: &Recorded, name: &str) -> bool {
    let query = request
        .target()
        .split_once('?')
        .map_or("", |(_, query)| query);
    query
        .split('&')
        .any(|pair| pair.split('=').next() == Some(name))
}

fn check_headers(operation: &Operation, request: &Recorded) {
    let name = operation.name();
    assert_eq!(request.header("api-version"), None, "{name}");
    assert_eq!(
        request.header("accept"),
        Some(operation.accept().as_str()),
        "{name}"
    );
    let agent = format!(
        "botroster-{}/{}",
        operation.platform,
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request.header("user-agent"), Some(agent.as_str()), "{name}");
    let host = request.header("host").unwrap();
    assert!(host.starts_with("127.0.0.1:"), "{name}: {host}");
    let has_body = !request.body().is_empty();
    assert_eq!(
        has_body,
        !operation.object["requestBody"].is_null(),
        "{name}"
    );
    let is_json = has_body || operation.object["x-headers"]["Content-Type"].is_string();
    let content_type = is_json.then_some("application/json");
    assert_eq!(request.header("content-type"), content_type, "{name}");
    for unwanted in ["accept-encoding", "referer", "cookie", "transfer-encoding"] {
        assert_eq!(request.header(unwanted), None, "{name}");
    }
}
