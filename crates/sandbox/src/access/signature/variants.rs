//! The values that parts of a signed message may have had.

use super::recipe::TemplatePiece;

/// A value, and the mistake that leads to it; `None` for the correct one.
#[derive(Debug, Clone)]
pub(super) struct PartVariant<T> {
    pub(super) value: T,
    pub(super) mistake: Option<String>,
}

/// The values of one part, the correct one first.
#[derive(Debug)]
pub(super) struct PartVariants<T>(pub(super) Vec<PartVariant<T>>);

impl<T: PartialEq> PartVariants<T> {
    pub(super) fn new(value: T) -> Self {
        Self(vec![PartVariant {
            value,
            mistake: None,
        }])
    }

    /// Adds a value unless it is present already.
    pub(super) fn or(&mut self, mistake: impl Into<String>, value: T) {
        if self.0.iter().all(|own| own.value != value) {
            self.0.push(PartVariant {
                value,
                mistake: Some(mistake.into()),
            });
        }
    }
}

/// The parts of a message.
#[derive(Debug)]
pub(super) struct MessageParts {
    pub(super) method: PartVariants<String>,
    pub(super) path: PartVariants<String>,
    /// With its question mark.
    pub(super) query: PartVariants<String>,
    pub(super) host: PartVariants<String>,
    pub(super) timestamp: PartVariants<String>,
    pub(super) nonce: PartVariants<String>,
    pub(super) body: PartVariants<Vec<u8>>,
    pub(super) hash: PartVariants<Vec<u8>>,
    pub(super) shape: PartVariants<Vec<TemplatePiece>>,
}
