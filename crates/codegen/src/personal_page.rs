//! `docs/personal-data.md`: the fields of each platform that may contain personal data, and the columns they are written to.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    format::MARK,
    personal::{self, Owner, PersonalEntry},
};
use botroster_spec::Spec;

const HEAD: &str = "\
# Personal data

Fields of requests and responses that may contain personal data, as marked with `x-personal` in the specs. In code, each client crate
lists them in `PERSONAL_FIELDS`.

`Debug` hides the values of these fields. No value that was sent or received appears in an error message or a log. Fields that a spec
does not describe may contain personal data too: clients keep them and `Debug` hides them, but they are not listed here.

- **schema**: a schema of the spec, or an operation for parameters and for bodies and responses without a named schema.
- **field**: a JSON Pointer into the schema, or the name of a parameter. `*` stands for any list item or map key; empty means the whole value.
- **column**: the destination of `botroster sync`, from `x-maps-to`. The complete record of a stream is also written to `raw`.

| category | content |
|---|---|
| name, email, phone, address, ip | the value named |
| location | place of residence or current location, time zone |
| identifier | identifies a person or something that belongs to a person |
| demographic | gender, language and similar |
| url | address of a page or picture |
| message | text written by a person |
| free-form | any content |
";

pub(crate) fn page(specs: &[Spec]) -> Result<String> {
    let mut text =
        format!("<!-- {MARK} from specs/*.yaml. Do not edit: change the specs. -->\n{HEAD}");
    for spec in specs {
        let places = personal::places(spec)?;
        text.push_str(&format!(
            "\n## {}\n\n{}\n",
            spec.model.title,
            counts(&places)
        ));
        if places.is_empty() {
            continue;
        }
        text.push_str(
            "\n| schema | field | category | direction | column |\n|---|---|---|---|---|\n",
        );
        for place in &places {
            text.push_str(&row(place));
        }
    }
    Ok(text)
}

/// Returns the URL fragment of a heading, as GitHub derives it.
pub(crate) fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn counts(places: &[PersonalEntry]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for place in places {
        *counts.entry(&place.category).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(category, count)| format!("{category} {count}"))
        .collect();
    if counts.is_empty() {
        return "None.".to_owned();
    }
    format!("{} fields: {}.", places.len(), counts.join(", "))
}

fn row(place: &PersonalEntry) -> String {
    let schema = match &place.owner {
        Owner::Schema(name) => format!("`{name}`"),
        Owner::Operation(id) => format!("operation `{id}`"),
    };
    let field = match place.field.as_str() {
        "" => String::new(),
        field => format!("`{field}`"),
    };
    let way = match (place.sent, place.received) {
        (true, true) => "sent, received",
        (true, false) => "sent",
        _ => "received",
    };
    let columns: Vec<String> = place
        .columns
        .iter()
        .map(|column| format!("`{column}`"))
        .collect();
    format!(
        "| {schema} | {field} | {} | {way} | {} |\n",
        place.category,
        columns.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[test]
    fn places_of_every_shape_are_listed_with_their_columns() {
        let (spec, _) = testing::everything();
        let page = super::page(&[spec]).unwrap();
        let (_, tables) = page.split_once("\n## ").unwrap();
        insta::assert_snapshot!(tables);
    }

    #[test]
    fn anchors_are_those_of_headings() {
        assert_eq!(super::anchor("Parley & Co. 2"), "parley--co-2");
    }
}
