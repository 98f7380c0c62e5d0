//! All mutants of a file in one text, each behind a switch: `crate::mutant::on(its number)`.

use std::{cmp::Reverse, collections::HashMap, fmt::Write as _, ops::Range};

use anyhow::{Context as _, Result};
use proc_macro2::LineColumn;
use syn::{
    Arm, BinOp, Expr, ExprBinary, ExprUnary, Pat,
    spanned::Spanned as _,
    visit_mut::{self, VisitMut},
};

use super::list::{Genre, Mutant, Place};

/// A file with its mutants, and where each of them stands in it.
pub(super) struct Woven {
    pub(super) text: String,
    /// The bytes that a switch of this number added, most of a file's in the order of their numbers.
    pub(super) places: Vec<(usize, Range<usize>)>,
    /// Those that no switch can stand for.
    pub(super) left: Vec<usize>,
}

/// What the mutants of one place make of it. The ranges are of the file as it was.
enum Edit {
    /// Values that a function returns instead of running its body.
    Values(Vec<(usize, String)>),
    /// Expressions instead of this one.
    Expressions(Vec<(usize, String)>),
    Guard {
        always: Option<usize>,
        never: Option<usize>,
        /// The arm is deleted.
        gone: Option<usize>,
    },
    /// An arm without a guard is deleted.
    Arm(usize),
}

/// Weaves the numbered mutants of a file into its text.
pub(super) fn weave(text: &str, mutants: &[(usize, &Mutant)]) -> Result<Woven> {
    let lines = Lines::new(text);
    let mut spots = Spots {
        lines: &lines,
        text,
        mutants: HashMap::new(),
        edits: HashMap::new(),
        left: Vec::new(),
    };
    for (number, mutant) in mutants {
        let (start, end) = (lines.place(mutant.span.start), lines.place(mutant.span.end));
        match mutant.genre {
            Genre::FnValue => spots.value(start, *number, mutant),
            Genre::MatchArmGuard => spots.guard(start..end, *number, &mutant.replacement),
            genre => {
                let same = spots.mutants.entry((genre, start)).or_default();
                same.push((*number, mutant.replacement.clone()));
            }
        }
    }
    let mut file = syn::parse_file(text).context("the source does not parse")?;
    spots.visit_file_mut(&mut file);
    let rest = spots.mutants.into_values().flatten();
    let mut left = spots.left;
    left.extend(rest.map(|(number, _)| number));
    let mut edits: Vec<_> = spots.edits.into_iter().collect();
    // What is only inserted stands before what it is inserted at, and what is within something after it.
    edits.sort_by_key(|((start, end, turn), _)| (*start, start != end, Reverse(*end), *turn));
    let mut woven = Woven {
        text: String::new(),
        places: Vec::new(),
        left,
    };
    let mut edits = edits.as_slice();
    render(text, 0..text.len(), &mut edits, &mut woven);
    Ok(woven)
}

/// Where an edit starts and ends, and its turn among those of the same place.
type Key = (usize, usize, u8);

const FIRST: u8 = 0;
const THEN: u8 = 1;

type Edits<'e> = &'e [(Key, Edit)];

/// Writes a range of the text, with the edits that lie in it.
fn render(text: &str, range: Range<usize>, edits: &mut Edits<'_>, woven: &mut Woven) {
    let mut at = range.start;
    while let Some((((start, end, _), edit), rest)) = edits.split_first() {
        if *start >= range.end {
            break;
        }
        *edits = rest;
        woven
            .text
            .push_str(text.get(at..*start).unwrap_or_default());
        at = *end;
        match edit {
            Edit::Values(values) => {
                for (number, value) in values {
                    woven.switch(*number, &format!("{{ return {value}; }} "), "if ", " ");
                }
            }
            Edit::Arm(number) => woven.switch(*number, "", " if !", ""),
            Edit::Expressions(others) => {
                woven.text.push('(');
                for (number, other) in others {
                    woven.switch(*number, &format!("{{ {other} }} else "), "if ", " ");
                }
                woven.text.push_str("{ ");
                render(text, *start..*end, edits, woven);
                woven.text.push_str(" })");
            }
            Edit::Guard {
                always,
                never,
                gone,
            } => {
                woven.text.push('(');
                if let Some(number) = gone {
                    woven.switch(*number, "&& ", "!", " ");
                }
                woven.text.push('(');
                if let Some(number) = always {
                    woven.switch(*number, "|| ", "", " ");
                }
                if let Some(number) = never {
                    woven.switch(*number, "&& ", "!", " ");
                }
                woven.text.push('(');
                render(text, *start..*end, edits, woven);
                woven.text.push_str(")))");
            }
        }
    }
    woven
        .text
        .push_str(text.get(at..range.end).unwrap_or_default());
}

