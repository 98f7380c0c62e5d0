//! The files of one platform's crate.

use anyhow::{Context as _, Result};
use botroster_spec::Spec;

use crate::{
    doctest, evidence_page, example, facade,
    files::GeneratedFile,
    format::{MARK, banner, format},
    json,
    layout::{self, GeneratedModule},
    naming,
    raw::{self, Raw},
    readme,
    workspace::{CRATES, MODELS},
};

/// Returns the files of a platform's crate and its example programs for the sandbox.
pub(crate) fn files(spec: &Spec) -> Result<Vec<GeneratedFile>> {
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
            "Reads a list from {} and counts its records.",
            spec.model.title
        );
        files.push((
            format!("{root}/examples/{}_list.rs", spec.model.name),
            format!("{banner}\n//! {about}\n\n{text}"),
        ));
    }
    let modules = layout::modules(spec, &raw).with_context(|| spec.tree.file.clone())?;
    for GeneratedModule { path, about, code } in modules {
        let text = format(&code);
        files.push((
            format!("{root}/src/{path}.rs"),
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

/// Returns an example program for each operation, as JSON.
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

/// `has_json`: the examples use `serde_json`.
fn cargo_toml(spec: &Spec, has_json: bool) -> String {
    let package = naming::package(&spec.model);
    // JSON strings are valid TOML strings.
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
# Documentation shows the default features.
features = [\"rustls\"]

[lints]
workspace = true

[features]
default = [\"rustls\"]
# TLS with rustls and its default crypto provider.
rustls = [\"botroster-client/rustls\"]
# TLS with rustls; the program installs a crypto provider.
rustls-no-provider = [\"botroster-client/rustls-no-provider\"]
# TLS of the operating system.
native-tls = [\"botroster-client/native-tls\"]

[dependencies]
botroster-client.workspace = true

[dev-dependencies]
# Examples run against the sandbox.
botroster-sandbox.workspace = true
{json}tokio = {{ workspace = true, features = [\"macros\", \"rt\"] }}
",
        spec.tree.file
    )
}
