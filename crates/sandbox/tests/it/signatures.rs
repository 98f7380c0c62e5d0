//! Every usual mistake with a signature, made for real with HMAC code of this file's own, and what the sandbox says about it.

use crate::client::{address, borrowed, model, send_to, start};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use botroster_sandbox::{RecordedRequest, Running, Sandbox, SandboxOptions};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use std::fmt::Write as _;

const QUILL: &str = include_str!("foreign.json");

fn hmac(secret: &[u8], message: &str) -> Vec<u8> {
    let hmac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    let hmac = hmac.chain_update(message);
    hmac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn small() -> SandboxOptions {
    SandboxOptions {
        users: 3,
        ..SandboxOptions::default()
    }
}

/// A request to Peki, before anything is wrong with it.
struct Peki<'a> {
    at: &'a Running,
    host: String,
    path: String,
    query: &'static str,
    body: &'static str,
    time: i64,
    key: String,
    secret: String,
}

impl<'a> Peki<'a> {
    fn new(at: &'a Running) -> Self {
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

    fn target(&self) -> String {
        match self.query {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    fn message(&self, method: &str, target: &str, body: &str, time: &str) -> String {
        format!("{method}\n{target}\n{body}\n{time}")
    }

    fn right(&self) -> String {
        self.message("GET", &self.target(), self.body, &self.time.to_string())
    }

    fn sign(&self, message: &str) -> String {
        STANDARD.encode(hmac(self.secret.as_bytes(), message))
    }

    async fn send(&self, signature: &str, time: &str, more: &[(&str, &str)]) -> RecordedRequest {
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
fn table(title: &str, request: &RecordedRequest, hidden: &[(&str, &str)], table: &mut String) {
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

#[tokio::test]
async fn mistakes_with_what_is_signed() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let mut body = Peki::new(at);
    body.time = peki.time;
    body.body = r#"{"b": 1, "a": [2]}"#;
    let mut odd = Peki::new(at);
    odd.time = peki.time;
    odd.path = odd.path.replace("/users", "/users/a%20b");
    odd.query = "";
    let time = peki.time.to_string();
    let (target, own) = (peki.target(), peki.path.clone());
    let bare = target.strip_prefix("/api").unwrap();
    let message = |target: &str| peki.message("GET", target, "", &time);
    let odd_path = odd.path.clone();
    let odd_message = |path: &str| odd.message("GET", path, "", &time);
    let with_body = |text: &str| body.message("GET", &target, text, &time);
    let mut rows = String::new();
    let cases: Vec<(&Peki<'_>, String, &str)> = vec![
        (&peki, message(bare), "the path without /api"),
        (
            &peki,
            message(&format!("/api{target}")),
            "the path with /api twice",
        ),
        (&peki, message(&own), "without the query"),
        (
            &peki,
            message(&target.replace("?page=1", "/?page=1")),
            "the path with a slash at its end",
        ),
        (
            &peki,
            message(&format!("http://{}{target}", peki.host)),
            "the whole URL instead of the path",
        ),
        (
            &peki,
            message(&target.replace('?', "")),
            "the query without its question mark",
        ),
        (&peki, message(&target.replace('=', "%3D")), "-"),
        (
            &peki,
            message(bare.split('?').next().unwrap()),
            "the path without /api, and without the query",
        ),
        (
            &odd,
            odd_message(&odd_path.replace("%20", " ")),
            "the path decoded",
        ),
        (
            &odd,
            odd_message(&odd_path.replace('%', "%25")),
            "the path encoded once more",
        ),
        (
            &peki,
            peki.message("get", &target, "", &time),
            "the method in lower case",
        ),
        (
            &peki,
            peki.message("GET", &target, "", &format!("{time}000")),
            "the timestamp in milliseconds",
        ),
        (
            &peki,
            peki.message("GET", &target, "", &(peki.time - 1).to_string()),
            "another time than the header has, taken a moment apart",
        ),
        (
            &peki,
            peki.message("GET", &target, "", ""),
            "without the timestamp",
        ),
        (
            &peki,
            peki.message("GET", &target, "{}", &time),
            "{} for no body",
        ),
        (&body, with_body(""), "without the body"),
        (
            &body,
            with_body(r#"{"b":1,"a":[2]}"#),
            "the body serialized again, not as it was sent",
        ),
        (
            &body,
            with_body(r#"{"a": [2], "b": 1}"#),
            "the body serialized again, not as it was sent",
        ),
        (
            &peki,
            format!("{}\n", peki.right()),
            "a line feed too many at the end",
        ),
        (
            &peki,
            format!("GET\n{target}\n{time}"),
            "the empty line left out",
        ),
        (
            &peki,
            format!("GET{target}\n\n{time}"),
            "a separator missing",
        ),
        (
            &peki,
            peki.right().replace('\n', ""),
            "nothing between the parts",
        ),
        (
            &peki,
            peki.right().replace('\n', "\\n"),
            "a backslash and an n between the lines",
        ),
        (
            &peki,
            peki.right().replace('\n', "|"),
            "| between the parts",
        ),
        (
            &peki,
            peki.right().replace('\n', "\r\n"),
            "carriage return and line feed between the lines",
        ),
        (
            &peki,
            format!("{time}\nGET\n{target}\n"),
            "the parts in another order",
        ),
    ];
    for (request, message, mistake) in &cases {
        let own = request.send(&request.sign(message), &time, &[]).await;
        assert_eq!(own.status, 401, "{mistake}");
        let verdict = own.signature.clone().unwrap();
        assert!(!verdict.ok);
        assert_eq!(verdict.expected_message, request.right());
        assert_eq!(verdict.expected, request.sign(&request.right()));
        match *mistake {
            "-" => assert_eq!(
                (verdict.mistake.as_deref(), verdict.signed_message),
                (None, None)
            ),
            mistake => {
                assert_eq!(verdict.mistake.as_deref(), Some(mistake));
                assert_eq!(verdict.signed_message.as_ref(), Some(message));
            }
        }
        let signature = request.sign(&request.right());
        let other = request.sign(message);
        let earlier = (peki.time - 1).to_string();
        let hidden = [
            (time.as_str(), "<time>"),
            (&earlier, "<a second earlier>"),
            (&at.scope["chatbotId"], "<bot>"),
            (&request.host, "<host>"),
            (&signature, "<signature>"),
            (&format!("{:?}", &other[..4]), "<start>"),
        ];
        table(mistake, &own, &hidden, &mut rows);
    }
    insta::assert_snapshot!(rows);
}

#[tokio::test]
async fn mistakes_with_how_it_is_signed() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let time = peki.time.to_string();
    let right = peki.right();
    let (key, secret) = (peki.key.as_bytes(), peki.secret.as_bytes());
    let tag = hmac(secret, &right);
    let other = at.keys.iter().find(|key| key.name == "all").unwrap();
    let long = Hmac::<Sha512>::new_from_slice(secret).unwrap();
    let long = long.chain_update(&right).finalize().into_bytes().to_vec();
    let cases: Vec<(String, &str)> = vec![
        (hex(&tag), "hexadecimal instead of base64"),
        (
            hex(&tag).to_uppercase(),
            "upper-case hexadecimal instead of base64",
        ),
        (URL_SAFE_NO_PAD.encode(&tag), "base64url instead of base64"),
        (
            STANDARD.encode(hex(&tag)),
            "base64 of the hexadecimal text instead of base64",
        ),
        (
            STANDARD.encode(hmac(key, &right)),
            "keyed with the key instead of the secret",
        ),
        (
            STANDARD.encode(hmac(STANDARD.encode(secret).as_bytes(), &right)),
            "keyed with the secret in base64",
        ),
        (
            STANDARD.encode(hmac(&[secret, b"\n"].concat(), &right)),
            "keyed with a line feed after the secret",
        ),
        (
            STANDARD.encode(hmac(other.credentials["api_secret"].as_bytes(), &right)),
            "keyed with the secret of the key \"all\"",
        ),
        (STANDARD.encode(&long), "HMAC-SHA512 instead of HMAC-SHA256"),
        (
            STANDARD.encode(Sha256::digest(&right)),
            "a SHA-256 without the secret instead of an HMAC",
        ),
        (
            STANDARD.encode(Sha256::digest([secret, right.as_bytes()].concat())),
            "a SHA-256 of secret and message instead of an HMAC",
        ),
        (
            hex(&hmac(key, &right)),
            "keyed with the key instead of the secret, and hexadecimal instead of base64",
        ),
    ];
    for (signature, mistake) in cases {
        let own = peki.send(&signature, &time, &[]).await;
        assert_eq!(own.status, 401, "{mistake}");
        let verdict = own.signature.unwrap();
        // A text that means the same without its padding can be base64url too.
        assert_eq!(verdict.mistake.as_deref(), Some(mistake));
        assert_eq!(verdict.signed_message.as_deref(), Some(right.as_str()));
        assert_eq!(
            own.violations[0].message,
            format!("signature differs: {mistake}")
        );
    }
    let right_one = peki.send(&peki.sign(&right), &time, &[]).await;
    assert_eq!(right_one.status, 200);
    let verdict = right_one.signature.unwrap();
    assert!(verdict.ok && verdict.received.as_ref() == Some(&verdict.expected));
    assert_eq!(verdict.expected_message, right);
}

#[tokio::test]
async fn headers_times_and_keys() {
    let sandbox = start(small()).await;
    let at = sandbox
        .platforms()
        .iter()
        .find(|one| one.name == "peki")
        .unwrap();
    let peki = Peki::new(at);
    let mut rows = String::new();
    let now = peki.time;
    let mut told =
        async |title: &str, time: String, signature: Option<String>, more: &[(&str, &str)]| {
            let message = peki.message("GET", &peki.target(), "", &time);
            let signature = signature.unwrap_or_else(|| peki.sign(&message));
            let own = peki.send(&signature, &time, more).await;
            table(
                title,
                &own,
                &[(time.as_str(), "<time>"), (&at.scope["chatbotId"], "<bot>")],
                &mut rows,
            );
            own.status
        };
    assert_eq!(told("old", (now - 412).to_string(), None, &[]).await, 401);
    assert_eq!(
        told("of tomorrow", (now + 86_400).to_string(), None, &[]).await,
        401
    );
    assert_eq!(
        told("milliseconds", format!("{now}000"), None, &[]).await,
        401
    );
    assert_eq!(
        told("a date", "2026-01-01T00:00:00Z".to_owned(), None, &[]).await,
        401
    );
    assert_eq!(
        told("with a fraction", format!("{now}.25"), None, &[]).await,
        401
    );
    assert_eq!(told("no time", "soon".to_owned(), None, &[]).await, 401);
    let sha1 = STANDARD.encode([7; 20]);
    assert_eq!(
        told("as long as a SHA-1", now.to_string(), Some(sha1), &[]).await,
        401
    );
    assert_eq!(
        told(
            "no signature",
            now.to_string(),
            Some("signature".to_owned()),
            &[]
        )
        .await,
        401
    );
    assert_eq!(
        told(
            "a header twice",
            now.to_string(),
            None,
            &[("x-api-key", "other")]
        )
        .await,
        401
    );

    let (host, target) = (peki.host.clone(), peki.target());
    let last = || at.requests().pop().unwrap();
    send_to(
        &host,
        "GET",
        &target,
        &[("content-type", "application/json")],
        "",
    )
    .await;
    table("no headers", &last(), &[], &mut rows);
    let mut foreign = Peki::new(at);
    foreign.time = now;
    foreign.key = "pk_live_0123456789".to_owned();
    let own = foreign
        .send(&foreign.sign(&foreign.right()), &now.to_string(), &[])
        .await;
    table("a foreign key", &own, &[], &mut rows);
    foreign.key = foreign.secret.clone();
    let own = foreign
        .send(&foreign.sign(&foreign.right()), &now.to_string(), &[])
        .await;
    table("the secret for the key", &own, &[], &mut rows);
    insta::assert_snapshot!(rows);
}

/// A spec with another recipe.
fn quill(change: impl FnOnce(&mut Value)) -> String {
    let mut spec: Value = serde_json::from_str(QUILL).unwrap();
    change(&mut spec["components"]["securitySchemes"]["signed"]["x-signature"]);
    spec.to_string()
}

async fn told(
    spec: &str,
    body: &str,
    time: &str,
    sign: &dyn Fn(&Running, &str) -> String,
) -> RecordedRequest {
    let sandbox = Sandbox::start_models(small(), &[("quill", &model(spec))])
        .await
        .unwrap();
    let at = &sandbox.platforms()[0];
    let (host, base) = address(at);
    let target = format!("{base}/people?workspace_id={}", at.scope["workspace_id"]);
    let signature = sign(at, &target);
    let value = format!("Quill key={}, sig={signature}", at.credentials["api_key"]);
    let headers = [
        ("authorization".to_owned(), value),
        ("x-quill-time".to_owned(), time.to_owned()),
        ("x-quill-nonce".to_owned(), "n1".to_owned()),
        (
            "date".to_owned(),
            "Sat, 31 Jan 2026 09:30:00 GMT".to_owned(),
        ),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    send_to(&host, "POST", &target, &borrowed(&headers), body).await;
    at.requests().pop().unwrap()
}

#[tokio::test]
async fn other_recipes_have_other_mistakes() {
    let secret = |at: &Running| at.credentials["api_secret"].clone().into_bytes();
    let hash = |text: &str| hex(&Sha256::digest(text));
    let now = Timestamp::now();
    let seconds = now.as_second().to_string();
    let body = r#"{"name":{"given":"Ada"}}"#;
    let path = "/v2/api/people";
    let signed = |message: String| {
        let seconds = seconds.clone();
        move |at: &Running, target: &str| {
            let message = message
                .replace("<time>", &seconds)
                .replace("<target>", target);
            hex(&hmac(&secret(at), &message))
        }
    };
    let own = hash(body);
    for (message, mistake) in [
        (
            format!("<time>.POST.{path}.{}", hash("")),
            "the hash of an empty body",
        ),
        (
            format!("<time>.POST.{path}."),
            "without the hash of the body",
        ),
        (
            format!("<time>.POST.{path}"),
            "without {body_sha256} and its line",
        ),
        (
            format!("<time>.POST.{path}.{}", own.to_uppercase()),
            "the hash of the body in upper case",
        ),
        (
            format!("<time>.POST.{path}.{body}"),
            "the body instead of its hash",
        ),
        (
            format!("<time>.POST.<target>.{own}"),
            "the path with the query",
        ),
        (
            format!("<time>\nPOST\n{path}\n{own}"),
            "line feeds between the parts",
        ),
        (
            format!("<time>.post.{path}.{own}"),
            "the method in lower case",
        ),
        (
            format!("Sat, 31 Jan 2026 09:30:00 GMT.POST.{path}.{own}"),
            "the time of the header date",
        ),
        (
            format!("<time>.POST./people.{own}"),
            "the path without /v2/api",
        ),
    ] {
        let request = told(QUILL, body, &seconds, &signed(message)).await;
        let verdict = request.signature.unwrap();
        assert_eq!(verdict.mistake.as_deref(), Some(mistake));
        assert!(
            !request.violations[0].message.contains("Ada"),
            "bodies are left out"
        );
    }
    let right = signed(format!("<time>.POST.{path}.{own}"));
    let accepted = told(QUILL, body, &seconds, &right).await;
    assert_eq!((accepted.status, accepted.violations.len()), (201, 0));

    let millis = quill(|recipe| {
        recipe["timestamp"] = json!("unix-millis");
        recipe["encoding"] = json!("base64url");
        recipe["message"] = json!("{host}|{path}|{nonce}|{timestamp}|{header:Content-Type}");
        recipe["headers"]["x-quill-nonce"] = json!("{nonce}");
    });
    let time = now.as_millisecond().to_string();
    let sign = |message: String| {
        let time = time.clone();
        move |at: &Running, _: &str| {
            let (host, _) = address(at);
            let message = message.replace("<host>", &host).replace("<time>", &time);
            let message = message.replace("<bare>", host.split(':').next().unwrap());
            URL_SAFE_NO_PAD.encode(hmac(&secret(at), &message))
        }
    };
    let json = "application/json";
    for (message, mistake) in [
        (
            format!("<bare>|{path}|n1|<time>|{json}"),
            "the host without its port",
        ),
        (
            format!("http://<host>|{path}|n1|<time>|{json}"),
            "the host with http://",
        ),
        (format!("|{path}|n1|<time>|{json}"), "without the host"),
        (format!("<host>|{path}||<time>|{json}"), "without the nonce"),
        (
            format!("<host>|{path}|n1|{seconds}|{json}"),
            "the timestamp in seconds",
        ),
        (
            format!("<host>|{path}|n1|<time>"),
            "without {header:Content-Type} and its line",
        ),
    ] {
        let request = told(&millis, body, &time, &sign(message)).await;
        assert_eq!(request.signature.unwrap().mistake.as_deref(), Some(mistake));
    }
    let hexadecimal = |at: &Running, _: &str| {
        let (host, _) = address(at);
        hex(&hmac(
            &secret(at),
            &format!("{host}|{path}|n1|{time}|{json}"),
        ))
    };
    let request = told(&millis, body, &time, &hexadecimal).await;
    let mistake = request.signature.unwrap().mistake;
    assert_eq!(mistake.as_deref(), Some("hexadecimal instead of base64url"));
}
