//! A request, independent of the language of the snippet.

use super::sample;
use crate::{
    access::signature::recipe::{TemplatePiece, pieces},
    platform::Platform,
    spec::{Operation, Segment},
    values::text::percent_encode,
};
use botroster_spec::model::{Location, Scheme, Signature};
use std::collections::BTreeMap;

/// SHA-256 of an empty body.
const NO_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A request, and how it is signed.
#[derive(Debug)]
pub(super) struct HttpCall {
    pub(super) method: String,
    /// Scheme, host and port.
    pub(super) address: String,
    /// With the path of the base URL.
    pub(super) path: String,
    /// Without the question mark; empty if there is none.
    pub(super) query: String,
    /// The constant ones.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    /// User name and password.
    pub(super) basic: Option<(String, String)>,
    pub(super) signature: Option<CallSignature>,
}

/// How a request is signed.
#[derive(Debug)]
pub(super) struct CallSignature {
    pub(super) word: Signature,
    pub(super) secret: String,
    /// The message to sign; constant parts are text.
    pub(super) message: Vec<TemplatePiece>,
    pub(super) headers: Vec<(String, Vec<TemplatePiece>)>,
}

impl CallSignature {
    pub(super) fn uses(&self, slot: &str) -> bool {
        let wanted = TemplatePiece::Slot(slot.to_owned());
        let headers = self.headers.iter().flat_map(|(_, pieces)| pieces);
        self.message
            .iter()
            .chain(headers)
            .any(|piece| *piece == wanted)
    }
}

impl HttpCall {
    pub(super) fn new(platform: &Platform, address: &str, operation: &str) -> Option<Self> {
        let arguments = platform.arguments(operation)?;
        let spec = &platform.spec;
        let operation = spec.operations.iter().find(|known| known.id == operation)?;
        let body = operation.body.as_ref().map(|body| {
            (
                body.media_type.clone(),
                sample::body(&spec.schemas, &body.schema, &arguments).to_string(),
            )
        });
        let (media, body) = body.unzip();
        let mut call = Self {
            method: operation.method.to_string(),
            address: address.to_owned(),
            path: format!("{}{}", spec.base_path, path(operation, &arguments)),
            query: query(operation, &arguments),
            headers: headers(operation, &arguments, media),
            body,
            basic: None,
            signature: None,
        };
        call.authenticate(platform, operation);
        Some(call)
    }

    pub(super) fn path_and_query(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    pub(super) fn url(&self) -> String {
        format!("{}{}", self.address, self.path_and_query())
    }

    fn authenticate(&mut self, platform: &Platform, operation: &Operation) {
        let keys = platform.access.keys();
        let Some(main) = keys.first() else { return };
        let slot = |name: &str| main.credentials.get(name).cloned().unwrap_or_default();
        for scheme in operation.security.first().into_iter().flatten() {
            let Some(scheme) = platform.spec.scheme(scheme) else {
                continue;
            };
            let mut secrets = scheme.slots.iter().map(|name| slot(name));
            let mut secret = || secrets.next().unwrap_or_default();
            match &scheme.scheme {
                Scheme::Bearer => self.set("Authorization", format!("Bearer {}", secret())),
                Scheme::Basic => self.basic = Some((secret(), secret())),
                Scheme::Header { header, template } => {
                    self.set(header, template.replace("{key}", &secret()));
                }
                Scheme::Constant { header, value } => self.set(header, value.clone()),
                Scheme::Signature(word) => {
                    self.signature = Some(self.sign(word, &secret(), secret()));
                }
            }
        }
    }

    fn set(&mut self, name: &str, value: String) {
        self.headers.push((name.to_owned(), value));
    }

    fn sign(&self, word: &Signature, key: &str, secret: String) -> CallSignature {
        let host = self.address.split("://").last().unwrap_or_default();
        let fixed = |slot: &str| match slot {
            "method" => Some(self.method.clone()),
            "path" => Some(self.path.clone()),
            "query" => Some(self.query.clone()),
            "path_and_query" => Some(self.path_and_query()),
            "host" => Some(host.to_owned()),
            "key" => Some(key.to_owned()),
            "body" if self.body.is_none() => Some(String::new()),
            "body_sha256" if self.body.is_none() => Some(NO_BODY.to_owned()),
            _ => {
                let wanted = slot.strip_prefix("header:")?;
                let mut headers = self.headers.iter();
                let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                Some(found.map_or_else(String::new, |(_, value)| value.clone()))
            }
        };
        let headers = word.headers.iter().map(|(name, template)| {
            let template = template.as_str().unwrap_or_default();
            (name.clone(), filled(template, fixed))
        });
        CallSignature {
            secret,
            message: filled(&word.message, fixed),
            headers: headers.collect(),
            word: word.clone(),
        }
    }
}

/// The pieces of a template, with constant slots replaced by their text.
fn filled(template: &str, fixed: impl Fn(&str) -> Option<String>) -> Vec<TemplatePiece> {
    let mut filled: Vec<TemplatePiece> = Vec::new();
    for piece in pieces(template) {
        let piece = match piece {
            TemplatePiece::Slot(slot) => {
                fixed(&slot).map_or(TemplatePiece::Slot(slot), TemplatePiece::Text)
            }
            text => text,
        };
        match (filled.last_mut(), piece) {
            (Some(TemplatePiece::Text(before)), TemplatePiece::Text(text)) => {
                before.push_str(&text)
            }
            (_, piece) => filled.push(piece),
        }
    }
    filled
}

fn path(operation: &Operation, arguments: &BTreeMap<String, String>) -> String {
    let value = |name: &String| percent_encode(arguments.get(name).map_or("", String::as_str), "");
    let segments = operation.template.iter().map(|segment| match segment {
        Segment::Literal(text) => format!("/{text}"),
        Segment::Parameter { before, parameters } => {
            let each = parameters.iter();
            let each = each.map(|(name, behind)| format!("{}{behind}", value(name)));
            format!("/{before}{}", each.collect::<String>())
        }
    });
    segments.collect()
}

fn query(operation: &Operation, arguments: &BTreeMap<String, String>) -> String {
    let given = parameters(operation, Location::Query, arguments);
    let pairs = given
        .map(|(name, value)| format!("{}={}", percent_encode(name, ""), percent_encode(value, "")));
    pairs.collect::<Vec<_>>().join("&")
}

fn headers(
    operation: &Operation,
    arguments: &BTreeMap<String, String>,
    media: Option<String>,
) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in &operation.headers {
        headers.push((spelled(name.as_str()), value.clone()));
    }
    if let Some(media) = media
        && !operation
            .headers
            .iter()
            .any(|(name, _)| name == http::header::CONTENT_TYPE)
    {
        headers.push(("Content-Type".to_owned(), media));
    }
    let given = parameters(operation, Location::Header, arguments);
    headers.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
    headers
}

fn parameters<'a>(
    operation: &'a Operation,
    location: Location,
    arguments: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let own = operation.parameters.iter();
    let own = own.filter(move |parameter| parameter.location == location);
    own.filter_map(|parameter| {
        let value = arguments.get(&parameter.name)?;
        Some((parameter.name.as_str(), value.as_str()))
    })
}

/// The usual spelling of a header name: `Content-Type`.
fn spelled(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}
