//! From a spec to the files of its crate, one stage a file.

mod docs;
mod example;
mod facade;
mod files;
mod handles;
mod lower;
mod model;
mod names;
mod operations;
mod platform;
mod raw;
mod schema;
mod tree;
mod types;

pub(crate) use files::{MARK, crate_files, sandbox_files, workspace_files};
pub(crate) use lower::integer_format;
pub(crate) use model::Spec;
pub(crate) use names::{camel, scope_method, snake};
pub(crate) use schema::reference;
pub(crate) use tree::{Place, Span, Tree, escape};
