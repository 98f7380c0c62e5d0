//! The values that parts of a signed message may have had.

use super::recipe::TemplatePiece;

/// A value, and the mistake that leads to it; `None` for the correct one.
#[derive(Debug, Clone)]
pub(super) struct Variant<T> {
    pub(super) value: T,
    pub(super) mistake: Option<String>,
}

/// The values of one part, the correct one first.
#[derive(Debug)]
pub(super) struct Variants<T>(pub(super) Vec<Variant<T>>);

impl<T: PartialEq> Variants<T> {
    pub(super) fn new(value: T) -> Self {
        Self(vec![Variant {
            value,
            mistake: None,
        }])
    }

    /// Adds a value unless it is present already.
    pub(super) fn or(&mut self, mistake: impl Into<String>, value: T) {
        if self.0.iter().all(|own| own.value != value) {
            self.0.push(Variant {
                value,
                mistake: Some(mistake.into()),
            });
        }
    }
}

/// The parts of a message.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) method: Variants<String>,
    pub(super) path: Variants<String>,
    /// With its question mark.
    pub(super) query: Variants<String>,
    pub(super) host: Variants<String>,
    pub(super) timestamp: Variants<String>,
    pub(super) nonce: Variants<String>,
    pub(super) body: Variants<Vec<u8>>,
    pub(super) hash: Variants<Vec<u8>>,
    pub(super) shape: Variants<Vec<TemplatePiece>>,
}
