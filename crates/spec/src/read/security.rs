//! Reads security schemes.

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::{text, word, wrong};
use crate::{
    error::Error,
    model::{Scheme, SecurityScheme, Signature},
    tree::Tree,
};

pub(super) fn read(
    tree: &Tree,
    name: &str,
    value: &Value,
    at: &str,
) -> Result<SecurityScheme, Error> {
    let kind = (
        value["type"].as_str(),
        value["scheme"].as_str(),
        value["in"].as_str(),
    );
    let scheme = match kind {
        (Some("http"), Some("bearer"), _) => Scheme::Bearer,
        (Some("http"), Some("basic"), _) => Scheme::Basic,
        (Some("apiKey"), _, Some("header")) => header(tree, value, at)?,
        _ => {
            let what = "a security scheme is `type: http` with `scheme: bearer` or `basic`, or `type: apiKey` with `in: header`: write one of these instead";
            return Err(wrong(tree, at, what));
        }
    };
    Ok(SecurityScheme {
        name: name.to_owned(),
        slots: slots(name, &scheme),
        scheme,
    })
}

fn header(tree: &Tree, value: &Value, at: &str) -> Result<Scheme, Error> {
    if let Some(signature) = word::<Signature>(tree, value, at, "x-signature")? {
        return Ok(Scheme::Signature(signature));
    }
    let header = text(tree, at, "name")?;
    let template = value["x-header-value"]
        .as_str()
        .unwrap_or("{key}")
        .to_owned();
    Ok(if template.contains("{key}") {
        Scheme::Header { header, template }
    } else {
        Scheme::Constant {
            header,
            value: template,
        }
    })
}

fn slots(name: &str, scheme: &Scheme) -> Vec<String> {
    match scheme {
        Scheme::Signature(_) => vec!["api_key".into(), "api_secret".into()],
        Scheme::Basic => vec!["username".into(), "password".into()],
        Scheme::Bearer | Scheme::Header { .. } => vec![name.to_snake_case()],
        Scheme::Constant { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_the_name_of_its_scheme_in_snake_case() {
        for (name, slot) in [
            ("accessToken", "access_token"),
            ("api-key", "api_key"),
            ("APIKey", "api_key"),
            ("JWTBearer", "jwt_bearer"),
            ("OAuth2Token", "o_auth2_token"),
            ("botAPIToken", "bot_api_token"),
        ] {
            assert_eq!(slots(name, &Scheme::Bearer), [slot]);
        }
    }
}
