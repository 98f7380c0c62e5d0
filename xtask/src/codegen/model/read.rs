//! Reads a spec.

use anyhow::{Context as _, Result, anyhow, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{SchemeKind, SchemeModel, Signature, Spec, operation};
use crate::codegen::tree::{Tree, escape};

impl Spec {
    pub(crate) fn read(tree: Tree) -> Result<Self> {
        let root = &tree.value;
        let name = text(root, "x-platform").map_err(|e| anyhow!("{}: {e}", tree.locate("")))?;
        let info = &root["info"];
        let required = root.get("x-base-url").is_some();
        let server = root["servers"][0]["url"]
            .as_str()
            .with_context(|| format!("{}: write servers with one url", tree.locate("/servers")))?;
        let base_url = (!required).then(|| server.trim_end_matches('/').to_owned());
        let schemes = tree
            .entries("/components/securitySchemes")
            .into_iter()
            .map(|(name, value, at)| scheme(&tree, name, value, &at))
            .collect::<Result<Vec<_>>>()?;
        let mut operations = Vec::new();
        for (path, _, at) in tree.entries("/paths") {
            for (method, value, at) in tree.entries(&at) {
                operations.push(operation::read(&tree, path, method, value, at)?);
            }
        }
        Ok(Self {
            title: text(info, "title")?,
            description: trimmed(info, "description"),
            notice: root
                .get("x-notice")
                .and_then(Value::as_str)
                .map(|text| text.trim().to_owned()),
            scope: strings(&root["x-scope"]),
            name,
            base_url,
            schemes,
            operations,
            tree,
        })
    }
}

pub(super) fn text(value: &Value, key: &str) -> Result<String> {
    value[key]
        .as_str()
        .map(|text| text.trim().to_owned())
        .with_context(|| format!("`{key}` is missing: write a text"))
}

/// A text that may be left out.
pub(super) fn trimmed(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().trim().to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Reads a word of the vocabulary; its problems are told at its place.
pub(super) fn word<T: DeserializeOwned>(
    tree: &Tree,
    value: &Value,
    at: &str,
    key: &str,
) -> Result<Option<T>> {
    let Some(found) = value.get(key) else {
        return Ok(None);
    };
    let pointer = format!("{at}/{}", escape(key));
    T::deserialize(found)
        .map(Some)
        .map_err(|error| anyhow!("{}: `{key}`: {error}", tree.locate(&pointer)))
}

pub(super) fn seconds(text: &str) -> Option<u64> {
    text.strip_suffix('s')?.parse().ok()
}

fn scheme(tree: &Tree, name: &str, value: &Value, at: &str) -> Result<SchemeModel> {
    let wrong = |text: &str| anyhow!("{}: {text}", tree.locate(at));
    let header = || {
        value["name"]
            .as_str()
            .map(str::to_lowercase)
            .ok_or_else(|| wrong("write the header's `name`"))
    };
    let kind = match (
        value["type"].as_str(),
        value["scheme"].as_str(),
        value["in"].as_str(),
    ) {
        (Some("http"), Some("bearer"), _) => SchemeKind::Bearer,
        (Some("http"), Some("basic"), _) => SchemeKind::Basic,
        (Some("apiKey"), _, Some("header")) => {
            if let Some(recipe) = word::<Signature>(tree, value, at, "x-signature")? {
                let tolerance = seconds(&recipe.tolerance).ok_or_else(|| {
                    wrong("`tolerance` is a number of seconds: write it like 300s")
                })?;
                SchemeKind::Signature { recipe, tolerance }
            } else {
                let template = value["x-header-value"]
                    .as_str()
                    .unwrap_or("{key}")
                    .to_owned();
                if template.contains("{key}") {
                    SchemeKind::Header {
                        header: header()?,
                        template,
                    }
                } else {
                    SchemeKind::Constant {
                        header: header()?,
                        value: template,
                    }
                }
            }
        }
        _ => bail!(wrong(
            "a security scheme is `type: http` with `scheme: bearer` or `basic`, or `type: apiKey` with `in: header`: write one of these instead"
        )),
    };
    Ok(SchemeModel {
        name: name.to_owned(),
        kind,
    })
}
