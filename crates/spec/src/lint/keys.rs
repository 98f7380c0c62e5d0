//! Unknown keys, values of the wrong type and missing keys, checked against the [vocabulary](super::vocabulary).

use serde_json::Value;

use crate::{
    duration,
    lint::{
        grammar::{WordShape, WordTable},
        report::{Report, known_instead, problem, similar_or},
        vocabulary::ROOT,
    },
    nearest::nearest,
    pointer::child,
    rules,
};

pub(super) fn check(report: &mut Report<'_>) {
    report.problems.extend(report.tree.faults.iter().cloned());
    shape(report, "", &WordShape::Object(&ROOT));
    characters(report, report.value(""), "");
}

fn shape(report: &mut Report<'_>, at: &str, wanted: &WordShape) {
    let value = report.value(at);
    if !wanted.takes(value) {
        // The parser has already reported this value.
        let span = report.tree.span(at);
        if !report.tree.faults.iter().any(|fault| fault.span == span) {
            let (found, wanted) = (type_of(value), wanted.name());
            problem!(report, rules::WRONG_TYPE, at; "found {found}"; "write {wanted}");
        }
        return;
    }
    match wanted {
        WordShape::Any | WordShape::Blank | WordShape::Truth | WordShape::Number => {}
        WordShape::Text => {
            if value.as_str().is_some_and(|text| text.trim().is_empty()) {
                problem!(report, rules::EMPTY, at;
                    "the string is empty"; "write a value, or remove the key");
            }
        }
        WordShape::Whole(least, most) => {
            if !value
                .as_i64()
                .is_some_and(|value| (*least..=*most).contains(&value))
            {
                let fix = match *most {
                    i64::MAX => format!("write {least} or a greater number"),
                    most => format!("write a number from {least} to {most}"),
                };
                problem!(report, rules::OUT_OF_RANGE, at; "{value} is out of range"; fix);
            }
        }
        WordShape::Pointer => pointer(report, at, value),
        WordShape::Duration => duration(report, at, value),
        WordShape::Words(words) => word(report, at, value.as_str().unwrap_or_default(), words),
        WordShape::List(item) | WordShape::NonEmpty(item) => {
            let items = report.items(at);
            if items.is_empty() && matches!(wanted, WordShape::NonEmpty(_)) {
                problem!(report, rules::EMPTY, at; "the list is empty"; "add at least one entry");
            }
            for (_, at) in items {
                shape(report, &at, item);
            }
        }
        WordShape::Map(entry) => {
            for (_, at) in report.entries(at) {
                shape(report, &at, entry);
            }
        }
        WordShape::Object(known) => object(report, at, known),
        WordShape::Either(shapes) => {
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

fn object(report: &mut Report<'_>, at: &str, known: &WordTable) {
    let names: Vec<&str> = known.words.iter().map(|word| word.name).collect();
    let mut mistyped = Vec::new();
    for (name, at) in report.entries(at) {
        if let Some(word) = known.words.iter().find(|word| word.name == name) {
            shape(report, &at, word.shape);
        } else if let Some((_, what, fix)) = known.unsupported.iter().find(|row| row.0 == name) {
            report.add_key(rules::UNUSED_WORD, &at, *what, *fix);
        } else {
            mistyped.extend(nearest(name, names.iter().copied()));
            problem!(report, rules::UNKNOWN_WORD, key &at;
                "unknown key `{name}` in this object"; known_instead(name, &names));
        }
    }
    for word in known.words {
        let name = word.name;
        if let Some(fix) = word.required
            && report.value(at).get(name).is_none()
            && !mistyped.contains(&name)
        {
            problem!(report, rules::MISSING_WORD, at; "`{name}` is missing"; fix);
        }
    }
}

fn word(report: &mut Report<'_>, at: &str, found: &str, words: &[&str]) {
    if !words.contains(&found) {
        let otherwise = match words {
            [one] => format!("write `{one}` instead"),
            _ => format!("write one of {} instead", words.join(", ")),
        };
        problem!(report, rules::UNKNOWN_VALUE, at;
            "unknown value `{found}`"; similar_or(found, words.iter().copied(), &otherwise));
    }
}

fn pointer(report: &mut Report<'_>, at: &str, value: &Value) {
    let text = value.as_str().unwrap_or_default();
    let is_escaped = |rest: &str| rest.starts_with(['0', '1']);
    if !(text.is_empty() || text.starts_with('/')) || !text.split('~').skip(1).all(is_escaped) {
        let better = text.trim_start_matches('/').replace('~', "~0");
        problem!(report, rules::POINTER_FORM, at;
            "`{text}` is not a valid JSON Pointer"; "write `/{better}` instead");
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
        Value::Array(_) => {
            for (item, at) in report.items(at) {
                characters(report, item, &at);
            }
        }
        Value::Object(object) => {
            for (name, item) in object {
                let at = child(at, name);
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
    if let Some(odd) = odd.map(u32::from) {
        problem!(report, rules::CONTROL_CHARACTER, at;
            "contains the invisible character U+{odd:04X}"; "remove it");
    }
}
