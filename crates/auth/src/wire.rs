//! What may stand on a request line.

const WORD: usize = size_of::<u64>();
const LOW_BITS: u64 = u64::from_ne_bytes([0x01; WORD]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; WORD]);

/// Whether a part of a request may go over the wire: it is not empty and holds no white space, no control character, no `#`
/// and not `end`, the character that would end it. With such a part one signature would fit two requests.
pub(crate) fn is_fit(bytes: &[u8], end: u8) -> bool {
    !bytes.is_empty() && !bytes.iter().any(|byte| is_misplaced(*byte, end))
}

/// [`is_fit`], while copying the bytes to a place of their length.
#[inline]
pub(crate) fn copy(bytes: &[u8], place: &mut [u8], end: u8) -> bool {
    let (Some(last), Some(last_place)) = (bytes.last_chunk(), place.last_chunk_mut()) else {
        place.copy_from_slice(bytes);
        return is_fit(bytes, end);
    };
    // The last word may overlap the one before it.
    *last_place = *last;
    let mut found = marks(*last, end);
    let (words, _) = bytes.as_chunks();
    let (places, _) = place.as_chunks_mut();
    for (word, place) in words.iter().zip(places) {
        *place = *word;
        found |= marks(*word, end);
    }
    found == 0
}

/// [`is_misplaced`] for eight bytes at once, in half the time of a loop: not zero if any of them is.
///
/// Taking `n` from each byte sets the high bit of those below `n` that did not have it. What is equal to a byte is below
/// one after an exclusive or with it.
#[inline]
fn marks(word: [u8; WORD], end: u8) -> u64 {
    let word = u64::from_ne_bytes(word);
    let below = |word: u64, n: u8| word.wrapping_sub(LOW_BITS * u64::from(n)) & !word;
    let equal = |byte: u8| below(word ^ (LOW_BITS * u64::from(byte)), 1);
    (below(word, b' ' + 1) | equal(0x7f) | equal(b'#') | equal(end)) & HIGH_BITS
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
            for position in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[position] = byte;
                    let fit = !matches!(byte, 0..=b' ' | 0x7f | b'?' | b'#');
                    assert_eq!(is_fit(&bytes, b'?'), fit, "{bytes:?}");
                    let mut place = vec![0; length];
                    assert_eq!(copy(&bytes, &mut place, b'?'), fit, "{bytes:?}");
                    assert_eq!(place, bytes);
                }
            }
        }
        assert!(!is_fit(b"", b'?'));
        assert!(!copy(b"", &mut [], b'?'));
    }
}
