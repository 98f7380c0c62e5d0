//! The only reader of a botroster spec.
//!
//! A spec is an OpenAPI 3.0.3 document with extensions (`x-…`). This crate parses it with the position of every value
//! ([`Tree`]), reports all problems ([`lint`]), and builds the typed, resolved [`Model`] that the generator and the sandbox
//! use.
//!
//! ```
//! # #[cfg(feature = "reader")] {
//! use botroster_spec::{Tree, lint};
//!
//! let tree = Tree::parse("parley.yaml", "openapi: 3.0.3\nx-platfrom: parley\n").unwrap();
//! let problems = lint::check(&tree);
//! let typo = problems.iter().find(|problem| problem.span.start.line == 2).unwrap();
//! assert_eq!(typo.fix, "write `x-platform` instead");
//! # }
//! ```
//!
//! Without the default feature `reader`, the crate contains only the model, which is read from JSON, and helpers that
//! several crates share: JSON Pointer, schemas, personal data, durations, suggestions for misspelt names.

pub mod duration;
pub mod model;
pub mod nearest;
pub mod personal;
pub mod pointer;
pub mod schema;

#[cfg(feature = "reader")]
mod error;
#[cfg(feature = "reader")]
pub mod idents;
#[cfg(feature = "reader")]
pub mod lint;
#[cfg(feature = "reader")]
mod problem;
#[cfg(feature = "reader")]
mod read;
#[cfg(feature = "reader")]
mod render;
#[cfg(feature = "reader")]
pub mod rules;
#[cfg(feature = "reader")]
mod span;
#[cfg(feature = "reader")]
mod tree;

pub use model::Model;
pub use personal::Personal;

#[cfg(feature = "reader")]
pub use {
    error::Error,
    problem::Problem,
    read::Spec,
    render::{Source, json},
    span::{Position, Span},
    tree::{Tree, Unreadable},
};

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "reader"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
