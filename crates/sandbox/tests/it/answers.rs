//! The sandbox's own answers against the specs: every operation of every platform, those that nobody has included.
//!
//! What checks them here shares no code with what checks requests.

use crate::client::{Answer, address, borrowed, model, send_to};
use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer, SigningInput};
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use botroster_spec::Tree;
use http::HeaderMap;
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Name and document of every platform, and of every invented one.
fn specs() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../../specs", "../../tests/platforms/specs"];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let mut specs: Vec<(String, String)> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    specs.push(("quill".to_owned(), include_str!("foreign.json").to_owned()));
    specs.sort();
    specs
}

struct Checker<'a> {
    document: &'a Value,
    wrong: Vec<String>,
}

impl Checker<'_> {
    /// The schema itself: references followed, parts merged.
    fn flat(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.flat(self.document.pointer(&reference[1..]).unwrap());
        }
        let Some(parts) = schema["allOf"].as_array() else {
            return schema.clone();
        };
        let mut merged = Map::new();
        for part in parts
            .iter()
            .map(|part| self.flat(part))
            .chain([schema.clone()])
        {
            for (word, value) in part.as_object().unwrap() {
                match (word.as_str(), merged.get_mut(word)) {
                    ("allOf", _) => {}
                    ("properties", Some(Value::Object(have))) => {
                        have.extend(value.as_object().unwrap().clone());
                    }
                    ("required", Some(Value::Array(have))) => {
                        have.extend(value.as_array().unwrap().clone());
                    }
                    _ => {
                        merged.insert(word.clone(), value.clone());
                    }
                }
            }
        }
        Value::Object(merged)
    }

    fn say(&mut self, at: &str, what: &str) {
        self.wrong.push(format!("{at} {what}"));
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        let schema = self.flat(schema);
        if value.is_null() {
            let untyped = ["type", "properties", "items", "oneOf"];
            let is_any = untyped.iter().all(|word| schema.get(word).is_none());
            if schema["nullable"] != true && !is_any {
                self.say(at, "is null");
            }
            return;
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            self.say(at, &format!("is {value}, which no document lists"));
        }
        if let Some(forms) = schema["oneOf"].as_array() {
            let fitting = forms.iter().filter(|form| {
                let mut inner = Checker {
                    document: self.document,
                    wrong: Vec::new(),
                };
                inner.value(form, value, at);
                inner.wrong.is_empty()
            });
            if fitting.count() != 1 {
                self.say(at, "does not fit one of the forms");
            }
            return;
        }
        match schema["type"].as_str() {
            Some("string")
                if value.is_i64() && schema["x-timestamp"].to_string().contains("millis") => {}
            Some("string") if !value.is_string() => self.say(at, "is no string"),
            Some("integer") if !(value.is_i64() || value.is_u64()) => self.say(at, "is no integer"),
            Some("number") if !value.is_number() => self.say(at, "is no number"),
            Some("boolean") if !value.is_boolean() => self.say(at, "is no boolean"),
            Some("array") if !value.is_array() => self.say(at, "is no array"),
            Some("object") if !value.is_object() => self.say(at, "is no object"),
            _ => {}
        }
        self.limits(&schema, value, at);
        match value {
            Value::Array(list) if schema.get("items").is_some() => {
                for (number, item) in list.iter().enumerate() {
                    self.value(&schema["items"], item, &format!("{at}/{number}"));
                }
            }
            Value::Object(members) => self.object(&schema, members, at),
            _ => {}
        }
    }

    fn limits(&mut self, schema: &Value, value: &Value, at: &str) {
        let size = match value {
            Value::String(text) => Some(("Length", text.chars().count())),
            Value::Array(list) => Some(("Items", list.len())),
            Value::Object(members) => Some(("Properties", members.len())),
            _ => None,
        };
        let outside = match (size, value.as_f64()) {
            (Some((word, size)), _) => {
                let bound = |side: &str| schema[format!("{side}{word}")].as_u64();
                bound("min").is_some_and(|min| (size as u64) < min)
                    || bound("max").is_some_and(|max| size as u64 > max)
            }
            (None, Some(number)) => {
                schema["minimum"].as_f64().is_some_and(|min| number < min)
                    || schema["maximum"].as_f64().is_some_and(|max| number > max)
                    || schema["format"] == "int32"
                        && i32::try_from(value.as_i64().unwrap()).is_err()
            }
            _ => false,
        };
        if outside {
            self.say(at, "is outside of its limits");
        }
    }

    fn object(&mut self, schema: &Value, members: &Map<String, Value>, at: &str) {
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let more = &schema["additionalProperties"];
        for (name, value) in members {
            let at = format!("{at}/{name}");
            match properties.get(name) {
                Some(property) => self.value(property, value, &at),
                None if more.is_object() => self.value(more, value, &at),
                None if *more == true || (properties.is_empty() && *more != false) => {}
                None => self.say(&at, "is no documented property"),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if !members.contains_key(name.as_str().unwrap()) {
                self.say(at, &format!("lacks {name}"));
            }
        }
    }

    /// The least that a schema of a request takes.
    fn sample(&self, schema: &Value) -> Value {
        let schema = self.flat(schema);
        let given = ["/example", "/default", "/enum/0"]
            .iter()
            .find_map(|at| schema.pointer(at));
        if let Some(given) = given {
            return given.clone();
        }
        if let Some(form) = schema["oneOf"].get(0) {
            return self.sample(form);
        }
        let least = |word: &str| schema[word].as_u64().unwrap_or(0);
        match schema["type"].as_str() {
            Some("integer" | "number") => {
                json!(schema["minimum"].as_i64().unwrap_or(1).max(1))
            }
            Some("boolean") => json!(false),
            Some("array") => {
                let items = (0..least("minItems")).map(|_| self.sample(&schema["items"]));
                Value::Array(items.collect())
            }
            Some("string") if schema.get("x-timestamp").is_some() => json!("2026-01-31T09:30:00Z"),
            Some("string") => {
                json!("x".repeat(usize::try_from(least("minLength").max(1)).unwrap()))
            }
            _ => {
                let empty = Map::new();
                let properties = schema["properties"].as_object().unwrap_or(&empty);
                let required = schema["required"].as_array();
                let needed = properties.iter().filter(|(name, property)| {
                    let is_required =
                        required.is_some_and(|all| all.iter().any(|own| own == *name));
                    is_required || self.flat(property)["x-send"] == "always"
                });
                let mut members: Map<String, Value> = needed
                    .map(|(name, property)| (name.clone(), self.sample(property)))
                    .collect();
                for number in members.len() as u64..least("minProperties") {
                    members.insert(format!("more{number}"), json!("x"));
                }
                Value::Object(members)
            }
        }
    }
}

