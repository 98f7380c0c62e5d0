//! A recipe is read strictly, and its errors say which field and what is allowed.

use crate::common::{TEXT, recipe, recipe_error, signer};
use botroster_auth::{Recipe, RecipeText};
use std::time::Duration;

#[test]
fn errors_name_the_field_and_what_is_allowed() {
    let key_and_signature = &[("X-Key", "{key}"), ("X-Signature", "{signature}")];
    let cases: &[(RecipeText<'_>, &str, &[&str])] = &[
        (
            RecipeText {
                algorithm: "hmac-sha1",
                ..TEXT
            },
            "algorithm",
            &["\"hmac-sha1\"", "known are hmac-sha256"],
        ),
        (
            RecipeText {
                algorithm: "HMAC-SHA256",
                ..TEXT
            },
            "algorithm",
            &["hmac-sha256"],
        ),
        (
            RecipeText {
                encoding: "Base64",
                ..TEXT
            },
            "encoding",
            &["base64, base64url, hex"],
        ),
        (
            RecipeText {
                timestamp: "unix",
                ..TEXT
            },
            "timestamp",
            &["unix-seconds, unix-millis, rfc3339"],
        ),
        (
            RecipeText {
                message: "{method}{foo}",
                ..TEXT
            },
            "message",
            &[
                "unknown placeholder {foo} in message; known are {method}, {path}, ",
                "{header:NAME}",
            ],
        ),
        (
            RecipeText {
                message: "{key}",
                ..TEXT
            },
            "message",
            &["unknown placeholder {key} in message"],
        ),
        (
            RecipeText {
                message: "{}",
                ..TEXT
            },
            "message",
            &["unknown placeholder {} in message"],
        ),
        (
            RecipeText {
                message: "{header:}",
                ..TEXT
            },
            "message",
            &["{header:} does not name a header"],
        ),
        (
            RecipeText {
                message: "{header:a b}",
                ..TEXT
            },
            "message",
            &["write {header:NAME}"],
        ),
        (
            RecipeText {
                message: "{header:x-api-key}",
                ..TEXT
            },
            "message",
            &["a header that signing sets"],
        ),
        (
            RecipeText {
                message: "",
                ..TEXT
            },
            "message",
            &["no placeholder"],
        ),
        (
            RecipeText {
                message: "constant",
                ..TEXT
            },
            "message",
            &["no placeholder"],
        ),
        (
            RecipeText {
                message: "{method",
                ..TEXT
            },
            "message",
            &["a { without a }"],
        ),
        (
            RecipeText {
                message: "method}",
                ..TEXT
            },
            "message",
            &["a } without a {"],
        ),
        (
            RecipeText {
                message: "{method}}",
                ..TEXT
            },
            "message",
            &["a } without a {"],
        ),
        (
            RecipeText {
                message: "{{method}}",
                ..TEXT
            },
            "message",
            &["a { inside a placeholder"],
        ),
        (
            RecipeText {
                headers: &[],
                ..TEXT
            },
            "headers",
            &["no header carries {signature}"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{key}")],
                ..TEXT
            },
            "headers",
            &["no header carries {signature}"],
        ),
        (
            RecipeText {
                headers: key_and_signature,
                ..TEXT
            },
            "headers",
            &["signs {timestamp} but no header carries it"],
        ),
        (
            RecipeText {
                message: "{nonce}",
                headers: key_and_signature,
                ..TEXT
            },
            "headers",
            &["signs {nonce} but no header carries it"],
        ),
        (
            RecipeText {
                headers: &[("X Key", "{key}")],
                ..TEXT
            },
            "headers.X Key",
            &["not a header name; allowed are"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{secret}")],
                ..TEXT
            },
            "headers.X-Key",
            &[
                "unknown placeholder {secret} in a header; known are {key}, {signature}, {timestamp}, {nonce}",
            ],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "")],
                ..TEXT
            },
            "headers.X-Key",
            &["visible ASCII"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", " {key}")],
                ..TEXT
            },
            "headers.X-Key",
            &["without surrounding white space"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{key}\r\nX: 1")],
                ..TEXT
            },
            "headers.X-Key",
            &["visible ASCII"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{key}"), ("x-key", "{signature}")],
                ..TEXT
            },
            "headers.x-key",
            &["the header occurs twice"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{key}"), ("X-Other", "{key}")],
                ..TEXT
            },
            "headers.X-Other",
            &["{key} occurs twice"],
        ),
        (
            RecipeText {
                headers: &[("X-Key", "{key}{signature}")],
                ..TEXT
            },
            "headers.X-Key",
            &["{key} and {signature} need literal text between them"],
        ),
        (
            RecipeText {
                headers: &[("X-S", "{signature}/{timestamp}")],
                ..TEXT
            },
            "headers.X-S",
            &["the text after {signature} starts with a character that it can contain"],
        ),
        (
            RecipeText {
                timestamp: "rfc3339",
                headers: &[("X-S", "{timestamp}:{signature}")],
                ..TEXT
            },
            "headers.X-S",
            &["the text after {timestamp} starts with a character that it can contain"],
        ),
    ];
    for (text, field, said) in cases {
        let error = recipe_error(text);
        let shown = error.to_string();
        assert_eq!(error.field(), *field, "{shown}");
        assert!(
            shown.starts_with(&format!("recipe field {field}: ")),
            "{shown}"
        );
        for part in *said {
            assert!(shown.contains(part), "{part:?} is not in {shown:?}");
        }
        assert!(!shown.contains('\n'));
    }
}

