//! What signing sets, and that it sets nothing when it fails.

use crate::common::{
    EVERYTHING, KEY, LIST, SENT, TEXT, at, recipe, signed, signer, string_to_sign,
};
use botroster_auth::{
    AuthError, MAX_SIGNATURE_LEN, PathRewrite, RecipeText, Secret, Signer, SigningInput,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::{Duration, SystemTime};

#[test]
fn the_platforms_documented_sample() {
    let list = "/api/Dev/your_chatbot_id/users";
    let user = "/api/Dev/your_chatbot_id/users/6612a1b2c3d4e5f6a7b8c9d0";
    let page = Some("page=1&pageSize=20");
    let cases = [
        (
            list,
            page,
            1_744_113_600,
            "vprXsMDl4SHFMYJJ3ATBaJcQOtw9/4S0vHQUAMWkvpk=",
        ),
        (
            list,
            page,
            1_712_577_600,
            "uahDE4+mFk6shMwo+Nf56iHRU0OI4dtH7NrL8js6eQU=",
        ),
        (
            list,
            None,
            1_744_113_600,
            "tTVYhFzVayzd+vNojQWlwqLY9llll55m/Jr+uVFOESc=",
        ),
        (
            user,
            None,
            1_744_113_600,
            "m5Ui35hDxnZbriUEOp4YJHwiOLth6CLNjYfLuQu7TZ0=",
        ),
    ];
    for (path, query, now, expected) in cases {
        let mut buffer = [0; MAX_SIGNATURE_LEN];
        let input = SigningInput {
            path,
            query,
            ..LIST
        };
        let signature =
            signer(&TEXT).signature_into(&input, at(now), &HeaderMap::new(), &mut buffer);
        assert_eq!(signature, Ok(expected), "{path} {query:?} {now}");
    }
}

#[test]
fn the_raw_body_is_signed() {
    let body = br#"{"user":{"id":"user_123","name":"John Doe"},"message":{"content":"Hello"}}"#;
    let input = SigningInput {
        method: "POST",
        path: "/api/Dev/your_chatbot_id/message",
        query: None,
        body,
        ..LIST
    };
    let headers = signed(&signer(&TEXT), &input);
    assert_eq!(
        headers["x-signature"],
        "jD/zvt1Nmf2jfG8cR6E/I9hn9STxPsJiDfHajj4lakk="
    );
}

#[test]
fn a_prefixed_signature_of_the_body_alone() {
    let text = RecipeText {
        encoding: "hex",
        message: "{body}",
        headers: &[("X-Hub-Signature-256", "sha256={signature}")],
        ..TEXT
    };
    let secret = Secret::new("It's a Secret to Everybody");
    let signer = Signer::new(recipe(&text), Secret::new("unused"), secret).unwrap();
    let headers = signed(
        &signer,
        &SigningInput {
            body: b"Hello, World!",
            ..SigningInput::default()
        },
    );
    let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(headers["x-hub-signature-256"], expected);
    assert_eq!(headers.len(), 1);
}

#[test]
fn only_its_own_headers_change_and_old_values_go() {
    let mut headers = HeaderMap::new();
    for name in ["x-api-key", "x-signature", "x-timestamp", "accept"] {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static("old"),
        );
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static("older"),
        );
    }
    signer(&TEXT).sign(&LIST, at(SENT), &mut headers).unwrap();
    let values = |name: &str| {
        headers
            .get_all(name)
            .iter()
            .map(|v| v.to_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(values("x-api-key"), [KEY]);
    assert_eq!(
        values("x-signature"),
        ["vprXsMDl4SHFMYJJ3ATBaJcQOtw9/4S0vHQUAMWkvpk="]
    );
    assert_eq!(values("x-timestamp"), ["1744113600"]);
    assert_eq!(values("accept"), ["old", "older"]);
}

#[test]
fn key_and_signature_are_sensitive() {
    let mut headers = HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static("t"));
    let input = SigningInput {
        nonce: Some("n-1"),
        ..LIST
    };
    signer(&EVERYTHING)
        .sign(&input, at(SENT), &mut headers)
        .unwrap();
    let mut sensitive: Vec<_> = headers
        .iter()
        .filter(|(_, v)| v.is_sensitive())
        .map(|(n, _)| n.as_str())
        .collect();
    sensitive.sort_unstable();
    assert_eq!(sensitive, ["x-api-key", "x-signature"]);
}