/// The headers of the first requirement of an operation.
fn authenticate(
    at: &Running,
    document: &Value,
    operation: &Value,
    input: &SigningInput<'_>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let security = operation.get("security").or(document.get("security"));
    let first = security
        .and_then(|all| all.get(0))
        .and_then(Value::as_object);
    let content_type = http::HeaderValue::from_static("application/json");
    headers.insert("content-type", content_type);
    for (name, value) in operation["x-headers"].as_object().into_iter().flatten() {
        let name: http::HeaderName = name.parse().unwrap();
        headers.insert(name, value.as_str().unwrap().parse().unwrap());
    }
    for (name, _) in first.into_iter().flatten() {
        let scheme = &document["components"]["securitySchemes"][name];
        let credential = |slot: &str| Secret::new(at.credentials[slot].clone());
        // The slot of a scheme with one credential is its name in snake case, however that splits acronyms.
        let letters = |name: &str| name.replace(['_', '-'], "").to_lowercase();
        let mut slots = at.credentials.keys();
        let own = slots.find(|slot| letters(slot) == letters(name));
        let own = own.map_or("", String::as_str);
        let authenticator = if let Some(word) = scheme.get("x-signature") {
            Authenticator::signature(signer(
                word,
                credential("api_key"),
                credential("api_secret"),
            ))
        } else if scheme["scheme"] == "bearer" {
            Authenticator::bearer(credential(own)).unwrap()
        } else if scheme["scheme"] == "basic" {
            Authenticator::basic(credential("username"), credential("password")).unwrap()
        } else {
            let header = scheme["name"].as_str().unwrap();
            match scheme["x-header-value"].as_str() {
                Some(value) if !value.contains("{key}") => {
                    Authenticator::constant(header, value).unwrap()
                }
                template => {
                    Authenticator::header(header, template.unwrap_or("{key}"), credential(own))
                        .unwrap()
                }
            }
        };
        authenticator
            .authenticate(input, SystemTime::now(), &mut headers)
            .unwrap();
    }
    headers
}

