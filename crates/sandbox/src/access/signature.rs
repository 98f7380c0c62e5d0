//! What is wrong with a signature: what should have been signed, what was signed, and which common mistake explains it.
//!
//! Requests are authenticated elsewhere, in constant time. This room only explains failures, and only with the sandbox's own
//! credentials.

mod codec;
pub(super) mod explain;
mod message_mistakes;
mod mistakes;
pub(crate) mod recipe;
mod rewritten;
mod search;
mod time;
mod variants;
