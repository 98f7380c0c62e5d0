//! Tests of the public interface, in one program because it links faster.

#![allow(
    clippy::unwrap_used,
    reason = "the exception for tests in clippy.toml does not reach the helpers of an integration test"
)]

mod allocations;
mod authenticators;
mod common;
mod hostile;
mod leaks;
mod properties;
mod recipes;
mod signing;
mod sources;
mod verifying;
