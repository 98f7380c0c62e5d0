//! The golden files: the crate of a small invented platform, committed so that the generator's output is reviewed in full.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use botroster_codegen::{CRATES, Options, generate};
use botroster_spec::{Spec, lint};

const SPEC: &str = "tests/platforms/specs/reed.yaml";
pub(super) const FOLDER: &str = "crates/codegen/tests/golden";

/// The files of its crate, as they are committed.
pub(super) fn files(root: &Path) -> Result<Vec<(String, String)>> {
    let text = fs::read_to_string(root.join(SPEC)).context(SPEC)?;
    let spec = Spec::read(lint::read(SPEC, &text)?)?;
    let own = format!("{CRATES}/{}/", spec.model.name);
    let files = generate(&[spec], &Options::workspace("0.0.0"))?;
    let files = files.iter().filter_map(|(path, text)| {
        let path = path.strip_prefix(&own)?;
        // Rust files of a folder under `tests` would be looked at by tools that walk it.
        Some((format!("{FOLDER}/{path}"), text.to_owned()))
    });
    Ok(files.collect())
}
