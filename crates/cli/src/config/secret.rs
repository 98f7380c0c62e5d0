use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use botroster_client::{self as client, CredentialInfo, PlatformInfo, SecretSourceProblem};

use super::document::Table;
use crate::failure::Failure;

/// Where a secret comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An environment variable that the configuration names: it must be there.
    Variable(String),
    /// The platform's own variable: where it is not set, the streams that need it are skipped.
    UsualVariable(&'static str),
    /// A file, and the place in the configuration that names it.
    File(PathBuf),
}

/// Refuses a secret written into the account itself.
pub(super) fn refuse_literals(table: &Table<'_>, info: &PlatformInfo) -> Result<(), Failure> {
    for (key, span) in table.keys() {
        if let Some(credential) = info
            .credentials
            .iter()
            .find(|credential| credential.name == key)
        {
            return Err(table.document.failure(span, &literal(credential)));
        }
    }
    Ok(())
}

fn literal(CredentialInfo { name, env, .. }: &CredentialInfo) -> String {
    format!(
        "`{name}` would hold the secret itself: put it into a file and write `{name}_file = \"…\"` under [account.credentials], or into the environment variable {env}"
    )
}

/// Where each credential comes from: as `[account.credentials]` says, else from the platform's own variable.
pub(super) fn sources(
    table: &Table<'_>,
    info: &PlatformInfo,
) -> Result<BTreeMap<&'static str, Source>, Failure> {
    let usual = info
        .credentials
        .iter()
        .map(|credential| (credential.name, Source::UsualVariable(credential.env)));
    let mut sources: BTreeMap<_, _> = usual.collect();
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
            credentials.text(&file_key)?,
            credentials.text(&variable_key)?,
        ) {
            (Some(_), Some(_)) => {
                let span = credentials.span_of(&variable_key).unwrap_or_default();
                let problem = format!(
                    "`{file_key}` and `{variable_key}` both say where {slot} is; remove one"
                );
                return Err(table.document.failure(span, &problem));
            }
            (Some(file), None) => Source::File(beside(table.document.path, file)),
            (None, Some(variable)) => Source::Variable(variable.to_owned()),
            (None, None) => continue,
        };
        sources.insert(slot, source);
    }
    Ok(sources)
}

/// A path as the configuration means it: from the folder of the configuration.
fn beside(config: &Path, file: &str) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(file)
}

impl Source {
    /// What to take the secret from, read once to see that it is there; `None` where the platform's own variable is not set.
    ///
    /// A file stays a file, which is read again when the platform refuses what was in it: a token that somebody renews during a long
    /// sync is then taken up.
    pub(crate) fn open(
        &self,
        warn: &mut dyn FnMut(String),
    ) -> Result<Option<client::SecretSource>, Failure> {
        let (source, hint) = match self {
            Self::UsualVariable(name) => (client::SecretSource::env(*name), ""),
            Self::Variable(name) => (
                client::SecretSource::env(name),
                "; the configuration names it",
            ),
            Self::File(path) => (client::SecretSource::file(path), ""),
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
                    Self::UsualVariable(_),
                    SecretSourceProblem::NotThere | SecretSourceProblem::Empty,
                ) => Ok(None),
                _ => Err(Failure::usage(format!("{error}{hint}"))),
            },
        }
    }
}
