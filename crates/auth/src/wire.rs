//! What may stand on a request line.

/// Bytes of a vector register of every processor there is.
const GROUP: usize = 16;

/// Whether a part of a request may go over the wire: it is not empty and holds no white space, no control character, no `#`
/// and not `end`, the character that would end it. With such a part one signature would fit two requests.
pub(crate) fn is_fit(bytes: &[u8], end: u8) -> bool {
    let misplaced = match bytes.last_chunk::<GROUP>() {
        // Whole groups only, the last of which may overlap the one before it, for a loop over vectors without a rest.
        Some(last) => {
            let (groups, _) = bytes.as_chunks::<GROUP>();
            any_misplaced(groups.as_flattened(), end) | any_misplaced(last, end)
        }
        None => any_misplaced(bytes, end),
    };
    !misplaced && !bytes.is_empty()
}

/// Looks at every byte, because a loop that may stop early is not made into one over vectors.
#[inline]
fn any_misplaced(bytes: &[u8], end: u8) -> bool {
    bytes
        .iter()
        .fold(0, |found, byte| found | u8::from(is_misplaced(*byte, end)))
        != 0
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
        for length in 1..=40 {
            for position in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[position] = byte;
                    let fit = !matches!(byte, 0..=b' ' | 0x7f | b'?' | b'#');
                    assert_eq!(is_fit(&bytes, b'?'), fit, "{bytes:?}");
                }
            }
        }
        assert!(!is_fit(b"", b'?'));
    }
}
