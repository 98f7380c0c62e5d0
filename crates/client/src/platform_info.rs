//! The description of a platform, as data.

use crate::RateLimit;

/// The description of a platform in its spec.
#[derive(Debug)]
pub struct PlatformInfo {
    /// Short name, as used in configuration files.
    pub name: &'static str,
    /// Display name.
    pub title: &'static str,
    /// The documented base URL; `None` if it differs by customer.
    pub base_url: Option<&'static str>,
    /// Parameters that are set once for all calls, by wire name.
    pub scope: &'static [&'static str],
    /// Credentials of the API.
    pub credentials: &'static [CredentialInfo],
    /// Lists that can be read completely.
    pub streams: &'static [StreamInfo],
}

/// A credential of a platform.
#[derive(Debug)]
pub struct CredentialInfo {
    /// Name, as used in configuration files.
    pub name: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// Name of its security scheme in the spec.
    pub scheme: &'static str,
}

/// A list of records that can be read completely.
#[derive(Debug)]
pub struct StreamInfo {
    /// Name of the stream.
    pub name: &'static str,
    /// `operationId` of the list operation.
    pub operation: &'static str,
    /// JSON Pointer to the key of a record.
    pub key: Option<&'static str>,
    /// JSON Pointer to the time of a record's last change.
    pub updated: Option<&'static str>,
    /// Required credentials: all of one of these sets. Empty if none are required.
    pub credentials: &'static [&'static [&'static str]],
    /// Required scope parameters, by wire name.
    pub scope: &'static [&'static str],
    /// Mapping to the common model, as JSON.
    pub maps_to: &'static str,
    /// Parameters that the caller must supply. The list is walked once for each set of values.
    pub seeds: &'static [&'static str],
    /// The stream whose records supply the parameters. The list is walked once for each of them.
    pub parent: Option<ParentInfo>,
    /// Documented rate limit.
    pub rate_limit: Option<RateLimit>,
    /// Page size used when the list is read completely.
    pub page_size: Option<u32>,
}

/// The parent of a stream.
#[derive(Debug, Clone, Copy)]
pub struct ParentInfo {
    /// Name of the parent stream.
    pub stream: &'static str,
    /// Parameters by wire name, with the JSON Pointer to the value in a record of the parent.
    pub bind: &'static [(&'static str, &'static str)],
}
