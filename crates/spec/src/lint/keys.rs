//! Unknown keys, values of the wrong type and missing keys, checked against the [vocabulary](super::vocabulary).

use serde_json::Value;

use crate::{
    duration,
    lint::{
        report::{Report, problem},
        shape::{Object, Shape},
        vocabulary::ROOT,
    },
    nearest::nearest,
    pointer::escape,
    rules::{self, Rule},
};

pub(super) fn check(report: &mut Report<'_>) {
    report.problems.extend(report.tree.faults.iter().cloned());
    shape(report, "", &Shape::Object(&ROOT));
    characters(report, report.value(""), "");
}

fn shape(report: &mut Report<'_>, at: &str, wanted: &Shape) {
    let value = report.value(at);
    if !wanted.takes(value) {
        // The parser has already reported this value.
        let span = report.tree.span(at);
        if report.tree.faults.iter().any(|fault| fault.span == span) {
            return;
        }
        let found = type_of(value);
        problem!(report, rules::WRONG_TYPE, at;
            "found {found}"; format!("write {}", wanted.name()));
        return;
    }
    match wanted {
        Shape::Any | Shape::Blank | Shape::Truth | Shape::Number => {}
        Shape::Text => {
            if value.as_str().is_some_and(|text| text.trim().is_empty()) {
                problem!(report, rules::EMPTY, at;
                    "the string is empty"; "write a value, or remove the key");
            }
        }
        Shape::Whole(least, most) => {
            if value
                .as_i64()
                .is_none_or(|value| value < *least || value > *most)
            {
                let fix = match *most {
                    i64::MAX => format!("write {least} or a greater number"),
                    most => format!("write a number from {least} to {most}"),
                };
                problem!(report, rules::OUT_OF_RANGE, at; "{value} is out of range"; fix);
            }
        }
        Shape::Pointer => pointer(report, at, value),
        Shape::Duration => duration(report, at, value),
        Shape::Words(words) => word(report, at, value.as_str().unwrap_or_default(), words),
        Shape::List(item) | Shape::Some(item) => {
            let count = value.as_array().map_or(0, Vec::len);
            if count == 0 && matches!(wanted, Shape::Some(_)) {
                problem!(report, rules::EMPTY, at; "the list is empty"; "add at least one entry");
            }
            for index in 0..count {
                shape(report, &format!("{at}/{index}"), item);
            }
        }
        Shape::Map(entry) => {
            for (_, at) in entries(report, at) {
                shape(report, &at, entry);
            }
        }
        Shape::Object(known) => object(report, at, known),
        Shape::Either(shapes) => {
            if let Some(one) = shapes.iter().find(|one| one.takes(value)) {
                shape(report, at, one);
            }
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn object(report: &mut Report<'_>, at: &str, known: &Object) {
    let value = report.value(at);
    let names: Vec<&str> = known.words.iter().map(|word| word.name).collect();
    let mut mistyped = Vec::new();
    for (name, at) in entries(report, at) {
        if let Some(word) = known.words.iter().find(|word| word.name == name) {
            shape(report, &at, word.shape);
            continue;
        }
        if let Some((_, what, fix)) = known.unused.iter().find(|(word, ..)| *word == name) {
            report.add_key(rules::UNUSED_WORD, &at, *what, *fix);
            continue;
        }
        mistyped.extend(nearest(&name, names.iter().copied()));
        unknown(
            report,
            rules::UNKNOWN_WORD,
            &at,
            &format!("unknown key `{name}` in this object"),
            &name,
            &names,
        );
    }
    for word in known.words {
        if let Some(fix) = word.must
            && value.get(word.name).is_none()
            && !mistyped.contains(&word.name)
        {
            report.add(
                rules::MISSING_WORD,
                at,
                format!("`{}` is missing", word.name),
                fix,
            );
        }
    }
}

fn word(report: &mut Report<'_>, at: &str, found: &str, words: &[&str]) {
    if words.contains(&found) {
        return;
    }
    let fix = match nearest(found, words.iter().copied()) {
        Some(near) => format!("write `{near}` instead"),
        None if words.len() == 1 => format!("write `{}` instead", words.concat()),
        None => format!("write one of {} instead", words.join(", ")),
    };
    problem!(report, rules::UNKNOWN_VALUE, at; "unknown value `{found}`"; fix);
}

/// Reports an unknown name, which is the key at `at`.
pub(super) fn unknown(
    report: &mut Report<'_>,
    rule: &'static Rule,
    at: &str,
    what: &str,
    name: &str,
    known: &[&str],
) {
    let fix = meant(name, known);
    report.add_key(rule, at, what, fix);
}

/// Returns the fix for an unknown name.
pub(super) fn meant(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("write `{near}` instead"),
        None if known.is_empty() => "remove it".into(),
        None if known.len() > 12 => "remove it; specs/README.md lists the known keys".into(),
        None => format!("remove it; known here: {}", known.join(", ")),
    }
}

fn pointer(report: &mut Report<'_>, at: &str, value: &Value) {
    let text = value.as_str().unwrap_or_default();
    let escapes = text.split('~').skip(1);
    let is_whole = (text.is_empty() || text.starts_with('/'))
        && escapes.into_iter().all(|rest| rest.starts_with(['0', '1']));
    if !is_whole {
        problem!(report, rules::POINTER_FORM, at;
            "`{text}` is not a valid JSON Pointer";
            format!( "write `/{}` instead", text.trim_start_matches('/').replace('~', "~0") ));
    }
}

fn duration(report: &mut Report<'_>, at: &str, value: &Value) {
    let text = value.as_str().unwrap_or_default();
    let seconds = duration::parse(text).map(|duration| duration.as_secs());
    if seconds.is_none_or(|seconds| seconds == 0 || u32::try_from(seconds).is_err()) {
        problem!(report, rules::DURATION_FORM, at;
            "`{text}` is not a valid duration"; "write a whole number of seconds, such as `60s`");
    }
}

/// Reports invisible characters.
fn characters(report: &mut Report<'_>, value: &Value, at: &str) {
    match value {
        Value::String(text) => character(report, text, at),
        Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                characters(report, item, &format!("{at}/{index}"));
            }
        }
        Value::Object(object) => {
            for (name, item) in object {
                let at = format!("{at}/{}", escape(name));
                character(report, name, &at);
                characters(report, item, &at);
            }
        }
        _ => {}
    }
}

fn character(report: &mut Report<'_>, text: &str, at: &str) {
    let odd = text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    if let Some(odd) = odd {
        report.add(
            rules::CONTROL_CHARACTER,
            at,
            format!("contains the invisible character U+{:04X}", u32::from(odd)),
            "remove it",
        );
    }
}

/// Returns the keys of an object with their pointers.
pub(super) fn entries(report: &Report<'_>, at: &str) -> Vec<(String, String)> {
    match report.value(at) {
        Value::Object(object) => object
            .keys()
            .map(|name| (name.clone(), format!("{at}/{}", escape(name))))
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn list<'t>(report: &Report<'t>, at: &str) -> &'t [Value] {
    report.value(at).as_array().map_or(&[], Vec::as_slice)
}
