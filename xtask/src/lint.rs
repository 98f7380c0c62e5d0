//! `cargo xtask lint`: reports the problems of specs, and lists and explains the rules.

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};
use serde_json::Value;

use botroster_spec::{
    Problem, Source, Tree, json,
    lint::check,
    nearest::nearest,
    rules::{self, LintRule},
};

use crate::cargo;

const USAGE: &str = "\
Usage: cargo xtask lint [--json] [file...]
       cargo xtask lint --rules
       cargo xtask lint --explain <rule>";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["--rules"] => {
            print!("{}", list());
            return Ok(());
        }
        ["--explain", name] => {
            print!("{}", explain(name)?);
            return Ok(());
        }
        _ => {}
    }
    let (options, files): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .partition(|argument| argument.starts_with('-'));
    let as_json = match options.as_slice() {
        [] => false,
        ["--json"] => true,
        _ => bail!("{USAGE}"),
    };
    let files = if files.is_empty() {
        specs()?
    } else {
        files.into_iter().map(str::to_owned).collect()
    };
    let mut count = 0;
    let mut found: Vec<Value> = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file)
            .map_err(|error| anyhow::anyhow!("{file} cannot be read: {error}"))?;
        let source = Source::new(file, &text);
        for problem in problems(file, &text) {
            count += 1;
            if as_json {
                found.push(json(file, &problem));
            } else {
                eprintln!("{}\n", source.for_people(&problem));
            }
        }
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    }
    if count > 0 {
        bail!(
            "{count} {} in {} {}",
            if count == 1 { "problem" } else { "problems" },
            files.len(),
            if files.len() == 1 { "spec" } else { "specs" }
        );
    }
    if !as_json {
        println!("{} specs, no problems", files.len());
    }
    Ok(())
}

fn problems(file: &str, text: &str) -> Vec<Problem> {
    match Tree::parse(file, text) {
        Ok(tree) => check(&tree),
        Err(unreadable) => vec![*unreadable.problem],
    }
}

/// Returns all rules, one per line.
fn list() -> String {
    let width = rules::all()
        .map(|rule| rule.name.len())
        .max()
        .unwrap_or_default();
    rules::all()
        .map(|rule| format!("{:width$}  {}\n", rule.name, rule.meaning))
        .collect()
}

/// Returns the meaning, the reason and the fix of a rule.
fn explain(name: &str) -> Result<String> {
    let Some(rule) = rules::by_name(name) else {
        let known: Vec<&str> = rules::all().map(|rule| rule.name).collect();
        match nearest(name, known) {
            Some(near) => bail!("there is no rule `{name}`: did you mean `{near}`?"),
            None => bail!("there is no rule `{name}`: `cargo xtask lint --rules` lists them"),
        }
    };
    let LintRule {
        name,
        meaning,
        why,
        fix,
    } = rule;
    Ok(format!("{name}\n\n{meaning}\n\nWhy: {why}\n\nFix: {fix}\n"))
}

fn specs() -> Result<Vec<String>> {
    let here = std::env::current_dir()?;
    let files = cargo::specs(cargo::root()?)?;
    let shown = |path: &PathBuf| {
        path.strip_prefix(&here)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    Ok(files.iter().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_listed_and_explained() {
        insta::assert_snapshot!("rules", list());
        insta::assert_snapshot!("explain", explain("ref-sibling").unwrap());
        let error = explain("ref-siblings").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no rule `ref-siblings`: did you mean `ref-sibling`?"
        );
        assert!(explain("what").is_err());
    }
}
