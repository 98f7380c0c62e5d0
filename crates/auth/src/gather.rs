//! Puts small pieces together, because a hash takes one piece of a hundred bytes in a third of the time of ten.

/// Most messages without a body are shorter.
const CAPACITY: usize = 256;

/// Gives what is pushed to `sink`, in fewer and larger pieces.
pub(crate) struct Gather<F> {
    sink: F,
    bytes: [u8; CAPACITY],
    len: usize,
}

impl<F: FnMut(&[u8])> Gather<F> {
    pub(crate) fn new(sink: F) -> Self {
        Self {
            sink,
            bytes: [0; CAPACITY],
            len: 0,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, piece: &[u8]) {
        match (piece, self.bytes.get_mut(self.len)) {
            // Every other piece is a line break, which is not worth a call of memcpy.
            ([byte], Some(place)) => {
                *place = *byte;
                self.len += 1;
            }
            _ => match self.place(piece.len()) {
                Some(place) => place.copy_from_slice(piece),
                None => self.pass_on(piece),
            },
        }
    }

    /// The place of the next bytes, for the caller to fill, if there is room for them.
    #[inline]
    pub(crate) fn place(&mut self, len: usize) -> Option<&mut [u8]> {
        let place = self.bytes.get_mut(self.len..self.len + len)?;
        self.len += len;
        Some(place)
    }

    pub(crate) fn finish(mut self) {
        self.pass_on(b"");
    }

    #[cold]
    fn pass_on(&mut self, piece: &[u8]) {
        for bytes in [self.bytes.get(..self.len).unwrap_or_default(), piece] {
            if !bytes.is_empty() {
                (self.sink)(bytes);
            }
        }
        self.len = 0;
    }
}
