//! What lint passes is generated, and what is generated can be Rust.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod fuzz;
mod generated;
mod probes;
