//! Injected faults: what goes wrong on purpose.

pub(crate) mod active;
mod body;
pub(crate) mod fault;
mod gzip;
pub(crate) mod kinds;
mod paging;
mod records;
mod request;
pub(crate) mod serve;
mod status;
mod wire;
