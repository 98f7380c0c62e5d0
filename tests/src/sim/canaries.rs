//! Secrets and people that must not show, and the search for them in everything that shows.

use std::{
    collections::HashSet,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use crate::{clients, leak::Scanner};

/// Personal data of a simulated run, each a text that occurs nowhere by chance.
#[derive(Clone, Debug)]
pub struct Canaries {
    /// Beginning of every record's key.
    pub id: String,
    /// A name with a quote, a backslash and a letter outside ASCII, so that every encoding changes it.
    pub name: String,
    /// The part of an e-mail address before the `@`.
    pub email: String,
    /// Digits of a phone number.
    pub phone: String,
    /// A message's text.
    pub text: String,
    /// The name of a field that no document shows.
    pub field: String,
}

impl Canaries {
    /// Others for each seed.
    pub fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ 0xCA9A_12E5);
        let mut word = |letter: char, length: usize| {
            let rest = (1..length).map(|_| random.alphanumeric());
            std::iter::once(letter).chain(rest).collect::<String>()
        };
        Self {
            id: word('i', 20),
            name: format!("{}\"\\ü{}", word('n', 9), word('N', 9)),
            email: word('e', 20).to_lowercase(),
            text: word('t', 20),
            field: word('f', 20),
            phone: (0..20).map(|_| random.digit(10)).collect(),
        }
    }

    fn all(&self) -> [&str; 6] {
        [
            &self.id,
            &self.name,
            &self.email,
            &self.phone,
            &self.text,
            &self.field,
        ]
    }

    /// Looks for them, and for all credentials.
    pub fn search(&self) -> Search {
        let canaries = self.all().into_iter().chain(clients::SECRETS);
        Search::new(canaries)
    }
}

/// A search in seven encodings: raw, base64, base64url, hexadecimal, percent-encoded, escaped as in JSON, and in another case.
///
/// Whole runs say the same lines again and again; a line that was clean once is not looked at again.
pub struct Search {
    scanner: Scanner,
    escaped: Vec<String>,
    clean: Mutex<HashSet<String>>,
}

impl Search {
    /// For these canaries.
    pub fn new<'a>(canaries: impl Iterator<Item = &'a str> + Clone) -> Self {
        Self {
            scanner: Scanner::new(canaries.clone()),
            escaped: canaries
                .flat_map(json_forms)
                .map(|form| form.to_lowercase())
                .collect(),
            clean: Mutex::default(),
        }
    }

    /// What is in the text of that which must not be.
    pub fn find(&self, text: &str) -> Option<&str> {
        let lower = text.to_lowercase();
        let escaped = self.escaped.iter().find(|form| lower.contains(*form));
        self.scanner.find(text).or(escaped.map(String::as_str))
    }

    /// Fails when something is.
    pub fn assert_clean(&self, what: &str, text: &str) {
        let mut clean = self.clean.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines().filter(|line| line.len() >= 8) {
            if clean.contains(line) {
                continue;
            }
            if let Some(found) = self.find(line) {
                panic!("{what} shows {found}: {line}");
            }
            clean.insert(line.to_owned());
        }
    }
}

/// The text as JSON may write it, where that is another way.
fn json_forms(text: &str) -> Vec<String> {
    let quoted = serde_json::to_string(text).unwrap();
    let every = text.encode_utf16().fold(String::new(), |mut out, unit| {
        write!(out, "\\u{unit:04x}").unwrap();
        out
    });
    let mut ascii = String::new();
    for letter in quoted.trim_matches('"').chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            write!(ascii, "\\u{:04x}", u32::from(letter)).unwrap();
        }
    }
    let mut forms = vec![every];
    for form in [quoted[1..quoted.len() - 1].to_owned(), ascii] {
        if form != text && !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}
