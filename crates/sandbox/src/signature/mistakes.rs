//! The usual mistakes, each as another value for one part of what is signed.

use super::{
    codec,
    recipe::Piece,
    time::{Format, guess},
};
use crate::params::decode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A value, and what is wrong with it; the first of its kind is right.
#[derive(Debug, Clone)]
pub(super) struct Variant<T> {
    pub(super) value: T,
    pub(super) mistake: Option<String>,
}

/// Values of one part, the right one first.
#[derive(Debug)]
pub(super) struct Variants<T>(pub(super) Vec<Variant<T>>);

impl<T: PartialEq> Variants<T> {
    pub(super) fn new(value: T) -> Self {
        Self(vec![Variant {
            value,
            mistake: None,
        }])
    }

    /// Adds what is not among them yet.
    fn or(&mut self, mistake: impl Into<String>, value: T) {
        if self.0.iter().all(|own| own.value != value) {
            self.0.push(Variant {
                value,
                mistake: Some(mistake.into()),
            });
        }
    }
}

/// Everything that a message is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) method: Variants<String>,
    pub(super) path: Variants<String>,
    /// With its question mark.
    pub(super) query: Variants<String>,
    pub(super) host: Variants<String>,
    pub(super) timestamp: Variants<String>,
    pub(super) nonce: Variants<String>,
    pub(super) body: Variants<Vec<u8>>,
    pub(super) hash: Variants<Vec<u8>>,
    pub(super) shape: Variants<Vec<Piece>>,
}

pub(super) fn method(own: &str) -> Variants<String> {
    let mut found = Variants::new(own.to_owned());
    found.or("the method in lower case", own.to_lowercase());
    found.or("without the method", String::new());
    found
}

pub(super) fn path(own: &str, base: &str, host: &str) -> Variants<String> {
    let mut found = Variants::new(own.to_owned());
    if let Some(rest) = own.strip_prefix(base).filter(|_| !base.is_empty()) {
        found.or(format!("the path without {base}"), rest.to_owned());
        found.or(
            format!("the path with {base} twice"),
            format!("{base}{own}"),
        );
        let rest = rest.trim_start_matches('/');
        found.or(
            format!("the path without {base} and its first slash"),
            rest.to_owned(),
        );
    }
    found.or("the path with a slash at its end", format!("{own}/"));
    if let Some(bare) = own.strip_suffix('/') {
        found.or("the path without the slash at its end", bare.to_owned());
    }
    found.or(
        "the path without its first slash",
        own.trim_start_matches('/').to_owned(),
    );
    if let Some(decoded) = decode(own, false) {
        found.or("the path decoded", decoded);
    }
    found.or("the path encoded once more", encoded(own, b"/"));
    found.or("the path in lower case", own.to_lowercase());
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://{host}{own}");
        found.or("the whole URL instead of the path", url);
    }
    found
}

