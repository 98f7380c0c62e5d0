//! Documented failures of an operation: the platform's own errors, and what stands in their bodies.

use serde::Deserialize;
use serde_json::Value;

use super::model::Evidence;

pub(crate) struct ErrorModel {
    pub(crate) status: u16,
    pub(crate) code: Option<CodeModel>,
    pub(crate) name: Option<String>,
    pub(crate) summary: String,
    pub(crate) anywhere: bool,
}

/// The platform's code of an error.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a code is a number or a text")]
pub(crate) enum CodeModel {
    Number(i64),
    Text(String),
}

/// What stands in the body of an error.
pub(crate) struct ErrorBody {
    /// A status, or the first digit of a class of them.
    pub(crate) status: u16,
    pub(crate) summary: String,
    pub(crate) schema: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorWord {
    status: u16,
    code: Option<CodeModel>,
    name: Option<String>,
    summary: String,
    find: Option<FindWord>,
    #[expect(dead_code, reason = "for readers of the spec")]
    #[serde(rename = "x-evidence")]
    evidence: Option<Evidence>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum FindWord {
    Anywhere,
}

/// The errors of an operation, from `x-errors` and from its responses.
pub(super) fn read(
    words: Vec<ErrorWord>,
    responses: &[(&String, &Value, String)],
) -> (Vec<ErrorModel>, Vec<ErrorBody>) {
    let mut errors: Vec<ErrorModel> = words
        .into_iter()
        .map(|word| ErrorModel {
            status: word.status,
            code: word.code,
            name: word.name,
            summary: word.summary.trim().to_owned(),
            anywhere: word.find == Some(FindWord::Anywhere),
        })
        .collect();
    let mut error_bodies = Vec::new();
    for (status, response, _) in responses {
        let Some(status) = error_status(status) else {
            continue;
        };
        let summary = response["description"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned();
        if let Some(schema) = json_schema(response) {
            error_bodies.push(ErrorBody {
                status,
                summary: summary.clone(),
                schema: schema.clone(),
            });
        }
        errors.push(ErrorModel {
            status,
            code: None,
            name: None,
            summary,
            anywhere: false,
        });
    }
    (errors, error_bodies)
}

/// The status of a response that is an error: `404`, or the first digit for a class of them, as in `4XX`.
fn error_status(key: &str) -> Option<u16> {
    match key.strip_suffix("XX") {
        Some(class) => class.parse().ok().filter(|class| (3..=5).contains(class)),
        None => key.parse().ok().filter(|status| *status >= 300),
    }
}

/// The schema of a response's JSON, whatever kind of JSON its media type says it is.
fn json_schema(response: &Value) -> Option<&Value> {
    let content = response["content"].as_object()?;
    let is_json = |media_type: &str| {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    };
    content
        .iter()
        .find(|(media_type, _)| is_json(media_type))?
        .1
        .get("schema")
}
