//! HTTP/1.1 on loopback: bounded connections, request bodies and response bodies. Nothing here depends on a platform.

pub(crate) mod connection;
pub(crate) mod exchange;
pub(crate) mod payload;
