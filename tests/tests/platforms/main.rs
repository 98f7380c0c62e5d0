//! All platforms, those of `specs/` and those of `xtask/tests/platforms`, each of which is a spec and nothing else: what holds for
//! one holds for all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

mod records;
mod support;
mod sync;
