//! Names of operations, methods and resource handles.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::Value;

use crate::{
    idents::{camel, scope_method, snake},
    lint::{
        keys::{entries, list},
        names::{self, PRELUDE},
        report::{Report, problem},
    },
    rules,
};

const RESERVED: &[&str] = &["send", "send_raw", "stream", "pages", "rows", "bytes"];

/// Names in the module of the request builders, and names of the client that handles must not shadow.
const TAKEN: &[&str] = &[
    "BodyStream",
    "Builder",
    "Call",
    "CallFuture",
    "Client",
    "Completeness",
    "Connection",
    "Core",
    "CredentialInfo",
    "CredentialSet",
    "Credentials",
    "Cursor",
    "Error",
    "ErrorCode",
    "ErrorKind",
    "Extra",
    "HttpSend",
    "IncomingResponse",
    "Item",
    "Items",
    "Json",
    "Map",
    "Metadata",
    "Nullable",
    "Number",
    "NumberOrText",
    "Operation",
    "Options",
    "OutgoingRequest",
    "Page",
    "PageNumber",
    "PageReport",
    "Pages",
    "ParentInfo",
    "PersonalCategory",
    "PersonalField",
    "Platform",
    "PlatformInfo",
    "Position",
    "ProvideSecret",
    "RateLimit",
    "RawPages",
    "RawResponse",
    "Rejected",
    "ResolvedSecret",
    "Rows",
    "Runtime",
    "Secret",
    "SecretProviderError",
    "SecretSource",
    "SecretSourceError",
    "SecretSourceProblem",
    "SecretSourceWarning",
    "SendError",
    "Settings",
    "StreamInfo",
    "Timestamp",
    "Totals",
    "UnknownValue",
];

/// Functions of progenitor's client.
const FUNCTIONS: &[&str] = &["new", "new_with_client"];

pub(super) fn id(report: &mut Report<'_>, at: &str, ids: &mut BTreeMap<String, String>) {
    let at = format!("{at}/operationId");
    let Some(id) = report.value(&at).as_str() else {
        return;
    };
    if FUNCTIONS.contains(&id) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{id}` is a function that every client has"; "write `create` or another verb instead");
    } else if !names::is_snake(id) || id != id.to_snake_case() {
        let better = snake(id).to_string();
        let fix = if better == id || better.trim_end_matches('_') == id {
            "choose another name".into()
        } else {
            format!("write `{better}` instead")
        };
        problem!(report, rules::NAME_FORM, &at; "`{id}` cannot name a function"; fix);
    }
    let rust = camel(id).to_string();
    if PRELUDE.contains(&rust.as_str()) || TAKEN.contains(&rust.as_str()) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{rust}` clashes with a name in the generated code"; "choose another name");
    }
    names::distinct_value(report, ids, &at, id, rust, names::RENAME);
}

pub(super) fn method(report: &mut Report<'_>, at: &str, methods: &mut BTreeMap<String, String>) {
    let tag = report.value(&format!("{at}/tags/0")).as_str();
    let at = format!("{at}/x-name");
    let Some(name) = report.value(&at).as_str() else {
        return;
    };
    if RESERVED.contains(&name) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{name}` is a method that every request builder has"; "choose another name");
    } else if !names::is_snake(name) {
        problem!(report, rules::NAME_FORM, &at;
            "`{name}` cannot name a method";
            format!("write snake_case, such as `{}`", snake(name)));
    }
    let tag = tag.unwrap_or_default();
    names::distinct_value(
        report,
        methods,
        &at,
        name,
        format!("{tag}().{name}"),
        names::RENAME,
    );
}

/// Checks the names of resource handles, which share a namespace with request builders.
pub(super) fn handles(report: &mut Report<'_>, types: &mut BTreeMap<String, String>) {
    let scope: Vec<&str> = list(report, "/x-scope")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let (mut scoped, mut plain) = (BTreeSet::new(), BTreeSet::new());
    for (_, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            let value = report.value(&at);
            let Some(tag) = value["tags"][0].as_str() else {
                continue;
            };
            let parameters = value["parameters"].as_array().into_iter().flatten();
            let is_scoped = parameters
                .filter_map(|parameter| parameter["name"].as_str())
                .any(|wire| scope.contains(&wire));
            let set = if is_scoped { &mut scoped } else { &mut plain };
            set.insert(tag.to_owned());
        }
    }
    let last = format!("/x-scope/{}", scope.len().saturating_sub(1));
    let scope_method = scope.last().map(|wire| scope_method(wire));
    let scope_type = scope_method.as_deref().map(|name| camel(name).to_string());
    if let Some(name) = scope_type.clone().filter(|_| !scoped.is_empty()) {
        handle(report, types, &last, name);
    }
    for (index, tag) in list(report, "/tags").iter().enumerate() {
        let at = format!("/tags/{index}/name");
        let Some(tag) = tag["name"].as_str() else {
            continue;
        };
        names::taken(
            report,
            &at,
            &snake(tag).to_string(),
            &[&["builder", "clone"]],
        );
        let own = camel(tag).to_string();
        let is_both = plain.contains(tag) && scoped.contains(tag);
        let of_scope = scope_type
            .as_ref()
            .filter(|scope| is_both || (scoped.contains(tag) && **scope == own));
        if plain.contains(tag) || (scoped.contains(tag) && of_scope.is_none()) {
            handle(report, types, &at, own.clone());
        }
        if let Some(scope) = of_scope {
            handle(report, types, &at, format!("{scope}{own}"));
        }
    }
}

fn handle(report: &mut Report<'_>, types: &mut BTreeMap<String, String>, at: &str, name: String) {
    names::taken(report, at, &name, &[PRELUDE, TAKEN]);
    let wire = report.value(at).as_str().unwrap_or_default();
    names::distinct_value(report, types, at, wire, name, names::RENAME);
}
