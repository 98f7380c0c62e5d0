//! The text of a signature in every encoding it may have.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// Bytes that a text may encode.
pub(super) struct SignatureReading {
    pub(super) bytes: Vec<u8>,
    /// `None` for the encoding of the recipe.
    pub(super) mistake: Option<String>,
}

/// Every reading of a text, that in the encoding of the recipe first.
pub(super) fn readings(encoding: &str, text: &str) -> Vec<SignatureReading> {
    let mut found: Vec<(&str, Vec<u8>)> = Vec::new();
    let trimmed = text.trim();
    let mut add = |name, bytes: Option<Vec<u8>>| {
        if let Some(bytes) = bytes {
            found.push((name, bytes));
        }
    };
    let lower = trimmed
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    add(
        if lower {
            "hex"
        } else {
            "upper-case hexadecimal"
        },
        unhex(trimmed),
    );
    add("base64", STANDARD.decode(trimmed).ok());
    add("base64url", URL_SAFE_NO_PAD.decode(trimmed).ok());
    add(
        "base64 without padding",
        STANDARD_NO_PAD.decode(trimmed).ok(),
    );
    add("base64url with padding", URL_SAFE.decode(trimmed).ok());
    for inner in [STANDARD.decode(trimmed).ok(), unhex(trimmed)] {
        let inner = inner.and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(inner) = inner else { continue };
        add("base64 of the hexadecimal text", unhex(&inner));
        add(
            "hexadecimal of the base64 text",
            STANDARD.decode(&inner).ok(),
        );
    }
    let mut readings: Vec<SignatureReading> = found
        .into_iter()
        .map(|(name, bytes)| SignatureReading {
            bytes,
            mistake: (name != encoding)
                .then(|| format!("{} instead of {}", spelled(name), spelled(encoding))),
        })
        .collect();
    readings.sort_by_key(|reading| reading.mistake.is_some());
    readings
}

fn spelled(encoding: &str) -> &str {
    match encoding {
        "hex" => "hexadecimal",
        other => other,
    }
}

/// Encodes bytes as the recipe requires.
pub(super) fn write(encoding: &str, bytes: &[u8]) -> String {
    match encoding {
        "hex" => hex::encode(bytes),
        "base64url" => URL_SAFE_NO_PAD.encode(bytes),
        _ => STANDARD.encode(bytes),
    }
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok().filter(|bytes| !bytes.is_empty())
}

/// The algorithm whose signatures have this length in bytes.
pub(super) fn maker(length: usize) -> Option<&'static str> {
    Some(match length {
        16 => "MD5",
        20 => "SHA-1",
        28 => "SHA-224",
        48 => "SHA-384",
        64 => "SHA-512",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read_however_it_is_written() {
        let bytes: Vec<u8> = (240..=255).chain(0..16).collect();
        let base64 = STANDARD.encode(&bytes);
        for (text, mistake) in [
            (base64.clone(), None),
            (hex::encode(&bytes), Some("hexadecimal instead of base64")),
            (
                hex::encode(&bytes).to_uppercase(),
                Some("upper-case hexadecimal instead of base64"),
            ),
            (
                URL_SAFE_NO_PAD.encode(&bytes),
                Some("base64url instead of base64"),
            ),
            (
                base64.trim_end_matches('=').to_owned(),
                Some("base64 without padding instead of base64"),
            ),
            (
                STANDARD.encode(hex::encode(&bytes)),
                Some("base64 of the hexadecimal text instead of base64"),
            ),
        ] {
            let readings = readings("base64", &text);
            let own = readings.iter().find(|reading| reading.bytes == bytes);
            assert_eq!(own.unwrap().mistake.as_deref(), mistake, "{text}");
        }
        assert!(readings("base64", "no signature!").is_empty());
    }
}
