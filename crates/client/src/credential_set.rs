//! The credentials of a typed client.

use std::{collections::BTreeMap, fmt};

use botroster_auth::{SecretSource, SecretSourceProblem};

use crate::{Error, ErrorKind, platform_info::PlatformInfo};

/// Credentials by slot, as named in configuration files.
#[derive(Clone, Default)]
pub struct CredentialSet(BTreeMap<&'static str, SecretSource>);

impl CredentialSet {
    /// Sets a slot.
    pub fn set(&mut self, slot: &'static str, source: SecretSource) {
        self.0.insert(slot, source);
    }

    /// The slots that are set, with their sources.
    pub(crate) fn into_slots(self) -> impl Iterator<Item = (&'static str, SecretSource)> {
        self.0.into_iter()
    }

    /// Returns whether no slot is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for CredentialSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Reads the credentials of a platform from environment variables.
///
/// # Errors
/// None of the variables is set, or one is not Unicode.
pub fn credentials_from_env(info: &'static PlatformInfo) -> Result<CredentialSet, Error> {
    let mut found = CredentialSet::default();
    for credential in info.credentials {
        match SecretSource::env(credential.env).read() {
            Ok(resolved) => found.set(credential.name, resolved.secret.into()),
            Err(error) => match error.problem() {
                SecretSourceProblem::NotThere | SecretSourceProblem::Empty => {}
                _ => return Err(Error::new(ErrorKind::Credentials, error.to_string())),
            },
        }
    }
    if found.is_empty() {
        let names: Vec<&str> = info
            .credentials
            .iter()
            .map(|credential| credential.env)
            .collect();
        let text = format!(
            "no credential of {} in the environment: set {}",
            info.name,
            names.join(", ")
        );
        return Err(Error::new(ErrorKind::Credentials, text));
    }
    Ok(found)
}
