//! `cargo xtask new`: a spec to begin with.

use std::fs;

use anyhow::{Result, bail};

const TEMPLATE: &str = include_str!("../templates/spec.yaml");

pub(crate) fn run(platform: &str) -> Result<()> {
    let is_name = platform.starts_with(|c: char| c.is_ascii_lowercase())
        && platform
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        bail!(
            "`{platform}` cannot name a platform: write lower-case letters, digits and underscores, a letter first"
        );
    }
    let root = crate::cargo::root()?;
    let spec = root.join(format!("specs/{platform}.yaml"));
    let folder = root.join(format!("crates/{platform}"));
    for taken in [&spec, &folder] {
        if taken.exists() {
            bail!("{} is there already", taken.display());
        }
    }
    fs::write(&spec, TEMPLATE.replace("PLATFORM", platform))?;
    println!(
        "specs/{platform}.yaml is written: change it to what the platform's document says, then run `cargo xtask generate`"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use botroster_codegen::{Options, generate};
    use botroster_spec::{Spec, Tree, lint};

    #[test]
    fn the_template_is_a_spec_without_a_fault_and_gives_a_crate() {
        let text = super::TEMPLATE.replace("PLATFORM", "parley");
        let tree = Tree::parse("specs/parley.yaml", &text).unwrap();
        assert_eq!(lint::reports(&tree), Vec::<String>::new());
        let spec = Spec::read(tree).unwrap();
        let files = generate(&[spec], &Options::workspace("0.0.0")).unwrap();
        let names: Vec<&str> = files.iter().map(|(path, _)| path).collect();
        for name in [
            "Cargo.toml",
            "README.md",
            "src/lib.rs",
            "examples/parley_list.rs",
            "src/generated/client.rs",
        ] {
            assert!(
                names.contains(&format!("crates/parley/{name}").as_str()),
                "{name}: {names:?}"
            );
        }
    }
}
