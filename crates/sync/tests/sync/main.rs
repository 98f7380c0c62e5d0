//! Syncs from platforms that answer from a script.

mod store;
mod streams;
mod support;
