//! Pointers and names that must lead to something described.

use crate::{
    lint::{
        keys::meant,
        kinds::{Lead, lead},
        report::Report,
    },
    rules,
};

/// Where the pointer at `at` leads in a value of `schema`; tells when it leads nowhere.
pub(super) fn follow(report: &mut Report<'_>, at: &str, schema: &str) -> Option<String> {
    let pointer = report.value(at).as_str()?;
    if !(pointer.is_empty() || pointer.starts_with('/')) {
        return None;
    }
    match lead(report, schema, pointer) {
        Lead::To(found) => Some(found),
        Lead::Open => None,
        Lead::Nowhere(step, known) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            report.add(
                rules::UNKNOWN_PROPERTY,
                at,
                format!("`{pointer}` leads nowhere: there is no `{step}`"),
                meant(&step, &known),
            );
            None
        }
    }
}
