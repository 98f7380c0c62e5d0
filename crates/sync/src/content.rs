//! Fingerprints of records, independent of their formatting. They detect changes and serve as keys of records without an id.

use std::fmt::Write as _;

use botroster_contacts::FieldValue;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::job::WalkArguments;

/// The first half of a SHA-256: long enough that two records of a stream do not collide by chance.
pub(crate) type Fingerprint = [u8; 16];

/// Formats JSON without white space and with sorted members, so that equal values give equal strings.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (index, (key, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(&Value::String(key.clone()), out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => {
            // Writing into a String does not fail.
            let _ = write!(out, "{scalar}");
        }
    }
}

/// Returns the fingerprint of a row. It covers the record and the mapped fields, so that a changed mapping updates rows.
pub(crate) fn of_row(canonical_record: &str, values: &[FieldValue<'_>]) -> Fingerprint {
    let mut hash = Sha256::new();
    part(&mut hash, canonical_record);
    for value in values {
        match value {
            FieldValue::Text(None) | FieldValue::Flag(None) => hash.update([0]),
            FieldValue::Text(Some(text)) => part(&mut hash, text),
            FieldValue::Flag(Some(flag)) => hash.update([1, u8::from(*flag)]),
            FieldValue::Tags(tags) => {
                hash.update(tags.len().to_be_bytes());
                tags.iter().for_each(|tag| part(&mut hash, tag));
            }
            FieldValue::Attributes(attributes) => {
                hash.update(attributes.len().to_be_bytes());
                for (key, value) in *attributes {
                    part(&mut hash, key);
                    part(&mut hash, &canonical(value));
                }
            }
        }
    }
    shortened(hash)
}

/// Returns the fingerprint of a record within a list.
pub(crate) fn of_record(arguments: &WalkArguments, canonical_record: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    for (name, value) in arguments {
        part(&mut hash, name);
        part(&mut hash, value);
    }
    hash.update([0]);
    part(&mut hash, canonical_record);
    shortened(hash)
}

pub(crate) fn hex(fingerprint: &Fingerprint) -> String {
    fingerprint
        .iter()
        .fold(String::with_capacity(32), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Hashes a string with its length, so that different sequences of strings never give the same bytes.
fn part(hash: &mut Sha256, text: &str) {
    hash.update([2]);
    hash.update(text.len().to_be_bytes());
    hash.update(text);
}

fn shortened(hash: Sha256) -> Fingerprint {
    let mut short = Fingerprint::default();
    for (to, from) in short.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn canonical_json_ignores_only_order_and_white_space() {
        let one: Value =
            serde_json::from_str(r#"{ "b": [1, {"y": "\u00e9\n", "x": null}], "a": 1.5 }"#)
                .unwrap();
        let two: Value =
            serde_json::from_str(r#"{"a":1.5,"b":[1,{"x":null,"y":"é\u000a"}]}"#).unwrap();
        assert_eq!(canonical(&one), r#"{"a":1.5,"b":[1,{"x":null,"y":"é\n"}]}"#);
        assert_eq!(canonical(&one), canonical(&two));
        assert_ne!(canonical(&json!([1, 2])), canonical(&json!([2, 1])));
        assert_ne!(canonical(&json!({ "a": null })), canonical(&json!({})));
    }

    #[test]
    fn different_content_has_different_fingerprints() {
        let arguments = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect()
        };
        let keys = [
            of_record(&arguments(&[]), "{}"),
            of_record(&arguments(&[("a", "b")]), "{}"),
            of_record(&arguments(&[("ab", "")]), "{}"),
            of_record(&arguments(&[]), "{} "),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[index + 1..].contains(key), "{index}");
        }
        assert_eq!(keys[0], of_record(&WalkArguments::new(), "{}"));
        assert_eq!(hex(&[0xab; 16]), "ab".repeat(16));
        let rows = [
            of_row("{}", &[FieldValue::Text(None), FieldValue::Text(Some("a"))]),
            of_row("{}", &[FieldValue::Text(Some("a")), FieldValue::Text(None)]),
            of_row("{}", &[FieldValue::Tags(&["a".into()])]),
            of_row("{}", &[FieldValue::Attributes(&[("a".into(), json!(1))])]),
            of_row("{}", &[FieldValue::Attributes(&[("a".into(), json!(2))])]),
        ];
        for (index, row) in rows.iter().enumerate() {
            assert!(!rows[index + 1..].contains(row), "{index}");
        }
    }
}
