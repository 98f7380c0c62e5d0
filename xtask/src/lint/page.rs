//! `docs/lint.md`: every rule, with a spec that breaks it and the report.

use anyhow::{Context as _, Result};

use super::{
    cases,
    rules::{CHAPTERS, Rule},
};

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

The rules stand in `xtask/src/lint/rules.rs`, the bad specs in `xtask/tests/lint`; this page is made of both by `cargo xtask generate`.
";

/// The path of the page, and its text.
pub(crate) fn page() -> Result<(String, String)> {
    let files = cases::all()?;
    let cases: Vec<&cases::Case> = files.iter().flat_map(|(_, cases)| cases).collect();
    let mut text = format!("<!-- {}. Do not edit. -->\n{HEAD}\n", crate::codegen::MARK);
    for (title, rules) in CHAPTERS {
        let links: Vec<String> = rules
            .iter()
            .map(|rule| format!("[{name}](#{name})", name = rule.name))
            .collect();
        text.push_str(&format!("- {title}: {}\n", links.join(" · ")));
    }
    for (title, rules) in CHAPTERS {
        text.push_str(&format!("\n## {title}\n"));
        for rule in *rules {
            // The purest, which breaks nothing else, and the shortest of those.
            let shown = cases
                .iter()
                .filter(|case| case.rules.iter().any(|name| name == rule.name))
                .min_by_key(|case| (case.rules.len(), case.reports().len()))
                .with_context(|| format!("no bad spec shows the rule `{}`", rule.name))?;
            text.push_str(&section(rule, shown));
        }
    }
    Ok(("docs/lint.md".into(), text))
}

fn section(rule: &Rule, case: &cases::Case) -> String {
    let Rule {
        name,
        meaning,
        why,
        fix,
    } = rule;
    let excerpt = case.excerpt.trim_end();
    let (title, reports) = (&case.title, case.reports());
    format!(
        "\n### {name}\n\n{meaning}\n\n*Why:* {why}\n\n*Fix:* {fix}\n\nFor example {title}:\n\n```yaml\n{excerpt}\n```\n\n```text\n{reports}\n```\n"
    )
}
