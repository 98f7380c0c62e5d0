//! The crate through its public API.

#[cfg(test)]
mod mapping;
#[cfg(test)]
mod properties;