fn signer(word: &Value, key: Secret, secret: Secret) -> Signer {
    let text = |name: &str| word[name].as_str().unwrap();
    let headers: Vec<(&str, &str)> = word["headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let recipe = Recipe::parse(&RecipeText {
        algorithm: text("algorithm"),
        encoding: text("encoding"),
        timestamp: text("timestamp"),
        message: text("message"),
        headers: &headers,
        tolerance: Duration::from_secs(60),
    });
    Signer::new(Arc::new(recipe.unwrap()), key, secret).unwrap()
}

/// Percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Asks for an operation with arguments that should do.
async fn ask(
    at: &Running,
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    known: bool,
) -> Answer {
    let id = operation["operationId"].as_str().unwrap();
    let checker = Checker {
        document,
        wrong: Vec::new(),
    };
    let mut arguments = at.arguments(id).unwrap();
    let (host, base) = address(at);
    let (mut target, mut query) = (format!("{base}{path}"), Vec::new());
    let mut more = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let Some(value) = arguments.remove(name) else {
            continue;
        };
        match parameter["in"].as_str().unwrap() {
            "path" => {
                let value = if known { value } else { "nobody-1".to_owned() };
                target = target.replace(&format!("{{{name}}}"), &encoded(&value));
            }
            "query" if checker.flat(&parameter["schema"])["type"] == "object" => {
                let schema = checker.flat(&parameter["schema"]);
                let mut texts = schema["properties"].as_object().unwrap().iter();
                let (first, _) = texts
                    .find(|(_, one)| checker.flat(one)["type"] == "string")
                    .unwrap();
                let first = match parameter["style"].as_str() {
                    _ if parameter["x-style"] == "dotted" => format!("{name}.{first}"),
                    Some("deepObject") => format!("{name}[{first}]"),
                    _ => first.clone(),
                };
                query.push(format!("{}=x", encoded(&first)));
            }
            "query" => query.push(format!("{}={}", encoded(name), encoded(&value))),
            _ => more.push((name.to_owned(), value)),
        }
    }
    let query = query.join("&");
    let mut body = String::new();
    if let Some(content) = operation.pointer("/requestBody/content/application~1json") {
        let mut sample = checker.sample(&content["schema"]);
        // What is left of the arguments names records in the body.
        for (name, value) in &arguments {
            let property =
                checker.flat(&checker.flat(&content["schema"])["properties"][name.as_str()]);
            sample[name.as_str()] = match property["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().unwrap()),
                Some("boolean") => json!(value == "true"),
                Some("array") => serde_json::from_str(value).unwrap(),
                _ => json!(value),
            };
        }
        for rule in operation["x-rules"].as_array().into_iter().flatten() {
            let places = rule["any-of"].as_array().into_iter().flatten();
            let mut places = places.map(|place| place.as_str().unwrap());
            let is_met = places.clone().any(|place| sample.pointer(place).is_some());
            if let (Some(place), false) = (places.next(), is_met) {
                sample[place.trim_start_matches('/')] = json!("sandbox-1");
            }
        }
        body = sample.to_string();
    }
    let input = SigningInput {
        method,
        host: &host,
        path: &target,
        query: (!query.is_empty()).then_some(query.as_str()),
        body: body.as_bytes(),
        nonce: Some("nonce-of-a-test"),
    };
    let headers = authenticate(at, document, operation, &input);
    let mut headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.extend(more);
    let whole = match query.is_empty() {
        true => target.clone(),
        false => format!("{target}?{query}"),
    };
    send_to(
        &host,
        &method.to_uppercase(),
        &whole,
        &borrowed(&headers),
        &body,
    )
    .await
}

