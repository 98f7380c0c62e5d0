//! Requests to a platform: routed, parsed and checked.

pub(crate) mod check;
pub(crate) mod failure;
pub(crate) mod params;
pub(crate) mod parsed;
mod query;
pub(crate) mod route;
mod suggest;
