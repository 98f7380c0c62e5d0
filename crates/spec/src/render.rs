//! Rendering of problems: as text with an excerpt of the source, and as JSON.

use std::{
    io::{IsTerminal as _, stderr},
    ops::Range,
};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

use crate::{
    problem::Problem,
    span::{Position, Span},
};

/// The source file of rendered problems.
pub struct Source<'t> {
    file: &'t str,
    text: &'t str,
    /// Byte offset of each character.
    characters: Vec<usize>,
    /// Byte offset of each line.
    lines: Vec<usize>,
}

impl<'t> Source<'t> {
    /// Prepares a file for reports.
    pub fn new(file: &'t str, text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(place, _)| place + 1);
        Self {
            file,
            text,
            characters: text.char_indices().map(|(place, _)| place).collect(),
            lines: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Renders a problem without colours.
    pub fn plain(&self, problem: &Problem) -> String {
        self.report(&Renderer::plain(), problem)
    }

    /// Renders a problem for standard error: with colours on a terminal, unless `NO_COLOR` is set.
    pub fn for_people(&self, problem: &Problem) -> String {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let renderer = if stderr().is_terminal() && !no_color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        self.report(&renderer, problem)
    }

    fn report(&self, renderer: &Renderer, problem: &Problem) -> String {
        let main = self.bytes(problem.span);
        let also: Vec<(Range<usize>, &str)> = problem
            .also
            .iter()
            .map(|(span, label)| (self.bytes(*span), label.as_str()))
            .collect();
        // Passes only the shown lines: the renderer scans the whole snippet for each problem.
        let spans = || also.iter().map(|(span, _)| span).chain([&main]);
        let first = spans().map(|span| span.start).min().unwrap_or_default();
        let last = spans().map(|span| span.end).max().unwrap_or_default();
        let line = self.lines.partition_point(|start| *start <= first).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let rest = self.text.get(last..).unwrap_or_default();
        let end = last + rest.find('\n').unwrap_or(rest.len());
        let moved = |span: &Range<usize>| span.start - start..span.end - start;
        let snippet = Snippet::source(self.text.get(start..end).unwrap_or_default())
            .line_start(line)
            .path(self.file)
            .annotation(AnnotationKind::Primary.span(moved(&main)))
            .annotations(
                also.iter()
                    .map(|(span, label)| AnnotationKind::Context.span(moved(span)).label(*label)),
            );
        let group = Level::ERROR
            .primary_title(problem.what.as_str())
            .id(problem.rule.name)
            .element(snippet)
            .element(Level::HELP.message(problem.fix.as_str()));
        renderer.render(&[group])
    }

    /// Returns the bytes of a span, cut at the end of its first line, and at least one character unless the line is empty.
    fn bytes(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest
            .split(['\n', '\r'])
            .next()
            .map_or(0, |line| line.trim_end().len());
        let one = rest.chars().next().map_or(0, char::len_utf8).min(line);
        let wanted = self.byte(span.end).saturating_sub(start);
        start..start + wanted.min(line).max(one)
    }

    fn byte(&self, place: Position) -> usize {
        self.characters
            .get(place.index)
            .copied()
            .unwrap_or(self.text.len())
    }
}

/// Returns a problem as JSON: file, line, column, end, rule, what, fix.
pub fn json(file: &str, problem: &Problem) -> Value {
    json!({
        "file": file,
        "line": problem.span.start.line,
        "column": problem.span.start.column,
        "end": { "line": problem.span.end.line, "column": problem.span.end.column },
        "rule": problem.rule.name,
        "what": problem.what,
        "fix": problem.fix,
    })
}
