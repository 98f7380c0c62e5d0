//! Refusals, in the form that the platform gives them.

use super::{
    content::{Reply, ReplyBody},
    template::BodyTemplate,
};
use crate::{request::failure::RequestFailure, spec::Operation};
use botroster_spec::{
    model::{Condition, ErrorCode, FailWhen, PlatformError, is_json},
    pointer,
    schema::{Schemas, kind, nullable},
};
use http::StatusCode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The response that refuses a request to an operation.
pub(crate) fn reply(
    operation: &Operation,
    schemas: &Schemas,
    failure: &RequestFailure,
    now: i64,
) -> Reply {
    let body = body(operation, schemas, failure, now);
    let mut reply = Reply::new(failure.status, ReplyBody::Json(body));
    reply.media = media(operation, failure.status).to_owned();
    reply
}

/// The body of a refusal.
fn body(operation: &Operation, schemas: &Schemas, failure: &RequestFailure, now: i64) -> Value {
    let Some(schema) = schema(operation, failure.status) else {
        return undocumented(operation, failure);
    };
    let mut envelope = RefusalEnvelope {
        operation,
        schemas,
        schema,
        failure,
        in_array: kind(&schemas.flat(schema)) == Some("array"),
        given: BTreeMap::new(),
    };
    envelope.set_verdict();
    envelope.set_code();
    envelope.set_message();
    let template = BodyTemplate {
        schemas,
        given: envelope.given,
        now,
    };
    let mut body = template.body(schema);
    if body.is_null() {
        return undocumented(operation, failure);
    }
    for (at, value) in &template.given {
        pointer::set(&mut body, at, value.clone());
    }
    without_data(operation, schemas, &mut body);
    body
}

/// The values of the envelope of a refusal.
struct RefusalEnvelope<'a> {
    operation: &'a Operation,
    schemas: &'a Schemas,
    schema: &'a Value,
    failure: &'a RequestFailure,
    /// Whether the body is an array.
    in_array: bool,
    /// By pointer.
    given: BTreeMap<String, Value>,
}

impl<'a> RefusalEnvelope<'a> {
    /// Returns whether a pointer matches the type of the body.
    fn fits(&self, at: &str) -> bool {
        self.in_array == at.split('/').nth(1).is_some_and(is_number)
    }

    /// Returns whether a property is a string; `None` if it is undocumented.
    fn is_text(&self, at: &str) -> Option<bool> {
        let documented = self.schemas.walk(self.schema, at)?;
        Some(kind(&documented) == Some("string"))
    }

    /// The values that make the response a failure, except those that contain the message or the code.
    fn set_verdict(&mut self) {
        let envelope = &self.operation.envelope;
        for rule in &envelope.fail_when {
            if !self.fits(&rule.at) {
                continue;
            }
            let inside = format!("{}/", rule.at);
            let mut texts = envelope.message.iter().chain(&envelope.code);
            if !texts.any(|at| at.starts_with(&inside)) {
                let value = value_of_failure(rule, self.failure);
                self.given
                    .extend(value.map(|value| (rule.at.clone(), value)));
            }
        }
    }

    fn set_code(&mut self) {
        let status = || Value::from(self.failure.status);
        let code = platform_error(self.operation, self.failure).map_or_else(status, code);
        for at in self.pointers(&self.operation.envelope.code) {
            let code = match &code {
                Value::Number(number) if self.is_text(at) == Some(true) => {
                    Value::from(number.to_string())
                }
                code => code.clone(),
            };
            self.given.insert(at.clone(), code);
        }
    }

    /// The message goes to the first place that may contain it, the reason phrase to other documented ones.
    fn set_message(&mut self) {
        let message = Value::from(self.failure.message.as_str());
        let mut is_set = self.given.values().any(|value| *value == message);
        let places = self.pointers(&self.operation.envelope.message);
        let (listed, single): (Vec<_>, Vec<_>) = places
            .into_iter()
            .partition(|at| at.split('/').skip(1).any(is_number));
        for at in single {
            let value = match self.is_text(at) {
                Some(false) => continue,
                _ if !is_set => message.clone(),
                Some(true) => Value::from(word(self.failure.status)),
                None => continue,
            };
            is_set = true;
            self.given.entry(at.clone()).or_insert(value);
        }
        // In a list only if it has no other place.
        let place = listed.into_iter().find(|at| self.is_text(at) == Some(true));
        if let Some(at) = place.filter(|_| !is_set) {
            self.given.insert(at.clone(), message);
        }
    }

