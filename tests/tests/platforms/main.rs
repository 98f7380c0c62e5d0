//! All platforms, those of `specs/` and the invented ones of `tests/platforms/specs`: their sandboxes and their syncs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

mod records;
mod support;
mod sync;
