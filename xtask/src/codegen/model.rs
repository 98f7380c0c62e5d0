//! A spec, read: what the emitters need, named and checked for shape.

mod operation;
mod read;
mod words;

use anyhow::{Context as _, Result};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::Value;

use super::{
    failures::{ErrorBody, ErrorModel},
    names::scope_method,
    tree::{Tree, escape},
};
pub(crate) use words::{
    AtPlace, Csv, End, Envelope, Evidence, FailWhen, Pagination, Retry, Rule, Signature, Stream,
    Style, Unwrap,
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

impl Spec {
    pub(crate) fn schema(&self, name: &str) -> Result<&Value> {
        self.tree
            .value(&format!("/components/schemas/{}", escape(name)))
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
            let name = tag["name"].as_str()?.to_owned();
            Some((name, read::trimmed(tag, "description")))
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