    /// The pointers that match the type of the body.
    fn pointers(&self, all: &'a [String]) -> Vec<&'a String> {
        all.iter().filter(|at| self.fits(at)).collect()
    }
}

/// The documented media type of a refusal, by default that of JSON.
fn media(operation: &Operation, status: u16) -> &str {
    let content = operation.failure(status).and_then(|answer| {
        let media = &answer.content.as_ref()?.media_type;
        is_json(media).then_some(media.as_str())
    });
    content.unwrap_or("application/json")
}

/// The documented schema of a refusal, or that of another response with the same envelope.
fn schema(operation: &Operation, status: u16) -> Option<&Value> {
    let failures = &operation.failures;
    let envelope = &operation.envelope;
    let described =
        !(envelope.fail_when.is_empty() && envelope.message.is_empty() && envelope.code.is_empty());
    operation
        .failure(status)
        .and_then(|answer| answer.json())
        .or_else(|| failures.iter().find_map(|answer| answer.json()))
        .or_else(|| operation.success.json().filter(|_| described))
}

/// Adds an empty payload if the schema of the refusal does not define one.
fn without_data(operation: &Operation, schemas: &Schemas, body: &mut Value) {
    let data = operation.payload();
    if data.is_empty() || body.pointer(data).is_some() {
        return;
    }
    let documented = operation
        .success
        .json()
        .and_then(|schema| schemas.walk(schema, data));
    let empty = match documented {
        Some(schema) if nullable(&schema) => Value::Null,
        Some(schema) if kind(&schema) == Some("array") => json!([]),
        _ => return,
    };
    pointer::set(body, data, empty);
}

fn value_of_failure(rule: &FailWhen, failure: &RequestFailure) -> Option<Value> {
    match &rule.condition {
        Condition::Is(Value::String(word)) if word == "present" => {
            Some(Value::from(failure.message.as_str()))
        }
        Condition::Is(fails @ Value::Bool(_)) => Some(fails.clone()),
        Condition::Is(_) => None,
        Condition::Min(min) => Some(Value::from((*min).max(i64::from(failure.status)))),
        Condition::Not(_) => Some(Value::from(word(failure.status))),
    }
}

/// An undocumented refusal: code, name and message in an object.
fn undocumented(operation: &Operation, failure: &RequestFailure) -> Value {
    let mut error = Map::new();
    error.insert("message".to_owned(), Value::from(failure.message.as_str()));
    if let Some(platform) = platform_error(operation, failure) {
        error.insert("code".to_owned(), code(platform));
        error.insert(
            "name".to_owned(),
            Value::from(platform.name.as_deref().unwrap_or_default()),
        );
    }
    json!({"error": error})
}

/// The documented error whose name and summary share most words with what the failure concerns.
pub(crate) fn platform_error<'a>(
    operation: &'a Operation,
    failure: &RequestFailure,
) -> Option<&'a PlatformError> {
    let about: Vec<String> = failure.about.iter().flat_map(|name| words(name)).collect();
    let score = |error: &PlatformError| {
        let all = words(&format!(
            "{} {}",
            error.name.as_deref().unwrap_or_default(),
            error.summary
        ));
        about.iter().filter(|word| all.contains(word)).count()
    };
    let fitting = operation
        .errors
        .iter()
        .filter(|error| error.status == failure.status);
    fitting
        .map(|error| (score(error), error))
        .filter(|(score, _)| *score > 0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, error)| error)
}

/// The code of an error as it stands in a body.
fn code(error: &PlatformError) -> Value {
    match &error.code {
        Some(ErrorCode::Number(code)) => Value::from(*code),
        Some(ErrorCode::Text(code)) => Value::from(code.as_str()),
        None => Value::Null,
    }
}

/// The words of a name in any case: `start_date`, `startDate`, `START-DATE`.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = c.is_lowercase();
        if let Some(last) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| word.len() > 1);
    words
}

