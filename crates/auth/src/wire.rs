//! Characters allowed in the parts of a request line.

use crate::AuthError;

/// Bytes checked together, which compiles to a few vector instructions.
const BLOCK: usize = 16;

/// Returns the bytes of a request part. Fails if it is empty or contains white space, a control character, `#` or `end`,
/// the character that terminates it: such a part would let one signature match two requests.
pub(crate) fn checked<'a>(
    part: &'static str,
    text: &'a str,
    end: u8,
) -> Result<&'a [u8], AuthError> {
    let bytes = text.as_bytes();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let misplaced = match bytes.last_chunk::<BLOCK>() {
        // The last block may overlap the one before it.
        Some(last) => {
            holds_misplaced(last, end) | blocks.iter().any(|block| holds_misplaced(block, end))
        }
        None => rest.is_empty() || rest.iter().any(|byte| is_misplaced(*byte, end)),
    };
    if misplaced {
        Err(AuthError::InvalidInput(part))
    } else {
        Ok(bytes)
    }
}

#[inline]
fn holds_misplaced(block: &[u8; BLOCK], end: u8) -> bool {
    let marks = block.map(|byte| u8::from(is_misplaced(byte, end)));
    u128::from_ne_bytes(marks) != 0
}

#[inline]
fn is_misplaced(byte: u8, end: u8) -> bool {
    (byte <= b' ') | (byte == 0x7f) | (byte == b'#') | (byte == end)
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
