//! Places in a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, operation::Operation};

/// Where in a list a request asks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// A page number or an offset.
    Number(u64),
    /// A cursor of the platform's; `None` is the beginning.
    Cursor(Option<String>),
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            // It may be somebody's id.
            Self::Cursor(_) => f.write_str("(cursor)"),
        }
    }
}

/// Where a page of a list begins, to be kept and gone on from later.
///
/// It is serialisable. It belongs to one operation, with the same arguments; records that came or went
/// meanwhile may stand before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    operation: String,
    position: Position,
}

impl Cursor {
    pub(crate) fn new(operation: &'static Operation, position: Position) -> Self {
        Self {
            operation: operation.id.to_owned(),
            position,
        }
    }

    /// The place, for a call of `operation`.
    pub(crate) fn of(&self, operation: &'static Operation) -> Result<&Position, Error> {
        if self.operation == operation.id {
            return Ok(&self.position);
        }
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "the cursor is one of another operation than `{}`",
                operation.id
            ),
        ))
    }
}
