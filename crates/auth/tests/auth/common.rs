//! A recipe, its signer and a request, for the tests to vary.

use botroster_auth::{Recipe, RecipeError, RecipeText, Secret, Signer, SigningInput};
use http::HeaderMap;
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub(crate) const SENT: u64 = 1_744_113_600;
pub(crate) const KEY: &str = "pk_your_api_key";
pub(crate) const SECRET: &str = "sk_your_api_secret";

pub(crate) const TEXT: RecipeText<'static> = RecipeText {
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
};

/// Covers everything a message can.
pub(crate) const EVERYTHING: RecipeText<'static> = RecipeText {
    message: "{method}\n{host}\n{path}\n{query}\n{path_and_query}\n{header:X-Tenant}\n{nonce}\n{body_sha256}\n{timestamp}\n{body}",
    headers: &[
        ("X-API-Key", "{key}"),
        ("X-Signature", "v1={signature}"),
        ("X-Timestamp", "{timestamp}"),
        ("X-Nonce", "{nonce}"),
        ("X-Version", "1"),
    ],
    ..TEXT
};

pub(crate) const LIST: SigningInput<'static> = SigningInput {
    method: "GET",
    host: "api.example.com",
    path: "/api/Dev/your_chatbot_id/users",
    query: Some("page=1&pageSize=20"),
    body: b"",
    nonce: None,
};

pub(crate) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn recipe(text: &RecipeText<'_>) -> Arc<Recipe> {
    Arc::new(Recipe::parse(text).unwrap())
}

pub(crate) fn recipe_error(text: &RecipeText<'_>) -> RecipeError {
    Recipe::parse(text).unwrap_err()
}

pub(crate) fn signer(text: &RecipeText<'_>) -> Signer {
    Signer::new(recipe(text), Secret::new(KEY), Secret::new(SECRET)).unwrap()
}

pub(crate) fn string_to_sign(signer: &Signer, input: &SigningInput<'_>) -> String {
    String::from_utf8(
        signer
            .string_to_sign(input, at(SENT), &HeaderMap::new())
            .unwrap(),
    )
    .unwrap()
}

pub(crate) fn signed(signer: &Signer, input: &SigningInput<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    signer.sign(input, at(SENT), &mut headers).unwrap();
    headers
}
