//! What is wrong with a signature: what should have been signed, what was, and by which usual mistake.
//!
//! Whether a request is let in is decided elsewhere, in constant time. This only explains, and only with credentials of the
//! sandbox's own.

mod codec;
mod explain;
mod mistakes;
mod recipe;
mod search;
mod time;

pub(crate) use explain::{Pair, Question, judge};
pub(crate) use mistakes::encoded;
pub(crate) use recipe::{Piece, Recipe, pieces};
