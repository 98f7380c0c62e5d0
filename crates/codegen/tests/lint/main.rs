//! What lint passes is generated, and what is generated can be Rust.

mod fuzz;
mod generated;
mod probes;
