//! What a receiver accepts and what it refuses, and as what.

use crate::common::{EVERYTHING, KEY, LIST, SECRET, SENT, TEXT, at, recipe, signed, signer};
use botroster_auth::{
    Authenticator, PathRewrite, RecipeText, Secret, Signer, SigningInput, Verifier, VerifyError,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::{Duration, SystemTime};

fn verifier(text: &RecipeText<'_>) -> Verifier {
    Verifier::new(recipe(text), Secret::new(KEY), Secret::new(SECRET)).unwrap()
}

fn everything_signed() -> (Verifier, SigningInput<'static>, HeaderMap) {
    let mut headers = HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static("north"));
    let input = SigningInput {
        body: b"{\"a\":1}",
        nonce: Some("n-1"),
        ..LIST
    };
    signer(&EVERYTHING)
        .sign(&input, at(SENT), &mut headers)
        .unwrap();
    (verifier(&EVERYTHING), input, headers)
}

fn set(headers: &HeaderMap, name: &'static str, value: &str) -> HeaderMap {
    let mut headers = headers.clone();
    headers.insert(name, HeaderValue::from_str(value).unwrap());
    headers
}

#[test]
fn the_tolerance_is_inclusive_on_both_sides() {
    let headers = signed(&signer(&TEXT), &LIST);
    let check = |now: SystemTime| verifier(&TEXT).verify(&LIST, &headers, now);
    let moment = Duration::from_nanos(1);
    assert_eq!(check(at(SENT)), Ok(()));
    assert_eq!(check(at(SENT + 300)), Ok(()));
    assert_eq!(check(at(SENT - 300)), Ok(()));
    assert_eq!(
        check(at(SENT + 300) + moment),
        Err(VerifyError::TimestampTooOld)
    );
    assert_eq!(
        check(at(SENT - 300) - moment),
        Err(VerifyError::TimestampTooNew)
    );
    assert_eq!(
        check(SystemTime::UNIX_EPOCH),
        Err(VerifyError::TimestampTooNew)
    );
    assert_eq!(check(at(SENT * 1000)), Err(VerifyError::TimestampTooOld));
}

#[test]
fn a_tolerance_of_zero_accepts_the_very_second() {
    let text = RecipeText {
        tolerance: Duration::ZERO,
        ..TEXT
    };
    let headers = signed(&signer(&text), &LIST);
    assert_eq!(verifier(&text).verify(&LIST, &headers, at(SENT)), Ok(()));
    assert_eq!(
        verifier(&text).verify(&LIST, &headers, at(SENT + 1)),
        Err(VerifyError::TimestampTooOld)
    );
}

#[test]
fn a_change_of_any_part_of_the_request_is_seen() {
    let (verifier, input, headers) = everything_signed();
    assert_eq!(verifier.verify(&input, &headers, at(SENT)), Ok(()));
    let changed = [
        SigningInput {
            method: "POST",
            ..input
        },
        SigningInput {
            host: "api.example.net",
            ..input
        },
        SigningInput {
            path: "/api/Dev/other/users",
            ..input
        },
        SigningInput {
            query: Some("pageSize=20&page=1"),
            ..input
        },
        SigningInput {
            query: Some(""),
            ..input
        },
        SigningInput {
            query: None,
            ..input
        },
        SigningInput {
            body: b"{\"a\":2}",
            ..input
        },
        SigningInput { body: b"", ..input },
    ];
    for other in changed {
        assert_eq!(
            verifier.verify(&other, &headers, at(SENT)),
            Err(VerifyError::SignatureMismatch),
            "{other:?}"
        );
    }
    // The nonce that counts is the one that was sent.
    assert_eq!(
        verifier.verify(
            &SigningInput {
                nonce: Some("n-2"),
                ..input
            },
            &headers,
            at(SENT)
        ),
        Ok(())
    );
    assert_eq!(
        verifier.verify(
            &SigningInput {
                nonce: None,
                ..input
            },
            &headers,
            at(SENT)
        ),
        Ok(())
    );
}

