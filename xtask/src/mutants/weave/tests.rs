use super::*;
use crate::mutants::list::{Function, Span};

fn place(text: &str, at: usize) -> Place {
    let before = &text[..at];
    let column = before.rsplit('\n').next().unwrap().chars().count();
    Place {
        line: before.matches('\n').count() + 1,
        column: column + 1,
    }
}

/// A mutant of the first place where this stands.
fn mutant(text: &str, genre: Genre, of: &str, replacement: &str) -> Mutant {
    let start = text.find(of).unwrap();
    Mutant {
        name: replacement.to_owned(),
        file: "lib.rs".to_owned(),
        genre,
        replacement: replacement.to_owned(),
        span: Span {
            start: place(text, start),
            end: place(text, start + of.len()),
        },
        function: Some(Function {
            return_type: "-> u8".to_owned(),
        }),
    }
}

fn woven(text: &str, mutants: &[Mutant]) -> Woven {
    let numbered: Vec<_> = mutants.iter().enumerate().collect();
    weave(text, &numbered).unwrap()
}

#[test]
fn each_genre_gets_its_switch() {
    use Genre::{BinaryOperator, FnValue, MatchArm, MatchArmGuard, UnaryOperator};
    for (text, mutants, expected) in [
        (
            "fn f() -> u8 { work() }",
            vec![(FnValue, "work()", "0"), (FnValue, "work()", "1")],
            "fn f() -> u8 { if crate::mutant::on(0) { return 0; } if crate::mutant::on(1) { return 1; } work() }",
        ),
        (
            "fn f() { let é = a + b; }",
            vec![(BinaryOperator, "+", "-"), (BinaryOperator, "+", "*")],
            "fn f() { let é = (if crate::mutant::on(0) { a - b } else if crate::mutant::on(1) { a * b } else { a + b }); }",
        ),
        (
            "fn f() { let c = a + b > 0; }",
            vec![(BinaryOperator, "+", "-"), (BinaryOperator, ">", "<")],
            "fn f() { let c = (if crate::mutant::on(1) { a + b < 0 } else { (if crate::mutant::on(0) { a - b } else { a + b }) > 0 }); }",
        ),
        (
            "fn f() { g(!a); }",
            vec![(UnaryOperator, "!", "")],
            "fn f() { g((if crate::mutant::on(0) { a } else { !a })); }",
        ),
        (
            "fn f() { match a { A => 1, _ => 2 } }",
            vec![(MatchArm, "A => 1", "")],
            "fn f() { match a { A if !crate::mutant::on(0) => 1, _ => 2 } }",
        ),
        (
            "fn f() { match a { A if x == y => 1, _ => 2 } }",
            vec![
                (MatchArmGuard, "x == y", "true"),
                (MatchArmGuard, "x == y", "false"),
                (BinaryOperator, "==", "!="),
                (MatchArm, "A if", ""),
            ],
            "fn f() { match a { A if (!crate::mutant::on(3) && (crate::mutant::on(0) || !crate::mutant::on(1) && \
             ((if crate::mutant::on(2) { x != y } else { x == y })))) => 1, _ => 2 } }",
        ),
    ] {
        let mutants: Vec<_> = mutants
            .into_iter()
            .map(|(genre, of, replacement)| mutant(text, genre, of, replacement))
            .collect();
        let woven = woven(text, &mutants);
        assert_eq!(woven.text, expected);
        assert_eq!(woven.left, [0; 0]);
        syn::parse_file(&woven.text).unwrap();
        for (number, range) in &woven.places {
            let switch = format!("crate::mutant::on({number})");
            assert!(woven.text[range.clone()].contains(&switch), "{number}");
        }
    }
}

#[test]
fn what_no_switch_can_stand_for_is_left() {
    let chain = "fn f() { if a && let Some(b) = c { g() } }";
    let or = mutant(chain, Genre::BinaryOperator, "&&", "||");
    assert_eq!(woven(chain, std::slice::from_ref(&or)).left, [0]);
    let text = "fn f() -> impl Iterator { work() }";
    let mut value = mutant(text, Genre::FnValue, "work()", "empty()");
    value.function = Some(Function {
        return_type: "-> impl Iterator".to_owned(),
    });
    let left = woven(text, &[value]);
    assert_eq!((left.left, left.text), (vec![0], text.to_owned()));
    let unknown = mutant(text, Genre::Other, "work", "");
    assert_eq!(woven(text, &[unknown]).left, [0]);
}
