//! No credential is in what is shown of anything: marked secrets are looked for in every public type and error.

use crate::common::{EVERYTHING, LIST, SENT, at, recipe};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::{Authenticator, PathRewrite, Secret, Signer, SigningInput, Verifier};
use http::{HeaderMap, HeaderValue};
use std::{error::Error, fmt::Debug};

const MARK: &str = "canary7Qm2xZ9kLw4";

/// The mark and what its bytes look like in the encodings a careless hand would use.
fn assert_hidden(shown: &str) {
    let hex: String = MARK.bytes().map(|b| format!("{b:02x}")).collect();
    let list = format!("{:?}", MARK.as_bytes());
    // Of the base64 of a longer text only the middle is sure to be there, at one of three offsets.
    let base64 = (0..3).map(|skip| STANDARD.encode(&MARK[skip..skip + 12]));
    for form in [
        MARK.to_owned(),
        hex,
        list.trim_matches(['[', ']']).to_owned(),
    ]
    .into_iter()
    .chain(base64)
    {
        assert!(
            !shown.to_lowercase().contains(&form.to_lowercase()),
            "{form} is in {shown}"
        );
    }
}

fn assert_debug_hides(value: &dyn Debug) {
    assert_hidden(&format!("{value:?}"));
    assert_hidden(&format!("{value:#?}"));
}

fn assert_error_hides(error: &dyn Error) {
    let shown = error.to_string();
    assert!(!shown.contains('\n') && !shown.is_empty(), "{shown:?}");
    assert_hidden(&shown);
    assert_debug_hides(&error);
    assert!(error.source().is_none());
}

fn marked() -> Secret {
    Secret::new(MARK)
}

fn marked_signer() -> Signer {
    Signer::new(recipe(&EVERYTHING), marked(), marked()).unwrap()
}

fn marked_input() -> SigningInput<'static> {
    SigningInput {
        path: "/users/canary7Qm2xZ9kLw4",
        query: Some("email=canary7Qm2xZ9kLw4"),
        body: MARK.as_bytes(),
        nonce: Some(MARK),
        ..LIST
    }
}

#[test]
fn debug_of_every_type() {
    assert_eq!(format!("{:?}", marked()), "Secret(..)");
    assert_eq!(format!("{:#?}", marked().clone()), "Secret(..)");
    let rewrite = PathRewrite {
        from: "/proxy".to_owned(),
        to: "/api".to_owned(),
    };
    assert_debug_hides(&marked_signer().with_signed_path(rewrite));
    assert_debug_hides(
        &Verifier::from(marked_signer())
            .with_credentials(marked(), marked())
            .unwrap(),
    );
    assert_debug_hides(&marked_input());
    let shown = format!("{:?}", marked_input());
    assert_eq!(
        shown,
        r#"SigningInput { method: "GET", host: "api.example.com", body_len: 17, .. }"#
    );
    let shown = format!("{:?}", marked_signer());
    assert!(shown.starts_with("Signer { recipe: Recipe {"), "{shown}");
    assert_debug_hides(&recipe(&EVERYTHING));
    for authenticator in [
        Authenticator::signature(marked_signer()),
        Authenticator::bearer(marked()).unwrap(),
        Authenticator::basic(marked(), marked()).unwrap(),
        Authenticator::header("X-Token", "{key}", marked()).unwrap(),
        Authenticator::header("Authorization", "Basic {key}", marked()).unwrap(),
    ] {
        assert_debug_hides(&authenticator);
        let shown = format!("{authenticator:?}");
        assert!(shown.starts_with("Authenticator { scheme: "), "{shown}");
        let mut headers = HeaderMap::new();
        headers.insert("x-tenant", HeaderValue::from_static("t"));
        let input = SigningInput {
            nonce: Some("n-1"),
            ..marked_input()
        };
        authenticator
            .authenticate(&input, at(SENT), &mut headers)
            .unwrap();
        assert_debug_hides(&headers);
    }
}

#[test]
fn every_error_of_a_credential() {
    let with = |around: &str| Secret::new(around.replace('*', MARK));
    for around in ["* ", "*\nx", "é*", "*,*", ""] {
        for error in [
            Signer::new(recipe(&EVERYTHING), with(around), marked()).err(),
            Signer::new(recipe(&EVERYTHING), marked(), with(around)).err(),
            Authenticator::bearer(with(around)).err(),
            Authenticator::basic(with(around), marked()).err(),
            Authenticator::basic(marked(), with(around)).err(),
            Authenticator::basic(with("*:*"), with(around)).err(),
            Authenticator::header("X-Token", "{key}", with(around)).err(),
            Authenticator::constant("X-Token", with(around).expose()).err(),
        ]
        .into_iter()
        .flatten()
        {
            assert_error_hides(&error);
        }
    }
}

#[test]
fn every_error_of_a_request() {
    let signer = marked_signer();
    let mut headers = HeaderMap::new();
    assert_error_hides(
        &signer
            .sign(&marked_input(), at(SENT), &mut headers)
            .unwrap_err(),
    );
    headers.insert("x-tenant", HeaderValue::from_static(MARK));
    for input in [
        SigningInput {
            nonce: None,
            ..marked_input()
        },
        SigningInput {
            nonce: Some("canary7Qm2xZ9kLw4 "),
            ..marked_input()
        },
        SigningInput {
            method: "canary7Qm2xZ9kLw4 ",
            ..marked_input()
        },
        SigningInput {
            host: "canary7Qm2xZ9kLw4/",
            ..marked_input()
        },
        SigningInput {
            path: "canary7Qm2xZ9kLw4",
            ..marked_input()
        },
        SigningInput {
            query: Some("canary7Qm2xZ9kLw4#"),
            ..marked_input()
        },
    ] {
        assert_error_hides(&signer.sign(&input, at(SENT), &mut headers).unwrap_err());
    }
    signer
        .sign(&marked_input(), at(SENT), &mut headers)
        .unwrap();
    let verifier = Verifier::from(signer);
    for name in [
        "x-api-key",
        "x-signature",
        "x-timestamp",
        "x-nonce",
        "x-version",
        "x-tenant",
    ] {
        for value in [MARK, "v1=canary7Qm2xZ9kLw4", "other", ""] {
            let mut other = headers.clone();
            other.insert(name, HeaderValue::from_static(value));
            if let Err(error) = verifier.verify(&marked_input(), &other, at(SENT)) {
                assert_error_hides(&error);
            }
        }
        headers.append(name, HeaderValue::from_static(MARK));
        assert_error_hides(
            &verifier
                .verify(&marked_input(), &headers, at(SENT))
                .unwrap_err(),
        );
    }
    let bearer = Authenticator::bearer(marked()).unwrap();
    headers.insert(
        "authorization",
        HeaderValue::from_static("Bearer canary7Qm2xZ9kLw4x"),
    );
    assert_error_hides(
        &bearer
            .verify(&marked_input(), &headers, at(SENT))
            .unwrap_err(),
    );
}
