//! What the contract tests share: a server that writes down every byte, a network and a clock that follow a script, clients
//! with invented credentials, and what the specs say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

pub mod album;
pub mod clients;
pub mod generate;
pub mod leak;
pub mod lists;
#[path = "../../crates/client/tests/behaviour/network.rs"]
pub mod network;
#[path = "../../crates/client/tests/behaviour/parley.rs"]
pub mod parley;
#[path = "../../crates/client/tests/behaviour/runtime.rs"]
pub mod runtime;
pub mod server;
pub mod show;
pub mod signing;
pub mod sim;
pub mod snapshots;
pub mod specs;
pub mod wire;

/// The README's Rust compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
