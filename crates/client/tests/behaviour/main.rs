//! The behaviour of the transport, over a scripted network, a virtual clock and an invented platform.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

mod attempts;
#[allow(dead_code, unreachable_pub, reason = "shared with the contract tests")]
mod network;
#[allow(dead_code, unreachable_pub, reason = "shared with the contract tests")]
mod parley;
#[allow(dead_code, unreachable_pub, reason = "shared with the contract tests")]
mod runtime;
mod values;
mod verdicts;
mod walks;
