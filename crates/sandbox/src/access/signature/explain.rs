//! Verdicts on signatures.

use super::{
    codec::{self, SignatureReading},
    message_mistakes::composition,
    mistakes,
    recipe::{CapturedHeaders, SignatureRecipe, TemplatePiece},
    search::{self, ExplainedSignature, Filled, Secrets, SigningMethod},
    time,
    variants::{MessageParts, PartVariant, PartVariants},
};
use crate::{recorded::SignatureVerdict, values::describe::foreign_credential};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_auth::SigningInput;
use http::HeaderMap;
use std::time::SystemTime;

/// Maximum length of a recorded message in bytes.
const KEPT: usize = 4096;
/// Maximum length of a message quoted in a sentence, in characters.
const QUOTED: usize = 160;

/// A key of the sandbox with its secret.
pub(crate) struct KeyPair<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: &'a str,
    pub(crate) secret: &'a str,
}

/// A signed request.
pub(crate) struct SignatureCase<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) recipe: &'a SignatureRecipe,
    pub(crate) input: &'a SigningInput<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) now: SystemTime,
    pub(crate) base_path: &'a str,
    /// All keys, that for the first scope first.
    pub(crate) pairs: Vec<KeyPair<'a>>,
}

/// The verdict, and header and description of each problem.
pub(crate) fn judge(
    question: &SignatureCase<'_>,
    accepted: bool,
) -> (SignatureVerdict, Vec<(Option<String>, String)>) {
    let recipe = question.recipe;
    let captured = recipe.capture(question.headers);
    let now = time::millis(question.now);
    let timestamp = captured
        .timestamp
        .clone()
        .unwrap_or_else(|| recipe.timestamp.write(now));
    let message = right(question, &captured, &timestamp);
    let known = captured.key.as_deref().map(|key| {
        let mut pairs = question.pairs.iter();
        pairs.find(|pair| pair.key == key)
    });
    let pair = known.flatten().or(question.pairs.first());
    let secret = pair.map_or(&b""[..], |pair| pair.secret.as_bytes());
    let mut verdict = SignatureVerdict {
        scheme: question.scheme.to_owned(),
        ok: accepted,
        expected_message: kept(&message),
        signed_message: None,
        mistake: None,
        expected: String::new(),
        received: captured.signature.clone(),
    };
    if accepted {
        verdict.expected = captured.signature.unwrap_or_default();
        return (verdict, Vec::new());
    }
    let parts = parts(question, &captured, &timestamp);
    let right = search::sign(SigningMethod::Hmac256, secret, &message);
    verdict.expected = codec::write(&recipe.encoding, &right);
    let mut wrong: Vec<(Option<String>, String)> = captured
        .wrong
        .iter()
        .map(|(header, sentence)| (Some(header.clone()), sentence.clone()))
        .collect();
    let header = |slot: &str| recipe.header_of(slot).map(str::to_owned);
    if let Some(text) = &captured.timestamp
        && let Some(problem) = time::problem(recipe.timestamp, text, now, recipe.tolerance)
    {
        wrong.push((header("timestamp"), format!("the timestamp {problem}")));
    }
    if let (Some(key), Some(None)) = (&captured.key, known) {
        let sentence = unknown_key(question, key);
        wrong.push((header("key"), sentence));
    }
    if let Some(text) = &captured.signature {
        let readings = codec::readings(&recipe.encoding, text);
        let secrets = secrets(question, pair);
        let found = search::search(&parts, &secrets, question.headers, &readings);
        let sentence = match found {
            Some(found) if found.mistakes.is_empty() => None,
            Some(found) => {
                let quoted = (
                    quoted(&found.message, &parts.body),
                    quoted(&message, &parts.body),
                );
                Some(explained(&mut verdict, &message, &found, quoted))
            }
            None => {
                let message = quoted(&message, &parts.body);
                Some(unexplained(question, &verdict, &message, text, &readings))
            }
        };
        wrong.extend(sentence.map(|sentence| (header("signature"), sentence)));
    }
    (verdict, wrong)
}

fn explained(
    verdict: &mut SignatureVerdict,
    message: &[u8],
    found: &ExplainedSignature,
    (signed, expected): (String, String),
) -> String {
    let mistake = found.mistakes.join(", and ");
    let sentence = match found.message == message {
        true => format!("signature differs: {mistake}"),
        false => format!("signature differs: you signed {signed}, expected {expected}: {mistake}"),
    };
    verdict.signed_message = Some(kept(&found.message));
    verdict.mistake = Some(mistake);
    sentence
}

fn unexplained(
    question: &SignatureCase<'_>,
    verdict: &SignatureVerdict,
    message: &str,
    text: &str,
    readings: &[SignatureReading],
) -> String {
    let encoding = question.recipe.encoding.as_str();
    let lengths: Vec<usize> = readings.iter().map(|reading| reading.bytes.len()).collect();
    let bytes = lengths.first();
    if let Some(maker) = bytes.and_then(|bytes| codec::maker(*bytes))
        && !lengths.contains(&32)
    {
        return format!(
            "signature differs: it is as long as one made with {maker}, HMAC-SHA256 is expected"
        );
    }
    if !lengths.contains(&32) {
        let length = text.chars().count();
        return format!(
            "signature differs: a string of {length} characters is not an HMAC-SHA256 in {encoding}"
        );
    }
    format!(
        "signature differs for none of the common reasons: expected {} for {message}, got {}",
        verdict.expected,
        foreign_credential(text)
    )
}

fn unknown_key(question: &SignatureCase<'_>, key: &str) -> String {
    if question.pairs.iter().any(|pair| pair.secret == key) {
        return "the secret was sent instead of the key".to_owned();
    }
    format!(
        "the key does not exist in this sandbox, got {}",
        foreign_credential(key)
    )
}

