//! Tests lint with specs that violate its rules, and against the reference.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the exception for tests in clippy.toml does not reach the helpers of an integration test"
)]

mod cases;
mod readme;
mod run;
mod tests;
