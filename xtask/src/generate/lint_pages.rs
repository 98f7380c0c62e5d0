//! `docs/lint.md` and one page per chapter: every rule with a spec that violates it and the report.

use std::fs;

use anyhow::{Context as _, Result};

#[path = "../../../crates/spec/tests/lint/cases.rs"]
mod cases;

use botroster_codegen::MARK;
use botroster_spec::rules::{CHAPTERS, LintRule};

use cases::Case;

/// Folder of the chapter pages.
pub(crate) const FOLDER: &str = "docs/lint";

type File = (String, String);

const HEAD: &str = "\
# Lint

The rules for specs, with their reasons. `cargo xtask lint` reports all problems of all specs at once, each with its position, the rule and a fix.
`cargo xtask generate` runs the same checks before it writes anything, and accepts every spec without problems.

```sh
cargo xtask lint                      # all of specs/
cargo xtask lint --json my.yaml       # a JSON array of problems: file, line, column, end, rule, what, fix
cargo xtask lint --rules              # all rules, one per line
cargo xtask lint --explain ref-sibling
```

Each rule has a section with a spec that violates it and the report. `cargo xtask generate` builds these pages from the rules in
`crates/spec/src/rules.rs`, the invalid specs in `crates/spec/tests/lint/specs` and the snapshots of their tests.
";

/// Returns all pages.
///
/// # Errors
/// Returns an error if no case violates a rule, or if a case has no snapshot.
pub(crate) fn pages() -> Result<Vec<File>> {
    let mut shown = Vec::new();
    for (name, cases) in cases::all()? {
        shown.extend(reported(&name, cases)?);
    }
    let mut pages = vec![index()];
    for (title, rules) in CHAPTERS {
        let mut text = format!(
            "<!-- {MARK}. Do not edit. -->\n# {title}\n\nA chapter of the [lint rules](../lint.md).\n"
        );
        for rule in *rules {
            // The first case that violates the fewest other rules and has an excerpt to show.
            let shown = shown
                .iter()
                .filter(|(case, _)| case.rules.iter().any(|name| name == rule.name))
                .min_by_key(|(case, _)| (case.rules.len(), excerpt(case).is_empty()))
                .with_context(|| format!("no invalid spec violates the rule `{}`", rule.name))?;
            text.push_str(&section(rule, shown));
        }
        pages.push((format!("{FOLDER}/{}", file(title)), text));
    }
    Ok(pages)
}

/// Returns the cases of a file with their reports, from the snapshots: checking all specs again would take most of the time of
/// a run.
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
                "{path}: no report for `{}`: run `cargo test -p botroster-spec` and accept the snapshot",
                case.title
            )
        })?;
        let report = rest.split("\n\n# ").next().unwrap_or_default();
        let report = report.trim_end().to_owned();
        Ok((case, report))
    };
    cases.into_iter().map(with_report).collect()
}

/// Returns the index page.
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

fn section(rule: &LintRule, (case, reports): &(Case, String)) -> String {
    let LintRule {
        name,
        meaning,
        why,
        fix,
    } = rule;
    let excerpt = excerpt(case);
    let excerpt = excerpt.trim_end();
    let title = &case.title;
    format!(
        "\n## {name}\n\n{meaning}\n\n*Why:* {why}\n\n*Fix:* {fix}\n\nExample ({title}):\n\n```yaml\n{excerpt}\n```\n\n```text\n{reports}\n```\n"
    )
}

/// Returns the invalid parts of a case.
fn excerpt(case: &Case) -> String {
    let written: Vec<&str> = case.changes().map(|(_, to)| to).collect();
    written.join("\n# …\n")
}
