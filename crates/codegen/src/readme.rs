//! The README of a crate and its crate-level documentation.

use anyhow::Result;

use crate::{
    doctest, errors, example,
    facade::Request,
    files::GeneratedFile,
    format::MARK,
    naming, personal_page,
    raw::Raw,
    workspace::{CRATES, PERSONAL_DATA},
};
use botroster_spec::{
    Spec,
    idents::snake,
    model::{Operation, Retry},
};

/// Generates `README.md`. `files` contains the code that it links to.
pub(crate) fn readme(spec: &Spec, files: &[GeneratedFile]) -> String {
    let mut text = format!(
        "<!-- {MARK} from {}. Do not edit: change the spec. -->\n# {}\n\n",
        spec.tree.file,
        naming::package(&spec.model)
    );
    if let Some(notice) = &spec.model.notice {
        text.push_str(&format!("**{notice}**\n\n"));
    }
    text.push_str(&format!(
        "Typed client for the {} API. {}\n\n",
        spec.model.title, spec.model.description
    ));
    let table = operations(spec, |operation| source(spec, operation, files));
    text.push_str(&format!(
        "{}## Operations\n\n{table}\nEach call links to its documentation: arguments with bounds, errors, sources and an example.\n\n{RETRIES}\n",
        quick_start(spec, files)
    ));
    let slots = spec.model.slots();
    text.push_str(if slots.is_empty() {
        "\n## Credentials\n\nThe API requires no credentials.\n"
    } else {
        "\n## Credentials\n\nPass credentials to the builder, or read them from the environment with `Credentials::from_env`:\n\n| credential | environment variable |\n|---|---|\n"
    });
    for slot in slots {
        text.push_str(&format!(
            "| `{slot}` | `{}` |\n",
            naming::variable(&spec.model, slot)
        ));
    }
    text.push_str(&format!(
        "\n[EVIDENCE.md](EVIDENCE.md) lists the source of each statement about the API, [personal data]({}#{}) the fields that may contain \
         personal data.\n",
        personal_data(),
        personal_page::anchor(&spec.model.title)
    ));
    text
}

/// Generates the quick start from the example of the crate.
fn quick_start(spec: &Spec, files: &[GeneratedFile]) -> String {
    let package = naming::package(&spec.model);
    let path = format!("/{0}/examples/{0}_list.rs", spec.model.name);
    let Some((_, program)) = files.iter().find(|(known, _)| known.ends_with(&path)) else {
        return String::new();
    };
    let program: Vec<&str> = program
        .lines()
        .skip_while(|line| !line.starts_with("#[tokio::main"))
        .collect();
    format!(
        "## Quick start\n\n```toml\n[dependencies]\n{package} = \"{VERSION}\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n```\n\n\
         This program reads a list and counts its records:\n\n```rust\n{}\n```\n\n",
        program.join("\n")
    )
}

/// Version requirement in the quick start.
const VERSION: &str = "0.1";

/// Returns the path of the page on personal data, relative to a crate.
fn personal_data() -> String {
    let up: String = CRATES.split('/').map(|_| "../").collect();
    format!("../{up}{PERSONAL_DATA}")
}

/// Generates `lib.rs`.
pub(crate) fn lib(spec: &Spec, raw: &Raw, banner: &str) -> Result<String> {
    let mut docs = format!("Typed client for the {} API.\n\n", spec.model.title);
    if let Some(notice) = &spec.model.notice {
        docs.push_str(&format!("{notice}\n\n"));
    }
    docs.push_str(&format!(
        "{}\n\n# Quick start\n\nBuild a [`Client`]:\n\n{}",
        spec.model.description,
        doctest::connecting(spec)?
    ));
    if let Some(operation) = example::operation(spec) {
        let example = doctest::example(spec, &Request::of(spec, operation, raw)?)?;
        docs.push_str(&format!("\n\nCall an operation with it:\n\n{example}"));
    }
    let table = operations(spec, |operation| {
        let handle = naming::handle(&spec.model, operation);
        format!("{handle}::{}", snake(&operation.name))
    });
    docs.push_str(&format!(
        "\n\n# Operations\n\n{table}\n{RETRIES}\n\nSee [`evidence`] for sources and [`PERSONAL_FIELDS`] for the fields that may contain personal data."
    ));
    let docs: String = docs
        .lines()
        .map(|line| format!("//! {line}").trim_end().to_owned() + "\n")
        .collect();
    let platform = naming::platform(&spec.model);
    let errors = if errors::are_documented(spec) {
        " errors,"
    } else {
        ""
    };
    Ok(format!(
        "{banner}\n\n{docs}\n\
         #[rustfmt::skip]\nmod generated;\n\n\
         /// The source of each statement about the API.\n///\n#[cfg(doc)]\n#[doc = include_str!(\"../EVIDENCE.md\")]\npub mod evidence {{}}\n\n\
         // Every type that the signatures of this crate name, so that programs need no other dependency for them.\n\
         #[rustfmt::skip]\npub use botroster_client::{{\n{EXPORTS}}};\n\
         #[doc(inline)]\n#[rustfmt::skip]\npub use generated::{{client::*,{errors} personal::PERSONAL_FIELDS, platform::{platform}, requests::*, types}};\n"
    ))
}

