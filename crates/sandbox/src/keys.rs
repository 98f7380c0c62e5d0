//! Credentials of a platform, and what each gives access to.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// Ids that requests must contain, by parameter; empty if the platform requires none.
pub type Scope = BTreeMap<String, String>;

/// A set of credentials.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AccessKey {
    /// `main`, `all` or `none`.
    pub name: String,
    /// Credentials by name.
    pub credentials: BTreeMap<String, String>,
    /// Accessible scopes: the first for `main`, every one for `all`, none for `none`.
    pub access: Vec<Scope>,
}

/// Omits credentials, although they open nothing but this sandbox.
impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("name", &self.name)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
