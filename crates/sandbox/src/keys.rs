//! Several credentials for one platform, and what each may see.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// Ids that requests must name, by parameter; empty where a platform asks for none.
pub type Scope = BTreeMap<String, String>;

/// A set of credentials.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AccessKey {
    /// `main`, `all` or `none`.
    pub name: String,
    /// What to authenticate with, by the name of the credential.
    pub credentials: BTreeMap<String, String>,
    /// What it may see: `main` the first scope, `all` every one, `none` nothing, which is answered as missing rights are.
    pub access: Vec<Scope>,
}

/// Credentials are left out, although they open nothing but this sandbox.
impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("name", &self.name)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
