//! Tries mistakes, one and two at a time, until the received signature results.

use super::{
    codec::SignatureReading,
    recipe::TemplatePiece,
    variants::{MessageParts, PartVariant, PartVariants},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use sha2::{Digest as _, Sha256, Sha512};

/// Maximum number of bytes hashed for one request.
const BUDGET: usize = 4 * 1024 * 1024;

/// How a message becomes a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SigningMethod {
    Hmac256,
    Hmac512,
    /// Without a key.
    Plain,
    /// The secret before or after the message.
    SecretFirst,
    SecretLast,
}

/// Secrets that may have been used, the correct one first.
pub(super) type Secrets = PartVariants<Vec<u8>>;

/// How a received signature was made.
#[derive(Debug)]
pub(super) struct ExplainedSignature {
    pub(super) message: Vec<u8>,
    pub(super) mistakes: Vec<String>,
}

/// Number of parts with variants.
const PARTS: usize = 11;

pub(super) fn hashes() -> PartVariants<SigningMethod> {
    let others = [
        (SigningMethod::Hmac512, "HMAC-SHA512 instead of HMAC-SHA256"),
        (
            SigningMethod::Plain,
            "a SHA-256 without the secret instead of an HMAC",
        ),
        (
            SigningMethod::SecretFirst,
            "a SHA-256 of secret and message instead of an HMAC",
        ),
        (
            SigningMethod::SecretLast,
            "a SHA-256 of message and secret instead of an HMAC",
        ),
    ];
    let mut found = PartVariants::new(SigningMethod::Hmac256);
    found.0.extend(others.map(|(value, mistake)| PartVariant {
        value,
        mistake: Some(mistake.to_owned()),
    }));
    found
}

/// Looks for a message, secret and method that result in one of the readings.
pub(super) fn search(
    parts: &MessageParts,
    secrets: &Secrets,
    headers: &HeaderMap,
    readings: &[SignatureReading],
) -> Option<ExplainedSignature> {
    let hashes = hashes();
    let sizes = [
        parts.method.0.len(),
        parts.path.0.len(),
        parts.query.0.len(),
        parts.host.0.len(),
        parts.timestamp.0.len(),
        parts.nonce.0.len(),
        parts.body.0.len(),
        parts.hash.0.len(),
        parts.shape.0.len(),
        secrets.0.len(),
        hashes.0.len(),
    ];
    let searcher = Searcher {
        parts,
        secrets,
        hashes: &hashes,
        headers,
        readings,
    };
    let mut budget = BUDGET;
    combinations(sizes, |choice| searcher.attempt(&choice, &mut budget))
}

/// Attempts the correct choice, then those with one mistake, then those with two.
fn combinations<T>(
    sizes: [usize; PARTS],
    mut attempt: impl FnMut([usize; PARTS]) -> Result<Option<T>, Spent>,
) -> Option<T> {
    let chosen = |places: &[(usize, usize)]| {
        let mut choice = [0; PARTS];
        for (part, variant) in places {
            if let Some(place) = choice.get_mut(*part) {
                *place = *variant;
            }
        }
        choice
    };
    let singles: Vec<(usize, usize)> = sizes
        .iter()
        .enumerate()
        .flat_map(|(part, size)| (1..*size).map(move |variant| (part, variant)))
        .collect();
    let none = std::iter::once(chosen(&[]));
    let one = singles.iter().map(|single| chosen(&[*single]));
    let two = singles.iter().enumerate().flat_map(|(at, first)| {
        let others = singles.iter().skip(at + 1);
        let others = others.filter(|(part, _)| *part != first.0);
        others.map(|second| chosen(&[*first, *second]))
    });
    for choice in none.chain(one).chain(two) {
        match attempt(choice) {
            Ok(None) => {}
            Ok(found) => return found,
            Err(Spent) => return None,
        }
    }
    None
}

struct Spent;

struct Searcher<'a> {
    parts: &'a MessageParts,
    secrets: &'a Secrets,
    hashes: &'a PartVariants<SigningMethod>,
    headers: &'a HeaderMap,
    readings: &'a [SignatureReading],
}

fn text(value: Option<&String>) -> &[u8] {
    value.map_or(&[], |text| text.as_bytes())
}

