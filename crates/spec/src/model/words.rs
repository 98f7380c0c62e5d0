//! Words of the vocabulary that are objects, in the form in which a document writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// When a request may be repeated after a transient failure, `x-retry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Always: it changes nothing.
    Read,
    /// Always: twice is the same as once.
    Idempotent,
    /// Only where it certainly was not carried out.
    Never,
}

/// How a list is read page by page, `x-pagination`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// What a position is.
    pub style: Style,
    /// The parameter or property that holds the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// The parameter or property that holds the size of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The first position, where it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Pointers to the records of a page, the first that exists counts.
    #[serde(deserialize_with = "one_or_many")]
    pub items: Vec<String>,
    /// Pointer into a record to what tells it apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Where the next cursor comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// How the end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// What a page repeats of the request.
    #[serde(default)]
    pub echo: Echo,
    /// How records are sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// What a position in a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// The number of a page.
    Page,
    /// The number of records before it.
    Offset,
    /// A cursor of the platform's.
    Cursor,
    /// There is one page.
    Single,
}

/// The parameter or property that holds a position.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// Where it is sent.
    #[serde(rename = "in")]
    pub carrier: Carrier,
    /// Wire name.
    pub name: String,
}

/// The part of a request that carries a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// The query.
    Query,
    /// The JSON body.
    Body,
}

/// Where the next cursor comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// From this pointer into the page.
    Pointer(String),
    /// From this pointer into the last record of the page.
    LastItem(String),
}

/// How the end of a list is known.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum End {
    /// A page without records ends it.
    Empty(EmptyPage),
    /// Totals say where it ends.
    Totals {
        /// Pointer to the number of pages.
        #[serde(rename = "total-pages", skip_serializing_if = "Option::is_none")]
        total_pages: Option<String>,
        /// Pointer to the number of records.
        #[serde(skip_serializing_if = "Option::is_none")]
        total: Option<String>,
    },
}

/// The word `empty`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyPage {
    /// `empty`.
    Empty,
}

/// What a page repeats of the request that asked for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Echo {
    /// Pointer to the size of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Pointer to its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Pointer to a number of records whose scope the document leaves open.
    pub count: Option<String>,
}

/// Where a response holds what, `x-envelope`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Envelope {
    /// Pointer to the payload; `None` where the whole body or the list is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What is taken out of the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwrap: Option<Unwrap>,
    /// Pointers to the message of a failure, the first that exists counts.
    pub message: Vec<String>,
    /// Pointers to the code of a failure, the first that exists counts.
    pub code: Vec<String>,
    /// Conditions under which a response with status 2xx is a failure.
    pub fail_when: Vec<FailWhen>,
}

/// What is taken out of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unwrap {
    /// The only element of a list.
    First,
}

/// A condition under which a response with status 2xx is a failure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FailWhen {
    /// Pointer to the value that is looked at; an absent one fulfils no condition.
    pub at: String,
    /// What the value must fulfil.
    #[serde(flatten)]
    pub condition: Condition,
}

/// What a value of a response must fulfil.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// It equals this string or boolean; `present` is any value but null.
    Is(Value),
    /// It is a string other than this.
    Not(String),
    /// It is an integer of at least this.
    Min(i64),
}

/// A stream of records that a sync reads, `x-stream`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Name in kebab-case.
    pub name: String,
    /// Pointer into a record to its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Pointer into a record to the time of its last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// Arguments with which the list is asked for.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The stream whose records give the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// Parameters whose values the user has to give.
    #[serde(default)]
    pub seeds: Vec<String>,
    /// How far only changes can be read; for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incremental: Option<String>,
}

/// The stream whose records give the arguments of another.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Name of the stream.
    pub stream: String,
    /// Parameter to pointer into the parent's record.
    pub bind: BTreeMap<String, String>,
}

/// How CSV is read, `x-csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    /// Name of the component that a row is.
    pub row: String,
    /// Column heading to property.
    pub columns: Map<String, Value>,
}

/// What arguments must fulfil together, `x-rules`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// One of these pointers into the body has a value.
    AnyOf(Vec<String>),
    /// These parameters, where set, ascend.
    Less(Vec<String>),
}

/// Which document says something, and how well, `x-evidence`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Name of the document.
    pub from: String,
    /// `documented`, `second-hand`, `inferred` or `reconstructed`.
    pub grade: String,
}

/// What a write does to the records of a stream, `x-effect`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Effect {
    /// The stream.
    pub stream: String,
    /// What is done.
    pub change: Change,
    /// Pointer into the record to what is changed; `""` is the record.
    pub at: String,
}

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Creates a record.
    Create,
    /// Overwrites what is sent.
    Merge,
    /// Overwrites everything.
    Replace,
    /// Adds to a list.
    Add,
    /// Takes out of a list.
    Remove,
    /// Sets one value.
    Set,
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

impl Pagination {
    /// Returns the first pointer to the records of a page.
    pub fn items_at(&self) -> &str {
        self.items.first().map_or("", String::as_str)
    }

    /// Returns the first position: pages count from 1 and offsets from 0 unless the document says otherwise.
    pub fn first(&self) -> u64 {
        self.first.unwrap_or(u64::from(self.style == Style::Page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pagination(word: Value) -> Pagination {
        let read = Pagination::deserialize(word).unwrap();
        // The resolved form reads back to the same.
        let again = Pagination::deserialize(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{again:?}"));
        read
    }

    #[test]
    fn pagination_reads_each_form() {
        let page = pagination(json!({
            "style": "page", "at": {"in": "body", "name": "page"}, "items": ["/conversations", ""], "end": "empty"
        }));
        assert_eq!(
            (page.style, page.items_at()),
            (Style::Page, "/conversations")
        );
        assert_eq!(page.first(), 1);
        assert!(matches!(page.end, Some(End::Empty(_))));
        let cursor = pagination(json!({
            "style": "cursor", "at": {"in": "query", "name": "after"}, "items": "/data", "next": {"last-item": "/id"},
            "end": {"total": "/count"}
        }));
        assert!(matches!(cursor.next, Some(Next::LastItem(_))));
        assert!(matches!(
            cursor.end,
            Some(End::Totals { total: Some(_), .. })
        ));
        assert_eq!(cursor.first(), 0);
    }

    #[test]
    fn a_condition_is_one_of_its_forms() {
        let read = |word: Value| FailWhen::deserialize(word);
        let is = read(json!({"at": "/success", "is": false})).unwrap();
        assert!(matches!(is.condition, Condition::Is(Value::Bool(false))));
        assert!(read(json!({"at": "/success"})).is_err());
    }
}