/// The public names of `botroster-client`: types, then crates.
const EXPORTS: &str = "    BodyStream, Builder, CallFuture, Completeness, Connection, CredentialInfo, CredentialSet, Cursor, Error, ErrorCode,
    ErrorKind, Extra, HttpSend, IncomingResponse, Item, Items, Json, Map, Metadata, Nullable, Number, NumberOrText, Options,
    OutgoingRequest, Page, PageReport, Pages, ParentInfo, PersonalCategory, PersonalField, Platform, PlatformInfo,
    ProvideSecret, RateLimit, RawPages, RawResponse, Rejected, ResolvedSecret, Rows, Runtime, Secret, SecretProviderError,
    SecretSource, SecretSourceError, SecretSourceProblem, SecretSourceWarning, SendError, Settings, StreamInfo, Timestamp,
    Totals, UnknownValue,
    bytes, futures_core, http, serde, serde_json, url,
";

const RETRIES: &str = "Operations marked `read` or `idempotent` are retried on transient failures. A write marked `never` is not retried once the \
     platform may have received it; the error then reports that the outcome is unknown.";

/// Generates the table of operations; `link` returns the target of a call's link.
fn operations(spec: &Spec, link: impl Fn(&Operation) -> String) -> String {
    let mut text =
        "| call | method | path | retry | description |\n|---|---|---|---|---|\n".to_owned();
    for operation in &spec.model.operations {
        let retry = match operation.retry {
            Retry::Read => "read",
            Retry::Idempotent => "idempotent",
            Retry::Never => "never",
        };
        text.push_str(&format!(
            "| [`{}().{}`]({}) | {} | `{}` | {retry} | {} |\n",
            snake(&operation.tag),
            snake(&operation.name),
            link(operation),
            operation.method,
            operation.path,
            operation.summary
        ));
    }
    text
}

/// Returns the location of an operation's method in the sources.
fn source(spec: &Spec, operation: &Operation, files: &[GeneratedFile]) -> String {
    let path = format!("src/generated/client/{}.rs", snake(&operation.tag));
    let file = files.iter().find(|(known, _)| known.ends_with(&path));
    let (handle, method) = (
        naming::handle(&spec.model, operation),
        snake(&operation.name),
    );
    let lines = file.map(|(_, text)| text.lines().enumerate());
    let line = lines.and_then(|mut lines| {
        lines.find(|(_, line)| *line == format!("impl {handle} {{"))?;
        lines.find(|(_, line)| line.trim_start().starts_with(&format!("pub fn {method}(")))
    });
    match line {
        Some((index, _)) => format!("{path}#L{}", index + 1),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use crate::{package, testing};

    #[test]
    fn every_call_links_to_the_line_of_its_method() {
        for spec in testing::all() {
            let files = package::files(&spec).unwrap();
            let text = |path: &str| {
                let mut files = files.iter();
                let found = files.find(|(known, _)| known.ends_with(path));
                found.map(|(_, text)| text.clone()).unwrap()
            };
            let readme = text("/README.md");
            let rows: Vec<&str> = readme
                .lines()
                .filter(|line| line.starts_with("| ["))
                .collect();
            assert_eq!(rows.len(), spec.model.operations.len());
            for row in rows {
                let (name, rest) = row.split_once("`](").unwrap();
                let (link, _) = rest.split_once(')').unwrap();
                let (path, line) = link.split_once("#L").unwrap();
                let line = text(path)
                    .lines()
                    .nth(line.parse::<usize>().unwrap() - 1)
                    .unwrap()
                    .to_owned();
                let method = name.rsplit('.').next().unwrap();
                assert!(line.contains(&format!("pub fn {method}(")), "{row}: {line}");
            }
        }
    }
}
