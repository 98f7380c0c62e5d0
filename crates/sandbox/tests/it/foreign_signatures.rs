//! Mistakes with the signature of a platform whose recipe differs in everything from that of Peki.

use crate::{
    client::{address, borrowed, model, send_to},
    signing::{hex, hmac, small},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use botroster_sandbox::{RecordedRequest, Running, Sandbox};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const QUILL: &str = include_str!("foreign.json");

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
