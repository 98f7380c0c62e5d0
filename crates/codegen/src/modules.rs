//! Platforms as modules of one crate, for a build script.

use anyhow::Result;
use botroster_spec::Spec;

use crate::{files::File, format::MARK, json, naming, workspace::CRATES};

/// The files below `OUT_DIR`: `platforms.rs`, and a folder for each platform with the sources of its crate and its model.
pub(crate) fn files(
    specs: &[Spec],
    packages: Vec<Vec<File>>,
    crate_name: &str,
) -> Result<Vec<File>> {
    let mut files = vec![("platforms.rs".to_owned(), list(specs, crate_name))];
    for (spec, package) in specs.iter().zip(packages) {
        let name = &spec.model.name;
        let root = format!("{CRATES}/");
        let sources = package.into_iter().filter_map(|(path, text)| {
            let path = path.strip_prefix(&root)?.to_owned();
            let is_source = path.ends_with(".rs") || path.ends_with("EVIDENCE.md");
            is_source.then(|| (path, moved(spec, crate_name, &text)))
        });
        files.extend(sources);
        files.push((format!("{name}/model.json"), json::model(&spec.model)?));
    }
    Ok(files)
}

/// The code of a crate as that of a module: the texts that name the crate name the module instead.
fn moved(spec: &Spec, crate_name: &str, text: &str) -> String {
    let name = &spec.model.name;
    let krate = naming::crate_ident(&spec.model).to_string();
    text.replace("crate::", &format!("crate::{name}::"))
        .replace(&krate, &format!("{crate_name}::{name}"))
        .replace(
            // The sandbox knows published platforms by their names alone.
            &format!("Sandbox::start_with(SandboxOptions::only(\"{name}\"))"),
            &format!("Sandbox::start_models(SandboxOptions::default(), &[{crate_name}::model(\"{name}\").ok_or(\"no model\")?])"),
        )
}

/// The modules, and lists of them.
fn list(specs: &[Spec], crate_name: &str) -> String {
    let mut text = format!("// {MARK}. Do not edit.\n\n");
    let (mut platforms, mut models, mut examples) = (String::new(), String::new(), String::new());
    for spec in specs {
        let name = &spec.model.name;
        text.push_str(&format!(
            "#[path = \"{name}/src/lib.rs\"]\npub mod {name};\n\n"
        ));
        platforms.push_str(&format!("&{name}::{}, ", naming::platform(&spec.model)));
        models.push_str(&format!(
            "(\"{name}\", include_str!(concat!(env!(\"OUT_DIR\"), \"/{name}/model.json\"))), "
        ));
        if spec
            .model
            .operations
            .iter()
            .any(|operation| operation.pagination.is_some())
        {
            examples.push_str(&format!(
                "#[cfg(test)]\n#[expect(dead_code, reason = \"an example is a program of its own\")]\n#[path = \"{name}/examples/{name}_list.rs\"]\nmod {name}_list;\n"
            ));
        }
    }
    text.push_str(&format!(
        "static ALL: &[&dyn botroster_client::Platform] = &[{platforms}];\n
static MODELS: &[(&str, &str)] = &[{models}];

/// All platforms, by name.
pub fn all() -> &'static [&'static dyn botroster_client::Platform] {{
    ALL
}}

/// The platform of this name.
pub fn by_name(name: &str) -> Option<&'static dyn botroster_client::Platform> {{
    ALL.iter().copied().find(|platform| platform.info().name == name)
}}

/// Name and model of every platform, as a sandbox takes them.
pub fn models() -> &'static [(&'static str, &'static str)] {{
    MODELS
}}

/// Name and model of one platform.
pub fn model(name: &str) -> Option<(&'static str, &'static str)> {{
    MODELS.iter().copied().find(|(known, _)| *known == name)
}}

// The examples of the crates, which name this one, are compiled and not run.
#[cfg(test)]
extern crate self as {crate_name};
{examples}"
    ));
    text
}
