//! Repair of unpaired surrogate escapes.
//!
//! Servers that truncate strings by UTF-16 code units send an escape such as `\ud83d` without its counterpart. JSON parsers
//! reject the whole document for it.

/// Returns the document with every unpaired `\uD800`-`\uDFFF` escape replaced by `\uFFFD`, or `None` if it has none.
pub(crate) fn repair(json: &[u8]) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    let mut index = 0;
    while index < json.len() {
        if json.get(index) != Some(&b'\\') {
            index += 1;
            continue;
        }
        match escape(json, index) {
            Some(0xD800..=0xDBFF) if matches!(escape(json, index + 6), Some(0xDC00..=0xDFFF)) => {
                index += 12
            }
            Some(0xD800..=0xDFFF) => {
                let fixed = out.get_or_insert_with(|| json.to_vec());
                if let Some(place) = fixed.get_mut(index..index + 6) {
                    place.copy_from_slice(b"\\uFFFD");
                }
                index += 6;
            }
            // Skip two bytes for any other escape: the second byte of `\\` must not start an escape.
            _ => index += 2,
        }
    }
    out
}

/// The code unit of a `\uXXXX` at `index`.
fn escape(json: &[u8], index: usize) -> Option<u16> {
    let text = json.get(index..index + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn unpaired_halves_become_the_replacement_character() {
        for (broken, text) in [
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ude00b""#, "\u{fffd}b"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\\ud83d\ud83d""#, "\\ud83d\u{fffd}"),
        ] {
            assert!(serde_json::from_str::<String>(broken).is_err());
            let mended = repair(broken.as_bytes()).unwrap();
            assert_eq!(serde_json::from_slice::<String>(&mended).unwrap(), text);
        }
    }

    #[test]
    fn whole_documents_are_left_alone() {
        for whole in [
            r#""\ud83d\ude00""#,
            r#""\\ud83d""#,
            r#"{"a":"\n"}"#,
            "",
            "\\",
        ] {
            assert_eq!(repair(whole.as_bytes()), None, "{whole}");
        }
    }
}
