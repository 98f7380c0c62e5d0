use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use botroster_client::{CredentialInfo, PlatformInfo, Secret};

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

/// More is no credential but the wrong file.
const LONGEST: u64 = 64 * 1024;

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
    /// The secret, or `None` where the platform's own variable is not set.
    pub(crate) fn read(&self, warn: &mut dyn FnMut(String)) -> Result<Option<Secret>, Failure> {
        match self {
            Self::UsualVariable(name) => match std::env::var(name) {
                Ok(value) if !value.is_empty() => Ok(Some(Secret::new(value))),
                Err(std::env::VarError::NotUnicode(_)) => Err(not_text(name)),
                _ => Ok(None),
            },
            Self::Variable(name) => match std::env::var(name) {
                Ok(value) if !value.is_empty() => Ok(Some(Secret::new(value))),
                Err(std::env::VarError::NotUnicode(_)) => Err(not_text(name)),
                _ => Err(Failure::usage(format!(
                    "the environment variable {name} is not set; the configuration names it"
                ))),
            },
            Self::File(path) => from_file(path, warn).map(Some),
        }
    }
}

fn not_text(name: &str) -> Failure {
    Failure::usage(format!("the environment variable {name} is not UTF-8 text"))
}

fn from_file(path: &Path, warn: &mut dyn FnMut(String)) -> Result<Secret, Failure> {
    let shown = path.display();
    let failure = |problem: &str| Failure::usage(format!("secret file {shown}: {problem}"));
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => failure("there is no such file"),
        std::io::ErrorKind::InvalidData => failure("it is not UTF-8 text"),
        _ => failure("it cannot be read"),
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(failure("it is no file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o077 != 0 {
            warn(format!(
                "others can read or change the secret file {shown}; run: chmod 600 {shown}"
            ));
        }
    }
    let mut text = String::new();
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(failure("it is too long for a secret"));
    }
    // Editors end a file with a line end that is no part of the secret.
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(failure("it is empty"));
    }
    Ok(Secret::new(secret))
}
