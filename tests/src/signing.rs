//! What a signature must be, from the bytes of a request.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::{Recipe, RecipeText, SigningInput, Verifier};
use botroster_client::OutgoingRequest;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::runtime::START;

/// The signature of a request, from its bytes and nothing of ours.
pub fn signature(secret: &str, method: &str, target: &str, body: &[u8], timestamp: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{method}\n{target}\n").as_bytes());
    mac.update(body);
    mac.update(format!("\n{timestamp}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn header<'a>(request: &'a OutgoingRequest, name: &str) -> &'a str {
    request.headers[name].to_str().unwrap()
}

/// Checks a request's signature in both ways: computed here, and by the receiver's side of our own crate.
pub fn assert_signed(request: &OutgoingRequest, key: &str, secret: &str) {
    let target = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let (method, timestamp) = (request.method.as_str(), header(request, "x-timestamp"));
    assert_eq!(timestamp, START.to_string());
    let expected = signature(secret, method, &target, &request.body, timestamp);
    assert_eq!(
        header(request, "x-signature"),
        expected,
        "{method} {target}"
    );
    assert_eq!(header(request, "x-api-key"), key);
    let verifier = verifier(key, secret);
    let input = SigningInput {
        method,
        host: request.url.host_str().unwrap(),
        path: request.url.path(),
        query: request.url.query(),
        body: &request.body,
        nonce: None,
    };
    let now = UNIX_EPOCH + Duration::from_secs(START);
    verifier.verify(&input, &request.headers, now).unwrap();
}

/// Checks signatures as the platform documents them.
pub fn verifier(key: &str, secret: &str) -> Verifier {
    let recipe = Recipe::parse(&RecipeText {
        algorithm: "hmac-sha256",
        encoding: "base64",
        timestamp: "unix-seconds",
        message: "{method}\n{path_and_query}\n{body}\n{timestamp}",
        headers: &[
            ("X-API-Key", "{key}"),
            ("X-Signature", "{signature}"),
            ("X-Timestamp", "{timestamp}"),
        ],
        tolerance: Duration::from_secs(300),
    });
    Verifier::new(Arc::new(recipe.unwrap()), key.into(), secret.into()).unwrap()
}
