//! JSON to [`Spec`].

use crate::spec::{
    Answer, Body, Location, Operation, Parameter, QueryStyle, Scheme, Segment, Spec,
    words::{Effect, RateLimit, duration, many},
};
use crate::{SandboxError, schema::Schemas};
use http::{HeaderName, Method};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

impl Spec {
    /// Reads a platform's spec.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, or a word in it cannot be read.
    pub(crate) fn read(name: &str, json: &str) -> Result<Self, SandboxError> {
        let document: Value = serde_json::from_str(json)
            .map_err(|error| SandboxError::spec(name, "", &error.to_string()))?;
        Reader {
            platform: name,
            document: &document,
        }
        .spec()
    }
}

struct Reader<'a> {
    platform: &'a str,
    document: &'a Value,
}

impl<'a> Reader<'a> {
    fn spec(&self) -> Result<Spec, SandboxError> {
        let components = self.document.get("components");
        let schemas = components
            .and_then(|all| all.get("schemas"))
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let schemas = Schemas::new(schemas);
        let mut schemes = BTreeMap::new();
        for (name, scheme) in members(components.and_then(|all| all.get("securitySchemes"))) {
            schemes.insert(name.clone(), self.scheme(name, scheme)?);
        }
        let mut operations = Vec::new();
        for (path, item) in members(self.document.get("paths")) {
            let shared = item.get("parameters").and_then(Value::as_array);
            for (method, operation) in members(Some(item)) {
                if METHODS.contains(&method.as_str()) {
                    operations.push(self.operation(&schemas, path, method, operation, shared)?);
                }
            }
        }
        let scope = many(self.document.get("x-scope"))
            .map_err(|error| self.error("x-scope", &error.to_string()))?;
        let platform = self.document.get("x-platform").and_then(Value::as_str);
        Ok(Spec {
            platform: platform.unwrap_or(self.platform).to_owned(),
            base_path: self.base_path(),
            scope,
            schemes,
            operations,
            schemas,
        })
    }

    fn error(&self, at: &str, why: &str) -> SandboxError {
        SandboxError::spec(self.platform, at, why)
    }

    /// The path of the first server's URL.
    fn base_path(&self) -> String {
        let url = self
            .document
            .pointer("/servers/0/url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = after_scheme.find('/').and_then(|at| after_scheme.get(at..));
        path.unwrap_or_default().trim_end_matches('/').to_owned()
    }

    fn scheme(&self, name: &str, scheme: &Value) -> Result<Scheme, SandboxError> {
        let word = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(signature) = scheme.get("x-signature") {
            return self
                .word(&format!("securitySchemes.{name}.x-signature"), signature)
                .map(Scheme::Signature);
        }
        let header = word("name").to_owned();
        Ok(
            match (word("type"), word("scheme").to_ascii_lowercase().as_str()) {
                ("http", "bearer") => Scheme::Bearer { slot: snake(name) },
                ("http", "basic") => Scheme::Basic,
                ("apiKey", _) if word("in") == "header" => {
                    match scheme.get("x-header-value").and_then(Value::as_str) {
                        Some(value) if !value.contains("{key}") => Scheme::Constant {
                            name: header,
                            value: value.to_owned(),
                        },
                        template => Scheme::Header {
                            name: header,
                            template: template.unwrap_or("{key}").to_owned(),
                            slot: snake(name),
                        },
                    }
                }
                _ => {
                    let why = "only bearer, basic, header keys and signatures can be checked";
                    return Err(self.error(&format!("securitySchemes.{name}"), why));
                }
            },
        )
    }

    fn word<T: DeserializeOwned>(&self, at: &str, value: &Value) -> Result<T, SandboxError> {
        T::deserialize(value).map_err(|error| self.error(at, &error.to_string()))
    }

    fn optional<T: DeserializeOwned>(
        &self,
        at: &str,
        value: Option<&Value>,
    ) -> Result<Option<T>, SandboxError> {
        value.map(|value| self.word(at, value)).transpose()
    }

    fn operation(
        &self,
        schemas: &Schemas,
        path: &str,
        method: &str,
        operation: &'a Value,
        shared: Option<&'a Vec<Value>>,
    ) -> Result<Operation, SandboxError> {
        let fallback = format!("{method} {path}");
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or(&fallback)
            .to_owned();
        let at = |word: &str| format!("{id}.{word}");
        let get = |word: &str| operation.get(word);
        let own = get("parameters").and_then(Value::as_array);
        let parameters: Vec<Parameter> = own
            .into_iter()
            .chain(shared)
            .flatten()
            .filter_map(|parameter| self.parameter(schemas, parameter))
            .collect();
        let (success, failures) = self.answers(get("responses"));
        let rate_limit =
            match self.optional::<RateLimit>(&at("x-rate-limit"), get("x-rate-limit"))? {
                Some(limit) => {
                    let per = duration(&limit.per).ok_or_else(|| {
                        self.error(&at("x-rate-limit.per"), "write a duration such as 60s")
                    })?;
                    Some((limit.requests, per))
                }
                None => None,
            };
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
            .map_err(|error| self.error(&id, &error.to_string()))?;
        let grade = |value: &Value| {
            value
                .pointer("/x-evidence/grade")?
                .as_str()
                .map(str::to_owned)
        };
        Ok(Operation {
            method,
            name: get("x-name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            path: path.to_owned(),
            summary: get("summary")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            grade: grade(operation)
                .or_else(|| grade(self.document))
                .unwrap_or_default(),
            template: path.split('/').skip(1).map(segment).collect(),
            parameters,
            body: self.body(get("requestBody")),
            security: security(get("security").or_else(|| self.document.get("security"))),
            headers: self.headers(&at("x-headers"), get("x-headers"))?,
            rate_limit,
            pagination: self.optional(&at("x-pagination"), get("x-pagination"))?,
            envelope: self
                .optional(&at("x-envelope"), get("x-envelope"))?
                .unwrap_or_default(),
            errors: self
                .optional(&at("x-errors"), get("x-errors"))?
                .unwrap_or_default(),
            csv: self.optional(&at("x-csv"), get("x-csv"))?,
            rules: self
                .optional(&at("x-rules"), get("x-rules"))?
                .unwrap_or_default(),
            streams: many(get("x-stream"))
                .map_err(|error| self.error(&at("x-stream"), &error.to_string()))?,
            effect: get("x-effect").and_then(Effect::read),
            success,
            failures,
            id,
        })
    }

    /// What a `$ref` outside schemas means, or the value itself.
    fn resolve<'b>(&'b self, value: &'b Value) -> &'b Value {
        value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| self.document.pointer(reference.strip_prefix('#')?))
            .unwrap_or(value)
    }

    fn parameter(&self, schemas: &Schemas, parameter: &Value) -> Option<Parameter> {
        let parameter = self.resolve(parameter);
        let location = match parameter.get("in")?.as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => return None,
        };
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        Some(Parameter {
            name: parameter.get("name")?.as_str()?.to_owned(),
            location,
            required: parameter
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(location == Location::Path),
            schema: schemas.flat(&schema).into_owned(),
            style: style(parameter),
        })
    }

