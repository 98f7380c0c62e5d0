//! Pointers that must lead to an existing property.

use crate::{
    lint::{
        report::{Report, known_instead, problem},
        schema_kind::{Lead, lead},
    },
    rules,
};

/// Returns the schema that the pointer at `at` leads to within `schema`; reports one that leads nowhere.
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
            problem!(report, rules::UNKNOWN_PROPERTY, at;
                "`{pointer}` leads nowhere: `{step}` does not exist"; known_instead(&step, &known));
            None
        }
    }
}
