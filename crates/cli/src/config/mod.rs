//! The configuration file: one `[[account]]` table an account.
//!
//! Read by hand from the parsed document and not by serde, because every complaint must name its line and none may
//! show a value: people put secrets into configuration files.

mod account;
mod document;
mod secret;

pub(crate) use account::Account;

use std::path::Path;

use botroster_client::Platform;
use toml::de::DeTable;

use crate::failure::Failure;
use document::{Document, Table};

/// Reads the accounts of a configuration file.
pub(crate) fn read(path: &Path) -> Result<Vec<Account>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "there is no such file; `botroster sandbox` prints one to start from"
            }
            std::io::ErrorKind::InvalidData => "it is not UTF-8 text",
            _ => "it cannot be read",
        };
        Failure::usage(format!("configuration {}: {advice}", path.display()))
    })?;
    parse(path, &text, botroster_platforms::all())
}

fn parse(
    path: &Path,
    text: &str,
    platforms: &[&'static dyn Platform],
) -> Result<Vec<Account>, Failure> {
    let document = Document { path, text };
    // The parser's own words describe the syntax and quote no value; its Display would quote the line.
    let parsed = DeTable::parse(text)
        .map_err(|error| document.failure(error.span().unwrap_or_default(), error.message()))?;
    let root = Table {
        document,
        name: "the configuration",
        span: parsed.span(),
        members: parsed.get_ref(),
    };
    root.only(&["account"])?;
    let tables = root.tables("account", "[[account]]")?;
    if tables.is_empty() {
        return Err(document.failure(0..0, "no [[account]] here; add one with `platform = \"…\"`"));
    }
    let mut accounts: Vec<Account> = Vec::new();
    for table in &tables {
        let account = account::read(table, platforms)?;
        if accounts.iter().any(|other| other.name == account.name) {
            let span = table.span_of("name").unwrap_or_else(|| table.span.clone());
            let problem = format!(
                "a second account `{}`; give each its own `name`",
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
