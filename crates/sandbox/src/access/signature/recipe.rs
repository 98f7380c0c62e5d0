//! A signature recipe, parsed: what is signed, and what the headers contain.

use super::time::SignatureTimeFormat;
use botroster_spec::model::Signature;
use http::{HeaderMap, HeaderName};
use std::time::Duration;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplatePiece {
    Text(String),
    Slot(String),
}

/// The extension `x-signature`, parsed.
#[derive(Debug)]
pub(crate) struct SignatureRecipe {
    pub(super) message: Vec<TemplatePiece>,
    pub(super) encoding: String,
    pub(super) timestamp: SignatureTimeFormat,
    pub(super) headers: Vec<(HeaderName, String, Vec<TemplatePiece>)>,
    pub(super) tolerance: Duration,
}

/// The contents of the headers of a request, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct CapturedHeaders {
    pub(super) key: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) nonce: Option<String>,
    /// By header.
    pub(super) problems: Vec<(String, String)>,
}

impl CapturedHeaders {
    fn set(&mut self, slot: &str, text: &str) {
        let place = match slot {
            "key" => &mut self.key,
            "signature" => &mut self.signature,
            "timestamp" => &mut self.timestamp,
            _ => &mut self.nonce,
        };
        *place = Some(text.to_owned());
    }
}

impl SignatureRecipe {
    pub(crate) fn read(word: &Signature) -> Self {
        let headers = word.headers.iter().filter_map(|(name, template)| {
            let template = template.as_str()?;
            let parsed = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((parsed, name.clone(), pieces(template)))
        });
        Self {
            message: pieces(&word.message),
            encoding: word.encoding.clone(),
            timestamp: SignatureTimeFormat::read(&word.timestamp),
            headers: headers.collect(),
            tolerance: word.tolerance,
        }
    }

    /// The header that contains a slot, as the recipe spells it.
    pub(super) fn header_of(&self, slot: &str) -> Option<&str> {
        let wanted = TemplatePiece::Slot(slot.to_owned());
        let mut headers = self.headers.iter();
        let found = headers.find(|(_, _, template)| template.contains(&wanted));
        found.map(|(_, name, _)| name.as_str())
    }

    /// How likely a request attempts a signature: 1 for each header, 2 if it also starts as expected.
    pub(crate) fn likelihood(&self, headers: &HeaderMap) -> u8 {
        let each = self.headers.iter().map(|(name, _, template)| {
            let value = headers.get(name).map(|value| value.as_bytes());
            match (value, template.first()) {
                (None, _) => 0,
                (Some(value), Some(TemplatePiece::Text(text)))
                    if value.starts_with(text.as_bytes()) =>
                {
                    2
                }
                (Some(_), _) => 1,
            }
        });
        each.sum()
    }

    /// Parses the headers.
    pub(super) fn capture(&self, headers: &HeaderMap) -> CapturedHeaders {
        let mut captured = CapturedHeaders::default();
        for (name, spelled, template) in &self.headers {
            let mut values = headers.get_all(name).iter();
            let form = form(template);
            let problem = match (values.next(), values.next()) {
                (None, _) => Some(format!(
                    "the header {spelled} is missing; it contains {form}"
                )),
                (_, Some(_)) => Some(format!("the header {spelled} is repeated")),
                (Some(value), None) => {
                    let found = value.to_str().ok().and_then(|value| take(template, value));
                    match found {
                        Some(found) => {
                            for (slot, text) in found {
                                captured.set(slot, text);
                            }
                            None
                        }
                        None => Some(format!(
                            "the header {spelled} does not have the form {form}"
                        )),
                    }
                }
            };
            captured
                .problems
                .extend(problem.map(|problem| (spelled.clone(), problem)));
        }
        captured
    }
}

/// A template for display: `Quill key=<key>, sig=<signature>`.
pub(super) fn form(template: &[TemplatePiece]) -> String {
    let shown = template.iter().map(|piece| match piece {
        TemplatePiece::Text(text) => text.clone(),
        TemplatePiece::Slot(slot) => format!("<{slot}>"),
    });
    shown.collect()
}

/// Splits a template into literal text and `{placeholders}`.
pub(crate) fn pieces(template: &str) -> Vec<TemplatePiece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((text, inner)) = rest.split_once('{') {
        let Some((slot, after)) = inner.split_once('}') else {
            break;
        };
        if !text.is_empty() {
            pieces.push(TemplatePiece::Text(text.to_owned()));
        }
        pieces.push(TemplatePiece::Slot(slot.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(TemplatePiece::Text(rest.to_owned()));
    }
    pieces
}

/// The slots of a value that matches the template.
fn take<'t, 'v>(template: &'t [TemplatePiece], value: &'v str) -> Option<Vec<(&'t str, &'v str)>> {
    let mut found = Vec::new();
    let mut rest = value;
    for (at, piece) in template.iter().enumerate() {
        match piece {
            TemplatePiece::Text(text) => rest = rest.strip_prefix(text.as_str())?,
            TemplatePiece::Slot(slot) => {
                let end = match template.get(at + 1) {
                    Some(TemplatePiece::Text(text)) => rest.find(text.chars().next()?)?,
                    _ => rest.len(),
                };
                let (text, after) = rest.split_at_checked(end)?;
                if text.is_empty() {
                    return None;
                }
                found.push((slot.as_str(), text));
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_parsed() {
        let template = pieces("Quill key={key}, sig={signature}");
        assert_eq!(form(&template), "Quill key=<key>, sig=<signature>");
        assert_eq!(
            take(&template, "Quill key=abc, sig=d=="),
            Some(vec![("key", "abc"), ("signature", "d==")])
        );
        assert_eq!(take(&template, "Quill key=, sig=d"), None);
        assert_eq!(take(&template, "Basic abc"), None);
        assert_eq!(pieces("a"), [TemplatePiece::Text("a".into())]);
    }
}
