//! Text encodings of a signature. Only the canonical text of a value is accepted when decoding.

use base64::{Engine as _, engine::general_purpose};

/// Bytes in an HMAC-SHA256.
pub(crate) const TAG_LEN: usize = 32;
/// Bytes in the longest text encoding, hexadecimal.
pub(crate) const TEXT_LEN: usize = 2 * TAG_LEN;

pub(crate) type Tag = [u8; TAG_LEN];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The standard alphabet with padding.
    Base64,
    /// The URL-safe alphabet without padding.
    Base64Url,
    /// Lower case.
    Hex,
}

impl Encoding {
    pub(crate) const NAMES: &str = "base64, base64url, hex";

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "base64" => Some(Self::Base64),
            "base64url" => Some(Self::Base64Url),
            "hex" => Some(Self::Hex),
            _ => None,
        }
    }

    /// Returns whether an encoded signature can contain this character.
    pub(crate) fn may_hold(self, c: char) -> bool {
        match self {
            Self::Base64 => c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='),
            Self::Base64Url => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
            Self::Hex => matches!(c, '0'..='9' | 'a'..='f'),
        }
    }

    pub(crate) fn encode<'out>(self, tag: &Tag, out: &'out mut [u8; TEXT_LEN]) -> &'out str {
        let written = match self {
            Self::Base64 => general_purpose::STANDARD.encode_slice(tag, out.as_mut_slice()),
            Self::Base64Url => {
                general_purpose::URL_SAFE_NO_PAD.encode_slice(tag, out.as_mut_slice())
            }
            Self::Hex => Ok(encode_hex(tag, out)),
        };
        // `out` fits the longest encoding and every encoding is ASCII: the fallback is unreachable.
        written
            .ok()
            .and_then(|n| out.get(..n))
            .and_then(|text| str::from_utf8(text).ok())
            .unwrap_or_default()
    }

    pub(crate) fn decode(self, text: &str) -> Option<Tag> {
        // The decoders need room for whole groups, slightly more than the tag.
        let mut buffer = [0; TAG_LEN + 2];
        let len = match self {
            Self::Base64 => general_purpose::STANDARD
                .decode_slice(text, &mut buffer)
                .ok()?,
            Self::Base64Url => general_purpose::URL_SAFE_NO_PAD
                .decode_slice(text, &mut buffer)
                .ok()?,
            Self::Hex => return decode_hex(text),
        };
        Tag::try_from(buffer.get(..len)?).ok()
    }
}

/// Writes lower-case hexadecimal into the whole buffer and returns its length.
pub(crate) fn encode_hex(tag: &Tag, out: &mut [u8; TEXT_LEN]) -> usize {
    let digit = |nibble: u8| {
        if nibble < 10 {
            b'0' + nibble
        } else {
            b'a' + nibble - 10
        }
    };
    let (pairs, _) = out.as_chunks_mut::<2>();
    for (pair, byte) in pairs.iter_mut().zip(tag) {
        *pair = [digit(byte >> 4), digit(byte & 0xf)];
    }
    TEXT_LEN
}

fn decode_hex(text: &str) -> Option<Tag> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let digits: &[u8; TEXT_LEN] = text.as_bytes().try_into().ok()?;
    let (pairs, _) = digits.as_chunks::<2>();
    let mut tag = [0; TAG_LEN];
    for (byte, [high, low]) in tag.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(tag)
}
