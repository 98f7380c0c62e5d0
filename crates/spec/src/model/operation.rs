//! Operations: parameters, bodies, responses, and the words of the vocabulary that belong to a request.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::words::{Csv, Effect, Envelope, Evidence, Pagination, Retry, Rule, Stream};
use crate::duration;

/// One request of the platform.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Operation {
    /// `operationId`, in snake_case.
    pub id: String,
    /// The resource it belongs to.
    pub tag: String,
    /// Method name in the client, `x-name`.
    pub name: String,
    /// HTTP method in capitals.
    pub method: String,
    /// Path template, without the path of the base URL.
    pub path: String,
    /// Summary, one line.
    pub summary: String,
    /// Description; may be empty.
    pub description: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Evidence for it, or for the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Whether it may be retried.
    pub retry: Retry,
    /// Alternatives, each with the names of all schemes that apply together.
    pub security: Vec<Vec<String>>,
    /// Constant headers: lower-case name and value.
    pub headers: Vec<(String, String)>,
    /// Documented rate limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// Parameters, in the order of the document.
    pub parameters: Vec<Parameter>,
    /// Request body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The 2xx response.
    pub success: Response,
    /// The other responses.
    pub failures: Vec<Response>,
    /// Errors that the platform names beyond the status, `x-errors`.
    pub errors: Vec<PlatformError>,
    /// Pagination of its list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// Pointers to the parts of a response.
    pub envelope: Envelope,
    /// Decoding of its CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csv: Option<Csv>,
    /// Constraints across arguments.
    pub rules: Vec<Rule>,
    /// Streams read from its list.
    pub streams: Vec<Stream>,
    /// Effect on the records of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// A documented rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Number of requests.
    pub requests: u32,
    /// Period of the limit.
    #[serde(with = "duration")]
    pub per: Duration,
}

/// A parameter of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parameter {
    /// Wire name.
    pub name: String,
    /// Part of the request that carries it.
    pub location: Location,
    /// Whether it is required.
    pub required: bool,
    /// Description; may be empty.
    pub description: String,
    /// Schema, as written.
    pub schema: Value,
    /// Serialization of a list or an object in a query; [`QueryStyle::Form`] for scalars.
    pub style: QueryStyle,
}

/// The part of a request that carries a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// Serialization of a list or an object in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryStyle {
    /// A pair for each item or property: `ids=1&ids=2`.
    Form,
    /// Values joined by commas: `ids=1,2`.
    Comma,
    /// Values joined by spaces: `ids=1%202`.
    Space,
    /// Values joined by pipes: `ids=1%7C2`.
    Pipe,
    /// `filter[name]=x`.
    Deep,
    /// `filter.name=x`.
    Dotted,
}

/// The body of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Body {
    /// Media type.
    pub media_type: String,
    /// Schema, as written.
    pub schema: Value,
    /// Whether it is required.
    pub required: bool,
}

/// A documented response.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Response {
    /// HTTP status; a single digit is a class, as in `4XX`.
    pub status: u16,
    /// Description; may be empty.
    pub description: String,
    /// Media type and schema; `None` for a response without a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// The body of a response.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Content {
    /// Media type.
    pub media_type: String,
    /// Schema, as written; null where the document has none.
    pub schema: Value,
}

/// An error of the platform beyond the status.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformError {
    /// HTTP status of the response, or the status that the error is equivalent to.
    pub status: u16,
    /// The platform's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// The platform's name for the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Meaning, one sentence.
    pub summary: String,
    /// Where the code or name is searched for, if not at the pointers of the envelope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub find: Option<Find>,
    /// Evidence for it.
    #[serde(rename = "x-evidence")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// Where the code or name of an error is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Find {
    /// In every value of the body.
    Anywhere,
}

/// The platform's code of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a code is an integer or a string")]
pub enum ErrorCode {
    /// An integer.
    Number(i64),
    /// A string.
    Text(String),
}

impl Operation {
    /// Returns a parameter by its wire name, in any part of the request.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// Returns the JSON Pointer of the operation in its document.
    pub fn pointer(&self) -> String {
        let path = crate::pointer::escape(&self.path);
        format!("/paths/{path}/{}", self.method.to_lowercase())
    }

    /// Returns the schema of the request body.
    pub fn body_schema(&self) -> Option<&Value> {
        self.body.as_ref().map(|body| &body.schema)
    }

    /// Returns the schema of the success.
    pub fn success_schema(&self) -> Option<&Value> {
        let content = self.success.content.as_ref()?;
        (!content.schema.is_null()).then_some(&content.schema)
    }

    /// Returns whether a body is required.
    pub fn needs_body(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.required)
    }

    /// Returns the pointer of a success to what the caller gets: `data` of the envelope, else the items of a list.
    pub fn payload(&self) -> &str {
        let paged = self.pagination.as_ref().map(Pagination::items_at);
        let data = self.envelope.data.as_deref();
        data.or(paged).unwrap_or_default()
    }

    /// Returns whether the document has a response for this status or its class.
    pub fn documents(&self, status: u16) -> bool {
        self.failure(status).is_some()
    }

    /// Returns the documented response of this status, or of its class.
    pub fn failure(&self, status: u16) -> Option<&Response> {
        let of = |status| {
            self.failures
                .iter()
                .find(move |known| known.status == status)
        };
        of(status).or_else(|| of(status / 100))
    }

    /// Returns the first of the statuses that is documented, else the first at all.
    pub fn first_documented(&self, statuses: &[u16]) -> u16 {
        let documented = statuses.iter().find(|status| self.documents(**status));
        documented.or(statuses.first()).copied().unwrap_or(400)
    }
}

impl Response {
    /// Returns the schema of a JSON body.
    pub fn json(&self) -> Option<&Value> {
        let content = self.content.as_ref()?;
        is_json(&content.media_type).then_some(&content.schema)
    }
}

/// Returns whether a media type is `application/json` or ends in `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}
