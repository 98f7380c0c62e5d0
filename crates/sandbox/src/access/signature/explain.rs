//! Verdicts on signatures.

use super::{
    codec::{self, SignatureReading},
    message_mistakes::composition,
    mistakes,
    recipe::{CapturedHeaders, SignatureRecipe, TemplatePiece},
    search::{self, ExplainedSignature, SigningMethod, SlotValues},
    time,
    variants::{ByteVariants, MessageParts, SLOTS},
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
    case: &SignatureCase<'_>,
    accepted: bool,
) -> (SignatureVerdict, Vec<(Option<String>, String)>) {
    let recipe = case.recipe;
    let captured = recipe.capture(case.headers);
    let now = time::millis(case.now);
    let timestamp = captured
        .timestamp
        .clone()
        .unwrap_or_else(|| recipe.timestamp.write(now));
    let message = expected_message(case, &captured, &timestamp);
    let known = captured.key.as_deref().map(|key| {
        let mut pairs = case.pairs.iter();
        pairs.find(|pair| pair.key == key)
    });
    let pair = known.flatten().or(case.pairs.first());
    let secret = pair.map_or(&b""[..], |pair| pair.secret.as_bytes());
    let mut verdict = SignatureVerdict {
        scheme: case.scheme.to_owned(),
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
    let parts = parts(case, &captured, &timestamp);
    let right = search::sign(SigningMethod::Hmac256, secret, &message);
    verdict.expected = codec::write(&recipe.encoding, &right);
    let mut problems: Vec<(Option<String>, String)> = captured
        .problems
        .iter()
        .map(|(header, sentence)| (Some(header.clone()), sentence.clone()))
        .collect();
    let header = |slot: &str| recipe.header_of(slot).map(str::to_owned);
    if let Some(text) = &captured.timestamp
        && let Some(problem) = time::problem(recipe.timestamp, text, now, recipe.tolerance)
    {
        problems.push((header("timestamp"), format!("the timestamp {problem}")));
    }
    if let (Some(key), Some(None)) = (&captured.key, known) {
        let sentence = unknown_key(case, key);
        problems.push((header("key"), sentence));
    }
    if let Some(text) = &captured.signature {
        let readings = codec::readings(&recipe.encoding, text);
        let secrets = secrets(case, pair);
        let [.., bodies, _] = &parts.slots;
        let found = search::search(&parts, &secrets, case.headers, &readings);
        let sentence = match found {
            Some(found) if found.mistakes.is_empty() => None,
            Some(found) => {
                let quoted = (quoted(&found.message, bodies), quoted(&message, bodies));
                Some(explained(&mut verdict, &message, &found, quoted))
            }
            None => {
                let message = quoted(&message, bodies);
                Some(unexplained(case, &verdict, &message, text, &readings))
            }
        };
        problems.extend(sentence.map(|sentence| (header("signature"), sentence)));
    }
    (verdict, problems)
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
    case: &SignatureCase<'_>,
    verdict: &SignatureVerdict,
    message: &str,
    text: &str,
    readings: &[SignatureReading],
) -> String {
    let encoding = case.recipe.encoding.as_str();
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

fn unknown_key(case: &SignatureCase<'_>, key: &str) -> String {
    if case.pairs.iter().any(|pair| pair.secret == key) {
        return "the secret was sent instead of the key".to_owned();
    }
    format!(
        "the key does not exist in this sandbox, got {}",
        foreign_credential(key)
    )
}

/// Returns whether a message contains a slot.
fn uses(message: &[TemplatePiece], slot: &str) -> bool {
    let mut pieces = message.iter();
    pieces.any(|piece| matches!(piece, TemplatePiece::Slot(own) if own == slot))
}

/// The parts of the message with their common mistakes.
fn parts(case: &SignatureCase<'_>, captured: &CapturedHeaders, timestamp: &str) -> MessageParts {
    let input = case.input;
    let message = &case.recipe.message;
    let uses = |slot: &str| uses(message, slot);
    let is_empty = |slot: &str| match slot {
        "body" => input.body.is_empty(),
        "query" => input.query.is_none_or(str::is_empty),
        _ => false,
    };
    let with_query = uses("query") || uses("path_and_query");
    let body = mistakes::body(input.body);
    let hash = mistakes::hash(&body);
    let mut slots = [
        mistakes::method(input.method),
        mistakes::path(input.path, case.base_path, input.host),
        mistakes::query(input.query, with_query),
        mistakes::host(input.host),
        mistakes::timestamp(timestamp, case.headers),
        mistakes::nonce(captured.nonce.as_deref().unwrap_or_default()),
        body,
        hash,
    ];
    for (slot, variants) in SLOTS.into_iter().zip(&mut slots) {
        let is_used = match slot {
            "path" | "query" => uses("path") || uses("path_and_query"),
            slot => uses(slot),
        };
        if !is_used {
            variants.0.truncate(1);
        }
    }
    MessageParts {
        slots,
        composition: composition(message, &is_empty),
    }
}

/// The message to sign.
fn expected_message(
    case: &SignatureCase<'_>,
    captured: &CapturedHeaders,
    timestamp: &str,
) -> Vec<u8> {
    let input = case.input;
    let message = &case.recipe.message;
    let query = match input.query {
        Some(query) if uses(message, "path_and_query") || uses(message, "query") => {
            format!("?{query}")
        }
        _ => String::new(),
    };
    let hash = match uses(message, "body_sha256") {
        true => mistakes::digest(input.body),
        false => String::new(),
    };
    let values = [
        input.method.as_bytes(),
        input.path.as_bytes(),
        query.as_bytes(),
        input.host.as_bytes(),
        timestamp.as_bytes(),
        captured.nonce.as_deref().unwrap_or_default().as_bytes(),
        input.body,
        hash.as_bytes(),
    ];
    let headers = case.headers;
    SlotValues { values, headers }.message(message)
}

/// The secrets that may have been used.
fn secrets(case: &SignatureCase<'_>, pair: Option<&KeyPair<'_>>) -> ByteVariants {
    let Some(pair) = pair else {
        return ByteVariants::new("");
    };
    let mut found = ByteVariants::new(pair.secret);
    found.or("keyed with the key instead of the secret", pair.key);
    if let Ok(decoded) = STANDARD.decode(pair.secret) {
        found.or("keyed with the secret decoded from base64", decoded);
    }
    if let Some(decoded) = codec::unhex(pair.secret) {
        found.or("keyed with the secret decoded from hexadecimal", decoded);
    }
    let encoded = STANDARD.encode(pair.secret);
    found.or("keyed with the secret in base64", encoded);
    let with_line_feed = format!("{}\n", pair.secret);
    found.or("keyed with a line feed after the secret", with_line_feed);
    found.or("keyed with an empty secret", "");
    let both = format!("{}{}", pair.key, pair.secret);
    found.or("keyed with key and secret together", both);
    for other in case.pairs.iter().filter(|other| other.key != pair.key) {
        let mistake = format!("keyed with the secret of the key {:?}", other.name);
        found.or(mistake, other.secret);
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
fn quoted(message: &[u8], bodies: &ByteVariants) -> String {
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
