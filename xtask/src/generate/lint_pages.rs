//! `docs/lint.md` and a page a chapter beside it: every rule, with a spec that breaks it and the report.

use std::fs;

use anyhow::{Context as _, Result};

#[path = "../../../crates/spec/tests/lint/cases.rs"]
mod cases;

use botroster_codegen::MARK;
use botroster_spec::rules::{CHAPTERS, Rule};

use cases::Case;

/// Where the pages of the chapters are.
pub(crate) const FOLDER: &str = "docs/lint";

type File = (String, String);

const HEAD: &str = "\
# Lint

What a spec must not do, and why. `cargo xtask lint` reports every problem of every spec at once, each with its place, the rule and the fix;
`cargo xtask generate` does so too before it writes anything. What lint lets through, the generator generates.

```sh
cargo xtask lint                      # all of specs/
cargo xtask lint --json my.yaml       # for programs: file, line, column, end, rule, what, fix
cargo xtask lint --rules              # every rule in a line
cargo xtask lint --explain ref-sibling
```

Each rule has a section, with a spec that breaks it and what is reported. The rules stand in `crates/spec/src/rules.rs`, the bad specs in
`crates/spec/tests/lint/specs`, the reports in the snapshots of their tests; these pages are made of all three by `cargo xtask generate`.
";

/// All pages.
///
/// # Errors
/// A rule that no case breaks, or a case that no test has run yet.
pub(crate) fn pages() -> Result<Vec<File>> {
    let mut shown = Vec::new();
    for (name, cases) in cases::all()? {
        shown.extend(reported(&name, cases)?);
    }
    let mut pages = vec![index()];
    for (title, rules) in CHAPTERS {
        let mut text = format!(
            "<!-- {MARK}. Do not edit. -->\n# {title}\n\nOf the [rules of lint](../lint.md).\n"
        );
        for rule in *rules {
            // The first of the purest, which break nothing else, and have something to show.
            let shown = shown
                .iter()
                .filter(|(case, _)| case.rules.iter().any(|name| name == rule.name))
                .min_by_key(|(case, _)| (case.rules.len(), excerpt(case).is_empty()))
                .with_context(|| format!("no bad spec shows the rule `{}`", rule.name))?;
            text.push_str(&section(rule, shown));
        }
        pages.push((format!("{FOLDER}/{}", file(title)), text));
    }
    Ok(pages)
}

/// The cases of a file, each with its reports. They are read from the snapshot that the tests hold lint to: to check so many specs once
/// more would be most of what a run does.
fn reported(name: &str, cases: Vec<Case>) -> Result<Vec<(Case, String)>> {
    let path = format!(
        "{}/../crates/spec/tests/lint/snapshots/lint__tests__{name}.snap",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    let with_report = |case: Case| {
        let head = format!("\n# {}\n", case.title);
        let (_, rest) = text.split_once(&head).with_context(|| {
            format!(
                "{path}: no report of the bad spec `{}`: run the tests of lint and accept it",
                case.title
            )
        })?;
        let report = rest.split("\n\n# ").next().unwrap_or_default();
        let report = report.trim_end().to_owned();
        Ok((case, report))
    };
    cases.into_iter().map(with_report).collect()
}

/// The page that leads to the others.
fn index() -> File {
    let mut text = format!("<!-- {MARK}. Do not edit. -->\n{HEAD}\n");
    for (title, rules) in CHAPTERS {
        let page = format!("lint/{}", file(title));
        let links: Vec<String> = rules
            .iter()
            .map(|rule| format!("[{name}]({page}#{name})", name = rule.name))
            .collect();
        text.push_str(&format!("- [{title}]({page}): {}\n", links.join(" · ")));
    }
    (format!("{FOLDER}.md"), text)
}

fn file(title: &str) -> String {
    format!("{}.md", title.to_lowercase().replace(' ', "-"))
}

fn section(rule: &Rule, (case, reports): &(Case, String)) -> String {
    let Rule {
        name,
        meaning,
        why,
        fix,
    } = rule;
    let excerpt = excerpt(case);
    let excerpt = excerpt.trim_end();
    let title = &case.title;
    format!(
        "\n## {name}\n\n{meaning}\n\n*Why:* {why}\n\n*Fix:* {fix}\n\nFor example {title}:\n\n```yaml\n{excerpt}\n```\n\n```text\n{reports}\n```\n"
    )
}

/// What a case writes in the place of what was good.
fn excerpt(case: &Case) -> String {
    let written: Vec<&str> = case.changes().map(|(_, to)| to).collect();
    written.join("\n# …\n")
}
