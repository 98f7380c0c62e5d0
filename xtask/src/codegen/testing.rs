//! Specs to test emitters on.

use std::{fs, path::Path};

use super::{Spec, Tree, raw};
use crate::lint;

/// A small spec beside the four platforms', from this folder.
pub(crate) fn spec(file: &str) -> Spec {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(file);
    let tree = Tree::parse(file, &fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(lint::problems(&tree), Vec::<String>::new());
    Spec::read(tree).unwrap()
}

/// The specs of the platforms, and small ones beside them, each with its text.
pub(crate) fn all() -> Vec<(Spec, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let specs =
        ["../specs", "tests/platforms"].map(|specs| fs::read_dir(folder.join(specs)).unwrap());
    let mut paths: Vec<_> = specs
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    assert!(paths.len() >= 7, "{paths:?}");
    paths.extend(
        [
            "tests/codegen/everything.yaml",
            "tests/lint/good.yaml",
            "templates/spec.yaml",
        ]
        .map(|file| folder.join(file)),
    );
    let read = |path| {
        let text = fs::read_to_string(path)
            .unwrap()
            .replace("PLATFORM", "parley");
        let tree = Tree::parse("spec.yaml", &text).unwrap();
        (Spec::read(tree).unwrap(), text)
    };
    paths.into_iter().map(read).collect()
}

/// One that needs everything at once.
pub(crate) fn everything() -> (Spec, raw::Raw) {
    let spec = spec("codegen/everything.yaml");
    let raw = raw::generate(&spec).unwrap();
    (spec, raw)
}
