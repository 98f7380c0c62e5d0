//! Names of operations, methods and resource handles.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;

use crate::{
    idents::{camel, scope_method, snake},
    lint::{
        clashes::{self, FirstUses, PRELUDE, contains},
        report::{Report, problem},
    },
    rules,
};

/// Methods of every request builder.
const RESERVED: &str = "send send_raw stream pages rows bytes";

/// Names in the module of the request builders, and names of the client that handles must not shadow.
const TAKEN: &str = "
    BodyStream Builder Call CallFuture Client Completeness Connection Core CredentialInfo CredentialSet Credentials
    Cursor Error ErrorCode ErrorKind Extra HttpSend IncomingResponse Item Items Json Map Metadata Nullable Number
    NumberOrText Operation Options Outgoing OutgoingRequest Page PageNumber PageReport Pages ParentInfo
    PersonalCategory PersonalField Platform PlatformInfo Position ProvideSecret RateLimit RawPages RawResponse
    Rejected ResolvedSecret Rows Runtime Secret SecretProviderError SecretSource SecretSourceError
    SecretSourceProblem SecretSourceWarning SendError Settings StreamInfo Timestamp Totals UnknownValue";

/// Functions of progenitor's client.
const FUNCTIONS: &str = "new new_with_client";

pub(super) fn id(report: &mut Report<'_>, at: &str, ids: &mut FirstUses) {
    let at = format!("{at}/operationId");
    let Some(id) = report.value(&at).as_str() else {
        return;
    };
    if contains(FUNCTIONS, id) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{id}` is a function that every client has"; "write `create` or another verb instead");
    } else if !clashes::is_snake(id) || id != id.to_snake_case() {
        let better = snake(id).to_string();
        let fix = match better.trim_end_matches('_') == id || better == id {
            true => "choose another name".into(),
            false => format!("write `{better}` instead"),
        };
        problem!(report, rules::NAME_FORM, &at; "`{id}` cannot name a function"; fix);
    }
    let rust = camel(id).to_string();
    if contains(PRELUDE, &rust) || contains(TAKEN, &rust) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{rust}` clashes with a name in the generated code"; "choose another name");
    }
    clashes::distinct_value(report, ids, (&at, id, rust), clashes::RENAME);
}

pub(super) fn method(report: &mut Report<'_>, at: &str, methods: &mut FirstUses) {
    let tag = report.at(at, "tags/0").as_str().unwrap_or_default();
    let at = format!("{at}/x-name");
    let Some(name) = report.value(&at).as_str() else {
        return;
    };
    if contains(RESERVED, name) {
        problem!(report, rules::TAKEN_NAME, &at;
            "`{name}` is a method that every request builder has"; "choose another name");
    } else if !clashes::is_snake(name) {
        let better = snake(name);
        problem!(report, rules::NAME_FORM, &at;
            "`{name}` cannot name a method"; "write snake_case, such as `{better}`");
    }
    let named = (at.as_str(), name, format!("{tag}().{name}"));
    clashes::distinct_value(report, methods, named, clashes::RENAME);
}

/// Checks the names of resource handles, which share a namespace with request builders.
pub(super) fn handles(report: &mut Report<'_>, types: &mut FirstUses) {
    let scope = report.items("/x-scope");
    let scope: Vec<&str> = scope.iter().filter_map(|(wire, _)| wire.as_str()).collect();
    let (mut scoped, mut plain) = (BTreeSet::new(), BTreeSet::new());
    for at in report.operations() {
        if let Some(tag) = report.at(&at, "tags/0").as_str() {
            let names = report
                .at(&at, "parameters")
                .as_array()
                .into_iter()
                .flatten();
            let mut names = names.filter_map(|parameter| parameter["name"].as_str());
            match names.any(|wire| scope.contains(&wire)) {
                true => scoped.insert(tag),
                false => plain.insert(tag),
            };
        }
    }
    let scope_type = scope
        .last()
        .map(|wire| camel(&scope_method(wire)).to_string());
    if let Some(name) = scope_type.clone().filter(|_| !scoped.is_empty()) {
        handle(
            report,
            types,
            &format!("/x-scope/{}", scope.len() - 1),
            name,
        );
    }
    for (tag, at) in report.items("/tags") {
        let Some(tag) = tag["name"].as_str() else {
            continue;
        };
        let at = format!("{at}/name");
        clashes::taken(report, &at, &snake(tag).to_string(), &["builder clone"]);
        let own = camel(tag).to_string();
        let is_both = plain.contains(tag) && scoped.contains(tag);
        let of_scope = scope_type.as_ref();
        let of_scope = of_scope.filter(|scope| is_both || (scoped.contains(tag) && **scope == own));
        if plain.contains(tag) || (scoped.contains(tag) && of_scope.is_none()) {
            handle(report, types, &at, own.clone());
        }
        if let Some(scope) = of_scope {
            handle(report, types, &at, format!("{scope}{own}"));
        }
    }
}

fn handle(report: &mut Report<'_>, types: &mut FirstUses, at: &str, name: String) {
    clashes::taken(report, at, &name, &[PRELUDE, TAKEN]);
    let wire = report.value(at).as_str().unwrap_or_default();
    clashes::distinct_value(report, types, (at, wire, name), clashes::RENAME);
}