#[test]
fn header_and_message_have_the_same_timestamp() {
    let now = at(SENT) + Duration::from_nanos(987_654_321);
    for (timestamp, expected) in [
        ("unix-seconds", "1744113600"),
        ("unix-millis", "1744113600987"),
        ("rfc3339", "2025-04-08T12:00:00Z"),
    ] {
        let signer = signer(&RecipeText { timestamp, ..TEXT });
        let message = signer
            .string_to_sign(&LIST, now, &HeaderMap::new())
            .unwrap();
        let mut headers = HeaderMap::new();
        signer.sign(&LIST, now, &mut headers).unwrap();
        assert_eq!(headers["x-timestamp"], expected);
        assert!(
            message.ends_with(format!("\n{expected}").as_bytes()),
            "{timestamp}"
        );
    }
}

#[test]
fn a_timestamp_of_every_length() {
    let powers = || (0..=18).map(|exponent| 10_u64.pow(exponent));
    for seconds in powers().flat_map(|power| [power - 1, power, power + 1, 9 * power]) {
        let mut headers = HeaderMap::new();
        signer(&TEXT)
            .sign(&LIST, at(seconds), &mut headers)
            .unwrap();
        assert_eq!(headers["x-timestamp"], seconds.to_string());
    }
}

#[test]
fn a_query_that_is_empty_keeps_its_question_mark() {
    let lines = |query| string_to_sign(&signer(&TEXT), &SigningInput { query, ..LIST });
    assert_eq!(
        lines(None),
        "GET\n/api/Dev/your_chatbot_id/users\n\n1744113600"
    );
    assert_eq!(
        lines(Some("")),
        "GET\n/api/Dev/your_chatbot_id/users?\n\n1744113600"
    );
    assert_eq!(
        lines(Some("a=%20")),
        "GET\n/api/Dev/your_chatbot_id/users?a=%20\n\n1744113600"
    );
}

#[test]
fn a_rewrite_changes_the_signed_path_only() {
    let path_signed = |from: &str, to: &str, path| {
        let rewrite = PathRewrite {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let signer = signer(&RecipeText {
            message: "{path}",
            ..TEXT
        })
        .with_signed_path(rewrite);
        let message =
            signer.string_to_sign(&SigningInput { path, ..LIST }, at(SENT), &HeaderMap::new());
        message.map(|message| String::from_utf8(message).unwrap())
    };
    let cases = [
        ("/proxy/peki", "/api", "/proxy/peki/Dev/1", "/api/Dev/1"),
        ("/proxy/", "/", "/proxy/api/users", "/api/users"),
        ("/proxy", "", "/proxy", "/"),
        ("", "/api", "/Dev/1", "/api/Dev/1"),
        ("/", "/api/", "/Dev/1", "/api/Dev/1"),
        ("/a", "/b", "/a", "/b"),
    ];
    for (from, to, path, expected) in cases {
        assert_eq!(
            path_signed(from, to, path).as_deref(),
            Ok(expected),
            "{from} -> {to}: {path}"
        );
    }
    for path in ["/proxyserver/users", "/users", "/"] {
        assert_eq!(
            path_signed("/proxy", "/api", path),
            Err(AuthError::PathNotRewritten),
            "{path}"
        );
    }
    for to in ["api", "/a?b", "/a b"] {
        assert_eq!(
            path_signed("/proxy", to, "/proxy/users"),
            Err(AuthError::InvalidInput("path")),
            "{to}"
        );
    }
    // Every form of the path follows it.
    let rewrite = PathRewrite {
        from: "/api".to_owned(),
        to: "/v2".to_owned(),
    };
    let rewritten = string_to_sign(&signer(&TEXT).with_signed_path(rewrite), &LIST);
    assert_eq!(
        rewritten,
        "GET\n/v2/Dev/your_chatbot_id/users?page=1&pageSize=20\n\n1744113600"
    );
}

#[test]
fn a_signed_header_is_taken_as_on_the_wire() {
    let signer = signer(&RecipeText {
        message: "[{header:X-Tenant}]",
        ..TEXT
    });
    let mut headers = HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static(" \tnorth 7 "));
    assert_eq!(
        signer.string_to_sign(&LIST, at(SENT), &headers).unwrap(),
        b"[north 7]"
    );
}