/// `own` is the query without its question mark.
pub(super) fn query(own: Option<&str>, in_message: bool) -> Variants<String> {
    let marked = |query: &str| match query {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let text = own.unwrap_or_default();
    let right = match own {
        Some(query) if in_message => format!("?{query}"),
        _ => String::new(),
    };
    let mut found = Variants::new(right);
    if !in_message {
        found.or("the path with the query", marked(text));
    }
    found.or("without the query", String::new());
    if let Some(decoded) = decode(text, false) {
        found.or("the query decoded", marked(&decoded));
    }
    if let Some(decoded) = decode(text, true) {
        found.or("the query decoded", marked(&decoded));
    }
    found.or("the query encoded once more", marked(&encoded(text, b"=&")));
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
    found.or("the query without its question mark", text.to_owned());
    found.or("a question mark without a query", "?".to_owned());
    found
}

pub(super) fn host(own: &str) -> Variants<String> {
    let mut found = Variants::new(own.to_owned());
    let bare = own.rsplit_once(':').map_or(own, |(host, _)| host);
    found.or("the host without its port", bare.to_owned());
    found.or("the host with http://", format!("http://{own}"));
    found.or("the host with https://", format!("https://{own}"));
    found.or("without the host", String::new());
    found
}

pub(super) fn timestamp(own: &str, headers: &HeaderMap) -> Variants<String> {
    let mut found = Variants::new(own.to_owned());
    if let Some((_, millis)) = guess(own) {
        for (mistake, format) in [
            ("the timestamp in seconds", Format::Seconds),
            ("the timestamp in milliseconds", Format::Millis),
            ("the timestamp as a date", Format::Rfc3339),
        ] {
            found.or(mistake, format.write(millis));
        }
        for away in [-1000, 1000, -2000, 2000, -3000, 3000] {
            let (format, _) = guess(own).unwrap_or((Format::Seconds, 0));
            found.or(
                "another time than the header says, taken a moment apart",
                format.write(millis + away),
            );
        }
    }
    for (name, value) in headers {
        let Ok(text) = value.to_str() else { continue };
        if *name == header::DATE || guess(text).is_some() && text.len() >= 10 {
            found.or(format!("the time of the header {name}"), text.to_owned());
        }
    }
    found.or("without the timestamp", String::new());
    found
}

pub(super) fn nonce(own: &str) -> Variants<String> {
    let mut found = Variants::new(own.to_owned());
    found.or("without the nonce", String::new());
    found
}

/// Other bytes that a body may have had when it was signed.
pub(super) fn body(own: &[u8]) -> Variants<Vec<u8>> {
    let mut found = Variants::new(own.to_vec());
    found.or("without the body", Vec::new());
    if let Ok(value) = serde_json::from_slice::<Value>(own) {
        let again = "the body written once more, not as it was sent";
        found.or(again, value.to_string().into_bytes());
        found.or(again, spaced(&value).into_bytes());
        let sorted = sorted(&value);
        found.or(again, sorted.to_string().into_bytes());
        found.or(again, spaced(&sorted).into_bytes());
        for indent in ["  ", "    "] {
            found.or(again, indented(&value, indent));
        }
    }
    found.or("a line feed behind the body", [own, b"\n"].concat());
    if own.is_empty() {
        for text in ["{}", "null", "undefined", "None", "\"\"", "[]"] {
            found.or(format!("{text} for no body"), text.as_bytes().to_vec());
        }
    }
    found
}

/// The hash of a body, as it is signed.
pub(super) fn digest(body: &[u8]) -> String {
    codec::hex(&Sha256::digest(body))
}

/// The hash of the body, and what comes in its place.
pub(super) fn hash(bodies: &Variants<Vec<u8>>) -> Variants<Vec<u8>> {
    let own = bodies.0.first().map(|own| own.value.as_slice());
    let own = own.unwrap_or_default();
    let mut found = Variants::new(digest(own).into_bytes());
    found.or("without the hash of the body", Vec::new());
    for other in bodies.0.iter().skip(1) {
        let mistake = match other.value.as_slice() {
            [] => "the hash of an empty body".to_owned(),
            _ => format!(
                "the hash of {}",
                other.mistake.as_deref().unwrap_or_default()
            ),
        };
        found.or(mistake, digest(&other.value).into_bytes());
    }
    found.or(
        "the hash of the body in upper case",
        digest(own).to_uppercase().into_bytes(),
    );
    found.or(
        "the hash of the body in base64",
        STANDARD.encode(Sha256::digest(own)).into_bytes(),
    );
    found.or("the body instead of its hash", own.to_vec());
    found
}

/// The message with other separators, another order, or parts left out.
pub(super) fn shape(own: &[Piece], is_empty: &dyn Fn(&str) -> bool) -> Variants<Vec<Piece>> {
    let mut found = Variants::new(own.to_vec());
    let is_text = |piece: &&Piece| matches!(piece, Piece::Text(_));
    let with_text = |from: &str, to: &str| -> Vec<Piece> {
        let pieces = own.iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(text.replace(from, to)),
            slot => slot.clone(),
        });
        pieces.collect()
    };
    let texts: Vec<&str> = own
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Slot(_) => None,
        })
        .collect();
    if let Some(first) = texts.first() {
        for (other, name) in [
            ("\r\n", "carriage return and line feed between the lines"),
            ("\\n", "a backslash and an n between the lines"),
            ("", "nothing between the parts"),
            ("\n", "line feeds between the parts"),
            (" ", "spaces between the parts"),
            ("|", "| between the parts"),
            (":", ": between the parts"),
            (".", ". between the parts"),
            (",", ", between the parts"),
            (";", "; between the parts"),
            ("&", "& between the parts"),
            ("-", "- between the parts"),
        ] {
            found.or(name, with_text(first, other));
        }
    }
    let end = Piece::Text("\n".to_owned());
    let with_end = own.iter().cloned().chain([end.clone()]).collect();
    found.or("a line feed too many at the end", with_end);
    let with_start = [end].into_iter().chain(own.iter().cloned()).collect();
    found.or("a line feed too many at the start", with_start);
    let present: Vec<usize> = own
        .iter()
        .enumerate()
        .filter(|(_, piece)| matches!(piece, Piece::Slot(name) if !is_empty(name)))
        .map(|(at, _)| at)
        .collect();
    let slots: Vec<usize> = own
        .iter()
        .enumerate()
        .filter(|(_, piece)| !is_text(piece))
        .map(|(at, _)| at)
        .collect();
    if present.len() < slots.len() {
        let empty: Vec<usize> = slots
            .iter()
            .copied()
            .filter(|at| !present.contains(at))
            .collect();
        let fewer = empty
            .iter()
            .rev()
            .fold(own.to_vec(), |pieces, at| without(&pieces, *at));
        found.or("the empty line left out", fewer);
    }
    for at in &slots {
        let Some(Piece::Slot(name)) = own.get(*at) else {
            continue;
        };
        found.or(
            format!("without {{{name}}} and its line"),
            without(own, *at),
        );
    }
    // The separators between two parts, each left out and each doubled.
    for (at, piece) in own.iter().enumerate() {
        let Piece::Text(text) = piece else { continue };
        let swapped = |text: String| {
            let mut pieces = own.to_vec();
            if let Some(place) = pieces.get_mut(at) {
                *place = Piece::Text(text);
            }
            pieces
        };
        found.or("a separator missing", swapped(String::new()));
        found.or("a separator twice", swapped(format!("{text}{text}")));
    }
    for order in orders(slots.len()) {
        let mut pieces = own.to_vec();
        for (to, from) in slots.iter().zip(&order) {
            let moved = slots.get(*from).and_then(|from| own.get(*from)).cloned();
            if let (Some(place), Some(moved)) = (pieces.get_mut(*to), moved) {
                *place = moved;
            }
        }
        found.or("the parts in another order", pieces);
    }
    found
}

