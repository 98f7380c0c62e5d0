//! Platforms as modules of one crate, for build scripts.

use anyhow::Result;
use botroster_spec::Spec;

use crate::{example, files::GeneratedFile, format::MARK, json, naming, workspace::CRATES};

/// Returns `platforms.rs` and, for each platform, a folder with its sources and its model.
pub(crate) fn files(
    specs: &[Spec],
    packages: Vec<Vec<GeneratedFile>>,
    crate_name: &str,
) -> Result<Vec<GeneratedFile>> {
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

/// Moves the code of a crate into a module: paths to the crate become paths to the module.
fn moved(spec: &Spec, crate_name: &str, text: &str) -> String {
    let name = &spec.model.name;
    let krate = naming::crate_ident(&spec.model).to_string();
    text.replace("crate::", &format!("crate::{name}::"))
        .replace(&krate, &format!("{crate_name}::{name}"))
        .replace(
            // The sandbox finds only published platforms by name.
            &format!("Sandbox::start_with(SandboxOptions::only(\"{name}\"))"),
            &format!("Sandbox::start_models(SandboxOptions::default(), &[{crate_name}::model(\"{name}\").ok_or(\"no model\")?])"),
        )
}

/// Returns `platforms.rs`: the modules and functions that list them.
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
        if example::operation(spec).is_some() {
            examples.push_str(&format!(
                "#[cfg(test)]\n#[expect(dead_code, reason = \"the example has its own main function\")]\n#[path = \"{name}/examples/{name}_list.rs\"]\nmod {name}_list;\n"
            ));
        }
    }
    text.push_str(&format!(
        "static ALL: &[&dyn botroster_client::Platform] = &[{platforms}];\n
static MODELS: &[(&str, &str)] = &[{models}];

/// Returns all platforms, sorted by name.
pub fn all() -> &'static [&'static dyn botroster_client::Platform] {{
    ALL
}}

/// Returns the platform with this name.
pub fn by_name(name: &str) -> Option<&'static dyn botroster_client::Platform> {{
    ALL.iter().copied().find(|platform| platform.info().name == name)
}}

/// Returns the name and the resolved model of each platform, for `botroster_sandbox::Sandbox::start_models`.
pub fn models() -> &'static [(&'static str, &'static str)] {{
    MODELS
}}

/// Returns the name and the resolved model of the platform with this name.
pub fn model(name: &str) -> Option<(&'static str, &'static str)> {{
    MODELS.iter().copied().find(|(known, _)| *known == name)
}}

// Examples refer to this crate by name. They are compiled, not run.
#[cfg(test)]
extern crate self as {crate_name};
{examples}"
    ));
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{Options, generate, testing};
    use botroster_spec::{Spec, Tree};

    /// The files that `platforms.rs` names and that are not generated.
    fn missing(spec: Spec) -> Vec<String> {
        let files = generate(&[spec], &Options::modules("clients")).unwrap();
        let list = files.get("platforms.rs").unwrap();
        let named = list.split("#[path = \"").skip(1);
        let named = named.map(|rest| rest.split('"').next().unwrap());
        let missing = named.filter(|path| files.get(path).is_none());
        missing.map(str::to_owned).collect()
    }

    #[test]
    fn every_module_has_its_file() {
        for spec in testing::all() {
            assert_eq!(missing(spec), Vec::<String>::new());
        }
    }

    #[test]
    fn a_list_without_a_stream_has_no_example() {
        let text = fs::read_to_string(testing::path(testing::GOOD)).unwrap();
        let mut tree = Tree::parse("good.yaml", &text).unwrap();
        let paths = tree.value["paths"].as_object_mut().unwrap();
        for operation in paths
            .values_mut()
            .flat_map(|path| path.as_object_mut().unwrap().values_mut())
        {
            operation.as_object_mut().unwrap().remove("x-stream");
        }
        let spec = Spec::read(tree).unwrap();
        let mut operations = spec.model.operations.iter();
        assert!(operations.any(|operation| operation.pagination.is_some()));
        assert_eq!(missing(spec), Vec::<String>::new());
    }
}
