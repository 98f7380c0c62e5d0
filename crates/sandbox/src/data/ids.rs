//! Identifiers that are unique by construction and tell the index they were made from.

use crate::hash::mix;
use botroster_spec::schema::number_or_text;
use serde_json::Value;

/// Created records are numbered from here on; generated ones stay below.
pub(crate) const CREATED_FROM: u64 = 500_000_000;
/// Rows that came by themselves are numbered from here on.
pub(crate) const CHURNED_FROM: u64 = 800_000_000;

const HALF: u32 = 24;
const MASK: u64 = (1 << HALF) - 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IdForm {
    /// As many hexadecimal digits; the last twelve hold the index.
    Hex(usize),
    Uuid,
    /// This number plus the index.
    Integer(u64),
    /// The same, now and then as a text.
    Loose(u64),
}

/// How one stream writes its identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdCode {
    form: IdForm,
    key: u64,
    prefix: String,
    suffix: String,
}

impl IdCode {
    /// Chooses the form that a flat schema allows; `key` tells streams apart.
    pub(crate) fn new(schema: &Value, key: u64) -> Self {
        let number = number_or_text(schema);
        let written = number.unwrap_or(schema);
        let word = |name: &str| written.get(name).and_then(Value::as_str);
        let max = schema
            .get("maxLength")
            .and_then(Value::as_u64)
            .unwrap_or(24);
        let form = match (word("type"), word("format")) {
            (Some("integer" | "number"), Some("int32")) => {
                IdForm::Integer(key % 2 * 1_000_000_000 + 1)
            }
            (Some("integer" | "number"), _) => {
                IdForm::Integer((key % 900_000 + 100_000) * 1_000_000_000)
            }
            (_, Some("uuid")) => IdForm::Uuid,
            _ => IdForm::Hex(usize::try_from(max.clamp(12, 24)).unwrap_or(24)),
        };
        let form = match form {
            IdForm::Integer(base) if number.is_some() => IdForm::Loose(base),
            form => form,
        };
        let tag = format!("{:016x}", mix(key, 1));
        let (prefix, suffix) = match form {
            IdForm::Hex(digits) => (
                tag.get(..digits - 12).unwrap_or_default().to_owned(),
                String::new(),
            ),
            IdForm::Uuid => (uuid_start(&tag), String::new()),
            IdForm::Integer(_) | IdForm::Loose(_) => (String::new(), String::new()),
        };
        Self {
            form,
            key,
            prefix,
            suffix,
        }
    }

    /// The identifier as it stands in a path or a query.
    pub(crate) fn text(&self, index: u64) -> String {
        match self.form {
            IdForm::Integer(base) | IdForm::Loose(base) => (base + index).to_string(),
            IdForm::Hex(_) | IdForm::Uuid => format!(
                "{}{:012x}{}",
                self.prefix,
                scatter(self.key, index),
                self.suffix
            ),
        }
    }

    /// The identifier as it stands in a record.
    pub(crate) fn value(&self, index: u64) -> Value {
        match self.form {
            IdForm::Loose(_) if mix(self.key, index).is_multiple_of(3) => {
                Value::from(self.text(index))
            }
            IdForm::Integer(base) | IdForm::Loose(base) => Value::from(base + index),
            IdForm::Hex(_) | IdForm::Uuid => Value::from(self.text(index)),
        }
    }

    /// The index an identifier was made from; `None` for foreign text.
    pub(crate) fn index(&self, text: &str) -> Option<u64> {
        let index = match self.form {
            IdForm::Integer(base) | IdForm::Loose(base) => {
                text.parse::<u64>().ok()?.checked_sub(base)?
            }
            IdForm::Hex(_) | IdForm::Uuid => {
                let digits = text
                    .strip_prefix(self.prefix.as_str())?
                    .strip_suffix(self.suffix.as_str())?;
                gather(self.key, u64::from_str_radix(digits, 16).ok()?)
            }
        };
        // Signs, upper case and leading zeros would parse too, but are no identifiers of ours.
        (self.text(index) == text).then_some(index)
    }
}

/// The first 24 characters of a version 4 UUID.
fn uuid_start(tag: &str) -> String {
    let part = |range: std::ops::Range<usize>| tag.get(range).unwrap_or_default();
    format!(
        "{}-{}-4{}-a{}-",
        part(0..8),
        part(8..12),
        part(12..15),
        part(0..3)
    )
}

fn round(key: u64, number: u64, half: u64) -> u64 {
    mix(key ^ number.wrapping_mul(0x1_0001), half) & MASK
}

/// A permutation of the numbers below 2^48 (a Feistel network of four rounds).
fn scatter(key: u64, index: u64) -> u64 {
    let (mut left, mut right) = ((index >> HALF) & MASK, index & MASK);
    for number in 0..4 {
        (left, right) = (right, left ^ round(key, number, right));
    }
    (left << HALF) | right
}

fn gather(key: u64, code: u64) -> u64 {
    let (mut left, mut right) = ((code >> HALF) & MASK, code & MASK);
    for number in (0..4).rev() {
        (left, right) = (right ^ round(key, number, left), left);
    }
    (left << HALF) | right
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn codes() -> Vec<IdCode> {
        [
            json!({"type": "string"}),
            json!({"type": "string", "maxLength": 16}),
            json!({"type": "string", "format": "uuid"}),
            json!({"type": "integer"}),
            json!({"type": "integer", "format": "int32"}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        ]
        .iter()
        .map(|schema| IdCode::new(schema, 77))
        .collect()
    }

    #[test]
    fn every_form_tells_its_index() {
        for code in codes() {
            let mut seen = BTreeSet::new();
            for index in (0..2000).chain([999_999, CREATED_FROM, CREATED_FROM + 1]) {
                let text = code.text(index);
                assert_eq!(code.index(&text), Some(index), "{text}");
                assert_eq!(crate::values::text::plain_text(&code.value(index)), text);
                assert!(seen.insert(text));
            }
        }
    }

    #[test]
    fn foreign_text_is_no_identifier() {
        for code in codes() {
            for text in ["", "x", "-1", "+5", "ffffffffffffffffffffffff", "0", "café"] {
                assert_eq!(code.index(text), None, "{text}");
            }
        }
        let one = IdCode::new(&json!({"type": "string"}), 1);
        let two = IdCode::new(&json!({"type": "string"}), 2);
        assert_eq!(two.index(&one.text(3)), None);
        assert_eq!(one.index(&one.text(3).to_uppercase()), None);
    }

    #[test]
    fn a_number_or_text_is_both() {
        let code = codes().pop().unwrap();
        let texts = (0..300).filter(|index| code.value(*index).is_string());
        assert!((50..150).contains(&texts.count()));
    }

    #[test]
    fn lengths_fit() {
        let lengths: Vec<usize> = codes().iter().map(|code| code.text(9).len()).collect();
        assert_eq!(&lengths[..3], [24, 16, 36]);
        assert!(codes()[4].text(CREATED_FROM).parse::<i32>().is_ok());
    }
}
