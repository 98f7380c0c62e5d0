//! `docs/personal-data.md`: which fields of which platform hold data of people, and where they end up.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::{
    format::MARK,
    personal::{self, Owner, Place},
};
use botroster_spec::Spec;

const HEAD: &str = "\
# Personal data

Every place in what the platforms send and are sent that may hold data of people, by the word `x-personal` of the specs. The table
`PERSONAL_FIELDS` of each client crate is the same for programs.

`Debug` shows none of these places, and neither they nor anything else that was sent or received gets into the text of an error or into a
log. What no spec names may hold anything as well: clients keep such fields, hide them in the same way, and they are not listed here.

**schema** is the schema of the spec, or the operation where a parameter, a body or an answer has no schema of its own. **field** is a
JSON Pointer into it, with `*` for any item of a list and any key of a map and nothing for the whole, or the name of a parameter.
**column** is where `botroster sync` writes it, by `x-maps-to`; the record of a stream is written to `raw` as a whole besides.

| kind | what it is |
|---|---|
| name, email, phone, address, ip | what they say |
| location | where somebody is or lives, their time zone |
| identifier | what identifies a person, or what belongs to one |
| demographic | gender, language and the like |
| url | address of a page or a picture |
| message | what somebody wrote |
| free-form | may hold anything |
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
        text.push_str("\n| schema | field | kind | direction | column |\n|---|---|---|---|---|\n");
        for place in &places {
            text.push_str(&row(place));
        }
    }
    Ok(text)
}

/// The fragment of a platform's heading.
pub(crate) fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn counts(places: &[Place]) -> String {
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
    format!("{} places: {}.", places.len(), counts.join(", "))
}

fn row(place: &Place) -> String {
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
