//! Makes `examples/walk.rs` of the examples in the documentation of the clients' operations.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "build script")]

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap();
    let crates = Path::new(&here).join("../crates");
    let manifest = fs::read_to_string(Path::new(&here).join("Cargo.toml")).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let mut names: Vec<String> = fs::read_dir(&crates)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // A platform is called where this package depends on its client.
        .filter(|name| {
            manifest.contains(&format!("botroster-{}.workspace", name.replace('_', "-")))
        })
        .collect();
    names.sort();
    let (mut modules, mut calls) = (String::new(), String::new());
    for platform in names {
        let folder = crates.join(&platform).join("src/generated/client");
        let Ok(files) = fs::read_dir(&folder) else {
            continue;
        };
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let group = file.file_stem().unwrap().to_str().unwrap();
            let text = fs::read_to_string(&file).unwrap();
            for (number, example) in examples(&text).iter().enumerate() {
                let name = format!("{platform}_{group}_{number}");
                writeln!(modules, "mod {name} {{\n{example}}}").unwrap();
                let call = format!("(\"{platform}\", \"{name}\", {name}::main)");
                writeln!(calls, "    {call},").unwrap();
            }
        }
    }
    let text = format!("{modules}\nconst CALLS: &[Example] = &[\n{calls}];\n");
    let out = Path::new(&env::var("OUT_DIR").unwrap()).join("walk.rs");
    fs::write(out, text).unwrap();
}

/// The programs in documentation, with the lines that it hides; what they call is where the walk says.
fn examples(text: &str) -> Vec<String> {
    let (mut found, mut current) = (Vec::new(), None::<String>);
    let documentation = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("///"));
    for line in documentation {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line == "```" {
            match current.take() {
                Some(program) => found.push(program),
                None => current = Some(String::new()),
            }
        } else if let Some(program) = &mut current {
            program.push_str(line.strip_prefix("# ").unwrap_or(line));
            program.push('\n');
        }
    }
    found.retain(|program| program.contains("async fn main"));
    for program in &mut found {
        *program = program
            .replace("async fn main", "pub(super) async fn main")
            .replace("&running.base_url", "crate::by_way_of(&running.name)");
    }
    found
}