impl Searcher<'_> {
    fn attempt(
        &self,
        choice: &[usize; PARTS],
        budget: &mut usize,
    ) -> Result<Option<ExplainedSignature>, Spent> {
        let mut mistakes = Vec::new();
        let [
            method,
            path,
            query,
            host,
            timestamp,
            nonce,
            body,
            hash,
            shape,
            secret,
            maker,
        ] = *choice;
        let parts = self.parts;
        let shape = pick(&parts.shape, shape, &mut mistakes);
        let (Some(shape), Some(secret), Some(maker)) = (
            shape,
            pick(self.secrets, secret, &mut mistakes),
            pick(self.hashes, maker, &mut mistakes),
        ) else {
            return Ok(None);
        };
        let filled = Filled {
            method: text(pick(&parts.method, method, &mut mistakes)),
            path: text(pick(&parts.path, path, &mut mistakes)),
            query: text(pick(&parts.query, query, &mut mistakes)),
            host: text(pick(&parts.host, host, &mut mistakes)),
            timestamp: text(pick(&parts.timestamp, timestamp, &mut mistakes)),
            nonce: text(pick(&parts.nonce, nonce, &mut mistakes)),
            body: pick(&parts.body, body, &mut mistakes).map_or(&[], Vec::as_slice),
            hash: pick(&parts.hash, hash, &mut mistakes).map_or(&[], Vec::as_slice),
            headers: self.headers,
        };
        let message = filled.message(shape);
        *budget = budget.checked_sub(message.len() + 256).ok_or(Spent)?;
        let made = sign(*maker, secret, &message);
        let reading = self.readings.iter().find(|reading| reading.bytes == made);
        Ok(reading.map(|reading| {
            mistakes.extend(reading.mistake.clone());
            ExplainedSignature { message, mistakes }
        }))
    }
}

fn pick<'a, T>(
    variants: &'a PartVariants<T>,
    at: usize,
    mistakes: &mut Vec<String>,
) -> Option<&'a T> {
    let variant = variants.0.get(at)?;
    mistakes.extend(variant.mistake.clone());
    Some(&variant.value)
}

/// The parts of a message, chosen.
pub(super) struct Filled<'a> {
    pub(super) method: &'a [u8],
    pub(super) path: &'a [u8],
    /// With its question mark.
    pub(super) query: &'a [u8],
    pub(super) host: &'a [u8],
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) body: &'a [u8],
    pub(super) hash: &'a [u8],
    pub(super) headers: &'a HeaderMap,
}

impl Filled<'_> {
    pub(super) fn message(&self, shape: &[TemplatePiece]) -> Vec<u8> {
        let mut message = Vec::new();
        let names_query = shape
            .iter()
            .any(|piece| matches!(piece, TemplatePiece::Slot(slot) if slot == "path_and_query" || slot == "query"));
        for piece in shape {
            let slot = match piece {
                TemplatePiece::Text(text) => {
                    message.extend_from_slice(text.as_bytes());
                    continue;
                }
                TemplatePiece::Slot(slot) => slot.as_str(),
            };
            match slot {
                "method" => message.extend_from_slice(self.method),
                "path" => {
                    message.extend_from_slice(self.path);
                    // A query in a message without one is a mistake; people append it to the path.
                    if !names_query {
                        message.extend_from_slice(self.query);
                    }
                }
                "path_and_query" => {
                    message.extend_from_slice(self.path);
                    message.extend_from_slice(self.query);
                }
                "query" => {
                    let query = self.query.strip_prefix(b"?").unwrap_or(self.query);
                    message.extend_from_slice(query);
                }
                "host" => message.extend_from_slice(self.host),
                "timestamp" => message.extend_from_slice(self.timestamp),
                "nonce" => message.extend_from_slice(self.nonce),
                "body" => message.extend_from_slice(self.body),
                "body_sha256" => message.extend_from_slice(self.hash),
                other => {
                    let name = other.strip_prefix("header:").unwrap_or(other);
                    let value = self.headers.get(name).map(|value| value.as_bytes());
                    message.extend_from_slice(value.unwrap_or_default().trim_ascii());
                }
            }
        }
        message
    }
}

pub(super) fn sign(hash: SigningMethod, secret: &[u8], message: &[u8]) -> Vec<u8> {
    match hash {
        SigningMethod::Hmac256 => Hmac::<Sha256>::new_from_slice(secret)
            .map(|hmac| hmac.chain_update(message).finalize().into_bytes().to_vec())
            .unwrap_or_default(),
        SigningMethod::Hmac512 => Hmac::<Sha512>::new_from_slice(secret)
            .map(|hmac| hmac.chain_update(message).finalize().into_bytes().to_vec())
            .unwrap_or_default(),
        SigningMethod::Plain => Sha256::digest(message).to_vec(),
        SigningMethod::SecretFirst => Sha256::digest([secret, message].concat()).to_vec(),
        SigningMethod::SecretLast => Sha256::digest([message, secret].concat()).to_vec(),
    }
}
