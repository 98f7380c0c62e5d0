//! Which crate may depend on which.

use super::workspace::{Package, Workspace};

/// The crates of the workspace without the prefix `botroster-`, and what each may need when it is built for use.
///
/// `platform` is any crate that is generated from a document in `specs/` or among the invented platforms of the tests, and `contacts`,
/// `sync` and the command name none of them: only `platforms` lists them. Tests, benches and examples, which nothing depends on, may
/// need anything.
const ARROWS: [(&str, &[&str]); 13] = [
    ("spec", &[]),
    ("codegen", &["spec"]),
    ("auth", &[]),
    ("client", &["auth"]),
    ("platform", &["client"]),
    ("platforms", &["client", "platform"]),
    ("contacts", &["client"]),
    ("sync", &["client", "contacts"]),
    ("config", &["spec"]),
    ("sandbox", &["auth", "spec"]),
    (
        "cli",
        &[
            "client",
            "config",
            "contacts",
            "platforms",
            "sandbox",
            "sync",
        ],
    ),
    ("xtask", &["auth", "codegen", "spec"]),
    // The list of the invented platforms.
    ("test-platforms", &["client", "platform"]),
];

/// Packages that nothing may depend on, by their folder.
const LEAVES: [&str; 3] = ["benches", "examples", "tests"];

const TABLE: &str = "ARROWS in xtask/src/tidy/arrows.rs";

pub(super) fn check(workspace: &Workspace) -> Vec<String> {
    let mut problems = Vec::new();
    for package in &workspace.packages {
        let manifest = package.manifest.display();
        let name = role(workspace, package);
        if is_leaf(package) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            problems.push(format!(
                "{manifest}:1: `{}` is not in the table of crates: add it, and what it may depend on, to {TABLE}",
                package.name
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let target = workspace
                .packages
                .iter()
                .find(|package| package.name == dependency.name)
                .map_or(short(&dependency.name), |package| role(workspace, package));
            if !allowed.contains(&target) {
                problems.push(format!(
                    "{manifest}:{}: `{}` may not depend on `{}`, only on {}: move the code to the side of the arrow where it \
                     belongs, or change the architecture and {TABLE}",
                    dependency.line,
                    package.name,
                    dependency.name,
                    list(allowed),
                ));
            }
        }
    }
    problems
}

fn is_leaf(package: &Package) -> bool {
    let folder = package.manifest.parent();
    folder.is_some_and(|folder| {
        LEAVES
            .iter()
            .any(|leaf| folder == std::path::Path::new(leaf))
            || folder.starts_with("examples")
    })
}

/// The name of a crate in the table.
fn role<'w>(workspace: &Workspace, package: &'w Package) -> &'w str {
    let name = short(&package.name);
    let spec = format!("{}.yaml", name.replace('-', "_"));
    let is_platform = ["specs", "tests/platforms/specs"]
        .iter()
        .any(|folder| workspace.root.join(folder).join(&spec).is_file());
    if is_platform { "platform" } else { name }
}

fn short(name: &str) -> &str {
    name.strip_prefix("botroster-").unwrap_or(name)
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        return "no crate of this workspace".into();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
