//! Syncs from platforms with scripted pages.

#[cfg(test)]
mod store;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod support;
