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

/// The values of a slot or of a secret.
pub(super) type ByteVariants = PartVariants<Vec<u8>>;

impl<T: PartialEq> PartVariants<T> {
    pub(super) fn new(value: impl Into<T>) -> Self {
        Self(vec![PartVariant {
            value: value.into(),
            mistake: None,
        }])
    }

    /// Adds a value unless it is present already.
    pub(super) fn or(&mut self, mistake: impl Into<String>, value: impl Into<T>) {
        let value = value.into();
        if self.0.iter().all(|own| own.value != value) {
            self.0.push(PartVariant {
                value,
                mistake: Some(mistake.into()),
            });
        }
    }
}

/// The slots that may have another value than the expected one, in the order in which that is tried.
pub(super) const SLOTS: [&str; 8] = [
    "method",
    "path",
    "query",
    "host",
    "timestamp",
    "nonce",
    "body",
    "body_sha256",
];

/// The parts of a message.
#[derive(Debug)]
pub(super) struct MessageParts {
    /// In the order of [`SLOTS`]; the query includes its question mark.
    pub(super) slots: [ByteVariants; SLOTS.len()],
    pub(super) composition: PartVariants<Vec<TemplatePiece>>,
}