/// The parts of the message with their common mistakes.
fn parts(
    question: &SignatureCase<'_>,
    captured: &CapturedHeaders,
    timestamp: &str,
) -> MessageParts {
    let input = question.input;
    let slots: Vec<&str> = question
        .recipe
        .message
        .iter()
        .filter_map(|piece| match piece {
            TemplatePiece::Slot(slot) => Some(slot.as_str()),
            TemplatePiece::Text(_) => None,
        })
        .collect();
    let uses = |slot: &str| slots.contains(&slot);
    let only = |used: bool, variants: PartVariants<String>| match used {
        true => variants,
        false => PartVariants(variants.0.into_iter().take(1).collect()),
    };
    let with_path = uses("path") || uses("path_and_query");
    let with_query = uses("query") || uses("path_and_query");
    let bodies = mistakes::body(input.body);
    let nonce = captured.nonce.as_deref().unwrap_or_default();
    let is_empty = |slot: &str| match slot {
        "body" => input.body.is_empty(),
        "query" => input.query.is_none_or(str::is_empty),
        _ => false,
    };
    let hash = mistakes::hash(&bodies);
    let few = |used: bool, variants: PartVariants<Vec<u8>>| match used {
        true => variants,
        false => PartVariants(variants.0.into_iter().take(1).collect()),
    };
    MessageParts {
        method: only(uses("method"), mistakes::method(input.method)),
        path: only(
            with_path,
            mistakes::path(input.path, question.base_path, input.host),
        ),
        query: only(with_path, mistakes::query(input.query, with_query)),
        host: only(uses("host"), mistakes::host(input.host)),
        timestamp: only(
            uses("timestamp"),
            mistakes::timestamp(timestamp, question.headers),
        ),
        nonce: only(uses("nonce"), mistakes::nonce(nonce)),
        body: few(uses("body"), bodies),
        hash: few(uses("body_sha256"), hash),
        shape: composition(&question.recipe.message, &is_empty),
    }
}

/// The message to sign.
fn right(question: &SignatureCase<'_>, captured: &CapturedHeaders, timestamp: &str) -> Vec<u8> {
    let input = question.input;
    let message = &question.recipe.message;
    let uses = |slot: &str| {
        message
            .iter()
            .any(|piece| matches!(piece, TemplatePiece::Slot(own) if own == slot))
    };
    let query = match input.query {
        Some(query) if uses("path_and_query") || uses("query") => format!("?{query}"),
        _ => String::new(),
    };
    let hash = match uses("body_sha256") {
        true => mistakes::digest(input.body),
        false => String::new(),
    };
    let filled = Filled {
        method: input.method.as_bytes(),
        path: input.path.as_bytes(),
        query: query.as_bytes(),
        host: input.host.as_bytes(),
        timestamp: timestamp.as_bytes(),
        nonce: captured.nonce.as_deref().unwrap_or_default().as_bytes(),
        body: input.body,
        hash: hash.as_bytes(),
        headers: question.headers,
    };
    filled.message(message)
}

/// The secrets that may have been used.
fn secrets(question: &SignatureCase<'_>, pair: Option<&KeyPair<'_>>) -> Secrets {
    let Some(pair) = pair else {
        return PartVariants::new(Vec::new());
    };
    let mut found = PartVariants::new(pair.secret.as_bytes().to_vec());
    let mut or = |mistake: String, value: Vec<u8>| {
        found.0.push(PartVariant {
            value,
            mistake: Some(mistake),
        });
    };
    let keyed = |what: &str| format!("keyed with {what}");
    or(
        keyed("the key instead of the secret"),
        pair.key.as_bytes().to_vec(),
    );
    for (what, decoded) in [
        (
            "the secret decoded from base64",
            STANDARD.decode(pair.secret).ok(),
        ),
        (
            "the secret decoded from hexadecimal",
            codec::unhex(pair.secret),
        ),
    ] {
        if let Some(decoded) = decoded {
            or(keyed(what), decoded);
        }
    }
    or(
        keyed("the secret in base64"),
        STANDARD.encode(pair.secret).into_bytes(),
    );
    or(
        keyed("a line feed after the secret"),
        format!("{}\n", pair.secret).into_bytes(),
    );
    or(keyed("an empty secret"), Vec::new());
    let both = format!("{}{}", pair.key, pair.secret);
    or(keyed("key and secret together"), both.into_bytes());
    for other in question.pairs.iter().filter(|other| other.key != pair.key) {
        let what = format!("the secret of the key {:?}", other.name);
        or(keyed(&what), other.secret.as_bytes().to_vec());
    }
    found
}

/// A message for the record, shortened in the middle.
fn kept(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    if text.len() <= KEPT {
        return text.into_owned();
    }
    let half: String = text.chars().take(KEPT / 2).collect();
    let end: Vec<char> = text.chars().rev().take(KEPT / 8).collect();
    let end: String = end.into_iter().rev().collect();
    format!("{half}…{end}")
}

/// A message for a sentence: quoted, on one line, shortened. Bodies are omitted, since they may contain personal data.
fn quoted(message: &[u8], bodies: &PartVariants<Vec<u8>>) -> String {
    let mut text = String::from_utf8_lossy(message).into_owned();
    for body in bodies.0.iter().filter(|body| body.value.len() > 1) {
        let own = String::from_utf8_lossy(&body.value);
        text = text.replace(
            own.as_ref(),
            &format!("<body of {} bytes>", body.value.len()),
        );
    }
    let length = text.chars().count();
    if length <= QUOTED {
        return format!("{text:?}");
    }
    let half: String = text.chars().take(QUOTED / 2).collect();
    let end: String = text.chars().skip(length - QUOTED / 2).collect();
    format!("{:?}", format!("{half}…{end}"))
}
