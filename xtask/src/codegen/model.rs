//! A spec, read: what the emitters need, named and checked for shape.

use anyhow::{Context as _, Result, anyhow, bail};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    failures::{self, ErrorBody, ErrorModel},
    names::scope_method,
    tree::{Tree, escape},
};

pub(crate) struct Spec {
    pub(crate) tree: Tree,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) notice: Option<String>,
    pub(crate) base_url: Option<String>,
    /// Wire names.
    pub(crate) scope: Vec<String>,
    pub(crate) schemes: Vec<SchemeModel>,
    pub(crate) operations: Vec<OperationModel>,
}

pub(crate) struct SchemeModel {
    pub(crate) name: String,
    pub(crate) kind: SchemeKind,
}

pub(crate) enum SchemeKind {
    Signature { recipe: Signature, tolerance: u64 },
    Bearer,
    Basic,
    Header { header: String, template: String },
    Constant { header: String, value: String },
}

impl SchemeModel {
    /// The credential slots, as in configuration files.
    pub(crate) fn slots(&self) -> Vec<String> {
        match self.kind {
            SchemeKind::Signature { .. } => vec!["api_key".into(), "api_secret".into()],
            SchemeKind::Basic => vec!["username".into(), "password".into()],
            SchemeKind::Bearer | SchemeKind::Header { .. } => vec![self.name.to_snake_case()],
            SchemeKind::Constant { .. } => Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) algorithm: String,
    pub(crate) encoding: String,
    pub(crate) timestamp: String,
    pub(crate) message: String,
    pub(crate) headers: Map<String, Value>,
    tolerance: String,
}

pub(crate) struct OperationModel {
    /// JSON Pointer of the operation in the document.
    pub(crate) pointer: String,
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) deprecated: bool,
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) retry: Retry,
    pub(crate) rate_limit: Option<(u32, u64)>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) envelope: Envelope,
    pub(crate) errors: Vec<ErrorModel>,
    pub(crate) error_bodies: Vec<ErrorBody>,
    pub(crate) parameters: Vec<ParameterModel>,
    /// The schema of the request body.
    pub(crate) body: Option<Value>,
    pub(crate) body_required: bool,
    pub(crate) media_type: String,
    /// The schema of the success, where it has one.
    pub(crate) answer: Option<Value>,
    pub(crate) streams: Vec<Stream>,
    pub(crate) csv: Option<Csv>,
    pub(crate) rules: Vec<Rule>,
}

