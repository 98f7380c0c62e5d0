//! `EVIDENCE.md` of a crate: the source of each statement of the spec and its grade.

use std::collections::BTreeMap;

use crate::evidence;
use botroster_spec::{
    Spec,
    idents::snake,
    model::{Evidence, Operation},
};

/// Grades and their meaning, best first.
const GRADES: [(&str, &str); 4] = [
    (
        "documented",
        "Stated in the platform's documentation of this API.",
    ),
    (
        "second-hand",
        "Stated on another page of the platform, or by several sources that agree.",
    ),
    (
        "inferred",
        "Derived from a working client or a sample, or assumed because it is likely.",
    ),
    (
        "reconstructed",
        "Lost from the documentation and reconstructed from another product of the same vendor.",
    ),
];

/// Statements under one heading.
struct Section {
    heading: String,
    rows: Vec<(String, Evidence)>,
}

pub(crate) fn page(spec: &Spec) -> String {
    let mut sections = vec![credentials(spec)];
    sections.extend(spec.model.operations.iter().map(|one| operation(spec, one)));
    sections.extend(schemas(spec));
    sections.retain(|section| !section.rows.is_empty());
    let mut text = format!(
        "# Evidence\n\n\
         The source of each statement about the {} API, with its grade: operations, parameters, responses, errors, schemas and fields.\n\n",
        spec.model.title
    );
    text.push_str(&summary(&sections));
    for section in &sections {
        text.push_str(&format!(
            "\n## {}\n\n| subject | document | grade |\n|---|---|---|\n",
            section.heading
        ));
        for (what, evidence) in &section.rows {
            text.push_str(&format!(
                "| {what} | {} | {} |\n",
                cell(&evidence.from),
                evidence.grade
            ));
        }
    }
    text
}

/// Counts the statements of each grade, in total and by document.
fn summary(sections: &[Section]) -> String {
    let mut documents: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, evidence) in sections.iter().flat_map(|section| &section.rows) {
        let grade = evidence.grade.as_str();
        *all.entry(grade).or_default() += 1;
        let document = documents.entry(&evidence.from).or_default();
        *document.entry(grade).or_default() += 1;
    }
    let used: Vec<_> = GRADES
        .iter()
        .filter(|(grade, _)| all.contains_key(grade))
        .collect();
    let mut text = "| grade | meaning | statements |\n|---|---|---|\n".to_owned();
    for (grade, means) in &used {
        let count = all.get(grade).copied().unwrap_or_default();
        text.push_str(&format!("| {grade} | {means} | {count} |\n"));
    }
    let heads: Vec<&str> = used.iter().map(|(grade, _)| *grade).collect();
    text.push_str(&format!(
        "\n| document | {} |\n|---|{}\n",
        heads.join(" | "),
        "---|".repeat(heads.len())
    ));
    for (document, counts) in documents {
        let counts = heads.iter().map(|grade| {
            let count = counts.get(grade).copied().unwrap_or_default();
            count.to_string()
        });
        let counts: Vec<String> = counts.collect();
        text.push_str(&format!(
            "| {} | {} |\n",
            cell(document),
            counts.join(" | ")
        ));
    }
    text
}

fn section(
    spec: &Spec,
    heading: String,
    places: impl Iterator<Item = (String, String)>,
) -> Section {
    let rows = places.filter_map(|(what, at)| Some((what, evidence::at(spec, &at)?)));
    Section {
        heading,
        rows: rows.collect(),
    }
}

fn credentials(spec: &Spec) -> Section {
    let schemes = spec.tree.entries("/components/securitySchemes");
    let places = schemes
        .into_iter()
        .map(|(name, _, at)| (format!("scheme `{name}`"), at));
    section(spec, "Credentials".to_owned(), places)
}

fn operation(spec: &Spec, operation: &Operation) -> Section {
    let at = &operation.pointer();
    let mut places = vec![(format!("operation `{}`", operation.id), at.clone())];
    for parameter in &operation.parameters {
        let place = evidence::parameter(spec, operation, &parameter.name);
        places.push((format!("parameter `{}`", parameter.name), place));
    }
    if operation.body.is_some() {
        places.push(("body".to_owned(), format!("{at}/requestBody")));
    }
    for (status, _, place) in spec.tree.entries(&format!("{at}/responses")) {
        let kind = if status.starts_with('2') {
            "response"
        } else {
            "error"
        };
        for (name, _, header) in spec.tree.entries(&format!("{place}/headers")) {
            places.push((format!("header `{name}` of {status}"), header));
        }
        places.push((format!("{kind} {status}"), place));
    }
    for failure in evidence::failures(spec, operation) {
        if failure.pointer.contains("/x-errors/") {
            places.push((format!("error {}", failure.label), failure.pointer));
        }
    }
    let heading = format!("`{}().{}`", snake(&operation.tag), snake(&operation.name));
    section(spec, heading, places.into_iter())
}

fn schemas(spec: &Spec) -> Vec<Section> {
    let schemas = spec.tree.entries("/components/schemas");
    let sections = schemas.into_iter().map(|(name, _, at)| {
        let mut places = vec![("schema".to_owned(), at.clone())];
        let fields = spec.tree.entries(&format!("{at}/properties"));
        places.extend(
            fields
                .into_iter()
                .map(|(wire, _, at)| (format!("field `{wire}`"), at)),
        );
        section(spec, format!("`{name}`"), places.into_iter())
    });
    sections.collect()
}

/// Escapes a text for a cell of a Markdown table.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "|<>[]\\`*_".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[test]
    fn every_statement_has_its_document_with_inheritance_resolved() {
        let (spec, _) = testing::everything();
        insta::assert_snapshot!(super::page(&spec));
    }
}
