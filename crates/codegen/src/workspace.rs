//! Files of a workspace that list all platforms.

use anyhow::Result;
use botroster_spec::Spec;

use crate::{files::GeneratedFile, format::MARK, json, naming, personal_page};

/// Folder of the generated crates, relative to the workspace root.
pub const CRATES: &str = "crates";
/// Folder in [`CRATES`] of the crate that lists all platforms.
pub const LIST: &str = "platforms";
/// Folder of the resolved models that the sandbox embeds, relative to the workspace root.
pub const MODELS: &str = "crates/sandbox/src/generated";
/// Path of the page on personal data, relative to the workspace root.
pub const PERSONAL_DATA: &str = "docs/personal-data.md";

const ABOUT: &str = "The list of all platforms that botroster has a client for.";

/// Returns the crate that lists all platforms, the sandbox's models and the page on personal data.
///
/// The list depends on the clients by path, so that a new platform needs no entry in the workspace manifest.
pub(crate) fn files(specs: &[Spec], version: &str) -> Result<Vec<GeneratedFile>> {
    let dependencies: String = specs
        .iter()
        .map(|spec| {
            let (name, package) = (&spec.model.name, naming::package(&spec.model));
            format!("{package} = {{ path = \"../{name}\", version = \"{version}\", default-features = false }}\n")
        })
        .collect();
    let feature = |name: &str| {
        let list: Vec<String> = specs
            .iter()
            .map(|spec| format!("    \"{}/{name}\",\n", naming::package(&spec.model)))
            .collect();
        format!(
            "{name} = [\n    \"botroster-client/{name}\",\n{}]\n",
            list.concat()
        )
    };
    let cargo = format!(
        "# {MARK}. Do not edit.
[package]
name = \"botroster-platforms\"
description = \"{ABOUT}\"
readme = \"README.md\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true

[package.metadata.docs.rs]
features = [\"rustls\"]

[lints]
workspace = true

[features]
default = [\"rustls\"]
{}{}{}
[dependencies]
botroster-client.workspace = true
{dependencies}",
        feature("rustls"),
        feature("rustls-no-provider"),
        feature("native-tls"),
    );
    let entries: String = specs
        .iter()
        .map(|spec| {
            let (krate, platform) = (
                naming::crate_ident(&spec.model),
                naming::platform(&spec.model),
            );
            format!("\n    &{krate}::{platform},")
        })
        .collect();
    let end = if specs.is_empty() { "" } else { "\n" };
    let lib = format!(
        "// {MARK}. Do not edit.

#![doc = include_str!(\"../README.md\")]

use botroster_client::Platform;

static ALL: &[&dyn Platform] = &[{entries}{end}];

/// Returns all platforms, sorted by name.
pub fn all() -> &'static [&'static dyn Platform] {{
    ALL
}}

/// Returns the platform with this name, as spelled in configuration files.
pub fn by_name(name: &str) -> Option<&'static dyn Platform> {{
    ALL.iter()
        .copied()
        .find(|platform| platform.info().name == name)
}}
"
    );
    let mut files = vec![
        (format!("{CRATES}/{LIST}/Cargo.toml"), cargo),
        (format!("{CRATES}/{LIST}/README.md"), readme(specs)),
        (format!("{CRATES}/{LIST}/src/lib.rs"), lib),
        (PERSONAL_DATA.to_owned(), personal_page::page(specs)?),
    ];
    files.extend(models(specs)?);
    Ok(files)
}

/// Returns the README of the list, which is also its documentation.
fn readme(specs: &[Spec]) -> String {
    let rows: String = specs
        .iter()
        .map(|spec| {
            let model = &spec.model;
            let package = naming::package(model);
            format!("| {} | `{}` | `{package}` |\n", model.title, model.name)
        })
        .collect();
    format!(
        "<!-- {MARK}. Do not edit. -->
# botroster-platforms

{ABOUT} It is for programs that handle all platforms alike, such as `botroster sync`. A program
that uses one platform depends on the crate of that platform instead.

| platform | name | crate |
|---|---|---|
{rows}
```rust
for platform in botroster_platforms::all() {{
    let info = platform.info();
    println!(\"{{}}: {{}} streams\", info.title, info.streams.len());
}}
```

Each platform is a `botroster_client::Platform`, which describes its streams, credentials and scope, and connects to it.
"
    )
}

/// Returns the models that the sandbox embeds and the module that includes them.
fn models(specs: &[Spec]) -> Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    let (mut list, mut examples) = (String::new(), String::new());
    for spec in specs {
        let name = &spec.model.name;
        examples.push_str(&format!(
            "    (\"{name}\", include_str!(\"generated/examples/{name}.json\")),\n"
        ));
        files.push((format!("{MODELS}/{name}.json"), json::model(&spec.model)?));
        list.push_str(&format!(
            "    (\"{name}\", include_str!(\"generated/{name}.json\")),\n"
        ));
    }
    let module = format!(
        "// {MARK}. Do not edit.\n\n//! Resolved models and example programs of all platforms, as JSON.\n\n/// Name and model of each platform.\npub(crate) static MODELS: &[(&str, &str)] = &[\n{list}];\n"
    );
    let examples = format!(
        "\n/// Name and example programs of each platform.\npub(crate) static EXAMPLES: &[(&str, &str)] = &[\n{examples}];\n"
    );
    files.push((format!("{MODELS}.rs"), module + &examples));
    Ok(files)
}
