//! Identifiers that are unique by construction and encode the index they were made from.

use crate::hash::mix;
use botroster_spec::schema::number_or_text;
use serde_json::Value;

/// The first index of created records; generated ones are below.
pub(crate) const CREATED_FROM: u64 = 500_000_000;
/// The first index of rows inserted by churn.
pub(crate) const CHURNED_FROM: u64 = 800_000_000;

const HALF: u32 = 24;
const MASK: u64 = (1 << HALF) - 1;

#[derive(Debug, Clone, PartialEq, Eq)]
enum IdForm {
    /// This prefix and twelve hexadecimal digits that encode the index.
    Hex(String),
    /// This number plus the index.
    Integer(u64),
    /// The same, sometimes as a string.
    IntegerOrText(u64),
}

/// The encoding of the identifiers of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdCode {
    form: IdForm,
    key: u64,
}

impl IdCode {
    /// Chooses a form that a flat schema allows; `key` differs by stream.
    pub(crate) fn new(schema: &Value, key: u64) -> Self {
        let number = number_or_text(schema);
        let written = number.unwrap_or(schema);
        let word = |name: &str| written.get(name).and_then(Value::as_str);
        let max = schema.get("maxLength").and_then(Value::as_u64);
        let tag = format!("{:016x}", mix(key, 1));
        let form = match word("type") {
            Some("integer" | "number") => {
                let base = match word("format") {
                    Some("int32") => key % 2 * 1_000_000_000 + 1,
                    _ => (key % 900_000 + 100_000) * 1_000_000_000,
                };
                match number {
                    Some(_) => IdForm::IntegerOrText(base),
                    None => IdForm::Integer(base),
                }
            }
            _ => {
                let digits = usize::try_from(max.unwrap_or(24).clamp(12, 24)).unwrap_or(24);
                IdForm::Hex(tag.get(..digits - 12).unwrap_or_default().to_owned())
            }
        };
        Self { form, key }
    }

    /// The identifier in a path or a query.
    pub(crate) fn text(&self, index: u64) -> String {
        match &self.form {
            IdForm::Integer(base) | IdForm::IntegerOrText(base) => (base + index).to_string(),
            IdForm::Hex(prefix) => format!("{prefix}{:012x}", scatter(self.key, index)),
        }
    }

    /// The identifier in a record.
    pub(crate) fn value(&self, index: u64) -> Value {
        match self.form {
            IdForm::Integer(base) => Value::from(base + index),
            IdForm::IntegerOrText(base) if !mix(self.key, index).is_multiple_of(3) => {
                Value::from(base + index)
            }
            _ => Value::from(self.text(index)),
        }
    }

    /// The index an identifier was made from; `None` for any other text.
    pub(crate) fn index(&self, text: &str) -> Option<u64> {
        let index = match &self.form {
            IdForm::Integer(base) | IdForm::IntegerOrText(base) => {
                text.parse::<u64>().ok()?.checked_sub(*base)?
            }
            IdForm::Hex(prefix) => {
                let digits = text.strip_prefix(prefix.as_str())?;
                gather(self.key, u64::from_str_radix(digits, 16).ok()?)
            }
        };
        // Signs, upper case and leading zeros parse too, but belong to no identifier.
        (self.text(index) == text).then_some(index)
    }
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
        assert_eq!(&lengths[..2], [24, 16]);
        assert!(codes()[3].text(CREATED_FROM).parse::<i32>().is_ok());
    }
}