#[test]
fn every_failure_leaves_the_headers_alone() {
    let tenant = HeaderName::from_static("x-tenant");
    let fine = SigningInput {
        nonce: Some("n-1"),
        ..LIST
    };
    let before_1970 = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let with_tenants = |count| {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_static("untouched"));
        for _ in 0..count {
            headers.append(&tenant, HeaderValue::from_static("t"));
        }
        headers
    };
    let cases = [
        (fine, before_1970, 1, AuthError::TimeOutOfRange),
        (
            SigningInput {
                nonce: None,
                ..fine
            },
            at(SENT),
            1,
            AuthError::MissingNonce,
        ),
        (
            SigningInput {
                nonce: Some(""),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidNonce,
        ),
        (
            SigningInput {
                nonce: Some("a b"),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidNonce,
        ),
        (
            SigningInput {
                nonce: Some("a\r\nb"),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidNonce,
        ),
        (
            SigningInput {
                nonce: Some("é"),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidNonce,
        ),
        (fine, at(SENT), 0, AuthError::MissingHeader(tenant.clone())),
        (
            fine,
            at(SENT),
            2,
            AuthError::DuplicateHeader(tenant.clone()),
        ),
        (
            SigningInput { method: "", ..fine },
            at(SENT),
            1,
            AuthError::InvalidInput("method"),
        ),
        (
            SigningInput {
                method: "GET\nPOST",
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("method"),
        ),
        (
            SigningInput { host: "", ..fine },
            at(SENT),
            1,
            AuthError::InvalidInput("host"),
        ),
        (
            SigningInput {
                host: "api.example.com/v1",
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("host"),
        ),
        (
            SigningInput { path: "", ..fine },
            at(SENT),
            1,
            AuthError::InvalidInput("path"),
        ),
        (
            SigningInput {
                path: "users",
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("path"),
        ),
        (
            SigningInput {
                path: "/users?page=1",
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("path"),
        ),
        (
            SigningInput {
                path: "/a/path/of/more/than/32/bytes/\u{7f}/users",
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("path"),
        ),
        (
            SigningInput {
                query: Some("a=1#b"),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("query"),
        ),
        (
            SigningInput {
                query: Some("a=1 2"),
                ..fine
            },
            at(SENT),
            1,
            AuthError::InvalidInput("query"),
        ),
    ];
    let signer = signer(&EVERYTHING);
    for (input, now, tenants, expected) in cases {
        let mut headers = with_tenants(tenants);
        assert_eq!(
            signer.sign(&input, now, &mut headers),
            Err(expected.clone())
        );
        assert_eq!(headers, with_tenants(tenants), "{expected:?}");
    }
    signer.sign(&fine, at(SENT), &mut with_tenants(1)).unwrap();
}

#[test]
fn a_full_header_map_stays_as_it_is() {
    let mut headers = HeaderMap::new();
    let mut number = 0;
    while headers
        .try_append(
            HeaderName::try_from(format!("x-{number}")).unwrap(),
            HeaderValue::from_static("v"),
        )
        .is_ok()
    {
        number += 1;
    }
    // Three headers do not fit into the room of none, one or two.
    for room in 0..3 {
        let before = headers.clone();
        let result = signer(&TEXT).sign(&LIST, at(SENT), &mut headers);
        assert_eq!(result, Err(AuthError::TooManyHeaders), "room for {room}");
        assert!(headers == before, "room for {room}");
        headers.remove(format!("x-{room}"));
    }
    signer(&TEXT).sign(&LIST, at(SENT), &mut headers).unwrap();
}

#[test]
fn a_time_that_the_format_cannot_say() {
    let signer = signer(&RecipeText {
        timestamp: "rfc3339",
        ..TEXT
    });
    // The year 12000.
    let late = at(316_516_032_000);
    assert_eq!(
        signer.sign(&LIST, late, &mut HeaderMap::new()),
        Err(AuthError::TimeOutOfRange)
    );
}

#[test]
fn a_nonce_does_not_hold_what_ends_it() {
    let text = RecipeText {
        message: "{nonce}.{body}",
        headers: &[("Authorization", "n={nonce};s={signature}")],
        ..TEXT
    };
    let sign = |nonce| {
        let input = SigningInput {
            nonce: Some(nonce),
            ..LIST
        };
        signer(&text).sign(&input, at(SENT), &mut HeaderMap::new())
    };
    assert_eq!(sign("n-1"), Ok(()));
    assert_eq!(sign("n;1"), Err(AuthError::InvalidNonce));
}

/// A character ends the slot before it, and no other.
#[test]
fn each_slot_has_its_own_end() {
    let text = RecipeText {
        message: "{body}",
        headers: &[("Authorization", "{key}:{nonce};{signature}")],
        ..TEXT
    };
    let sign = |key, nonce| {
        let signer = Signer::new(recipe(&text), Secret::new(key), Secret::new("s"));
        let input = SigningInput {
            nonce: Some(nonce),
            ..LIST
        };
        signer.is_ok_and(|signer| signer.sign(&input, at(SENT), &mut HeaderMap::new()).is_ok())
    };
    assert!(sign("k;1", "n:1"));
    assert!(!sign("k:1", "n-1"));
    assert!(!sign("k-1", "n;1"));
}

#[test]
fn without_a_timestamp_the_time_does_not_matter() {
    let text = RecipeText {
        message: "{body}",
        headers: &[("X-Signature", "{signature}")],
        ..TEXT
    };
    let before_1970 = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let signed = signer(&text).sign(&LIST, before_1970, &mut HeaderMap::new());
    assert_eq!(signed, Ok(()));
}
