#![doc = include_str!("../README.md")]

mod docs;
mod doctest;
mod error;
mod errors;
mod evidence;
mod evidence_page;
mod example;
mod facade;
mod failures;
mod files;
mod format;
mod handles;
mod imports;
mod json;
mod layout;
mod limits;
mod lower;
mod modules;
mod naming;
mod operation_docs;
mod operations;
mod options;
mod package;
mod paging;
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
mod types;
mod workspace;

use std::thread;

use anyhow::anyhow;
use botroster_spec::Spec;

pub use error::Error;
pub use files::Files;
pub use format::MARK;
pub use naming::package as package_name;
pub use options::Options;
pub use workspace::{CRATES, LIST, MODELS, PERSONAL_DATA};

use options::OutputTarget;

/// Generates the clients of platforms, and the files that list them.
///
/// Specs are processed in parallel, one thread each. The result depends only on the arguments: the same specs give the same bytes.
///
/// # Errors
/// A spec cannot be represented in Rust. [`botroster_spec::lint`] reports such specs with more detail; an error for a spec that passes
/// lint is a bug.
pub fn generate(specs: &[Spec], options: &Options) -> Result<Files, Error> {
    let packages = packages(specs)?;
    let files = match &options.target {
        OutputTarget::Workspace { version } => {
            let lists = workspace::files(specs, version)?;
            packages.into_iter().flatten().chain(lists).collect()
        }
        OutputTarget::Modules { crate_name } => modules::files(specs, packages, crate_name)?,
    };
    Ok(Files(files))
}

/// Returns the files of each platform, in the order of the specs. Nearly all of the time is spent here, hence one thread per spec.
fn packages(specs: &[Spec]) -> anyhow::Result<Vec<Vec<files::GeneratedFile>>> {
    thread::scope(|scope| {
        let specs = specs.iter();
        let running: Vec<_> = specs
            .map(|spec| scope.spawn(move || package::files(spec)))
            .collect();
        let panicked = |_| Err(anyhow!("a thread of the generator panicked"));
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(panicked))
            .collect()
    })
}
