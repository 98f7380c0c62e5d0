//! Positions in the source text.

/// A position in the source text, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Number of characters before the position.
    pub index: usize,
}

/// A range of the source text; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First character.
    pub start: Position,
    /// First character after the range.
    pub end: Position,
}
