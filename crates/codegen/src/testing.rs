//! Specs for tests of emitters.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::raw;
use botroster_spec::{Spec, Tree, lint};

/// A spec that uses every feature.
pub(crate) const EVERYTHING: &str = "crates/codegen/tests/specs/everything.yaml";
/// The valid spec that lint's tests modify.
pub(crate) const GOOD: &str = "crates/spec/tests/lint/specs/good.yaml";

/// The path of a file of the workspace.
pub(crate) fn path(file: &str) -> PathBuf {
    root().join(file)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads a spec and asserts that lint accepts it.
pub(crate) fn spec(file: &str) -> Spec {
    let path = path(file);
    let tree = Tree::parse(file, &fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(lint::reports(&tree), Vec::<String>::new());
    Spec::read(tree).unwrap()
}

/// Reads all specs: those of platforms, of invented platforms and of tests.
pub(crate) fn all() -> Vec<Spec> {
    let folders = ["specs", "tests/platforms/specs"].map(|folder| root().join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    assert!(paths.len() >= 11, "{paths:?}");
    paths.extend([EVERYTHING, GOOD, "xtask/templates/spec.yaml"].map(|file| root().join(file)));
    let read = |path| {
        let text = fs::read_to_string(path)
            .unwrap()
            .replace("PLATFORM", "parley");
        Spec::read(Tree::parse("spec.yaml", &text).unwrap()).unwrap()
    };
    paths.into_iter().map(read).collect()
}

/// Reads a spec that uses every feature.
pub(crate) fn everything() -> (Spec, raw::Raw) {
    let spec = spec(EVERYTHING);
    let raw = raw::generate(&spec).unwrap();
    (spec, raw)
}
