//! Texts: specs with changes that know nothing of YAML, and YAML that knows nothing of specs.

use proptest::{prelude::*, sample::Index};

use super::pieces::NAMES;

/// Characters and runs of them that mean something to a reader of YAML.
const SIGNS: &[&str] = &[
    ":",
    ": ",
    "-",
    "- ",
    "?",
    "? ",
    "|\n",
    ">\n",
    "&a ",
    "*a ",
    "!t ",
    "!!int ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    " #",
    "'",
    "\"",
    "\\",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "  ",
    "~",
    "null",
    "---\n",
    "...\n",
    "<<: ",
    "%",
    "@",
    "`",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "1e999",
    "0x7fffffffffffffff",
    "-0",
    ".inf",
    ".nan",
    "9223372036854775808",
    "true",
    "é",
    "名",
];

#[derive(Debug, Clone)]
enum Change {
    Remove(Index),
    Repeat(Index),
    Swap(Index, Index),
    Indent(Index, usize),
    Insert(Index, String),
    Cut(Index),
    Word(Index, String),
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(SIGNS).prop_map(str::to_owned),
        proptest::sample::select(NAMES).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => index().prop_map(Change::Remove),
        2 => index().prop_map(Change::Repeat),
        1 => (index(), index()).prop_map(|(one, other)| Change::Swap(one, other)),
        1 => (index(), 0..9_usize).prop_map(|(line, by)| Change::Indent(line, by)),
        3 => (index(), piece()).prop_map(|(at, text)| Change::Insert(at, text)),
        1 => index().prop_map(Change::Cut),
        3 => (index(), piece()).prop_map(|(at, text)| Change::Word(at, text)),
    ]
}

/// Specs with lines and characters changed.
pub(super) fn changed(bases: Vec<String>) -> impl Strategy<Value = String> {
    // The small ones are most of the cases.
    let base = prop_oneof![
        4 => Just(bases[0].clone()),
        4 => Just(bases[1].clone()),
        1 => proptest::sample::select(bases),
    ];
    (base, prop::collection::vec(change(), 1..4))
        .prop_map(|(base, changes)| changes.iter().fold(base, apply))
}

fn apply(text: String, change: &Change) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return text;
    }
    let count = lines.len();
    match change {
        Change::Remove(at) => {
            lines.remove(at.index(count));
        }
        Change::Repeat(at) => lines.insert(at.index(count), lines[at.index(count)]),
        Change::Swap(one, other) => lines.swap(one.index(count), other.index(count)),
        Change::Indent(at, by) => {
            let at = at.index(count);
            let line = format!("{}{}", " ".repeat(*by), lines[at].trim_start());
            lines[at] = &line;
            return lines.join("\n");
        }
        Change::Cut(at) => lines.truncate(at.index(count)),
        Change::Insert(at, piece) => {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            let (before, after) = text.split_at(places[at.index(places.len())]);
            return format!("{before}{piece}{after}");
        }
        Change::Word(at, piece) => {
            let words: Vec<(usize, &str)> = text
                .split(|c: char| !(c.is_alphanumeric() || "_-/".contains(c)))
                .filter(|word| !word.is_empty())
                .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
                .collect();
            if words.is_empty() {
                return text;
            }
            let (start, word) = words[at.index(words.len())];
            let (before, after) = (&text[..start], &text[start + word.len()..]);
            return format!("{before}{piece}{after}");
        }
    }
    lines.join("\n")
}

/// Words that lead deep into the document.
const KEYS: &[&str] = &[
    "paths",
    "components",
    "schemas",
    "get",
    "post",
    "parameters",
    "responses",
    "200",
    "content",
    "application/json",
    "schema",
    "requestBody",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "$ref",
    "enum",
    "x-stream",
    "x-pagination",
    "x-maps-to",
    "contact",
    "security",
    "securitySchemes",
    "x-signature",
    "x-envelope",
    "x-errors",
    "x-rules",
    "x-csv",
    "/people",
    "/{id}",
    "A",
    "info",
    "servers",
    "tags",
    "name",
    "in",
    "type",
    "required",
    "default",
    "x-scope",
    "at",
];

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Any YAML.
pub(super) fn arbitrary() -> impl Strategy<Value = String> {
    let key = || {
        prop_oneof![
            6 => proptest::sample::select(KEYS).prop_map(str::to_owned),
            3 => proptest::sample::select(NAMES).prop_map(quoted),
            1 => Just("<<".to_owned()),
            1 => Just("404".to_owned()),
        ]
    };
    let leaf = prop_oneof![
        6 => proptest::sample::select(NAMES).prop_map(quoted),
        3 => any::<i128>().prop_map(|number| number.to_string()),
        3 => any::<f64>().prop_map(|number| number.to_string()),
        3 => Just("\"#/components/schemas/A\"".to_owned()),
        3 => proptest::sample::select(&["true", "null", "~", ".inf", "0x7f", "2020-01-01"][..])
            .prop_map(str::to_owned),
        1 => proptest::sample::select(SIGNS).prop_map(|sign| sign.trim().to_owned()),
    ];
    let value = leaf.prop_recursive(9, 60, 6, move |inner| {
        let pairs = prop::collection::vec((key(), inner.clone()), 0..6);
        let mark = proptest::sample::select(vec!["", "", "", "", "", "", "", "", "&a ", "!t "]);
        prop_oneof![
            (mark.clone(), pairs).prop_map(|(mark, pairs)| {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("{key}: {value}"))
                    .collect();
                format!("{mark}{{{}}}", pairs.join(", "))
            }),
            (mark, prop::collection::vec(inner, 0..5))
                .prop_map(|(mark, items)| format!("{mark}[{}]", items.join(", "))),
        ]
    });
    prop::collection::vec((proptest::sample::select(KEYS), value), 0..5).prop_map(|entries| {
        entries
            .iter()
            .map(|(key, value)| format!("{key}: {value}\n"))
            .collect()
    })
}
