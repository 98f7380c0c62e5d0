//! Common mistakes, each as another value of one part of the message.

use super::{
    rewritten::{indented, sorted, spaced},
    time::{SignatureTimeFormat, guess},
    variants::ByteVariants,
};
use crate::values::text::{percent_decode, percent_encode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(super) fn method(own: &str) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    found.or("the method in lower case", own.to_lowercase());
    found.or("without the method", "");
    found
}

pub(super) fn path(own: &str, base: &str, host: &str) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    if let Some(rest) = own.strip_prefix(base).filter(|_| !base.is_empty()) {
        found.or(format!("the path without {base}"), rest);
        found.or(
            format!("the path with {base} twice"),
            format!("{base}{own}"),
        );
        let rest = rest.trim_start_matches('/');
        found.or(format!("the path without {base} and its first slash"), rest);
    }
    found.or("the path with a slash at its end", format!("{own}/"));
    if let Some(bare) = own.strip_suffix('/') {
        found.or("the path without the slash at its end", bare);
    }
    found.or(
        "the path without its first slash",
        own.trim_start_matches('/'),
    );
    if let Some(decoded) = percent_decode(own, false) {
        found.or("the path decoded", decoded);
    }
    found.or("the path encoded once more", percent_encode(own, "/"));
    found.or("the path in lower case", own.to_lowercase());
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://{host}{own}");
        found.or("the whole URL instead of the path", url);
    }
    found
}

/// `own` is the query without its question mark.
pub(super) fn query(own: Option<&str>, in_message: bool) -> ByteVariants {
    let marked = |query: &str| match query {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let text = own.unwrap_or_default();
    let right = match own {
        Some(query) if in_message => format!("?{query}"),
        _ => String::new(),
    };
    let mut found = ByteVariants::new(right);
    if !in_message {
        found.or("the path with the query", marked(text));
    }
    found.or("without the query", "");
    if let Some(decoded) = percent_decode(text, false) {
        found.or("the query decoded", marked(&decoded));
    }
    if let Some(decoded) = percent_decode(text, true) {
        found.or("the query decoded", marked(&decoded));
    }
    found.or(
        "the query encoded once more",
        marked(&percent_encode(text, "=&")),
    );
    found.or(
        "the query with %20 for +",
        marked(&text.replace('+', "%20")),
    );
    found.or(
        "the query with + for %20",
        marked(&text.replace("%20", "+")),
    );
    let mut sorted: Vec<&str> = text.split('&').collect();
    sorted.sort_unstable();
    found.or(
        "the parameters of the query sorted",
        marked(&sorted.join("&")),
    );
    found.or("the query without its question mark", text);
    found.or("a question mark without a query", "?");
    found
}

pub(super) fn host(own: &str) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    let bare = own.rsplit_once(':').map_or(own, |(host, _)| host);
    found.or("the host without its port", bare);
    found.or("the host with http://", format!("http://{own}"));
    found.or("the host with https://", format!("https://{own}"));
    found.or("without the host", "");
    found
}

pub(super) fn timestamp(own: &str, headers: &HeaderMap) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    if let Some((guessed, millis)) = guess(own) {
        for (mistake, format) in [
            ("the timestamp in seconds", SignatureTimeFormat::Seconds),
            ("the timestamp in milliseconds", SignatureTimeFormat::Millis),
            ("the timestamp as a date", SignatureTimeFormat::Rfc3339),
        ] {
            found.or(mistake, format.write(millis));
        }
        for away in [-1000, 1000, -2000, 2000, -3000, 3000] {
            found.or(
                "another time than the header has, taken a moment apart",
                guessed.write(millis + away),
            );
        }
    }
    for (name, value) in headers {
        let Ok(text) = value.to_str() else { continue };
        if *name == header::DATE || guess(text).is_some() && text.len() >= 10 {
            found.or(format!("the time of the header {name}"), text);
        }
    }
    found.or("without the timestamp", "");
    found
}

pub(super) fn nonce(own: &str) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    found.or("without the nonce", "");
    found
}

/// The bytes that a body may have had when it was signed.
pub(super) fn body(own: &[u8]) -> ByteVariants {
    let mut found = ByteVariants::new(own);
    found.or("without the body", "");
    if let Ok(value) = serde_json::from_slice::<Value>(own) {
        let again = "the body serialized again, not as it was sent";
        found.or(again, value.to_string());
        found.or(again, spaced(&value));
        let sorted = sorted(&value);
        found.or(again, sorted.to_string());
        found.or(again, spaced(&sorted));
        for indent in ["  ", "    "] {
            found.or(again, indented(&value, indent));
        }
    }
    found.or("a line feed after the body", [own, b"\n"].concat());
    if own.is_empty() {
        for text in ["{}", "null", "undefined", "None", "\"\"", "[]"] {
            found.or(format!("{text} for no body"), text);
        }
    }
    found
}

/// The hash of a body as signed.
pub(super) fn digest(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

/// The hash of the body, and what may stand in its place.
pub(super) fn hash(bodies: &ByteVariants) -> ByteVariants {
    let own = bodies.0.first().map(|own| own.value.as_slice());
    let own = own.unwrap_or_default();
    let mut found = ByteVariants::new(digest(own));
    found.or("without the hash of the body", "");
    for other in bodies.0.iter().skip(1) {
        let mistake = match other.value.as_slice() {
            [] => "the hash of an empty body".to_owned(),
            _ => format!(
                "the hash of {}",
                other.mistake.as_deref().unwrap_or_default()
            ),
        };
        found.or(mistake, digest(&other.value));
    }
    found.or(
        "the hash of the body in upper case",
        digest(own).to_uppercase(),
    );
    found.or(
        "the hash of the body in base64",
        STANDARD.encode(Sha256::digest(own)),
    );
    found.or("the body instead of its hash", own);
    found
}
