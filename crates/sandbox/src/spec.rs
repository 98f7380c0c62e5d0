//! A platform's description, read once from its JSON into resolved operations.

mod read;
pub(crate) mod words;

use crate::schema::Schemas;
use http::{HeaderName, Method};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};
use words::{Csv, Effect, Envelope, Pagination, PlatformError, Rule, SignatureWord, StreamWord};

/// A platform.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) platform: String,
    /// The path of the base URL, without a slash at the end.
    pub(crate) base_path: String,
    pub(crate) scope: Vec<String>,
    pub(crate) schemes: BTreeMap<String, Scheme>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemas: Schemas,
}

/// How a credential is sent.
#[derive(Debug, Clone)]
pub(crate) enum Scheme {
    Signature(SignatureWord),
    Bearer {
        slot: String,
    },
    Basic,
    Header {
        name: String,
        template: String,
        slot: String,
    },
    Constant {
        name: String,
        value: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    /// Flat.
    pub(crate) schema: Value,
    pub(crate) style: QueryStyle,
}

/// How a list or an object stands in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    /// A part for each item or property.
    Form,
    Comma,
    Space,
    Pipe,
    Deep,
    Dotted,
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) schema: Value,
    pub(crate) required: bool,
    pub(crate) media: String,
}

/// A documented response.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Media type and schema; `None` for a response without content.
    pub(crate) content: Option<(String, Value)>,
}

impl Answer {
    /// The schema of a JSON response.
    pub(crate) fn json(&self) -> Option<&Value> {
        self.content
            .as_ref()
            .filter(|(media, _)| media.contains("json"))
            .map(|(_, schema)| schema)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    /// Text around parameters: `user-{id}.json`.
    Parameter {
        before: String,
        /// Each parameter with the text behind it.
        parameters: Vec<(String, String)>,
    },
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// Its name in the client, where the document gives one.
    pub(crate) name: String,
    pub(crate) method: Method,
    /// As it is written, without the path of the base URL.
    pub(crate) path: String,
    pub(crate) summary: String,
    /// The grade of its evidence, or of the whole spec's.
    pub(crate) grade: String,
    pub(crate) template: Vec<Segment>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    /// One of these must hold; in each, all the schemes named.
    pub(crate) security: Vec<Vec<String>>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) rate_limit: Option<(u32, Duration)>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) envelope: Envelope,
    pub(crate) errors: Vec<PlatformError>,
    pub(crate) csv: Option<Csv>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) streams: Vec<StreamWord>,
    pub(crate) effect: Option<Effect>,
    pub(crate) success: Answer,
    /// By status; one digit is a class of them, and 0 is `default`.
    pub(crate) failures: BTreeMap<u16, Answer>,
}

impl Operation {
    /// Where a success has what the caller gets.
    pub(crate) fn payload(&self) -> &str {
        let paged = self.pagination.as_ref().map(|paged| paged.items_at());
        let data = self.envelope.data.as_deref();
        data.or(paged).unwrap_or_default()
    }

    /// Whether the document knows a failure of this status.
    pub(crate) fn documents(&self, status: u16) -> bool {
        self.failures.contains_key(&status) || self.failures.contains_key(&(status / 100))
    }

    /// What the document says about failures of this status.
    pub(crate) fn failure(&self, status: u16) -> Option<&Answer> {
        [status, status / 100, 0]
            .iter()
            .find_map(|key| self.failures.get(key))
    }

    /// The first of the statuses that is documented, else the first at all.
    pub(crate) fn first_documented(&self, statuses: &[u16]) -> u16 {
        let documented = statuses.iter().find(|status| self.documents(**status));
        documented.or(statuses.first()).copied().unwrap_or(400)
    }

    pub(crate) fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.location == location && parameter.name == name)
    }

    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &str> {
        let parameters = self.template.iter().flat_map(|segment| match segment {
            Segment::Parameter { parameters, .. } => parameters.as_slice(),
            Segment::Literal(_) => &[],
        });
        parameters.map(|(name, _)| name.as_str())
    }
}
