//! The x- words of operations, as they stand in a spec.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One value or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

/// Reads a word that may be one value or a list of them.
pub(crate) fn many<T: for<'de> Deserialize<'de>>(
    word: Option<&Value>,
) -> Result<Vec<T>, serde_json::Error> {
    let Some(word) = word else {
        return Ok(Vec::new());
    };
    Ok(match OneOrMany::<T>::deserialize(word)? {
        OneOrMany::Many(values) => values,
        OneOrMany::One(value) => vec![value],
    })
}

fn many_field<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::<String>::deserialize(deserializer)? {
        OneOrMany::Many(values) => values,
        OneOrMany::One(value) => vec![value],
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    Page,
    Offset,
    Cursor,
    Single,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Place {
    #[default]
    Query,
    Body,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct At {
    #[serde(default, rename = "in")]
    pub(crate) place: Place,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Next {
    Pointer(String),
    LastItem(String),
}

/// How a walk knows its end; the word `empty` alone means it sees an empty page.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum End {
    Told {
        #[serde(default, rename = "total-pages")]
        total_pages: Option<String>,
        #[serde(default)]
        total: Option<String>,
    },
    Word(serde::de::IgnoredAny),
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Echo {
    pub(crate) size: Option<String>,
    pub(crate) position: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Pagination {
    pub(crate) style: Style,
    pub(crate) at: Option<At>,
    pub(crate) size: Option<String>,
    pub(crate) first: Option<u64>,
    #[serde(deserialize_with = "many_field")]
    pub(crate) items: Vec<String>,
    pub(crate) key: Option<String>,
    pub(crate) next: Option<Next>,
    pub(crate) end: Option<End>,
    #[serde(default)]
    pub(crate) echo: Echo,
}

impl Pagination {
    /// Where the records of a page are written.
    pub(crate) fn items_at(&self) -> &str {
        self.items.first().map_or("", String::as_str)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FailWhen {
    pub(crate) at: String,
    pub(crate) is: Option<Value>,
    pub(crate) min: Option<i64>,
    pub(crate) not: Option<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Envelope {
    pub(crate) data: Option<String>,
    pub(crate) unwrap: Option<String>,
    #[serde(deserialize_with = "many_field")]
    pub(crate) message: Vec<String>,
    #[serde(deserialize_with = "many_field")]
    pub(crate) code: Vec<String>,
    pub(crate) fail_when: Vec<FailWhen>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PlatformError {
    pub(crate) status: u16,
    pub(crate) code: Value,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) summary: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RateLimit {
    pub(crate) requests: u32,
    pub(crate) per: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Csv {
    pub(crate) row: String,
    /// Headline to property.
    #[serde(default)]
    pub(crate) columns: Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rule {
    AnyOf(Vec<String>),
    Less(Vec<String>),
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Parent {
    pub(crate) stream: String,
    #[serde(default)]
    pub(crate) bind: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StreamWord {
    pub(crate) name: String,
    pub(crate) key: Option<String>,
    pub(crate) updated: Option<String>,
    #[serde(default)]
    pub(crate) with: BTreeMap<String, Value>,
    pub(crate) parent: Option<Parent>,
    #[serde(default)]
    pub(crate) seeds: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Create,
    Merge,
    Replace,
    Add,
    Remove,
    Set,
}

/// What a write does to a record of a stream.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    pub(crate) change: Change,
    pub(crate) stream: String,
    pub(crate) at: String,
}

impl Effect {
    /// Reads the word `x-effect`; `None` when it names no change.
    pub(crate) fn read(word: &Value) -> Option<Self> {
        const CHANGES: [(&str, Change); 6] = [
            ("create", Change::Create),
            ("merge", Change::Merge),
            ("replace", Change::Replace),
            ("add", Change::Add),
            ("remove", Change::Remove),
            ("set", Change::Set),
        ];
        let (change, stream) = CHANGES
            .iter()
            .find_map(|(name, change)| Some((*change, word.get(name)?.as_str()?)))?;
        let at = word.get("at").and_then(Value::as_str).unwrap_or_default();
        Some(Self {
            change,
            stream: stream.to_owned(),
            at: at.to_owned(),
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SignatureWord {
    pub(crate) algorithm: String,
    pub(crate) encoding: String,
    pub(crate) timestamp: String,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    pub(crate) tolerance: Option<String>,
}

/// A duration as specs write it: `300s`, `5m`, `250ms`.
pub(crate) fn duration(text: &str) -> Option<std::time::Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text.get(..split)?.parse().ok()?;
    let millis = match text.get(split..)? {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    Some(std::time::Duration::from_millis(
        number.checked_mul(millis)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("300s"), Some(Duration::from_secs(300)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("5m"), Some(Duration::from_secs(300)));
        assert_eq!(duration("300"), None);
        assert_eq!(duration("s"), None);
    }

    #[test]
    fn pagination_reads_each_form() {
        let page: Pagination = serde_json::from_value(json!({
            "style": "page", "at": {"in": "body", "name": "page"}, "first": 1, "items": ["/conversations", ""], "end": "empty"
        }))
        .unwrap();
        assert_eq!(
            (page.style, page.items_at()),
            (Style::Page, "/conversations")
        );
        assert!(matches!(page.end, Some(End::Word(_))));
        let cursor: Pagination = serde_json::from_value(json!({
            "style": "cursor", "at": {"in": "query", "name": "after"}, "items": "/data", "next": {"last-item": "/id"},
            "end": {"total": "/count"}
        }))
        .unwrap();
        assert!(matches!(cursor.next, Some(Next::LastItem(_))));
        assert!(matches!(cursor.end, Some(End::Told { total: Some(_), .. })));
    }

    #[test]
    fn an_effect_names_its_stream() {
        let effect = Effect::read(&json!({"add": "users", "at": "/segments"})).unwrap();
        assert_eq!(
            (effect.change, effect.stream.as_str(), effect.at.as_str()),
            (Change::Add, "users", "/segments")
        );
        assert!(Effect::read(&json!({"paint": "users"})).is_none());
    }
}
