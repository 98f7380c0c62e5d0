//! What only the generator can refuse: it is told with its place and the fix, and is never wrong code.

use std::{fs, path::Path};

use super::{Spec, Tree, crate_files};

/// The spec without a fault, with one place changed.
fn changed(from: &str, to: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/good.yaml");
    let good = fs::read_to_string(file).unwrap();
    assert_eq!(good.matches(from).count(), 1, "{from}");
    good.replace(from, to)
}

fn generated(text: &str) -> Result<usize, String> {
    let tree = Tree::parse("bad.yaml", text).unwrap();
    let problems = crate::lint::problems(&tree);
    assert!(problems.is_empty(), "{problems:?}");
    let spec = Spec::read(tree).unwrap();
    crate_files(&spec, text)
        .map(|files| files.len())
        .map_err(|error| error.to_string())
}

#[test]
fn faults_of_the_whole_are_told() {
    const MOOD: &str =
        "    Mood:\n      type: string\n      description: A mood.\n      enum: [glad, so-so]";
    const PAGING: &str = "{ style: cursor, at: { in: query, name: cursor }, items: /people, next: { pointer: /cursor }, end: empty }";
    const STREAM: &str = "x-stream: { name: people, key: /id, incremental: full }";
    let forms = "    Mood:\n      description: A mood.\n      oneOf: [{ $ref: \"#/components/schemas/NewPerson\" }]";
    let numbered = "{ style: page, at: { in: query, name: cursor }, items: /people, end: empty }";
    for (from, to, expected) in [
        (
            MOOD,
            forms,
            "`Mood` is read, and which of its forms an answer has cannot be told",
        ),
        (PAGING, numbered, "`cursor` counts: write `type: integer`"),
        (
            STREAM,
            "x-stream: { name: people, key: /id, with: { workspaces: 1 }, incremental: full }",
            "there is no parameter or property `workspaces`",
        ),
        (
            "x-scope: [workspace]",
            "x-scope: []",
            "nothing gives the parameter `workspace` of the stream `people`",
        ),
    ] {
        let error = generated(&changed(from, to)).unwrap_err();
        assert!(error.starts_with("bad.yaml:"), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    assert!(generated(&changed("x-scope: [workspace]", "x-scope: [ workspace ]")).is_ok());
}
