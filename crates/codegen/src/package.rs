//! The files of one platform's crate.

use anyhow::{Context as _, Result};
use botroster_spec::Spec;

use crate::{
    doctest, evidence_page, example, facade,
    files::File,
    format::{MARK, banner, format},
    json,
    layout::{self, Module},
    naming,
    raw::{self, Raw},
    readme,
    workspace::{CRATES, MODELS},
};

/// The crate of one platform.
pub(crate) fn files(spec: &Spec) -> Result<Vec<File>> {
    let raw = raw::generate(spec)?;
    let banner = banner(spec);
    let root = format!("{CRATES}/{}", spec.model.name);
    let mut files = vec![
        (
            format!("{root}/src/lib.rs"),
            readme::lib(spec, &raw, &banner)?,
        ),
        (format!("{root}/EVIDENCE.md"), evidence(spec)),
    ];
    if let Some(tokens) = example::emit(spec, &raw)? {
        let text = format(&syn::parse2(tokens)?);
        let about = format!(
            "Reads the first list of {} and counts its records.",
            spec.model.title
        );
        files.push((
            format!("{root}/examples/{}_list.rs", spec.model.name),
            format!("{banner}\n//! {about}\n\n{text}"),
        ));
    }
    let modules = layout::modules(spec, &raw).with_context(|| spec.tree.file.clone())?;
    for Module { path, about, code } in modules {
        let text = format(&code);
        files.push((
            format!("{root}/src/generated/{path}.rs"),
            format!("{banner}\n\n//! {about}\n\n{text}"),
        ));
    }
    let path = format!("{MODELS}/examples/{}.json", spec.model.name);
    files.push((path, programs(spec, &raw)?));
    let has_json = files.iter().any(|(_, text)| text.contains("serde_json::"));
    files.push((format!("{root}/Cargo.toml"), cargo_toml(spec, has_json)));
    let front = readme::readme(spec, &files);
    files.push((format!("{root}/README.md"), front));
    Ok(files)
}

/// A program an operation, as JSON, for the sandbox to show.
fn programs(spec: &Spec, raw: &Raw) -> Result<String> {
    let mut programs = serde_json::Map::new();
    for request in facade::requests(spec, raw)? {
        let program = doctest::program(spec, &request)?;
        programs.insert(request.operation.id.clone(), program.into());
    }
    Ok(json::pretty(&programs.into()))
}

fn evidence(spec: &Spec) -> String {
    let page = evidence_page::page(spec);
    format!(
        "<!-- {MARK} from {}. Do not edit: change the spec. -->\n{page}",
        spec.tree.file
    )
}

/// `has_json`: the examples write JSON.
fn cargo_toml(spec: &Spec, has_json: bool) -> String {
    let package = naming::package(&spec.model);
    // JSON's texts are TOML's.
    let about = serde_json::Value::from(format!("Typed client for the {} API.", spec.model.title));
    let json = if has_json {
        "serde_json.workspace = true\n"
    } else {
        ""
    };
    format!(
        "# {MARK} from {}. Do not edit: change the spec.
[package]
name = \"{package}\"
description = {about}
readme = \"README.md\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
categories.workspace = true
keywords.workspace = true

[package.metadata.docs.rs]
# As a user with the default features sees it.
features = [\"rustls\"]

[lints]
workspace = true

[features]
default = [\"rustls\"]
# TLS by rustls with its default provider.
rustls = [\"botroster-client/rustls\"]
# TLS by rustls; install a provider before the first client.
rustls-no-provider = [\"botroster-client/rustls-no-provider\"]
# TLS by the operating system.
native-tls = [\"botroster-client/native-tls\"]

[dependencies]
botroster-client.workspace = true

[dev-dependencies]
# The examples run against it.
botroster-sandbox.workspace = true
{json}tokio = {{ workspace = true, features = [\"macros\", \"rt\"] }}
",
        spec.tree.file
    )
}