pub(super) fn is_number(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// A status as one word: `not_found`.
fn word(status: u16) -> String {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    reason
        .unwrap_or("error")
        .to_ascii_lowercase()
        .replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::success;

    #[test]
    fn words_of_names() {
        assert_eq!(words("channelUserId"), ["channel", "user", "id"]);
        assert_eq!(words("INVALID_PAGE_NUMBER"), ["invalid", "page", "number"]);
        assert_eq!(word(404), "not_found");
    }

    fn operation(document: &Value) -> crate::spec::Spec {
        let document = json!({"paths": {"/x": {"get": document}}});
        crate::spec::testing::spec(&document)
    }

    fn json_answer(schema: &Value) -> Value {
        json!({"description": "", "content": {"application/json": {"schema": schema}}})
    }

    fn refused(document: &Value, failure: &RequestFailure) -> Value {
        let spec = operation(document);
        super::body(&spec.operations[0], &spec.schemas, failure, 0)
    }

    #[test]
    fn a_message_where_data_would_be() {
        let text = json!({"type": "string", "nullable": true});
        let list = json!({"type": "array", "nullable": true, "items": {"type": "object"}});
        let document = json!({
            "x-envelope": {"data": "/data", "message": ["/error"], "fail-when": [{"at": "/error", "is": "present"}]},
            "responses": {
                "200": json_answer(&json!({"type": "object", "properties": {"data": list, "error": text}})),
                "404": json_answer(&json!({"type": "object", "properties": {"error": text}})),
            },
        });
        assert_eq!(
            refused(&document, &RequestFailure::new(404, "gone")),
            json!({"data": null, "error": "gone"})
        );
        assert_eq!(
            refused(&document, &RequestFailure::new(400, "bad")),
            json!({"data": null, "error": "bad"})
        );
    }

    #[test]
    fn flags_and_codes_from_the_good_answer() {
        let properties = json!({
            "success": {"type": "boolean"}, "message": {"type": "string"}, "code": {"type": "integer"},
            "data": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}},
        });
        let document = json!({
            "x-envelope": {"message": ["/data/0", "/message"], "code": ["/code"], "fail-when": [{"at": "/success", "is": false}, {"at": "/code", "min": 400}]},
            "responses": {"200": json_answer(&json!({"type": "object", "properties": properties})), "401": {"description": ""}},
        });
        let expected = json!({"success": false, "message": "no", "code": 401, "data": []});
        assert_eq!(
            refused(&document, &RequestFailure::new(401, "no")),
            expected
        );
        let spec = operation(&document);
        let good = success::envelope(&spec.operations[0], &spec.schemas);
        assert_eq!(
            (&good["/success"], &good["/code"], &good["/message"]),
            (&true.into(), &200.into(), &"ok".into())
        );
        assert!(!good.contains_key("/data/0"));
    }

    #[test]
    fn a_good_answer_has_no_problems_and_its_code_is_below_those_of_failures() {
        let problem = json!({"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}});
        let properties = json!({
            "problems": {"type": "array", "items": problem}, "code": {"type": "integer"}, "people": {"type": "array", "items": {}},
        });
        let document = json!({
            "x-pagination": {"style": "single", "items": "/people"},
            "x-envelope": {
                "message": ["/problems/0/text", "/people/0"], "code": ["/problems/0/id", "/code"],
                "fail-when": [{"at": "/problems/0/id", "min": 400}, {"at": "/code", "min": 1}],
            },
            "responses": {"200": json_answer(&json!({"type": "object", "properties": properties}))},
        });
        let spec = operation(&document);
        let good = success::envelope(&spec.operations[0], &spec.schemas);
        assert_eq!(json!(good), json!({"/problems": [], "/code": 0}));
    }

    #[test]
    fn the_code_that_shares_most_words() {
        let document = json!({
            "x-errors": [
                {"status": 400, "code": 1, "name": "UNKNOWN_USER", "summary": "The user id is not known."},
                {"status": 400, "code": 2, "name": "INVALID_DATE", "summary": "The start does not lie before the end."},
                {"status": 409, "code": 3, "name": "DATE_TAKEN", "summary": "Taken."},
            ],
            "responses": {"200": {"description": ""}},
        });
        let code = |failure: &RequestFailure| refused(&document, failure)["error"]["code"].clone();
        assert_eq!(code(&RequestFailure::bad("channelUserId", "x")), 1);
        assert_eq!(code(&RequestFailure::bad("start_date", "x")), 2);
        assert_eq!(code(&RequestFailure::bad("colour", "x")), Value::Null);
        assert_eq!(code(&RequestFailure::new(409, "x").about(["date"])), 3);
    }
}