#[test]
fn a_change_of_any_header_is_seen() {
    let (verifier, input, headers) = everything_signed();
    let other = format!("v1={}", "A".repeat(43) + "=");
    let name = HeaderName::from_static;
    let cases = [
        ("x-tenant", "south", VerifyError::SignatureMismatch),
        ("x-nonce", "n-2", VerifyError::SignatureMismatch),
        ("x-timestamp", "1744113601", VerifyError::SignatureMismatch),
        ("x-timestamp", "1744113000", VerifyError::TimestampTooOld),
        ("x-timestamp", "1744114000", VerifyError::TimestampTooNew),
        ("x-api-key", "pk_your_api_kez", VerifyError::UnknownKey),
        ("x-api-key", "pk_your_api_key2", VerifyError::UnknownKey),
        (
            "x-api-key",
            "",
            VerifyError::MalformedHeader(name("x-api-key")),
        ),
        ("x-signature", &other, VerifyError::SignatureMismatch),
        (
            "x-signature",
            "v2=AAAA",
            VerifyError::MalformedHeader(name("x-signature")),
        ),
        (
            "x-signature",
            "v1=",
            VerifyError::MalformedHeader(name("x-signature")),
        ),
        (
            "x-version",
            "2",
            VerifyError::MalformedHeader(name("x-version")),
        ),
        (
            "x-version",
            "11",
            VerifyError::MalformedHeader(name("x-version")),
        ),
    ];
    for (header, value, expected) in cases {
        let result = verifier.verify(&input, &set(&headers, header, value), at(SENT));
        assert_eq!(result, Err(expected), "{header}: {value}");
    }
}

#[test]
fn each_header_is_there_exactly_once() {
    let (verifier, input, headers) = everything_signed();
    let names: Vec<HeaderName> = headers.keys().cloned().collect();
    assert_eq!(names.len(), 6);
    for name in names {
        let mut without = headers.clone();
        without.remove(&name);
        assert_eq!(
            verifier.verify(&input, &without, at(SENT)),
            Err(VerifyError::MissingHeader(name.clone()))
        );
        let mut twice = headers.clone();
        twice.append(&name, headers[&name].clone());
        assert_eq!(
            verifier.verify(&input, &twice, at(SENT)),
            Err(VerifyError::DuplicateHeader(name))
        );
    }
}

#[test]
fn a_header_that_is_no_text_is_malformed() {
    let (verifier, input, mut headers) = everything_signed();
    headers.insert("x-api-key", HeaderValue::from_bytes(b"pk_\xff").unwrap());
    let expected = VerifyError::MalformedHeader(HeaderName::from_static("x-api-key"));
    assert_eq!(verifier.verify(&input, &headers, at(SENT)), Err(expected));
}

#[test]
fn a_timestamp_has_one_form() {
    let cases: [(&str, &[&str]); 3] = [
        (
            "unix-seconds",
            &[
                "01744113600",
                "+1744113600",
                "-1744113600",
                "1744113600.0",
                "1744113600000000000000",
                "0x67",
                "soon",
                "１",
            ],
        ),
        (
            "unix-millis",
            &["01744113600000", "1744113600000.5", "1e12"],
        ),
        (
            "rfc3339",
            &[
                "2025-04-08T12:00:00.000Z",
                "2025-04-08T12:00:00+00:00",
                "2025-04-08t12:00:00z",
                "2025-04-08 12:00:00Z",
                "2025-04-08T12:00Z",
                "2025-04-08",
                "2025-02-30T12:00:00Z",
                "1969-12-31T23:59:59Z",
                "1744113600",
            ],
        ),
    ];
    for (timestamp, refused) in cases {
        let text = RecipeText { timestamp, ..TEXT };
        let headers = signed(&signer(&text), &LIST);
        assert_eq!(
            verifier(&text).verify(&LIST, &headers, at(SENT)),
            Ok(()),
            "{timestamp}"
        );
        for value in refused {
            let result =
                verifier(&text).verify(&LIST, &set(&headers, "x-timestamp", value), at(SENT));
            let expected = if value.is_ascii() {
                VerifyError::MalformedTimestamp
            } else {
                malformed("x-timestamp")
            };
            assert_eq!(result, Err(expected), "{timestamp} {value}");
        }
    }
}

fn malformed(name: &'static str) -> VerifyError {
    VerifyError::MalformedHeader(HeaderName::from_static(name))
}

#[test]
fn a_signature_has_one_form() {
    // The last character before the padding holds two bits that mean nothing: other ones would decode to the same bytes.
    let good = "vprXsMDl4SHFMYJJ3ATBaJcQOtw9/4S0vHQUAMWkvpk=";
    let refused: [(&str, String); 9] = [
        ("base64", good.replace("vpk=", "vpl=")),
        ("base64", good.replace('=', "")),
        ("base64", format!("{good}=")),
        ("base64", good.replace('/', "_")),
        ("base64", good.replace('v', " ")),
        ("base64url", good.replace('/', "_")),
        ("base64url", good.replace('=', "")),
        (
            "hex",
            "BE9AD7B0C0E5E121C5318249DC04C16897103ADC3DFF84B4BC741400C5A4BE99".to_owned(),
        ),
        ("hex", "be9a".to_owned()),
    ];
    for (encoding, value) in refused {
        let text = RecipeText { encoding, ..TEXT };
        let headers = set(&signed(&signer(&text), &LIST), "x-signature", &value);
        let result = verifier(&text).verify(&LIST, &headers, at(SENT));
        assert_eq!(
            result,
            Err(VerifyError::MalformedSignature),
            "{encoding} {value}"
        );
    }
    let headers = signed(&signer(&TEXT), &LIST);
    assert_eq!(headers["x-signature"], good);
}

