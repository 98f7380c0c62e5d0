//! Names of headers and parameters that clash with those of the generator.

use std::{fs, path::Path};

use botroster_spec::Tree;

use crate::generated::generate;

#[test]
fn a_header_and_a_parameter_keep_their_names() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/platforms/specs/probes.yaml");
    let text = fs::read_to_string(path).unwrap();
    let tree = Tree::parse("probes.yaml", &text).unwrap();
    let files = generate(tree).unwrap();
    let raw = files.iter().find(|(path, _)| path.ends_with("/raw.rs"));
    let (_, raw) = raw.unwrap();
    // A header beside the version's, and a parameter named like the request.
    assert!(raw.contains("header_map.append(\"X-Request\""), "{raw}");
    assert!(raw.contains("Ok(_request)"), "{raw}");
    for gone in ["api_version", "api-version"] {
        assert!(!raw.contains(gone), "{gone}");
    }
}
