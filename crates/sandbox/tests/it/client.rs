//! A client of a few lines, so that what goes over the wire is seen here.

use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer, SigningInput};
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use botroster_spec::{Spec, Tree};
use http::HeaderMap;
use serde_json::Value;
use std::{
    io::ErrorKind,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends a request whose target is relative to the base URL.
pub(crate) async fn send(
    at: &Running,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let (host, base) = address(at);
    send_to(&host, method, &format!("{base}{target}"), headers, body).await
}

/// Host and port, and the path of the base URL.
pub(crate) fn address(at: &Running) -> (String, String) {
    let rest = at.base_url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let slash = if path.is_empty() { "" } else { "/" };
    (host.to_owned(), format!("{slash}{path}"))
}

/// Sends a request whose target is whole.
pub(crate) async fn send_to(
    host: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        request += &format!("content-length: {}\r\n", body.len());
    }
    request += &format!("\r\n{body}");
    let (bytes, end) = exchange(host, request.as_bytes()).await;
    assert_eq!(end, None);
    answer(&bytes)
}

/// All that comes for these bytes, and the error that the connection ends with.
pub(crate) async fn exchange(host: &str, request: &[u8]) -> (Vec<u8>, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await;
    (bytes, end.err().map(|error| error.kind()))
}

/// A whole response.
pub(crate) fn answer(bytes: &[u8]) -> Answer {
    let split = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
    let status = head[9..12].parse().unwrap();
    let chunked = head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked");
    let body = bytes[split + 4..].to_vec();
    Answer {
        status,
        head,
        body: if chunked { unchunk(&body) } else { body },
    }
}

/// Host and port of a URL.
pub(crate) fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap()
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest
            .windows(2)
            .position(|window| window == b"\r\n")
            .unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

pub(crate) async fn start(options: SandboxOptions) -> Sandbox {
    Sandbox::start_with(options).await.unwrap()
}

pub(crate) fn platform<'a>(sandbox: &'a Sandbox, name: &str) -> &'a Running {
    sandbox
        .platforms()
        .iter()
        .find(|platform| platform.name == name)
        .unwrap()
}

/// Headers with a signature as the recipe of this message makes it, in base64 or hexadecimal.
pub(crate) fn signed(
    at: &Running,
    (encoding, message): (&str, &str),
    names: &[(&str, &str)],
    (method, target, body): (&str, &str, &str),
) -> Vec<(String, String)> {
    let recipe = Recipe::parse(&RecipeText {
        algorithm: "hmac-sha256",
        encoding,
        timestamp: "unix-seconds",
        message,
        headers: names,
        tolerance: Duration::from_secs(300),
    })
    .unwrap();
    let credential = |slot: &str| Secret::new(at.credentials[slot].clone());
    let signer = Signer::new(
        Arc::new(recipe),
        credential("api_key"),
        credential("api_secret"),
    )
    .unwrap();
    let (host, base) = address(at);
    let host = host.as_str();
    let whole = format!("{base}{target}");
    let (path, query) = whole
        .split_once('?')
        .map_or((whole.as_str(), None), |(path, query)| (path, Some(query)));
    let input = SigningInput {
        method,
        host,
        path,
        query,
        body: body.as_bytes(),
        ..SigningInput::default()
    };
    let mut headers = HeaderMap::new();
    Authenticator::signature(signer)
        .authenticate(&input, SystemTime::now(), &mut headers)
        .unwrap();
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

pub(crate) fn borrowed(headers: &[(String, String)]) -> Vec<(&str, &str)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

pub(crate) const PEKI: [(&str, &str); 3] = [
    ("X-API-Key", "{key}"),
    ("X-Signature", "{signature}"),
    ("X-Timestamp", "{timestamp}"),
];
pub(crate) const PEKI_MESSAGE: (&str, &str) =
    ("base64", "{method}\n{path_and_query}\n{body}\n{timestamp}");

/// The bytes of a signed request to Peki, on a connection that is to end with it.
pub(crate) fn peki_bytes(at: &Running, target: &str) -> String {
    let target = format!("/Dev/{}{target}", at.scope["chatbotId"]);
    let mut request = format!(
        "GET /api{target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n",
        host(&at.base_url)
    );
    for (name, value) in signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, "")) {
        request += &format!("{name}: {value}\r\n");
    }
    request + "\r\n"
}

/// A signed request to Peki; the target goes on behind `/Dev/{chatbotId}`.
pub(crate) async fn peki(at: &Running, target: &str) -> Answer {
    let target = format!("/Dev/{}{target}", at.scope["chatbotId"]);
    let mut headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, ""));
    headers.push(("content-type".into(), "application/json".into()));
    send(at, "GET", &target, &borrowed(&headers), "").await
}

/// A request with ChatBot's token.
pub(crate) async fn chatbot(at: &Running, method: &str, target: &str, body: &str) -> Answer {
    let token = format!("Bearer {}", at.credentials["access_token"]);
    send(
        at,
        method,
        target,
        &[
            ("authorization", &token),
            ("content-type", "application/json"),
        ],
        body,
    )
    .await
}

/// The model of a document, as a sandbox takes it.
pub(crate) fn model(document: &str) -> String {
    let tree = Tree::parse("document", document).unwrap();
    serde_json::to_string(&Spec::read(tree).unwrap().model).unwrap()
}