impl Woven {
    fn switch(&mut self, number: usize, then: &str, before: &str, between: &str) {
        let start = self.text.len();
        let _ = write!(
            self.text,
            "{before}crate::mutant::on({number}){between}{then}"
        );
        self.places.push((number, start..self.text.len()));
    }
}

struct Spots<'t> {
    lines: &'t Lines<'t>,
    text: &'t str,
    /// Those of operators and arms, by where they start, until the syntax tree shows them.
    mutants: HashMap<(Genre, usize), Vec<(usize, String)>>,
    edits: HashMap<Key, Edit>,
    left: Vec<usize>,
}

impl Spots<'_> {
    fn value(&mut self, start: usize, number: usize, mutant: &Mutant) {
        // What a caller gets is then another type.
        if mutant
            .function
            .as_ref()
            .is_some_and(|function| function.return_type.contains("impl "))
        {
            self.left.push(number);
            return;
        }
        let value = (number, mutant.replacement.clone());
        match self
            .edits
            .entry((start, start, FIRST))
            .or_insert_with(|| Edit::Values(Vec::new()))
        {
            Edit::Values(values) => values.push(value),
            _ => self.left.push(number),
        }
    }

    fn guard(&mut self, range: Range<usize>, number: usize, replacement: &str) {
        let none = || Edit::Guard {
            always: None,
            never: None,
            gone: None,
        };
        let edit = self
            .edits
            .entry((range.start, range.end, FIRST))
            .or_insert_with(none);
        let Edit::Guard { always, never, .. } = edit else {
            self.left.push(number);
            return;
        };
        *if replacement == "true" { always } else { never } = Some(number);
    }

    fn range(&self, spanned: proc_macro2::Span) -> Range<usize> {
        self.lines.offset(spanned.start())..self.lines.offset(spanned.end())
    }

    /// The mutants of an operator become expressions in place of the whole.
    fn operator(&mut self, genre: Genre, whole: Range<usize>, operator: Range<usize>) {
        let Some(mutants) = self.mutants.remove(&(genre, operator.start)) else {
            return;
        };
        let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        let others = mutants.into_iter().map(|(number, replacement)| {
            let before = part(whole.start..operator.start);
            (
                number,
                format!("{before}{replacement}{}", part(operator.end..whole.end)),
            )
        });
        let edit = Edit::Expressions(others.collect());
        self.edits.insert((whole.start, whole.end, THEN), edit);
    }
}

impl VisitMut for Spots<'_> {
    fn visit_expr_binary_mut(&mut self, binary: &mut ExprBinary) {
        // A chain of `let` has no other operator.
        if !matches!(binary.op, BinOp::And(_)) || !(has_let(&binary.left) || has_let(&binary.right))
        {
            let (whole, operator) = (self.range(binary.span()), self.range(binary.op.span()));
            self.operator(Genre::BinaryOperator, whole, operator);
        }
        visit_mut::visit_expr_binary_mut(self, binary);
    }

    fn visit_expr_unary_mut(&mut self, unary: &mut ExprUnary) {
        let (whole, operator) = (self.range(unary.span()), self.range(unary.op.span()));
        self.operator(Genre::UnaryOperator, whole, operator);
        visit_mut::visit_expr_unary_mut(self, unary);
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let start = self.range(arm.span()).start;
        let mutants = self.mutants.remove(&(Genre::MatchArm, start));
        if let Some((number, _)) = mutants.and_then(|same| same.into_iter().next()) {
            let edit = match &arm.pat {
                Pat::Guard(pattern) => {
                    let range = self.range(pattern.guard.span());
                    let none = || Edit::Guard {
                        always: None,
                        never: None,
                        gone: None,
                    };
                    let edit = self
                        .edits
                        .entry((range.start, range.end, FIRST))
                        .or_insert_with(none);
                    if let Edit::Guard { gone, .. } = edit {
                        *gone = Some(number);
                    }
                    None
                }
                pattern => Some((self.range(pattern.span()).end, Edit::Arm(number))),
            };
            if let Some((end, edit)) = edit {
                self.edits.insert((end, end, FIRST), edit);
            }
        }
        visit_mut::visit_arm_mut(self, arm);
    }
}

/// Whether a condition is a chain with a `let` in it.
fn has_let(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}

/// Where lines start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, starts }
    }

    fn place(&self, place: Place) -> usize {
        self.at(place.line, place.column.saturating_sub(1))
    }

    fn offset(&self, place: LineColumn) -> usize {
        self.at(place.line, place.column)
    }

    fn at(&self, line: usize, characters: usize) -> usize {
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let before = rest
            .char_indices()
            .nth(characters)
            .map_or(rest.len(), |(at, _)| at);
        start + before
    }
}

#[cfg(test)]
mod tests;
