//! A platform as its document describes it, read and resolved: slots named, durations parsed, query styles decided.
//!
//! The model is plain data. It serialises to the JSON that the sandbox loads, and reads back to the same value.

mod operation;
mod security;
mod words;

use serde::{Deserialize, Serialize};

pub use operation::{
    Body, Content, ErrorCode, Find, Location, Operation, Parameter, PlatformError, QueryStyle,
    RateLimit, Response, is_json,
};
pub use security::{Scheme, SecurityScheme, Signature};
pub use words::{
    At, Carrier, Change, Condition, Csv, Echo, Effect, EmptyPage, End, Envelope, Evidence,
    FailWhen, Next, Pagination, Parent, Retry, Rule, Stream, Style, Unwrap,
};

use crate::schema::Schemas;

/// One platform.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Model {
    /// Name in code and configuration, `x-platform`.
    pub name: String,
    /// Display name.
    pub title: String,
    /// Description of the platform; may be empty.
    pub description: String,
    /// Warning for users, `x-notice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Base URL without a trailing slash; `None` if users supply their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Path of the base URL, without a trailing slash.
    pub base_path: String,
    /// Wire names of the scope parameters, which select the bot or account.
    pub scope: Vec<String>,
    /// Evidence for the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Resources, in the order of the document.
    pub tags: Vec<Tag>,
    /// Security schemes, in the order of the document.
    pub schemes: Vec<SecurityScheme>,
    /// Operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// Component schemas.
    pub schemas: Schemas,
}

/// A resource: operations that belong together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tag {
    /// Name, with separators between its words.
    pub name: String,
    /// Description.
    pub description: String,
}

impl Model {
    /// Returns the credential slots of all schemes, as configuration files name them.
    pub fn slots(&self) -> Vec<&str> {
        let schemes = self.schemes.iter();
        let slots = schemes.flat_map(|scheme| scheme.slots.iter().map(String::as_str));
        slots.collect()
    }

    /// Returns a security scheme by its name in the document.
    pub fn scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }

    /// Returns whether an operation takes a parameter of the scope, so that it belongs to the scope's handle.
    pub fn is_scoped(&self, operation: &Operation) -> bool {
        let mut parameters = operation.parameters.iter();
        parameters.any(|parameter| self.scope.contains(&parameter.name))
    }
}
