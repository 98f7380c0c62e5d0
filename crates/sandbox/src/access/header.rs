//! What is wrong with a credential in a header, without quoting it.

use crate::values::describe::foreign_credential;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_spec::model::{Scheme, SecurityScheme};
use http::HeaderMap;
use std::collections::BTreeMap;

/// Schemes of the header `Authorization` that may be quoted, since they are not secret.
const SCHEMES: [&str; 12] = [
    "Basic",
    "Bearer",
    "Digest",
    "Token",
    "ApiKey",
    "Api-Key",
    "Key",
    "OAuth",
    "Negotiate",
    "HMAC",
    "JWT",
    "Signature",
];

/// A header that carries a credential.
pub(crate) struct CredentialHeader<'a> {
    /// The name of the header, as documented.
    pub(crate) name: &'a str,
    /// The text before and after the credential.
    around: (&'a str, &'a str),
    slot: &'a str,
}

impl<'a> CredentialHeader<'a> {
    /// `None` for a signature, whose problems [`super::signature`] explains.
    pub(crate) fn of(scheme: &'a SecurityScheme) -> Option<Self> {
        let slot = scheme.slots.first().map_or("", String::as_str);
        let (name, around, slot) = match &scheme.scheme {
            Scheme::Signature(_) => return None,
            Scheme::Bearer => ("Authorization", ("Bearer ", ""), slot),
            Scheme::Basic => ("Authorization", ("Basic ", ""), "username:password"),
            Scheme::Header { header, template } => {
                let around = template.split_once("{key}").unwrap_or(("", ""));
                (header.as_str(), around, slot)
            }
            Scheme::Constant { header, value } => (header.as_str(), (value.as_str(), ""), ""),
        };
        Some(Self { name, around, slot })
    }

    /// The expected form: `Authorization: Bearer <access_token>`.
    fn form(&self) -> String {
        let (before, behind) = self.around;
        match self.slot {
            "" => format!("{}: {before}", self.name),
            slot => format!("{}: {before}<{slot}>{behind}", self.name),
        }
    }

    /// 0 without the header, 1 with it, 2 if it also starts as expected.
    pub(crate) fn likelihood(&self, headers: &HeaderMap) -> u8 {
        let start = self.around.0;
        match headers.get(self.name).map(|value| value.as_bytes()) {
            None => 0,
            Some(value) if !start.is_empty() && value.starts_with(start.as_bytes()) => 2,
            Some(_) => 1,
        }
    }

    /// Returns why the header does not authenticate a request, given the valid credentials.
    pub(crate) fn problem(
        &self,
        headers: &HeaderMap,
        keys: &[&BTreeMap<String, String>],
    ) -> String {
        let name = self.name;
        let mut values = headers.get_all(name).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => {
                let elsewhere = self.elsewhere(headers, keys);
                return format!(
                    "the header {name} is missing; send {}{elsewhere}",
                    self.form()
                );
            }
            (Some(_), Some(_)) => return format!("the header {name} is repeated"),
            (Some(value), None) => value,
        };
        let Ok(value) = value.to_str() else {
            return format!("the header {name} contains bytes other than visible ASCII");
        };
        if self.slot.is_empty() {
            return format!("the header {name} must be {}", self.around.0);
        }
        match value.strip_prefix(self.around.0) {
            Some(rest) => self.credential(rest, keys),
            None => self.scheme(value, keys),
        }
    }

    /// What is wrong with the text before the credential.
    fn scheme(&self, value: &str, keys: &[&BTreeMap<String, String>]) -> String {
        let (name, expected) = (self.name, self.around.0.trim());
        let word = value.split(' ').next().unwrap_or_default();
        if word == value {
            let own = keys.iter().any(|key| key.values().any(|own| own == value));
            let whose = if own {
                ", although the credential is valid"
            } else {
                ""
            };
            return format!("{name} has no scheme{whose}; {expected} is expected before it");
        }
        if word.eq_ignore_ascii_case(expected) {
            return format!("the scheme of {name} must be spelled {expected}, not {word}");
        }
        let known = SCHEMES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(word));
        match known {
            Some(word) => format!("{name} has the scheme {word}; {expected} is expected"),
            None => format!("{name} has another scheme; {expected} is expected"),
        }
    }

    fn credential(&self, rest: &str, keys: &[&BTreeMap<String, String>]) -> String {
        let (name, slot) = (self.name, self.slot);
        if slot == "username:password" {
            return self.login(rest, keys);
        }
        let owns = |text: &str| holds(keys, slot, text);
        let trimmed = rest.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        if trimmed != rest && owns(trimmed) {
            return format!("{name} has quotes or white space around the {slot}");
        }
        let scheme = self.around.0;
        if !scheme.is_empty() && rest.starts_with(scheme) {
            return format!("{name} has {} twice", scheme.trim());
        }
        let decoded = STANDARD.decode(rest).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        if decoded.is_some_and(|text| owns(text.trim_end_matches(':').trim())) {
            return format!("the {slot} in {name} is base64-encoded; it must be sent as it is");
        }
        let mut slots = keys.iter().flat_map(|key| key.iter());
        if let Some((other, _)) = slots.find(|(own, value)| *own != slot && *value == rest) {
            return format!("{name} contains the {other}; the {slot} is expected");
        }
        let got = foreign_credential(rest);
        format!("the {slot} in {name} does not exist in this sandbox, got {got}")
    }

    /// What is wrong with user name and password.
    fn login(&self, rest: &str, keys: &[&BTreeMap<String, String>]) -> String {
        let name = self.name;
        let decoded = STANDARD.decode(rest).ok();
        let Some(decoded) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return match rest.contains(':') {
                true => format!("{name} has username:password as it is; it must be base64-encoded"),
                false => format!("{name} is not the base64 of username:password"),
            };
        };
        let Some((user, password)) = decoded.split_once(':') else {
            return format!("{name} has no colon between user name and password");
        };
        let has = |slot: &str, text: &str| holds(keys, slot, text);
        if has("username", password) && has("password", user) {
            return format!("{name} has the password before the user name");
        }
        match (has("username", user), has("password", password)) {
            (true, _) => {
                let got = foreign_credential(password);
                format!("the password in {name} is wrong, got {got}")
            }
            (false, true) => {
                let got = foreign_credential(user);
                format!("the user name in {name} is wrong, got {got}")
            }
            _ => format!("user name and password in {name} do not exist in this sandbox"),
        }
    }

    /// Another header that contains a valid credential.
    fn elsewhere(&self, headers: &HeaderMap, keys: &[&BTreeMap<String, String>]) -> String {
        let found = headers.iter().find_map(|(header, value)| {
            let value = value.to_str().ok().filter(|_| !self.slot.is_empty())?;
            let mut slots = keys.iter().flat_map(|key| key.iter());
            let (slot, _) = slots.find(|(_, own)| value.contains(own.as_str()))?;
            Some(format!("; the {slot} was sent in {header}"))
        });
        found.unwrap_or_default()
    }
}

/// Returns whether a slot of one of the keys has this value.
fn holds(keys: &[&BTreeMap<String, String>], slot: &str, text: &str) -> bool {
    let mut own = keys.iter().filter_map(|key| key.get(slot));
    own.any(|own| own == text)
}
