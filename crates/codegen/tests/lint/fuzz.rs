//! Whatever is written in a spec: lint reports it or the generator generates it; neither fails, hangs or panics.
//!
//! `BOTROSTER_CASES` and `BOTROSTER_SEED` make a campaign of it; `cargo xtask campaign lint` sets them.

mod pieces;
mod texts;
mod trees;

use std::{cell::Cell, fs, path::Path, time::Duration, time::Instant};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner},
};

use botroster_spec::{Source, Tree, json, lint::check};

use crate::generated::generate;

/// No spec takes so long, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Cases by their outcome.
#[derive(Default)]
struct Tally {
    unreadable: Cell<u64>,
    refused: Cell<u64>,
    generated: Cell<u64>,
}

fn count(cell: &Cell<u64>) {
    cell.set(cell.get() + 1);
}

/// The property.
fn judge(tally: &Tally, text: &str) -> Result<(), TestCaseError> {
    if outcome(tally, text)? < PATIENCE {
        return Ok(());
    }
    // Once more: a machine that stood still is no slow spec.
    let again = outcome(&Tally::default(), text)?;
    prop_assert!(again < PATIENCE, "{:?}", again);
    Ok(())
}

/// Checks that the text is reported or generated, and returns how long that takes.
fn outcome(tally: &Tally, text: &str) -> Result<Duration, TestCaseError> {
    let start = Instant::now();
    match Tree::parse("fuzz.yaml", text) {
        Err(unreadable) => {
            prop_assert!(unreadable.to_string().starts_with("error["));
            count(&tally.unreadable);
        }
        Ok(tree) => {
            let problems = check(&tree);
            let source = Source::new("fuzz.yaml", text);
            for problem in &problems {
                let report = source.plain(problem);
                prop_assert!(report.contains("fuzz.yaml:"), "{}", report);
                prop_assert!(!problem.what.is_empty() && !problem.fix.is_empty());
                json("fuzz.yaml", problem);
            }
            if !problems.is_empty() {
                count(&tally.refused);
            } else {
                count(&tally.generated);
                let generated = generate(tree);
                prop_assert!(generated.is_ok(), "{:?}\n{}", generated.err(), text);
                keep(text);
            }
        }
    }
    Ok(start.elapsed())
}

/// Writes what was let through where `BOTROSTER_KEEP` says, to be compiled.
fn keep(text: &str) {
    let Ok(folder) = std::env::var("BOTROSTER_KEEP") else {
        return;
    };
    let name = Path::new(&folder).read_dir().map_or(0, Iterator::count);
    fs::write(Path::new(&folder).join(format!("kept{name}.yaml")), text).unwrap();
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs cases of a strategy, the same for the same seed: a share in the tests, as many as one likes in a campaign.
fn run<S: Strategy>(
    share: u32,
    strategy: &S,
    test: impl Fn(&Tally, S::Value) -> Result<(), TestCaseError>,
) where
    S::Value: std::fmt::Debug,
{
    let seed = number("BOTROSTER_SEED").unwrap_or(1);
    let cases = number("BOTROSTER_CASES").and_then(|cases| cases.try_into().ok());
    let cases = cases.unwrap_or(share);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let tally = Tally::default();
    let result = TestRunner::new_with_rng(config, random).run(strategy, |case| test(&tally, case));
    println!(
        "{cases} cases of seed {seed}: {} unreadable, {} refused, {} generated",
        tally.unreadable.get(),
        tally.refused.get(),
        tally.generated.get()
    );
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => panic!("{why}\n{case:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// The specs that are changed.
fn bases() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bases = vec![
        fs::read_to_string(root.join("../spec/tests/lint/specs/good.yaml")).unwrap(),
        include_str!("../../../../xtask/templates/spec.yaml").replace("PLATFORM", "parley"),
    ];
    for name in ["botpenguin", "chatbot", "mybot", "peki"] {
        let path = root.join(format!("../../specs/{name}.yaml"));
        bases.push(fs::read_to_string(path).unwrap());
    }
    bases
}

#[test]
fn no_text_makes_it_fail() {
    run(100, &texts::changed(bases()), |tally, text| {
        judge(tally, &text)
    });
}

#[test]
fn no_yaml_makes_it_fail() {
    run(300, &texts::arbitrary(), |tally, text| judge(tally, &text));
}

#[test]
fn what_is_let_through_is_generated() {
    run(60, &trees::changed(bases()), |tally, text| {
        judge(tally, &text)
    });
}

/// What once failed, and what is known to break readers of YAML.
#[test]
fn deep_wide_and_odd_texts_are_read_or_refused() {
    let tally = Tally::default();
    let laughs: String = (0..40)
        .map(|n| format!("a{}: &a{} [*a{n}, *a{n}, *a{n}, *a{n}]\n", n + 1, n + 1))
        .collect();
    let wide: String = (0..2_000).map(|n| format!("k{n}: {n}\n")).collect();
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        (0..5_000)
            .map(|n| format!("{}a:\n", " ".repeat(n)))
            .collect(),
        format!("a0: &a0 x\n{laughs}"),
        wide,
        "&a [*a]".into(),
        "a: &a { b: *a }".into(),
        "<<: { a: 1 }".into(),
        "? [a]\n: b".into(),
        "? *a\n: b".into(),
        "*a : b".into(),
        "{a, b: , [c]: d}".into(),
        "\u{feff}openapi: 3.0.3".into(),
        "openapi: 3.0.3\r\nx-vocabulary: 1\rpaths: 1".into(),
        "paths: { /a: { get: 99999999999999999999999999 } }".into(),
        "a: !!binary x".into(),
        "%YAML 1.1\n---\na: 1".into(),
        "a: |\n  b\n c\n".into(),
        "a: \"\\ud800\"".into(),
        "openapi: 3.0.3\npaths: { \"/{a}\": { get: { parameters: [{ name: \"a\" }] } } }".into(),
        "paths: 1".into(),
        "components: { schemas: { A: [x] } }".into(),
    ] {
        judge(&tally, &text).unwrap();
    }
    assert_eq!(tally.generated.get(), 0);
}
