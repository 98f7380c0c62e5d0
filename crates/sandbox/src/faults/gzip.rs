//! gzip (RFC 1952): complete, or as a bomb.

use flate2::{Compress, Compression, Crc, FlushCompress};

const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
const MEBIBYTE: usize = 1 << 20;

/// Data as gzip.
pub(super) fn compressed(text: &[u8]) -> Vec<u8> {
    bomb(0, text)
}

/// Data after this many mebibytes of spaces, of which only one is compressed: the others repeat it.
pub(super) fn bomb(mebibytes: u64, text: &[u8]) -> Vec<u8> {
    let spaces = vec![b' '; MEBIBYTE];
    let count = usize::try_from(mebibytes).unwrap_or(0);
    let (mut of_spaces, mut crc) = (Crc::new(), Crc::new());
    of_spaces.update(&spaces);
    for _ in 0..count {
        crc.combine(&of_spaces);
    }
    crc.update(text);
    // A full flush ends on a byte boundary, and what follows refers to nothing before it.
    let block = deflate(&spaces, FlushCompress::Full);
    let mut out = HEAD.to_vec();
    out.extend(block.repeat(count));
    out.extend(deflate(text, FlushCompress::Finish));
    out.extend(crc.sum().to_le_bytes());
    out.extend(crc.amount().to_le_bytes());
    out
}

fn deflate(text: &[u8], flush: FlushCompress) -> Vec<u8> {
    // More than data can grow by.
    let mut out = Vec::with_capacity(text.len() + text.len() / 100 + 100);
    // Compressing into memory that suffices does not fail.
    let _ = Compress::new(Compression::best(), false).compress_vec(text, &mut out, flush);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn a_bomb_is_small_and_sound() {
        let bomb = bomb(3, b"{}");
        assert!(bomb.len() < 3 * MEBIBYTE / 900, "{}", bomb.len());
        assert_eq!(
            unpacked(&bomb),
            [b" ".repeat(3 * MEBIBYTE), b"{}".to_vec()].concat()
        );
        let bomb = super::bomb(256, b"{}");
        let size = u32::from_le_bytes(*bomb.last_chunk().unwrap());
        assert_eq!(size, 256 * 1024 * 1024 + 2);
    }

    #[test]
    fn data_is_read_back() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        for text in [&b""[..], b"{}", &text] {
            assert_eq!(unpacked(&compressed(text)), text);
        }
    }
}
