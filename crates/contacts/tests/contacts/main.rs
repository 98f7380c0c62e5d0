//! Tests of the public API.

#[cfg(test)]
mod mapping;
#[cfg(test)]
mod properties;