/// The pieces without a slot and the separator next to it.
fn without(pieces: &[Piece], at: usize) -> Vec<Piece> {
    let separator = match pieces.get(at + 1) {
        Some(Piece::Text(_)) => at + 1,
        _ => at.saturating_sub(1),
    };
    let kept = pieces.iter().enumerate();
    kept.filter(|(own, _)| *own != at && *own != separator)
        .map(|(_, piece)| piece.clone())
        .collect()
}

/// All orders of a few, none of many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count > 5 {
        return Vec::new();
    }
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for next in 0..count {
        found = found
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut order = order.clone();
                    order.insert(at, next);
                    order
                })
            })
            .collect();
    }
    found
}

/// Percent-encodes everything but what needs none and `kept`.
pub(crate) fn encoded(text: &str, kept: &[u8]) -> String {
    let bytes = text.bytes().map(|byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match plain || kept.contains(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        }
    });
    bytes.collect()
}

/// As Python writes JSON: spaces behind colons and commas.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let items: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)))
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.iter().map(sorted).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name.clone(), sorted(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

fn indented(value: &Value, indent: &str) -> Vec<u8> {
    use serde::Serialize as _;
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    match value.serialize(&mut serializer) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_in_other_ways() {
        let value = json!({"b": [1, 2], "a": {"x": null}});
        assert_eq!(spaced(&value), r#"{"b": [1, 2], "a": {"x": null}}"#);
        assert_eq!(sorted(&value).to_string(), r#"{"a":{"x":null},"b":[1,2]}"#);
        assert!(indented(&value, "  ").starts_with(b"{\n  \"b\""));
    }

    #[test]
    fn orders_of_a_few() {
        assert_eq!(orders(4).len(), 24);
        assert!(orders(6).is_empty());
        assert_eq!(encoded("/a b", b"/"), "/a%20b");
    }
}
