use std::collections::BTreeSet;

use botroster_spec::{
    Tree, json,
    lint::{check, reports as problems},
    rules,
};

use crate::{cases, run::good};

fn all() -> Vec<(String, Vec<cases::Case>)> {
    cases::all().unwrap()
}

#[test]
fn the_good_spec_is_good() {
    let tree = Tree::parse("good.yaml", &good()).unwrap();
    assert_eq!(problems(&tree), Vec::<String>::new());
}

#[test]
fn codes_of_errors_are_numbers_or_texts() {
    let good = good();
    for code in ["-1", "17", "\"17\"", "too_old"] {
        let text = good.replace("code: 17", &format!("code: {code}"));
        let tree = Tree::parse("good.yaml", &text).unwrap();
        assert_eq!(problems(&tree), Vec::<String>::new(), "{code}");
    }
    for code in ["true", "1.5", "[1]"] {
        let text = good.replace("code: 17", &format!("code: {code}"));
        let tree = Tree::parse("good.yaml", &text).unwrap();
        assert_eq!(check(&tree).len(), 1, "{code}");
    }
}

/// Snapshots of the complete reports.
#[test]
fn every_bad_spec_is_refused_with_its_place_and_the_fix() {
    for (file, cases) in all() {
        let mut text = String::new();
        for case in &cases {
            text.push_str(&format!("# {}\n{}\n\n", case.title, case.reports()));
        }
        insta::assert_snapshot!(file, text);
    }
}

#[test]
fn every_bad_spec_breaks_the_rules_it_says_and_no_other() {
    let mut wrong = String::new();
    for (file, cases) in all() {
        for case in cases {
            let problems = case.problems();
            let found: BTreeSet<&str> = problems.iter().map(|problem| problem.rule.name).collect();
            let wanted: BTreeSet<&str> = case.rules.iter().map(String::as_str).collect();
            if found != wanted {
                let reports = case.reports();
                wrong.push_str(&format!(
                    "{file}: {}: {wanted:?}\n{reports}\n\n",
                    case.title
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_bad_spec_and_a_name_of_its_own() {
    let files = all();
    let shown: BTreeSet<&str> = files
        .iter()
        .flat_map(|(_, cases)| cases)
        .flat_map(|case| case.rules.iter().map(String::as_str))
        .collect();
    let names: Vec<&str> = rules::all().map(|rule| rule.name).collect();
    let table: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(shown, table);
    assert_eq!(names.len(), table.len());
    for rule in rules::all() {
        let words = rule.name.split('-');
        assert!(
            words
                .clone()
                .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())),
            "{}",
            rule.name
        );
        for text in [rule.meaning, rule.why, rule.fix] {
            assert!(
                text.ends_with('.') && !text.contains('\n'),
                "{}: {text}",
                rule.name
            );
        }
    }
}

#[test]
fn titles_of_bad_specs_are_unique() {
    let files = all();
    let mut titles = BTreeSet::new();
    for case in files.iter().flat_map(|(_, cases)| cases) {
        assert!(titles.insert(&case.title), "{}", case.title);
    }
}

#[test]
fn programs_get_json() {
    let text = "openapi: 3.0.3\nx-vocabulary: 1\nx-platfrom: ä\n";
    let tree = Tree::parse("bad.yaml", text).unwrap();
    let found: Vec<_> = check(&tree)
        .iter()
        .map(|problem| json("bad.yaml", problem))
        .collect();
    insta::assert_json_snapshot!("json", found);
}

/// A text that is not a document is a single problem in the same form.
#[test]
fn what_cannot_be_read_is_reported_in_the_same_form() {
    for text in ["a: [", "a:\n\t- b", "", "a: 1\n---\nb: 2", "a: }"] {
        let error = Tree::parse("odd.yaml", text).err().unwrap();
        let report = error.to_string();
        assert!(report.starts_with("error["), "{report}");
        assert!(
            report.contains("odd.yaml:") && report.contains("= help: "),
            "{report}"
        );
    }
}

/// Returns the features of `tests/platforms/probes.md` with their outcomes.
fn probes() -> Vec<(String, String)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/platforms/probes.md"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| {
        let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let (feature, outcome) = row.rsplit_once(" | ")?;
        (feature != "feature").then(|| (feature.to_owned(), outcome.to_owned()))
    });
    rows.collect()
}

/// Returns the spec of the generated features and the names of its operations and schemas.
fn generated_probes() -> (Tree, BTreeSet<String>) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/platforms/specs/probes.yaml"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let tree = Tree::parse("probes.yaml", &text).unwrap();
    let paths = tree.value["paths"].as_object().unwrap().values();
    let operations = paths
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned());
    let schemas = tree.value["components"]["schemas"].as_object().unwrap();
    let names = operations.chain(schemas.keys().cloned()).collect();
    (tree, names)
}

#[test]
fn the_table_of_features_is_true() {
    let files = all();
    let cases: Vec<&cases::Case> = files.iter().flat_map(|(_, cases)| cases).collect();
    let (_, names) = generated_probes();
    let rows = probes();
    assert!(rows.len() > 130, "{}", rows.len());
    for (feature, outcome) in rows {
        if let Some(name) = outcome.strip_prefix("generated: ") {
            assert!(names.contains(name.trim_matches('`')), "{feature}: {name}");
            continue;
        }
        let refused = outcome.strip_prefix("refused by `").unwrap();
        let (rule, title) = refused.split_once("`: ").unwrap();
        let case = cases.iter().find(|case| case.title == title);
        let case = case.unwrap_or_else(|| panic!("{feature}: no bad spec `{title}`"));
        let found = case.problems();
        assert!(
            !found.is_empty() && found.iter().all(|problem| problem.rule.name == rule),
            "{feature}\n{}",
            case.reports()
        );
    }
}

#[test]
fn every_operation_of_the_generated_features_stands_in_the_table() {
    let (tree, names) = generated_probes();
    let outcomes: Vec<String> = probes().into_iter().map(|(_, outcome)| outcome).collect();
    let schemas = |name: &&String| name.starts_with(char::is_uppercase);
    for name in names.iter().filter(|name| !schemas(name)) {
        // An answer whose schema is named instead is enough.
        let is_reader = name.starts_with("read_");
        assert!(
            is_reader || outcomes.contains(&format!("generated: `{name}`")),
            "{name}"
        );
    }
    assert_eq!(problems(&tree), Vec::<String>::new());
}