/// A slot cannot contain the character that follows it.
#[test]
fn every_character_behind_a_slot() {
    const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let held = [
        ("base64", "", [ALPHANUMERIC, "+/="].concat()),
        ("base64url", "", [ALPHANUMERIC, "-_"].concat()),
        ("hex", "", "0123456789abcdef".to_owned()),
        ("hex", "unix-seconds", "0123456789".to_owned()),
        ("hex", "unix-millis", "0123456789".to_owned()),
        ("hex", "rfc3339", "0123456789-:TZ".to_owned()),
    ];
    for (encoding, timestamp, held) in &held {
        // Visible ASCII, but for the braces of templates.
        for c in ('!'..='~').filter(|c| !matches!(c, '{' | '}')) {
            let (signature, time) = match *timestamp {
                "" => (format!("{{signature}}{c}"), "{timestamp}".to_owned()),
                _ => ("{signature}".to_owned(), format!("{{timestamp}}{c}")),
            };
            let parsed = Recipe::parse(&RecipeText {
                encoding,
                timestamp: if timestamp.is_empty() {
                    "unix-seconds"
                } else {
                    timestamp
                },
                headers: &[("X-S", &signature), ("X-T", &time)],
                ..TEXT
            });
            assert_eq!(
                parsed.is_ok(),
                !held.contains(c),
                "{encoding} {timestamp} {c}"
            );
        }
    }
}

#[test]
fn what_a_recipe_says_of_itself() {
    let recipe = recipe(&RecipeText {
        tolerance: Duration::from_secs(42),
        ..TEXT
    });
    assert_eq!(recipe.tolerance(), Duration::from_secs(42));
    assert!(!recipe.needs_nonce());
    let names: Vec<&str> = recipe
        .header_names()
        .map(http::HeaderName::as_str)
        .collect();
    assert_eq!(names, ["x-api-key", "x-signature", "x-timestamp"]);
    assert_eq!(signer(&TEXT).recipe().tolerance(), Duration::from_secs(300));
}

#[test]
fn a_time_or_nonce_may_be_sent_unsigned() {
    let headers = &[
        ("X-Signature", "{signature}"),
        ("X-Time", "{timestamp}"),
        ("X-Nonce", "{nonce}"),
    ];
    let recipe = recipe(&RecipeText {
        message: "{body}",
        headers,
        ..TEXT
    });
    assert!(recipe.needs_nonce());
}
