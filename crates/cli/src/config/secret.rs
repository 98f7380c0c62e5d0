use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use botroster_client::{CredentialInfo, PlatformInfo, SecretSource, SecretSourceProblem};

use super::document::ConfigTable;
use crate::failure::CommandFailure;

/// Where a secret is read from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SecretOrigin {
    /// An environment variable named in the configuration, which must be set.
    Variable(String),
    /// The platform's default environment variable. If it is not set, the streams that need the secret are skipped.
    DefaultVariable(&'static str),
    /// A file named in the configuration.
    File(PathBuf),
}

/// Returns an error if the account contains a secret itself.
pub(super) fn refuse_literals(
    table: &ConfigTable<'_>,
    info: &PlatformInfo,
) -> Result<(), CommandFailure> {
    for (key, span) in table.keys() {
        if let Some(credential) = info
            .credentials
            .iter()
            .find(|credential| credential.name == key)
        {
            return Err(table.document.failure(span, &literal_error(credential)));
        }
    }
    Ok(())
}

fn literal_error(CredentialInfo { name, env, .. }: &CredentialInfo) -> String {
    format!(
        "the configuration must not contain the secret `{name}`: put it into a file and write `{name}_file = \"…\"` under [account.credentials], or into the environment variable {env}"
    )
}

/// Returns the origin of each credential: from `[account.credentials]`, or else the platform's default variable.
pub(super) fn sources(
    table: &ConfigTable<'_>,
    info: &PlatformInfo,
) -> Result<BTreeMap<&'static str, SecretOrigin>, CommandFailure> {
    let defaults = info.credentials.iter().map(|credential| {
        (
            credential.name,
            SecretOrigin::DefaultVariable(credential.env),
        )
    });
    let mut sources: BTreeMap<_, _> = defaults.collect();
    let Some(credentials) = table.table("credentials", "[account.credentials]")? else {
        return Ok(sources);
    };
    refuse_literals(&credentials, info)?;
    let slots = info.credentials.iter().map(|credential| credential.name);
    let known: Vec<_> = slots
        .clone()
        .flat_map(|slot| [format!("{slot}_file"), format!("{slot}_env")])
        .collect();
    credentials.only(&known.iter().map(String::as_str).collect::<Vec<_>>())?;
    for slot in slots {
        let (file_key, variable_key) = (format!("{slot}_file"), format!("{slot}_env"));
        let source = match (
            credentials.string(&file_key)?,
            credentials.string(&variable_key)?,
        ) {
            (Some(_), Some(_)) => {
                let span = credentials.span_of(&variable_key).unwrap_or_default();
                let problem =
                    format!("`{file_key}` and `{variable_key}` both set {slot}; remove one");
                return Err(table.document.failure(span, &problem));
            }
            (Some(file), None) => SecretOrigin::File(beside(table.document.path, file)),
            (None, Some(variable)) => SecretOrigin::Variable(variable.to_owned()),
            (None, None) => continue,
        };
        sources.insert(slot, source);
    }
    Ok(sources)
}

/// Resolves a path relative to the folder of the configuration.
fn beside(config: &Path, file: &str) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(file)
}

impl SecretOrigin {
    /// Reads the secret once to check it, and returns its source; `None` if the platform's default variable is not set.
    ///
    /// A file remains a file: it is read again when the platform rejects the secret, so that a token can be renewed during
    /// a long sync.
    pub(crate) fn open(
        &self,
        warn: &mut dyn FnMut(String),
    ) -> Result<Option<SecretSource>, CommandFailure> {
        let (source, hint) = match self {
            Self::DefaultVariable(name) => (SecretSource::env(*name), ""),
            Self::Variable(name) => (
                SecretSource::env(name),
                "; it is named in the configuration",
            ),
            Self::File(path) => (SecretSource::file(path), ""),
        };
        match source.read() {
            Ok(resolved) => {
                if let Some(warning) = resolved.warning {
                    warn(warning.to_string());
                }
                Ok(Some(match source.may_change() {
                    true => source,
                    false => resolved.secret.into(),
                }))
            }
            Err(error) => match (self, error.problem()) {
                (
                    Self::DefaultVariable(_),
                    SecretSourceProblem::NotThere | SecretSourceProblem::Empty,
                ) => Ok(None),
                _ => Err(CommandFailure::usage(format!("{error}{hint}"))),
            },
        }
    }
}