pub(crate) struct ParameterModel {
    pub(crate) wire: String,
    pub(crate) place: ParameterPlace,
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) schema: Value,
    /// OpenAPI's words for how a list or an object is written.
    pub(crate) style: Option<String>,
    pub(crate) explode: Option<bool>,
    /// `x-style: dotted`.
    pub(crate) dotted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    Path,
    Query,
    Header,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Retry {
    Read,
    Idempotent,
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimit {
    requests: u32,
    per: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Style {
    Page,
    Offset,
    Cursor,
    Single,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pagination {
    pub(crate) style: Style,
    pub(crate) at: Option<At>,
    pub(crate) size: Option<String>,
    pub(crate) first: Option<u64>,
    pub(crate) items: OneOrMany,
    pub(crate) key: Option<String>,
    pub(crate) next: Option<NextModel>,
    pub(crate) end: Option<End>,
    pub(crate) echo: Option<Echo>,
    #[expect(dead_code, reason = "used by the sandbox")]
    order: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct At {
    #[serde(rename = "in")]
    pub(crate) place: AtPlace,
    pub(crate) name: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AtPlace {
    Query,
    Body,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn list(&self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one.clone()],
            Self::Many(many) => many.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextModel {
    pub(crate) pointer: Option<String>,
    #[serde(rename = "last-item")]
    pub(crate) last_item: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum End {
    Empty(EmptyWord),
    Totals(Totals),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EmptyWord {
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Totals {
    #[serde(rename = "total-pages")]
    pub(crate) total_pages: Option<String>,
    pub(crate) total: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Echo {
    pub(crate) size: Option<String>,
    #[expect(dead_code, reason = "used by the sandbox")]
    position: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope {
    #[serde(default)]
    pub(crate) data: String,
    pub(crate) unwrap: Option<Unwrap>,
    #[serde(default)]
    pub(crate) message: Vec<String>,
    #[serde(default)]
    pub(crate) code: Vec<String>,
    #[serde(default, rename = "fail-when")]
    pub(crate) fail_when: Vec<FailWhen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unwrap {
    First,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailWhen {
    pub(crate) at: String,
    pub(crate) is: Option<Value>,
    pub(crate) not: Option<String>,
    pub(crate) min: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) key: Option<String>,
    pub(crate) updated: Option<String>,
    #[serde(default)]
    pub(crate) with: Map<String, Value>,
    pub(crate) parent: Option<Parent>,
    #[serde(default)]
    pub(crate) seeds: Vec<String>,
    #[expect(dead_code, reason = "for readers of the spec")]
    incremental: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parent {
    pub(crate) stream: String,
    pub(crate) bind: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Csv {
    pub(crate) row: String,
    pub(crate) columns: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default, rename = "any-of")]
    pub(crate) any_of: Vec<String>,
    #[serde(default)]
    pub(crate) less: Vec<String>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    pub(crate) from: String,
    pub(crate) grade: String,
}

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
                operations.push(operation(&tree, path, method, value, at)?);
            }
        }
        Ok(Self {
            title: text(info, "title")?,
            description: info["description"]
                .as_str()
                .unwrap_or_default()
                .trim()
                .to_owned(),
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

    pub(crate) fn schema(&self, name: &str) -> Result<&Value> {
        self.tree
            .value
            .pointer(&format!("/components/schemas/{}", escape(name)))
            .with_context(|| format!("{}: no schema `{name}`", self.tree.file))
    }

    /// The credential slots of all schemes.
    pub(crate) fn slots(&self) -> Vec<String> {
        self.schemes.iter().flat_map(SchemeModel::slots).collect()
    }

    pub(crate) fn crate_name(&self) -> String {
        format!("botroster-{}", self.name.replace('_', "-"))
    }

    /// The crate as code names it.
    pub(crate) fn crate_ident(&self) -> proc_macro2::Ident {
        quote::format_ident!("{}", self.crate_name().replace('-', "_"))
    }

    /// Operations whose path or query has a scope parameter hang on the scope's handle.
    pub(crate) fn is_scoped(&self, operation: &OperationModel) -> bool {
        operation
            .parameters
            .iter()
            .any(|parameter| self.scope.contains(&parameter.wire))
    }

    /// The method that opens the scope.
    pub(crate) fn scope_method(&self) -> String {
        self.scope
            .last()
            .map(|wire| scope_method(wire))
            .unwrap_or_default()
    }

    pub(crate) fn tags(&self) -> Vec<(String, String)> {
        let tags = self.tree.value["tags"].as_array();
        let tags = tags.into_iter().flatten();
        tags.filter_map(|tag| {
            Some((
                tag["name"].as_str()?.to_owned(),
                tag["description"]
                    .as_str()
                    .unwrap_or_default()
                    .trim()
                    .to_owned(),
            ))
        })
        .collect()
    }
}

impl OperationModel {
    pub(crate) fn builder_name(&self) -> String {
        self.id.to_upper_camel_case()
    }

    pub(crate) fn static_name(&self) -> String {
        self.id.to_uppercase()
    }

    pub(crate) fn parameter(&self, wire: &str) -> Option<&ParameterModel> {
        self.parameters
            .iter()
            .find(|parameter| parameter.wire == wire)
    }
}

fn text(value: &Value, key: &str) -> Result<String> {
    value[key]
        .as_str()
        .map(|text| text.trim().to_owned())
        .with_context(|| format!("`{key}` is missing: write a text"))
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
fn word<T: DeserializeOwned>(tree: &Tree, value: &Value, at: &str, key: &str) -> Result<Option<T>> {
    let Some(found) = value.get(key) else {
        return Ok(None);
    };
    let pointer = format!("{at}/{}", escape(key));
    T::deserialize(found)
        .map(Some)
        .map_err(|error| anyhow!("{}: `{key}`: {error}", tree.locate(&pointer)))
}

pub(crate) fn seconds(text: &str) -> Option<u64> {
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

fn operation(
    tree: &Tree,
    path: &str,
    method: &str,
    value: &Value,
    at: String,
) -> Result<OperationModel> {
    let here = |error: anyhow::Error| anyhow!("{}: {error}", tree.locate(&at));
    let responses = tree.entries(&format!("{at}/responses"));
    let success: Vec<_> = responses
        .iter()
        .filter(|(status, _, _)| status.starts_with('2'))
        .collect();
    let [(_, success, success_at)] = success.as_slice() else {
        bail!(
            "{}: exactly one 2xx response is supported, there are {}: write one",
            tree.locate(&format!("{at}/responses")),
            success.len()
        );
    };
    let content = tree.entries(&format!("{success_at}/content"));
    let (media_type, answer) = match content.as_slice() {
        // An error may have a body all the same.
        [] => ("application/json".to_owned(), None),
        [(media_type, body, _)] => ((*media_type).clone(), body.get("schema").cloned()),
        _ => bail!(
            "{}: one media type a response is supported: write one",
            tree.locate(success_at)
        ),
    };
    let _ = success;
    let words = word(tree, value, &at, "x-errors")?.unwrap_or_default();
    let (errors, error_bodies) = failures::read(words, &responses);
    let security = value.get("security").or_else(|| tree.value.get("security"));
    let security = security.and_then(Value::as_array).into_iter().flatten();
    let security = security
        .map(|set| {
            set.as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect()
        })
        .collect();
    let rate_limit = match word::<RateLimit>(tree, value, &at, "x-rate-limit")? {
        None => None,
        Some(limit) => {
            let per = seconds(&limit.per)
                .ok_or_else(|| here(anyhow!("`per` is a number of seconds: write it like 60s")))?;
            Some((limit.requests, per))
        }
    };
    let streams = match value.get("x-stream") {
        None => Vec::new(),
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .map(|(index, item)| {
                Stream::deserialize(item).map_err(|error| {
                    anyhow!(
                        "{}: `x-stream`: {error}",
                        tree.locate(&format!("{at}/x-stream/{index}"))
                    )
                })
            })
            .collect::<Result<_>>()?,
        Some(_) => word::<Stream>(tree, value, &at, "x-stream")?
            .into_iter()
            .collect(),
    };
    let body = value.get("requestBody").map(|body| {
        body.pointer("/content/application~1json/schema")
            .cloned()
            .with_context(|| {
                format!(
                    "{}: only application/json request bodies with a schema are supported",
                    tree.locate(&format!("{at}/requestBody"))
                )
            })
    });
    let retry = word::<Retry>(tree, value, &at, "x-retry")?.with_context(|| {
        format!(
            "{}: `x-retry` is missing: write read, idempotent or never",
            tree.locate(&at)
        )
    })?;
    let headers = value
        .get("x-headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    Ok(OperationModel {
        id: text(value, "operationId").map_err(here)?,
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag: value["tags"][0]
            .as_str()
            .with_context(|| format!("{}: `tags` is missing: write one", tree.locate(&at)))?
            .to_owned(),
        name: text(value, "x-name").map_err(here)?,
        summary: text(value, "summary").map_err(here)?,
        description: value["description"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        deprecated: value["deprecated"].as_bool().unwrap_or_default(),
        security,
        headers: headers
            .map(|(name, value)| {
                (
                    name.to_lowercase(),
                    value.as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
        retry,
        rate_limit,
        pagination: word(tree, value, &at, "x-pagination")?,
        envelope: word(tree, value, &at, "x-envelope")?.unwrap_or_default(),
        errors,
        error_bodies,
        parameters: parameters(tree, &at)?,
        body: body.transpose()?,
        body_required: value["requestBody"]["required"] == true,
        media_type,
        answer,
        streams,
        csv: word(tree, value, &at, "x-csv")?,
        rules: word(tree, value, &at, "x-rules")?.unwrap_or_default(),
        pointer: at,
    })
}

fn parameters(tree: &Tree, at: &str) -> Result<Vec<ParameterModel>> {
    let list = tree
        .value
        .pointer(&format!("{at}/parameters"))
        .and_then(Value::as_array);
    let mut parameters = Vec::new();
    for (index, value) in list.into_iter().flatten().enumerate() {
        let at = format!("{at}/parameters/{index}");
        let place = match value["in"].as_str() {
            Some("path") => ParameterPlace::Path,
            Some("query") => ParameterPlace::Query,
            Some("header") => ParameterPlace::Header,
            _ => bail!(
                "{}: a parameter is `in: path`, `query` or `header`: write one of these instead",
                tree.locate(&at)
            ),
        };
        parameters.push(ParameterModel {
            wire: text(value, "name").map_err(|error| anyhow!("{}: {error}", tree.locate(&at)))?,
            place,
            required: value["required"].as_bool().unwrap_or_default(),
            description: value["description"]
                .as_str()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            schema: value["schema"].clone(),
            style: value["style"].as_str().map(str::to_owned),
            explode: value["explode"].as_bool(),
            dotted: value["x-style"] == "dotted",
        });
    }
    Ok(parameters)
}
