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

/// One that needs everything at once.
pub(crate) fn everything() -> (Spec, raw::Raw) {
    let spec = spec("codegen/everything.yaml");
    let raw = raw::generate(&spec).unwrap();
    (spec, raw)
}
