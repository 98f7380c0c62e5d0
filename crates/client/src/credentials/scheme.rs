//! The security schemes of a spec.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use botroster_auth::{Authenticator, PathRewrite, Recipe, RecipeText, Secret, Signer};
use http::{HeaderName, header::AUTHORIZATION};

/// A security scheme of a spec.
#[derive(Debug)]
pub struct NamedScheme {
    /// Name in the spec.
    pub name: &'static str,
    /// Authentication method.
    pub scheme: AuthScheme,
}

/// An authentication method.
#[derive(Debug)]
pub enum AuthScheme {
    /// An HMAC over the request, with the slots `api_key` and `api_secret`.
    Signature {
        /// See [`RecipeText::algorithm`].
        algorithm: &'static str,
        /// See [`RecipeText::encoding`].
        encoding: &'static str,
        /// See [`RecipeText::timestamp`].
        timestamp: &'static str,
        /// See [`RecipeText::message`].
        message: &'static str,
        /// See [`RecipeText::headers`].
        headers: &'static [(&'static str, &'static str)],
        /// See [`RecipeText::tolerance`]; in seconds.
        tolerance: u64,
    },
    /// `Authorization: Bearer`.
    Bearer {
        /// Slot of the token.
        slot: &'static str,
    },
    /// Basic authentication (RFC 7617), with the slots `username` and `password`.
    Basic,
    /// A key in a header, in a template such as `Basic {key}`.
    Header {
        /// Header name.
        header: &'static str,
        /// Template with `{key}`.
        template: &'static str,
        /// Slot of the key.
        slot: &'static str,
    },
    /// A constant header.
    Constant {
        /// Header name.
        header: &'static str,
        /// Header value.
        value: &'static str,
    },
}

impl AuthScheme {
    /// Returns whether the scheme sets a header.
    pub(super) fn sets_header(&self, name: &HeaderName) -> bool {
        let is_name = |header: &str| name.as_str().eq_ignore_ascii_case(header);
        match self {
            Self::Signature { headers, .. } => headers.iter().any(|(header, _)| is_name(header)),
            Self::Bearer { .. } | Self::Basic => *name == AUTHORIZATION,
            Self::Header { header, .. } | Self::Constant { header, .. } => is_name(header),
        }
    }

    /// The credentials that the scheme needs.
    pub(super) fn slots(&self) -> Vec<&'static str> {
        match self {
            Self::Signature { .. } => vec!["api_key", "api_secret"],
            Self::Basic => vec!["username", "password"],
            Self::Bearer { slot } | Self::Header { slot, .. } => vec![slot],
            Self::Constant { .. } => Vec::new(),
        }
    }
}

impl AuthScheme {
    /// Creates the authenticator from the credentials.
    ///
    /// # Errors
    /// A malformed credential; the message does not contain its value.
    pub(super) fn authenticator(
        &self,
        given: &BTreeMap<String, Secret>,
        rewrite: Option<&PathRewrite>,
    ) -> Result<Authenticator, Box<dyn std::error::Error>> {
        let slot = |name: &str| given.get(name).cloned().unwrap_or_else(|| Secret::new(""));
        Ok(match self {
            AuthScheme::Signature {
                algorithm,
                encoding,
                timestamp,
                message,
                headers,
                tolerance,
            } => {
                let recipe = Recipe::parse(&RecipeText {
                    algorithm,
                    encoding,
                    timestamp,
                    message,
                    headers,
                    tolerance: Duration::from_secs(*tolerance),
                })?;
                let signer = Signer::new(Arc::new(recipe), slot("api_key"), slot("api_secret"))?;
                Authenticator::signature(match rewrite {
                    Some(rewrite) => signer.with_signed_path(rewrite.clone()),
                    None => signer,
                })
            }
            AuthScheme::Bearer { slot: name } => Authenticator::bearer(slot(name))?,
            AuthScheme::Basic => Authenticator::basic(slot("username"), slot("password"))?,
            AuthScheme::Header {
                header,
                template,
                slot: name,
            } => Authenticator::header(header, template, slot(name))?,
            AuthScheme::Constant { header, value } => Authenticator::constant(header, value)?,
        })
    }
}
