//! Signed requests to Peki, made with HMAC code of the tests' own.

use crate::client::{address, send_to};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_sandbox::{RecordedRequest, Running, SandboxOptions};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use std::fmt::Write as _;

pub(crate) fn hmac(secret: &[u8], message: &str) -> Vec<u8> {
    let hmac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    let hmac = hmac.chain_update(message);
    hmac.finalize().into_bytes().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn small() -> SandboxOptions {
    SandboxOptions {
        users: 3,
        ..SandboxOptions::default()
    }
}

/// A request to Peki, before anything is wrong with it.
pub(crate) struct Peki<'a> {
    pub(crate) at: &'a Running,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: &'static str,
    pub(crate) body: &'static str,
    pub(crate) time: i64,
    pub(crate) key: String,
    pub(crate) secret: String,
}

impl<'a> Peki<'a> {
    pub(crate) fn new(at: &'a Running) -> Self {
        let (host, base) = address(at);
        Self {
            at,
            host,
            path: format!("{base}/Dev/{}/users", at.scope["chatbotId"]),
            query: "page=1&pageSize=2",
            body: "",
            time: Timestamp::now().as_second(),
            key: at.credentials["api_key"].clone(),
            secret: at.credentials["api_secret"].clone(),
        }
    }

    pub(crate) fn target(&self) -> String {
        match self.query {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    pub(crate) fn message(&self, method: &str, target: &str, body: &str, time: &str) -> String {
        format!("{method}\n{target}\n{body}\n{time}")
    }

    pub(crate) fn right(&self) -> String {
        self.message("GET", &self.target(), self.body, &self.time.to_string())
    }

    pub(crate) fn sign(&self, message: &str) -> String {
        STANDARD.encode(hmac(self.secret.as_bytes(), message))
    }

    pub(crate) async fn send(
        &self,
        signature: &str,
        time: &str,
        more: &[(&str, &str)],
    ) -> RecordedRequest {
        let mut headers = vec![
            ("x-api-key", self.key.as_str()),
            ("x-signature", signature),
            ("x-timestamp", time),
            ("content-type", "application/json"),
        ];
        headers.extend(more);
        send_to(&self.host, "GET", &self.target(), &headers, self.body).await;
        self.at.requests().pop().unwrap()
    }
}

/// The sentences, without what differs from run to run.
pub(crate) fn table(
    title: &str,
    request: &RecordedRequest,
    hidden: &[(&str, &str)],
    table: &mut String,
) {
    let shown = |text: &str| {
        let hide = |text: String, (value, name): &(&str, &str)| text.replace(value, name);
        let mut text = hidden.iter().fold(text.to_owned(), hide);
        // How old exactly depends on how quick this machine is.
        for words in [" s old", " s ahead"] {
            if let Some(end) = text.find(words) {
                let start = text[..end].rfind(' ').unwrap() + 1;
                text.replace_range(start..end, "<age>");
            }
        }
        text
    };
    writeln!(table, "# {title}").unwrap();
    for violation in request
        .violations
        .iter()
        .filter(|one| one.kind.name() == "security")
    {
        let at = violation.at.as_deref().unwrap_or("-");
        writeln!(table, "  {at}: {}", shown(&violation.message)).unwrap();
    }
}