fn check(document: &Value, operation: &Value, answer: &Answer) -> Vec<String> {
    let responses = &operation["responses"];
    let class = format!("{}XX", answer.status / 100);
    let response = responses
        .get(answer.status.to_string())
        .or(responses.get(class));
    let Some(response) = response else {
        return vec![format!("the status {} is not documented", answer.status)];
    };
    let content = response["content"]
        .as_object()
        .and_then(|content| content.iter().next());
    let Some((media, content)) = content else {
        return Vec::new();
    };
    let own = answer.header("content-type").unwrap_or_default();
    if own.split(';').next() != Some(media) {
        return vec![format!("its type is {own}, not {media}")];
    }
    if !media.contains("json") {
        return Vec::new();
    }
    let mut checker = Checker {
        document,
        wrong: Vec::new(),
    };
    checker.value(&content["schema"], &answer.json(), "");
    // Where errors tell their text and code is documented by the envelope too.
    let envelope = format!("{}{}", operation["x-envelope"], operation["x-pagination"]);
    let in_envelope = |wrong: &str| {
        let (place, what) = wrong.split_once(' ').unwrap();
        let below = format!("\"{place}/");
        let whole = format!("\"{place}\"");
        let named = envelope.contains(&below) || envelope.contains(&whole);
        what == "is no documented property" && named && answer.status >= 300
    };
    checker.wrong.retain(|wrong| !in_envelope(wrong));
    checker.wrong
}

#[tokio::test]
async fn every_operation_answers_as_its_spec_says() {
    let (mut operations, mut wrong) = (0, Vec::new());
    for (name, text) in specs() {
        let document = Tree::parse(&name, &text).unwrap().value;
        let options = SandboxOptions {
            users: 150,
            ..SandboxOptions::default()
        };
        let sandbox = Sandbox::start_models(options, &[(&name, &model(&text))])
            .await
            .unwrap();
        let at = &sandbox.platforms()[0];
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if !operation.is_object() {
                    continue;
                }
                let mut operation = operation.clone();
                if let Some(shared) = item["parameters"].as_array() {
                    let own = operation["parameters"]
                        .as_array()
                        .cloned()
                        .unwrap_or_default();
                    operation["parameters"] = own.into_iter().chain(shared.clone()).collect();
                }
                let method = method.to_uppercase();
                let answer = ask(at, &document, path, &method, &operation, true).await;
                operations += 1;
                let about = format!("{name} {method} {path}");
                let violations = at.requests().pop().unwrap().violations;
                if answer.status >= 300 {
                    wrong.push(format!("{about}: {} {violations:?}", answer.status));
                }
                let found = check(&document, &operation, &answer);
                wrong.extend(found.into_iter().map(|found| format!("{about}: {found}")));
                // The same about somebody who is not there; what no document tells of is answered anyhow.
                let refused = ask(at, &document, path, &method, &operation, false).await;
                if refused.status >= 300
                    && operation["responses"]
                        .get(refused.status.to_string())
                        .is_some()
                {
                    let found = check(&document, &operation, &refused);
                    wrong.extend(
                        found
                            .into_iter()
                            .map(|found| format!("{about}, {}: {found}", refused.status)),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(operations > 60, "{operations}");
}

#[test]
fn what_checks_them_finds_faults() {
    let document = json!({"components": {"schemas": {"Person": {
        "type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer", "maximum": 5},
            "mood": {"type": "string", "enum": ["good"], "nullable": true},
            "tags": {"type": "array", "maxItems": 1, "items": {"type": "string"}},
        },
    }}}});
    let wrong = |value: Value| {
        let mut checker = Checker {
            document: &document,
            wrong: Vec::new(),
        };
        checker.value(&json!({"$ref": "#/components/schemas/Person"}), &value, "");
        checker.wrong.join("; ")
    };
    assert_eq!(wrong(json!({"id": 1, "mood": null, "tags": ["a"]})), "");
    assert_eq!(wrong(json!({"id": 6})), "/id is outside of its limits");
    assert_eq!(wrong(json!({})), " lacks \"id\"");
    assert_eq!(wrong(json!({"id": null})), "/id is null");
    assert_eq!(
        wrong(json!({"id": 1, "mood": "bad"})),
        "/mood is \"bad\", which no document lists"
    );
    assert_eq!(wrong(json!({"id": 1, "tags": [1]})), "/tags/0 is no string");
    assert_eq!(
        wrong(json!({"id": 1, "tags": ["a", "b"]})),
        "/tags is outside of its limits"
    );
    assert_eq!(
        wrong(json!({"id": 1, "more": 1})),
        "/more is no documented property"
    );
}
