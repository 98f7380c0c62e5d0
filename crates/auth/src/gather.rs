//! Puts small pieces together on the stack, because a hash takes one piece of a hundred bytes in a third of the time of ten.

use crate::{AuthError, wire};

/// Most messages without a body are shorter.
const CAPACITY: usize = 192;

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
            _ => match self.bytes.get_mut(self.len..self.len + piece.len()) {
                Some(place) => {
                    place.copy_from_slice(piece);
                    self.len += piece.len();
                }
                None => self.pass_on(piece),
            },
        }
    }

    /// Pushes a part of a request line, unless it [cannot stand there](wire::is_fit).
    #[inline]
    pub(crate) fn push_checked(
        &mut self,
        part: &'static str,
        text: &str,
        end: u8,
    ) -> Result<(), AuthError> {
        self.push(text.as_bytes());
        if wire::is_fit(text.as_bytes(), end) {
            Ok(())
        } else {
            Err(AuthError::InvalidInput(part))
        }
    }

    pub(crate) fn finish(mut self) {
        self.pass_on(b"");
    }

    #[cold]
    #[inline(never)]
    fn pass_on(&mut self, piece: &[u8]) {
        (self.sink)(self.bytes.get(..self.len).unwrap_or_default());
        self.len = 0;
        if !piece.is_empty() {
            (self.sink)(piece);
        }
    }
}
