//! What may stand on a request line.

use crate::AuthError;

const WORD: usize = size_of::<u64>();
const LOW_BITS: u64 = u64::from_ne_bytes([0x01; WORD]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; WORD]);

/// The bytes of a part of a request, unless the part is empty or holds white space, a control character, `#` or `end`, the
/// character that would end it: with such a part one signature would fit two requests.
pub(crate) fn checked<'a>(
    part: &'static str,
    text: &'a str,
    end: u8,
) -> Result<&'a [u8], AuthError> {
    let bytes = text.as_bytes();
    let (words, rest) = bytes.as_chunks::<WORD>();
    let misplaced = match bytes.last_chunk::<WORD>() {
        // The last word may overlap the one before it.
        Some(last) => {
            words
                .iter()
                .fold(marks(*last, end), |found, word| found | marks(*word, end))
                != 0
        }
        None => rest.is_empty() || rest.iter().any(|byte| is_misplaced(*byte, end)),
    };
    if misplaced {
        Err(AuthError::InvalidInput(part))
    } else {
        Ok(bytes)
    }
}

/// [`is_misplaced`] for eight bytes at once, in half the time of a loop: not zero if any of them is.
///
/// Taking `n` from each byte sets the high bit of those below `n` that did not have it. What is equal to a byte is below
/// one after an exclusive or with it.
#[inline]
fn marks(word: [u8; WORD], end: u8) -> u64 {
    let word = u64::from_ne_bytes(word);
    let below = |word: u64, n: u8| word.wrapping_sub(LOW_BITS * u64::from(n)) & !word & HIGH_BITS;
    let equal = |byte: u8| below(word ^ (LOW_BITS * u64::from(byte)), 1);
    below(word, b' ' + 1) | equal(0x7f) | equal(b'#') | equal(end)
}

#[inline]
fn is_misplaced(byte: u8, end: u8) -> bool {
    byte <= b' ' || byte == 0x7f || byte == b'#' || byte == end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for length in 1..=25 {
            for place in 0..length {
                for byte in 0..0x80_u8 {
                    let mut bytes = vec![b'a'; length];
                    bytes[place] = byte;
                    let text = String::from_utf8(bytes).unwrap();
                    let allowed = checked("path", &text, b'?').is_ok();
                    assert_eq!(
                        allowed,
                        byte.is_ascii_graphic() && byte != b'?' && byte != b'#',
                        "{text:?}"
                    );
                }
            }
        }
        assert!(checked("path", "/ünï-cödé/…", b'?').is_ok());
        assert!(checked("path", "", b'?').is_err());
    }
}
