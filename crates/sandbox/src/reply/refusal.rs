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
    let flat = schemas.flat(schema);
    let in_array = kind(&flat) == Some("array");
    let fits = |at: &str| in_array == at.split('/').nth(1).is_some_and(is_number);
    let platform = platform_error(operation, failure);
    let code = platform.map_or_else(|| Value::from(failure.status), code);
    let mut template = BodyTemplate {
        schemas,
        given: BTreeMap::new(),
        now,
    };
    let envelope = &operation.envelope;
    for rule in envelope.fail_when.iter().filter(|rule| fits(&rule.at)) {
        let inside = format!("{}/", rule.at);
        let has_text_inside = envelope
            .message
            .iter()
            .chain(&envelope.code)
            .any(|at| at.starts_with(&inside));
        if let Some(value) = value_of_failure(rule, failure).filter(|_| !has_text_inside) {
            template.given.insert(rule.at.clone(), value);
        }
    }
    let is_text = |at: &str| {
        let documented = schemas.walk(schema, at);
        documented.map(|schema| kind(&schema) == Some("string"))
    };
    for at in envelope.code.iter().filter(|at| fits(at)) {
        let code = match &code {
            Value::Number(number) if is_text(at) == Some(true) => Value::from(number.to_string()),
            code => code.clone(),
        };
        template.given.insert(at.clone(), code);
    }
    let mut shown = template
        .given
        .values()
        .any(|value| *value == failure.message);
    for at in envelope
        .message
        .iter()
        .filter(|at| fits(at) && !at.split('/').skip(1).any(is_number))
    {
        let documented = is_text(at);
        let text = documented != Some(false);
        if text && !shown {
            template
                .given
                .entry(at.clone())
                .or_insert_with(|| Value::from(failure.message.as_str()));
            shown = true;
        } else if text && documented.is_some() {
            template
                .given
                .entry(at.clone())
                .or_insert_with(|| Value::from(word(failure.status)));
        }
    }
    // In a list only if it has no other place.
    let mut listed = envelope
        .message
        .iter()
        .filter(|at| fits(at) && is_text(at) == Some(true));
    if let Some(at) = listed.next().filter(|_| !shown) {
        template
            .given
            .insert(at.clone(), Value::from(failure.message.as_str()));
    }
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
