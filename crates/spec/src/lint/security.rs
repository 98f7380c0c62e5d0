//! Security schemes.

use std::time::Duration;

use botroster_auth::{Authenticator, Recipe, RecipeText, Secret};

use crate::{
    idents::snake,
    lint::{
        clashes::{self, FirstUses},
        lookup::is_token,
        report::{Report, known_instead, problem},
    },
    pointer::escape,
    rules,
};

pub(super) fn check(report: &mut Report<'_>) {
    requirements(report, "/security");
    let mut slots = FirstUses::new();
    for (name, at) in report.entries("/components/securitySchemes") {
        if report.value(&at).is_object() {
            scheme(report, name, &at, &mut slots);
        }
    }
}

/// Checks that the schemes of a list of requirements exist.
pub(super) fn requirements(report: &mut Report<'_>, at: &str) {
    let schemes = report.entries("/components/securitySchemes");
    let known: Vec<&str> = schemes.iter().map(|(name, _)| *name).collect();
    for (_, requirement) in report.items(at) {
        for (name, at) in report.entries(&requirement) {
            if !known.contains(&name) {
                problem!(report, rules::UNKNOWN_SCHEME, key &at;
                    "the security scheme `{name}` does not exist"; known_instead(name, &known));
            }
        }
    }
}

fn scheme(report: &mut Report<'_>, name: &str, at: &str, slots: &mut FirstUses) {
    let value = report.value(at);
    if !clashes::is_made_of(name, |c| c.is_ascii_alphabetic(), "_-") {
        problem!(report, rules::NAME_FORM, key at;
            "`{name}` cannot name a credential";
            "write ASCII letters and digits, such as `accessToken`");
    }
    let wanted: &[&str] = match value["type"].as_str() {
        Some("http") => &["scheme"],
        Some("apiKey") => &["in", "name"],
        _ => return,
    };
    for word in wanted {
        if value.get(word).is_none() {
            problem!(report, rules::SCHEME_KIND, at;
                "the security scheme has no `{word}`";
                "write `type: http` with `scheme`, or `type: apiKey` with `in: header` and `name`");
        }
    }
    let is_key = wanted.len() == 2;
    let others: &[&str] = if is_key {
        &["scheme"]
    } else {
        &["in", "name", "x-header-value", "x-signature"]
    };
    for word in others {
        if value.get(word).is_some() {
            problem!(report, rules::SCHEME_KIND, key &format!("{at}/{word}");
                "`{word}` belongs to another type of security scheme"; "remove it");
        }
    }
    if value.get("x-signature").is_some() && value.get("x-header-value").is_some() {
        problem!(report, rules::SCHEME_KIND, key &format!("{at}/x-header-value");
            "`x-header-value` conflicts with `x-signature`, which defines all headers"; "remove it");
    }
    let credentials: Vec<String> = if value.get("x-signature").is_some() {
        signature(report, &format!("{at}/x-signature"));
        vec!["api_key".into(), "api_secret".into()]
    } else if value["scheme"] == "basic" {
        vec!["username".into(), "password".into()]
    } else if is_key && !header(report, at) {
        Vec::new()
    } else {
        vec![snake(name).to_string()]
    };
    for slot in credentials {
        clashes::distinct(
            report,
            slots,
            (at, name, slot),
            "credential",
            clashes::RENAME,
        );
    }
}

/// Checks a header with a key or a constant header; returns whether it has a key.
fn header(report: &mut Report<'_>, at: &str) -> bool {
    let value = report.value(at);
    let template = value["x-header-value"].as_str().unwrap_or("{key}");
    let has_key = template.contains("{key}");
    let Some(name) = value["name"].as_str() else {
        return has_key;
    };
    let made = if has_key {
        Authenticator::header(name, template, Secret::new("key"))
    } else {
        Authenticator::constant(name, template)
    };
    if let Err(error) = made {
        let place = if is_token(name) {
            "x-header-value"
        } else {
            "name"
        };
        let what = error.to_string();
        problem!(report, rules::SIGNATURE, &format!("{at}/{place}");
            what; "write the header as it appears in the request, with `{{key}}` for the key");
    }
    has_key
}

/// Checks a signature with the code that signs.
fn signature(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    let text = |key: &str| value[key].as_str();
    let (Some(algorithm), Some(encoding), Some(timestamp), Some(message), Some(headers)) = (
        text("algorithm"),
        text("encoding"),
        text("timestamp"),
        text("message"),
        value["headers"].as_object(),
    ) else {
        return;
    };
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let made = Recipe::parse(&RecipeText {
        algorithm,
        encoding,
        timestamp,
        message,
        headers: &headers,
        tolerance: Duration::from_secs(1),
    });
    if let Err(error) = made {
        let place = match error.field().split_once('.') {
            Some((field, name)) => format!("{at}/{field}/{}", escape(name)),
            None => format!("{at}/{}", error.field()),
        };
        let what = error.to_string();
        let prefix = format!("recipe field {}: ", error.field());
        let what = what.strip_prefix(&prefix).unwrap_or(&what);
        problem!(report, rules::SIGNATURE, &place;
            what; "use the placeholders that specs/README.md lists");
    }
}
