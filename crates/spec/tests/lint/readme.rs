//! Tests that lint accepts the examples of `specs/README.md`.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use botroster_spec::Tree;

use crate::run::reports;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// Returns the YAML examples of the page. A key that occurs again in a block starts another example.
fn examples(page: &str) -> Vec<String> {
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    let mut examples = Vec::new();
    for block in blocks.filter(|block| !block.starts_with("openapi:")) {
        let mut example = String::new();
        let mut keys = BTreeSet::new();
        for line in block.lines() {
            let is_key = line.starts_with(char::is_alphabetic);
            if is_key && !keys.insert(line.split(':').next()) {
                examples.push(std::mem::take(&mut example));
            }
            example.push_str(line);
            example.push('\n');
        }
        examples.push(example);
    }
    examples
}

const LIST: &str = "/paths/~1list/post";
const WRITE: &str = "/paths/~1bots~1{chatbotId}~1users~1{id}/patch";

/// Returns the position of a key in the surrounding document.
fn place(word: &str) -> &'static str {
    match word {
        "x-vocabulary" | "x-platform" | "x-scope" | "x-evidence" => "",
        "apiKey" | "authtype" | "pekiSignature" => "/components/securitySchemes",
        "guestId" | "isExport" | "lastSeenAt" => "/components/schemas/Search/properties",
        "x-maps-to" => "/components/schemas/User",
        "x-csv" => "/paths/~1export/get",
        "x-envelope" | "x-effect" => WRITE,
        _ => LIST,
    }
}

fn put(document: &mut Value, at: &str, key: &str, value: Value) {
    let object = document.pointer_mut(at).unwrap().as_object_mut().unwrap();
    object.insert(key.to_owned(), value);
}

/// Returns the document with the example inserted.
fn around(document: &Value, example: &str) -> String {
    let mut document = document.clone();
    let parsed = Tree::parse("example.yaml", example).unwrap();
    assert!(parsed.faults.is_empty(), "{example}");
    match parsed.value {
        Value::Array(parameters) => {
            let own = document.pointer_mut(&format!("{LIST}/parameters"));
            own.unwrap().as_array_mut().unwrap().extend(parameters);
        }
        Value::Object(words) => {
            for (word, value) in words {
                if value["name"] == "users" {
                    let users = document.pointer_mut("/paths/~1users/get").unwrap();
                    users.as_object_mut().unwrap().remove(&word);
                }
                put(&mut document, place(&word), &word, value);
            }
        }
        other => panic!("{other}"),
    }
    serde_json::to_string_pretty(&document).unwrap()
}

#[test]
fn every_example_of_the_readme_is_taken() {
    let text = read("crates/spec/tests/lint/specs/readme.yaml");
    assert_eq!(reports("example.yaml", &text), Vec::<String>::new());
    let document = Tree::parse("readme.yaml", &text).unwrap().value;
    let page = read("specs/README.md");
    let examples = examples(&page);
    assert!(examples.len() > 15, "{}", examples.len());
    for example in &examples {
        let found = reports("example.yaml", &around(&document, example));
        assert!(found.is_empty(), "{example}\n{}", found.join("\n"));
    }
    let whole = page.split("```yaml\n").nth(1).unwrap();
    let whole = whole.split("```").next().unwrap();
    assert_eq!(reports("example.yaml", whole), Vec::<String>::new());
    // An unknown key is reported.
    let wrong = around(&document, "x-retry: read\nx-csvs: {}\n");
    assert_eq!(reports("example.yaml", &wrong).len(), 1);
}