    fn body(&self, body: Option<&Value>) -> Option<Body> {
        let body = self.resolve(body?);
        let (media, content) = members(body.get("content")).next()?;
        Some(Body {
            schema: content.get("schema").cloned().unwrap_or_default(),
            required: body
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            media: media.clone(),
        })
    }

    /// The 2xx response and the others.
    fn answers(&self, responses: Option<&Value>) -> (Answer, BTreeMap<u16, Answer>) {
        let mut success = Answer {
            status: 200,
            content: None,
        };
        let mut failures = BTreeMap::new();
        for (status, response) in members(responses) {
            let response = self.resolve(response);
            let content = members(response.get("content"));
            // Of several, JSON.
            let content = content
                .clone()
                .find(|(media, _)| media.contains("json"))
                .or_else(|| content.clone().next())
                .map(|(media, content)| {
                    (
                        media.clone(),
                        content.get("schema").cloned().unwrap_or_default(),
                    )
                });
            let status = status.strip_suffix("XX").unwrap_or(status);
            let status: u16 = status.parse().unwrap_or(0);
            match status {
                2 => {
                    success = Answer {
                        status: 200,
                        content,
                    }
                }
                200..300 => success = Answer { status, content },
                _ => {
                    failures.insert(status, Answer { status, content });
                }
            }
        }
        (success, failures)
    }

    fn headers(
        &self,
        at: &str,
        headers: Option<&Value>,
    ) -> Result<Vec<(HeaderName, String)>, SandboxError> {
        members(headers)
            .map(|(name, value)| {
                let header = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|error| self.error(at, &error.to_string()))?;
                Ok((header, value.as_str().unwrap_or_default().to_owned()))
            })
            .collect()
    }
}

fn style(parameter: &Value) -> QueryStyle {
    if parameter
        .get("x-style")
        .is_some_and(|word| word == "dotted")
    {
        return QueryStyle::Dotted;
    }
    let style = parameter.get("style").and_then(Value::as_str);
    let explode = parameter.get("explode").and_then(Value::as_bool);
    match (style.unwrap_or("form"), explode) {
        ("deepObject", _) => QueryStyle::Deep,
        ("spaceDelimited", None | Some(false)) => QueryStyle::Space,
        ("pipeDelimited", None | Some(false)) => QueryStyle::Pipe,
        (_, Some(false)) => QueryStyle::Comma,
        _ => QueryStyle::Form,
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> + Clone {
    let none: Option<&Map<String, Value>> = None;
    value
        .and_then(Value::as_object)
        .or(none)
        .into_iter()
        .flatten()
}

fn security(requirements: Option<&Value>) -> Vec<Vec<String>> {
    let list = requirements.and_then(Value::as_array).into_iter().flatten();
    list.map(|requirement| {
        members(Some(requirement))
            .map(|(name, _)| name.clone())
            .collect()
    })
    .collect()
}

fn segment(text: &str) -> Segment {
    let mut parts = text.split('{');
    let before = parts.next().unwrap_or_default().to_owned();
    let parameters: Vec<(String, String)> = parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, after)| (name.to_owned(), after.to_owned()))
        .collect();
    if parameters.is_empty() {
        return Segment::Literal(text.to_owned());
    }
    Segment::Parameter { before, parameters }
}

/// `accessToken`, `access-token` and `AccessToken` as `access_token`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            snake.push('_');
            after_lower = false;
            continue;
        }
        if c.is_ascii_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = !c.is_ascii_uppercase();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_snake_case() {
        assert_eq!(snake("accessToken"), "access_token");
        assert_eq!(snake("api-key"), "api_key");
        assert_eq!(snake("APIKey"), "apikey");
    }

    #[test]
    fn segments_hold_parameters() {
        assert_eq!(segment("users"), Segment::Literal("users".into()));
        assert_eq!(
            segment("{id}.json"),
            Segment::Parameter {
                before: String::new(),
                parameters: vec![("id".into(), ".json".into())],
            }
        );
    }

    #[test]
    fn every_embedded_spec_reads() {
        for (name, json) in crate::generated::SPECS {
            let spec = Spec::read(name, json).unwrap();
            assert_eq!(&spec.platform, name);
            assert!(!spec.operations.is_empty());
        }
    }
}
