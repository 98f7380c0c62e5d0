//! The configuration file, with one `[[account]]` table for each account.
//!
//! The file is not deserialised with serde, because an error must name its line and must not show a value: people put
//! secrets into configuration files.

mod account;
mod document;
mod secret;

pub(crate) use account::Account;

use std::path::Path;

use botroster_client::Platform;
use toml::de::DeTable;

use crate::failure::CommandFailure;
use document::{ConfigFile, ConfigTable};

/// Reads the accounts of a configuration file.
pub(crate) fn read(path: &Path) -> Result<Vec<Account>, CommandFailure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "the file does not exist; `botroster sandbox` prints an example"
            }
            std::io::ErrorKind::InvalidData => "it is not UTF-8 text",
            _ => "it cannot be read",
        };
        CommandFailure::usage(format!("configuration {}: {advice}", path.display()))
    })?;
    parse(path, &text, botroster_platforms::all())
}

fn parse(
    path: &Path,
    text: &str,
    platforms: &[&'static dyn Platform],
) -> Result<Vec<Account>, CommandFailure> {
    let document = ConfigFile { path, text };
    // `message` describes the syntax error without values; `Display` would quote the line.
    let parsed = DeTable::parse(text)
        .map_err(|error| document.failure(error.span().unwrap_or_default(), error.message()))?;
    let root = ConfigTable {
        document,
        name: "the configuration",
        span: parsed.span(),
        members: parsed.get_ref(),
    };
    root.only(&["account"])?;
    let tables = root.tables("account", "[[account]]")?;
    if tables.is_empty() {
        return Err(document.failure(0..0, "no [[account]]; add one with `platform = \"…\"`"));
    }
    let mut accounts: Vec<Account> = Vec::new();
    for table in &tables {
        let account = account::read(table, platforms)?;
        if accounts.iter().any(|other| other.name == account.name) {
            let span = table.span_of("name").unwrap_or_else(|| table.span.clone());
            let problem = format!(
                "duplicate account `{}`; give each account its own `name`",
                account.name
            );
            return Err(document.failure(span, &problem));
        }
        accounts.push(account);
    }
    Ok(accounts)
}

#[cfg(test)]
mod tests;
