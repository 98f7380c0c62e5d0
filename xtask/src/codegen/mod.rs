//! From a spec to the files of its crate, one stage a file.

mod docs;
mod errors;
mod example;
mod facade;
mod failures;
mod files;
mod handles;
mod limits;
mod lower;
mod model;
mod names;
mod operations;
mod parameters;
mod platform;
mod raw;
mod schema;
mod streams;
mod tree;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use files::{MARK, crate_files, sandbox_files, workspace_files};
pub(crate) use model::Spec;
pub(crate) use schema::is_number_or_text;
pub(crate) use tree::{Tree, escape};
