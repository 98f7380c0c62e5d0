//! Clients of invented platforms, which show that a spec is all that a platform takes.
//!
//! They are generated from `specs/` when this crate is built, as a build script of somebody else would do it. Nothing that
//! is published knows them.

include!(concat!(env!("OUT_DIR"), "/platforms.rs"));
