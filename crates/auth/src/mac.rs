//! HMAC-SHA256 of a message that comes in small pieces.
//!
//! RFC 2104 over the compression function of `sha2`. `hmac::Hmac` gives the same tags; but with its general buffers all of signing
//! takes a third longer, because the messages of this crate are a few lines of a hundred bytes in all. The tests compare the two.

use sha2::{Digest as _, Sha256, block_api::compress256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Bytes of an HMAC-SHA256.
pub(crate) const TAG_LEN: usize = 32;

pub(crate) type Tag = [u8; TAG_LEN];

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

type State = [u32; 8];

/// FIPS 180-4, section 5.3.3.
const START: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Where the pieces of a message go.
pub(crate) trait Sink {
    fn push(&mut self, piece: &[u8]);
}

impl Sink for Vec<u8> {
    fn push(&mut self, piece: &[u8]) {
        self.extend_from_slice(piece);
    }
}

/// A key: the states of the inner and the outer hash after it.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct MacKey {
    inner: State,
    outer: State,
}

impl MacKey {
    /// A key of any bytes; one of more than 64 bytes stands for its SHA-256.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        if let Some(start) = block.get_mut(..key.len()) {
            start.copy_from_slice(key);
        } else if let Some(start) = block.first_chunk_mut() {
            *start = Sha256::digest(key).into();
        }
        let after = |padding: u8| {
            let padded = Zeroizing::new(block.map(|byte| byte ^ padding));
            let mut state = START;
            compress256(&mut state, &[*padded]);
            state
        };
        Self {
            inner: after(0x36),
            outer: after(0x5c),
        }
    }
}

/// The tag of one message in the making.
pub(crate) struct Mac<'key> {
    key: &'key MacKey,
    state: State,
    /// Blocks that have gone into the state.
    blocks: u64,
    /// What is still to go, all of it at once if it can be: most messages without a body fit.
    buffer: [u8; 4 * BLOCK],
    len: usize,
}

impl<'key> Mac<'key> {
    pub(crate) fn new(key: &'key MacKey) -> Self {
        Self {
            key,
            state: key.inner,
            blocks: 1,
            buffer: [0; _],
            len: 0,
        }
    }

    pub(crate) fn finish(mut self) -> Tag {
        let inner = self.digest();
        self.state = self.key.outer;
        self.blocks = 1;
        self.push(&inner);
        self.digest()
    }

    /// Pads and hashes what is still in the buffer: FIPS 180-4, section 5.1.1.
    fn digest(&mut self) -> Tag {
        let bits = (self.blocks * BLOCK as u64 + self.len as u64) * 8;
        self.push(&[0x80]);
        let full = BLOCK - size_of_val(&bits);
        let zeros = (BLOCK + full - self.len % BLOCK) % BLOCK;
        self.push([0; BLOCK].get(..zeros).unwrap_or_default());
        self.push(&bits.to_be_bytes());
        self.hash_buffer();
        let mut tag = Tag::default();
        for (place, word) in tag.as_chunks_mut().0.iter_mut().zip(self.state) {
            *place = word.to_be_bytes();
        }
        tag
    }

    /// Hashes whole blocks, and leaves no others in the buffer.
    fn hash_buffer(&mut self) {
        let waiting = self.buffer.get(..self.len).unwrap_or_default();
        let (blocks, _) = waiting.as_chunks();
        compress256(&mut self.state, blocks);
        self.blocks += blocks.len() as u64;
        self.len = 0;
    }

    /// What does not fit: fills the buffer, hashes it, then whole blocks where they are.
    #[cold]
    fn push_long(&mut self, piece: &[u8]) {
        let room = self.buffer.get_mut(self.len..).unwrap_or_default();
        let (start, rest) = piece.split_at_checked(room.len()).unwrap_or((piece, b""));
        room.copy_from_slice(start);
        self.len = self.buffer.len();
        self.hash_buffer();
        let (blocks, rest) = rest.as_chunks();
        compress256(&mut self.state, blocks);
        self.blocks += blocks.len() as u64;
        self.push(rest);
    }
}

impl Sink for Mac<'_> {
    #[inline]
    fn push(&mut self, piece: &[u8]) {
        match self.buffer.get_mut(self.len..self.len + piece.len()) {
            Some(place) => {
                place.copy_from_slice(piece);
                self.len += piece.len();
            }
            None => self.push_long(piece),
        }
    }
}
