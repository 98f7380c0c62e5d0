//! From a spec to the files of its crate, one stage a file.

mod columns;
mod docs;
mod doctest;
mod errors;
mod evidence;
mod evidence_page;
mod example;
mod facade;
mod failures;
mod files;
mod handles;
mod home;
mod imports;
mod json;
mod layout;
mod limits;
mod lower;
mod model;
mod names;
mod operation_docs;
mod operations;
mod parameters;
mod personal;
mod personal_page;
mod platform;
mod raw;
mod readme;
mod sample;
mod schema;
mod streams;
#[cfg(test)]
mod testing;
mod tree;
mod types;

pub(crate) use files::{File, MARK, crate_files, document_files, workspace_files};
pub(crate) use home::{Home, PLATFORMS, TEST_PLATFORMS};
pub(crate) use limits::is_limit;
pub(crate) use lower::integer_format;
pub(crate) use model::Spec;
pub(crate) use names::{camel, field, scope_method, snake, variant};
pub(crate) use schema::{is_number_or_text, reference};
pub(crate) use tree::{Place, Span, Tree, escape, unescape};
