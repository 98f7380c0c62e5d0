//! Extensions with object values, in the form in which a document writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// When a request may be repeated after a transient failure, `x-retry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Always: it has no side effects.
    Read,
    /// Always: repeating it has no further effect.
    Idempotent,
    /// Only if it was certainly not executed.
    Never,
}

/// Pagination of a list, `x-pagination`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pagination {
    /// The kind of position.
    pub style: Style,
    /// The parameter or property that holds the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// The parameter or property that holds the size of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The first position, if it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Pointers to the records of a page; the first one that exists is used.
    #[serde(deserialize_with = "one_or_many")]
    pub items: Vec<String>,
    /// Pointer to the key of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Source of the next cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// How the end is detected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Request values that a page repeats.
    #[serde(default)]
    pub echo: Echo,
    /// Order of the records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// The kind of position in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A page number.
    Page,
    /// The number of preceding records.
    Offset,
    /// An opaque cursor from the platform.
    Cursor,
    /// There is one page.
    Single,
}

/// The parameter or property that holds a position.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// Part of the request that carries it.
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

/// Source of the next cursor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// The value at this pointer into the page.
    Pointer(String),
    /// The value at this pointer into the last record of the page.
    LastItem(String),
}

/// How the end of a list is detected.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum End {
    /// A page without records ends it.
    Empty(EmptyPage),
    /// Totals determine the end.
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

/// Values of the request that its page repeats.
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

/// Pointers to the parts of a response, `x-envelope`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Envelope {
    /// Pointer to the payload; `None` if the payload is the whole body or the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Part that is extracted from the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwrap: Option<Unwrap>,
    /// Pointers to the message of a failure; the first one that exists is used.
    pub message: Vec<String>,
    /// Pointers to the code of a failure; the first one that exists is used.
    pub code: Vec<String>,
    /// Conditions under which a response with status 2xx is a failure.
    pub fail_when: Vec<FailWhen>,
}

/// The part that is extracted from a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unwrap {
    /// The only element of a list.
    First,
}

/// A condition under which a response with status 2xx is a failure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FailWhen {
    /// Pointer to the tested value; an absent value meets no condition.
    pub at: String,
    /// Test of the value.
    #[serde(flatten)]
    pub condition: Condition,
}

/// Test of a value of a response.
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
    /// Constant arguments of the list request.
    #[serde(default)]
    pub with: BTreeMap<String, Value>,
    /// The stream whose records supply arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// Parameters whose values the user supplies.
    #[serde(default)]
    pub seeds: Vec<String>,
    /// Support for incremental reads, as documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incremental: Option<String>,
}

/// The stream whose records supply the arguments of another.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Name of the stream.
    pub stream: String,
    /// Parameter to pointer into the parent's record.
    pub bind: BTreeMap<String, String>,
}

/// Decoding of CSV, `x-csv`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    /// Name of the component of a row.
    pub row: String,
    /// Column heading to property.
    pub columns: Map<String, Value>,
}

/// A constraint across arguments, `x-rules`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// At least one of these pointers into the body has a value.
    AnyOf(Vec<String>),
    /// These parameters ascend, as far as they are set.
    Less(Vec<String>),
}

/// Source of a description and its quality, `x-evidence`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Name of the document.
    pub from: String,
    /// `documented`, `second-hand`, `inferred` or `reconstructed`.
    pub grade: String,
}

/// Effect of a write on the records of a stream, `x-effect`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Effect {
    /// The stream.
    pub stream: String,
    /// The change.
    pub change: Change,
    /// Pointer to the changed part of the record; `""` is the whole record.
    pub at: String,
}

/// The change that a write makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Creates a record.
    Create,
    /// Overwrites the properties that are sent.
    Merge,
    /// Replaces the list.
    Replace,
    /// Adds to a list.
    Add,
    /// Removes from a list.
    Remove,
    /// Replaces the value.
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
