//! The words whose value is itself an object: evidence, and texts that become documentation.

use serde_json::Value;

use super::Report;

const GRADES: &[&str] = &["documented", "second-hand", "inferred", "reconstructed"];

pub(super) fn check(report: &mut Report<'_>) {
    let root = report.value("");
    walk(report, root, "");
}

fn walk(report: &mut Report<'_>, value: &Value, at: &str) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                let at = format!("{at}/{}", crate::codegen::escape(key));
                match key.as_str() {
                    "x-evidence" => evidence(report, child, &at),
                    "description" | "summary" if child.is_string() => prose(report, child, &at),
                    _ => {}
                }
                walk(report, child, &at);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                walk(report, child, &format!("{at}/{index}"));
            }
        }
        _ => {}
    }
}

fn evidence(report: &mut Report<'_>, value: &Value, at: &str) {
    if value["from"].as_str().is_none_or(str::is_empty) {
        report.add(
            at,
            "evidence without `from`",
            "write which document it is from",
        );
    }
    let grade = value["grade"].as_str().unwrap_or_default();
    if !GRADES.contains(&grade) {
        report.add(
            &format!("{at}/grade"),
            format!("`{grade}` is no grade"),
            format!("write one of {} instead", GRADES.join(", ")),
        );
    }
}

/// Texts are read as Rust documentation.
fn prose(report: &mut Report<'_>, value: &Value, at: &str) {
    let text = value.as_str().unwrap_or_default();
    if text.lines().any(|line| line.starts_with("    ")) || text.contains("```") {
        report.add(
            at,
            "indented code would be run as a test",
            "write it as plain text",
        );
    }
    let outside: String = text.split('`').step_by(2).collect();
    if outside.contains(['<', '>', '[', ']']) || outside.contains("://") {
        report.add(
            at,
            "a bare URL, or one of < > [ ], would be read as a link or a tag",
            "write backquotes around it",
        );
    }
}

/// The known word that a typo was meant to be.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let best = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), *known))
        .min()?;
    (best.0 <= 2.max(word.len() / 4)).then_some(best.1)
}
