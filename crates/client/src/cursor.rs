//! Positions in a list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, operation::Operation};

/// The position of a page in a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// A page number or an offset.
    Number(u64),
    /// A cursor that the platform issued; `None` for the first page.
    Cursor(Option<String>),
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            // May be the id of a person.
            Self::Cursor(_) => f.write_str("(cursor)"),
        }
    }
}

/// The position of a page, to continue a list later.
///
/// It is serialisable and valid for the same operation with the same arguments. Records inserted or removed in the meantime
/// shift the list relative to it.
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

    /// The position for a call of `operation`.
    pub(crate) fn of(&self, operation: &'static Operation) -> Result<&Position, Error> {
        if self.operation == operation.id {
            return Ok(&self.position);
        }
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "the cursor belongs to another operation than `{}`",
                operation.id
            ),
        ))
    }
}

/// An integer type of page numbers and offsets.
pub trait PageNumber: Copy {
    /// Converts to a position.
    fn position(self) -> Position;
    /// Converts from a position, saturating at the maximum.
    fn from_number(number: u64) -> Self;
}

macro_rules! page_numbers {
    ($($ty:ty),*) => {$(
        impl PageNumber for $ty {
            fn position(self) -> Position {
                Position::Number(u64::try_from(self).unwrap_or_default())
            }
            fn from_number(number: u64) -> Self {
                <$ty>::try_from(number).unwrap_or(<$ty>::MAX)
            }
        }
    )*};
}
page_numbers!(u32, u64, i32, i64);

impl Position {
    /// The number, unless it is a cursor.
    pub fn number<N: PageNumber>(&self) -> Option<N> {
        match self {
            Self::Number(number) => Some(N::from_number(*number)),
            Self::Cursor(_) => None,
        }
    }

    /// The cursor, unless it is a number or the beginning.
    pub fn cursor(&self) -> Option<String> {
        match self {
            Self::Number(_) => None,
            Self::Cursor(cursor) => cursor.clone(),
        }
    }
}
