//! Tries mistakes, one and two at a time, until the received signature results.

use super::{
    codec::SignatureReading,
    recipe::TemplatePiece,
    variants::{ByteVariants, MessageParts, PartVariants, SLOTS},
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

/// How a received signature was made.
#[derive(Debug)]
pub(super) struct ExplainedSignature {
    pub(super) message: Vec<u8>,
    pub(super) mistakes: Vec<String>,
}

/// The parts after the slots.
const COMPOSITION: usize = SLOTS.len();
const SECRET: usize = COMPOSITION + 1;
const METHOD: usize = SECRET + 1;

fn signing_methods() -> PartVariants<SigningMethod> {
    let mut methods = PartVariants::new(SigningMethod::Hmac256);
    for (method, mistake) in [
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
    ] {
        methods.or(mistake, method);
    }
    methods
}

/// Looks for a message, secret and method that result in one of the readings.
pub(super) fn search(
    parts: &MessageParts,
    secrets: &ByteVariants,
    headers: &HeaderMap,
    readings: &[SignatureReading],
) -> Option<ExplainedSignature> {
    let methods = signing_methods();
    let slots = parts.slots.iter().map(|variants| variants.0.len());
    let others = [parts.composition.0.len(), secrets.0.len(), methods.0.len()];
    let sizes: Vec<usize> = slots.chain(others).collect();
    let mut budget = BUDGET;
    for choice in choices(&sizes) {
        let mut mistakes = Vec::new();
        let composition = pick(&parts.composition, COMPOSITION, &choice, &mut mistakes)?;
        let secret = pick(secrets, SECRET, &choice, &mut mistakes)?;
        let method = pick(&methods, METHOD, &choice, &mut mistakes)?;
        let mut values = [&[][..]; SLOTS.len()];
        for (part, (value, variants)) in values.iter_mut().zip(&parts.slots).enumerate() {
            *value = pick(variants, part, &choice, &mut mistakes)?;
        }
        let message = SlotValues { values, headers }.message(composition);
        budget = budget.checked_sub(message.len() + 256)?;
        let made = sign(*method, secret, &message);
        if let Some(reading) = readings.iter().find(|reading| reading.bytes == made) {
            mistakes.extend(reading.mistake.clone());
            return Some(ExplainedSignature { message, mistakes });
        }
    }
    None
}

/// A part, and which of its variants.
type Choice = (usize, usize);

/// The choices without a mistake, with one, and with two, in this order. A part that is not named has its correct value.
fn choices(sizes: &[usize]) -> impl Iterator<Item = Vec<Choice>> {
    let single = |(part, size): (usize, &usize)| (1..*size).map(move |variant| (part, variant));
    let singles: Vec<Choice> = sizes.iter().enumerate().flat_map(single).collect();
    let one: Vec<Vec<Choice>> = singles.iter().map(|single| vec![*single]).collect();
    let two = (0..singles.len()).flat_map(move |at| {
        let (first, others) = singles.get(at..).and_then(<[_]>::split_first).unzip();
        let others = others.unwrap_or_default().iter().copied();
        let others = others.filter(|(part, _)| first.is_some_and(|(own, _)| own != part));
        let pairs = others.filter_map(|second| Some(vec![*first?, second]));
        pairs.collect::<Vec<Vec<Choice>>>()
    });
    std::iter::once(Vec::new()).chain(one).chain(two)
}

fn pick<'a, T>(
    variants: &'a PartVariants<T>,
    part: usize,
    choice: &[Choice],
    mistakes: &mut Vec<String>,
) -> Option<&'a T> {
    let named = choice.iter().find(|(own, _)| *own == part);
    let variant = variants.0.get(named.map_or(0, |(_, variant)| *variant))?;
    mistakes.extend(variant.mistake.clone());
    Some(&variant.value)
}

/// The values of the slots of a message.
pub(super) struct SlotValues<'a> {
    /// In the order of [`SLOTS`]; the query includes its question mark.
    pub(super) values: [&'a [u8]; SLOTS.len()],
    pub(super) headers: &'a HeaderMap,
}

impl SlotValues<'_> {
    pub(super) fn message(&self, composition: &[TemplatePiece]) -> Vec<u8> {
        let mut message = Vec::new();
        let has_query = composition.iter().any(
            |piece| matches!(piece, TemplatePiece::Slot(slot) if slot == "path_and_query" || slot == "query"),
        );
        let [_, path, query, ..] = self.values;
        for piece in composition {
            let slot = match piece {
                TemplatePiece::Text(text) => {
                    message.extend_from_slice(text.as_bytes());
                    continue;
                }
                TemplatePiece::Slot(slot) => slot.as_str(),
            };
            match slot {
                // A query in a message without one is a mistake; people append it to the path.
                "path" if has_query => message.extend_from_slice(path),
                "path" | "path_and_query" => message.extend([path, query].concat()),
                "query" => message.extend_from_slice(query.strip_prefix(b"?").unwrap_or(query)),
                slot => message.extend_from_slice(self.value(slot)),
            }
        }
        message
    }

    fn value(&self, slot: &str) -> &[u8] {
        let at = SLOTS.iter().position(|own| *own == slot);
        if let Some(value) = at.and_then(|at| self.values.get(at)) {
            return value;
        }
        let name = slot.strip_prefix("header:").unwrap_or(slot);
        let value = self.headers.get(name).map(|value| value.as_bytes());
        value.unwrap_or_default().trim_ascii()
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
