//! Reads the model of a document.

mod operation;
mod security;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::Error,
    model::{Evidence, Model, Tag},
    pointer::child,
    schema::Schemas,
    tree::Tree,
};

/// A document and its model.
pub struct Spec {
    /// The document, with the place of every value.
    pub tree: Tree,
    /// The model.
    pub model: Model,
}

impl Spec {
    /// Reads the model of a document that lint has passed.
    ///
    /// # Errors
    /// Returns an error if a required value is missing or has the wrong type; lint reports this in more detail.
    pub fn read(tree: Tree) -> Result<Self, Error> {
        let model = model(&tree)?;
        Ok(Self { tree, model })
    }

    /// Returns a component schema.
    ///
    /// # Errors
    /// Returns an error if the document has no component with this name.
    pub fn schema(&self, name: &str) -> Result<&Value, Error> {
        let found = self.model.schemas.get(name);
        found.ok_or_else(|| Error::new(format!("{}: no schema `{name}`", self.tree.file)))
    }
}

fn model(tree: &Tree) -> Result<Model, Error> {
    let root = &tree.value;
    let needs_url = root.get("x-base-url").is_some();
    let url = text(tree, "/servers/0", "url")?;
    let url = url.trim_end_matches('/');
    let schemas = root["components"]["schemas"].as_object().cloned();
    let schemas = Schemas::new(schemas.unwrap_or_default());
    let mut schemes = Vec::new();
    for (name, value, at) in tree.entries("/components/securitySchemes") {
        schemes.push(security::read(tree, name, value, &at)?);
    }
    let mut operations = Vec::new();
    for (path, _, at) in tree.entries("/paths") {
        for (method, value, at) in tree.entries(&at) {
            let source = operation::OperationSource {
                tree,
                schemas: &schemas,
                value,
                at: &at,
            };
            operations.push(operation::read(&source, path, method)?);
        }
    }
    Ok(Model {
        name: text(tree, "", "x-platform")?,
        title: text(tree, "/info", "title")?,
        description: trimmed(&root["info"], "description"),
        notice: optional(root, "x-notice"),
        base_url: (!needs_url).then(|| url.to_owned()),
        base_path: path_of(url).to_owned(),
        scope: strings(&root["x-scope"]),
        evidence: word::<Evidence>(tree, root, "", "x-evidence")?,
        tags: tags(root),
        schemes,
        operations,
        schemas,
    })
}

/// Returns the path of a URL.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..));
    path.unwrap_or_default()
}

fn tags(root: &Value) -> Vec<Tag> {
    let tags = root["tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| {
        Some(Tag {
            name: tag["name"].as_str()?.to_owned(),
            description: trimmed(tag, "description"),
        })
    })
    .collect()
}

/// Returns the string at a required key.
fn text(tree: &Tree, at: &str, key: &str) -> Result<String, Error> {
    let value = tree.value(&child(at, key)).and_then(Value::as_str);
    value.map(|text| text.trim().to_owned()).ok_or_else(|| {
        wrong(
            tree,
            at,
            &format!("`{key}` is missing: write it as a string"),
        )
    })
}

fn optional(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(|text| text.trim().to_owned())
}

/// Returns the string at an optional key, trimmed.
fn trimmed(value: &Value, key: &str) -> String {
    optional(value, key).unwrap_or_default()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Deserializes an extension.
fn word<T: DeserializeOwned>(
    tree: &Tree,
    value: &Value,
    at: &str,
    key: &str,
) -> Result<Option<T>, Error> {
    let Some(found) = value.get(key) else {
        return Ok(None);
    };
    T::deserialize(found)
        .map(Some)
        .map_err(|error| wrong(tree, &child(at, key), &format!("`{key}`: {error}")))
}

fn wrong(tree: &Tree, at: &str, what: &str) -> Error {
    Error::new(format!("{}: {what}", tree.locate(at)))
}
