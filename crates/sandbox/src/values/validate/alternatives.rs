//! `oneOf`.

use super::{Findings, Invalid, Validator};
use serde_json::Value;

impl Validator<'_> {
    /// Returns whether a value matches exactly one alternative.
    pub(super) fn matches_alternatives(
        &self,
        list: &[Value],
        value: &Value,
        at: &str,
        found: &mut Findings,
    ) -> bool {
        let results: Vec<Vec<Invalid>> = list
            .iter()
            .map(|one| {
                let mut own = Findings::default();
                self.value(one, value, at, true, &mut own);
                own.invalid
            })
            .collect();
        let matching = results.iter().filter(|wrong| wrong.is_empty()).count();
        if matching == 0 {
            let of = list.len();
            let closest = closest(list, &results);
            found.add(
                at,
                format!("matches none of the {of} alternatives; the closest is {closest}"),
            );
        } else if matching > 1 {
            let titles: Vec<String> = (0..)
                .zip(list)
                .zip(&results)
                .filter(|(_, wrong)| wrong.is_empty())
                .map(|((number, one), _)| title(one, number))
                .collect();
            let titles = titles.join(", ");
            found.add(
                at,
                format!("matches more than one of the alternatives: {titles}"),
            );
        }
        matching == 1
    }
}

/// The alternative with the fewest problems, and these.
fn closest(list: &[Value], results: &[Vec<Invalid>]) -> String {
    let numbered = (0..).zip(list).zip(results);
    let closest = numbered.min_by_key(|(_, wrong)| wrong.len());
    closest.map_or_else(String::new, |((number, one), wrong)| {
        let reasons: Vec<String> = wrong.iter().map(|one| one.sentence("it")).collect();
        format!("{}: {}", title(one, number), reasons.join("; "))
    })
}

fn title(schema: &Value, number: usize) -> String {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let name = reference.and_then(|reference| reference.rsplit('/').next());
    name.map_or_else(|| format!("number {}", number + 1), str::to_owned)
}