#[test]
fn another_pair_can_be_accepted_as_well() {
    let replaced = |key: &str, secret: &str| {
        let signer = Signer::new(recipe(&TEXT), Secret::new(key), Secret::new(secret)).unwrap();
        signed(&signer, &LIST)
    };
    let verifier = verifier(&TEXT)
        .with_credentials(Secret::new(KEY), Secret::new("a-newer-secret"))
        .and_then(|both| {
            both.with_credentials(Secret::new("pk_other"), Secret::new("other-secret"))
        })
        .unwrap();
    for (key, secret) in [
        (KEY, SECRET),
        (KEY, "a-newer-secret"),
        ("pk_other", "other-secret"),
    ] {
        assert_eq!(
            verifier.verify(&LIST, &replaced(key, secret), at(SENT)),
            Ok(()),
            "{key} {secret}"
        );
    }
    // A secret counts only with its own key.
    for (key, secret) in [
        ("pk_other", SECRET),
        (KEY, "other-secret"),
        (KEY, "unheard-of"),
    ] {
        let result = verifier.verify(&LIST, &replaced(key, secret), at(SENT));
        assert_eq!(
            result,
            Err(VerifyError::SignatureMismatch),
            "{key} {secret}"
        );
    }
    let result = verifier.verify(&LIST, &replaced("pk_third", SECRET), at(SENT));
    assert_eq!(result, Err(VerifyError::UnknownKey));
}

#[test]
fn a_list_in_one_header_is_taken_apart() {
    let text = RecipeText {
        message: "{timestamp}.{nonce}.{body}",
        headers: &[(
            "Authorization",
            "HMAC {key}; n={nonce}; t={timestamp}; s={signature}",
        )],
        ..TEXT
    };
    let input = SigningInput {
        nonce: Some("n-1"),
        ..LIST
    };
    let headers = signed(&signer(&text), &input);
    assert_eq!(verifier(&text).verify(&input, &headers, at(SENT)), Ok(()));
    let value = headers["authorization"].to_str().unwrap();
    for (from, to) in [
        ("HMAC ", "hmac "),
        ("; t=", ";t="),
        ("n=n-1", "n="),
        ("; s=", "; s=; s="),
        ("n=n-1; ", ""),
    ] {
        let other = value.replace(from, to);
        assert_ne!(other, value);
        let result =
            verifier(&text).verify(&input, &set(&headers, "authorization", &other), at(SENT));
        assert!(
            matches!(
                result,
                Err(VerifyError::MalformedHeader(_) | VerifyError::MalformedSignature)
            ),
            "{from:?} -> {to:?}: {result:?}"
        );
    }
}

#[test]
fn what_cannot_be_on_the_wire_is_refused() {
    let (verifier, input, headers) = everything_signed();
    let result = verifier.verify(&SigningInput { path: "", ..input }, &headers, at(SENT));
    assert_eq!(result, Err(VerifyError::InvalidInput("path")));
}

#[test]
fn verifier_and_authenticator_agree() {
    let headers = signed(&signer(&TEXT), &LIST);
    let authenticator = Authenticator::signature(signer(&TEXT));
    let verifier = Verifier::from(signer(&TEXT));
    for now in [SENT, SENT + 300, SENT + 301, SENT - 301] {
        assert_eq!(
            verifier.verify(&LIST, &headers, at(now)),
            authenticator.verify(&LIST, &headers, at(now))
        );
    }
}

#[test]
fn a_rewrite_holds_for_every_pair() {
    let behind_proxy = |secret| {
        let rewrite = PathRewrite {
            from: "/api".to_owned(),
            to: "/v2".to_owned(),
        };
        Signer::new(recipe(&TEXT), Secret::new(KEY), Secret::new(secret))
            .unwrap()
            .with_signed_path(rewrite)
    };
    let verifier = Verifier::from(behind_proxy(SECRET))
        .with_credentials(Secret::new(KEY), Secret::new("a-newer-secret"))
        .unwrap();
    for secret in [SECRET, "a-newer-secret"] {
        let headers = signed(&behind_proxy(secret), &LIST);
        assert_eq!(verifier.verify(&LIST, &headers, at(SENT)), Ok(()));
    }
    let headers = signed(&signer(&TEXT), &LIST);
    assert_eq!(
        verifier.verify(&LIST, &headers, at(SENT)),
        Err(VerifyError::SignatureMismatch)
    );
    let outside = SigningInput {
        path: "/other",
        ..LIST
    };
    assert_eq!(
        verifier.verify(&outside, &headers, at(SENT)),
        Err(VerifyError::PathNotRewritten)
    );
}
