//! What stands at the front of a crate: its README, and the head of its documentation.

use crate::{
    errors,
    files::File,
    format::MARK,
    naming, personal_page,
    workspace::{CRATES, PERSONAL_DATA},
};
use botroster_spec::{
    Spec,
    idents::snake,
    model::{Operation, Retry},
};

/// `README.md`. `files` are those with the code, to which it links.
pub(crate) fn readme(spec: &Spec, files: &[File]) -> String {
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
        "{table}\nEach operation links to what is written about it: arguments with their bounds, errors, evidence, and an example that runs.\n\n{RETRIES}\n",
    ));
    let slots = spec.model.slots();
    text.push_str(if slots.is_empty() {
        "\nNo credentials are needed.\n"
    } else {
        "\nCredentials come from your code or from the environment:\n\n| credential | variable |\n|---|---|\n"
    });
    for slot in slots {
        text.push_str(&format!(
            "| `{slot}` | `{}` |\n",
            naming::variable(&spec.model, slot)
        ));
    }
    text.push_str(&format!(
        "\n[EVIDENCE.md](EVIDENCE.md) says which document each part rests on, \
         [personal data]({}#{}) which fields hold data of people.\n",
        personal_data(),
        personal_page::anchor(&spec.model.title)
    ));
    text
}

/// The page on personal data, from the folder of a crate.
fn personal_data() -> String {
    let up: String = CRATES.split('/').map(|_| "../").collect();
    format!("../{up}{PERSONAL_DATA}")
}

/// `lib.rs`.
pub(crate) fn lib(spec: &Spec, banner: &str) -> String {
    let mut docs = format!("Typed client for the {} API.\n\n", spec.model.title);
    if let Some(notice) = &spec.model.notice {
        docs.push_str(notice);
        docs.push_str("\n\n");
    }
    docs.push_str(&spec.model.description);
    docs.push_str("\n\nStart with [`Client::builder`].\n\n");
    docs.push_str(&operations(spec, |operation| {
        format!(
            "{}::{}",
            naming::handle(&spec.model, operation),
            snake(&operation.name)
        )
    }));
    docs.push_str(&format!("\n{RETRIES}\n\n"));
    docs.push_str(
        "Which document each part rests on is told in [`evidence`], which fields hold data of people in [`PERSONAL_FIELDS`].",
    );
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
    format!(
        "{banner}\n\n{docs}\n\
         #[rustfmt::skip]\nmod generated;\n\n\
         /// The documents that each part of the crate is based on, and how well each of them is known.\n///\n#[cfg(doc)]\n#[doc = include_str!(\"../EVIDENCE.md\")]\npub mod evidence {{}}\n\n\
         // Every type that a signature of this crate names, so that a program needs this crate only.\n\
         #[rustfmt::skip]\npub use botroster_client::{{\n{EXPORTS}}};\n\
         #[doc(inline)]\n#[rustfmt::skip]\npub use generated::{{client::*,{errors} personal::PERSONAL_FIELDS, platform::{platform}, requests::*, types}};\n"
    )
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

const RETRIES: &str = "A `read` changes nothing and an `idempotent` write may be repeated: both are tried again when they fail in passing. \
     A write that is `never` repeated may end in an error that says its outcome is unknown.";

/// The table of operations; `link` gives what the call's name leads to.
fn operations(spec: &Spec, link: impl Fn(&Operation) -> String) -> String {
    let mut text =
        "| call | method | path | repeated | what it does |\n|---|---|---|---|---|\n".to_owned();
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

/// Where the documentation of an operation stands in the sources.
fn source(spec: &Spec, operation: &Operation, files: &[File]) -> String {
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
