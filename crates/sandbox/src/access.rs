//! Who may access what: issued credentials, verification, and explanations of what is wrong.

pub(crate) mod control;
mod credentials;
mod header;
pub(crate) mod signature;
