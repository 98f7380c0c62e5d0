//! gzip (RFC 1952) that no compressor would write.
//!
//! Not the crate `flate2`: it would compress up to 4 GiB of spaces for each request.

const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
const MEBIBYTE: usize = 1 << 20;
/// A mebibyte of spaces as DEFLATE that ends on a byte boundary: its length, and its bytes other than zero.
const SPACES: (usize, [(usize, u8); 18]) = (
    1038,
    [
        (0, 0xec),
        (1, 0xc1),
        (2, 0x31),
        (3, 0x01),
        (7, 0xc2),
        (8, 0xa0),
        (9, 0x2a),
        (10, 0xeb),
        (11, 0x9f),
        (12, 0xd2),
        (13, 0x10),
        (14, 0xbe),
        (15, 0x40),
        (16, 0x01),
        (1032, 0x7c),
        (1033, 0x06),
        (1036, 0xff),
        (1037, 0xff),
    ],
);

/// Data without compression.
pub(super) fn stored(text: &[u8]) -> Vec<u8> {
    let mut out = HEAD.to_vec();
    store(&mut out, text);
    finish(&mut out, crc(0, text), text.len());
    out
}

/// Data after this many mebibytes of spaces.
pub(super) fn bomb(mebibytes: u64, text: &[u8]) -> Vec<u8> {
    let (length, bytes) = SPACES;
    let mut block = vec![0; length];
    for (at, byte) in bytes {
        if let Some(place) = block.get_mut(at) {
            *place = byte;
        }
    }
    let count = usize::try_from(mebibytes).unwrap_or(0);
    let mut out = HEAD.to_vec();
    out.extend(block.repeat(count));
    store(&mut out, text);
    finish(
        &mut out,
        crc(spaces(mebibytes), text),
        count * MEBIBYTE + text.len(),
    );
    out
}

/// CRC-32 of mebibytes of spaces. The effect of a run of bytes on the register is linear, so doubling the run squares it.
fn spaces(mebibytes: u64) -> u32 {
    let mut columns: [u32; 32] = std::array::from_fn(|bit| step(1 << bit));
    let mut constant = step(u32::from(b' '));
    let apply = |columns: &[u32; 32], register: u32| {
        let bits = columns.iter().enumerate();
        bits.fold(0, |sum, (bit, column)| {
            sum ^ (column * (register >> bit & 1))
        })
    };
    for _ in 0..MEBIBYTE.trailing_zeros() {
        constant ^= apply(&columns, constant);
        columns = columns.map(|column| apply(&columns, column));
    }
    !(0..mebibytes).fold(!0, |register, _| apply(&columns, register) ^ constant)
}

fn store(out: &mut Vec<u8>, text: &[u8]) {
    for piece in text.chunks(usize::from(u16::MAX)) {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
        out.push(0);
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(piece);
    }
    // The last block, empty.
    out.extend([1, 0, 0, 0xff, 0xff]);
}

fn finish(out: &mut Vec<u8>, crc: u32, length: usize) {
    let length = u32::try_from(length % (1 << 32)).unwrap_or(0);
    out.extend(crc.to_le_bytes());
    out.extend(length.to_le_bytes());
}

/// CRC-32 of data whose beginning has the CRC-32 `before`.
fn crc(before: u32, text: &[u8]) -> u32 {
    !text
        .iter()
        .fold(!before, |crc, byte| step(crc ^ u32::from(*byte)))
}

fn step(crc: u32) -> u32 {
    (0..8).fold(crc, |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        // Computed by another program.
        assert_eq!(crc(0, b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(crc(0, b"1234"), b"56789"), 0xcbf4_3926);
        assert_eq!(spaces(256), 0x0600_c437);
        assert_eq!(spaces(1), crc(0, &b" ".repeat(MEBIBYTE)));
    }

    #[test]
    fn a_bomb_is_small() {
        let bomb = bomb(256, b"{}");
        assert_eq!(bomb.len(), 10 + 256 * 1038 + 5 + 2 + 5 + 8);
        let size = u32::from_le_bytes(*bomb.last_chunk().unwrap());
        assert_eq!(size, 256 * 1024 * 1024 + 2);
        assert_eq!(
            stored(b"{}")[10..],
            [
                0, 2, 0, 0xfd, 0xff, b'{', b'}', 1, 0, 0, 0xff, 0xff, 0x43, 0xbf, 0xa6, 0xa3, 2, 0,
                0, 0
            ]
        );
    }
}
