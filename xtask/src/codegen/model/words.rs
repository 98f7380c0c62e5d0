//! The words of the vocabulary that are objects, as a spec has them.

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) algorithm: String,
    pub(crate) encoding: String,
    pub(crate) timestamp: String,
    pub(crate) message: String,
    pub(crate) headers: Map<String, Value>,
    pub(super) tolerance: String,
}
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Retry {
    Read,
    Idempotent,
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimit {
    pub(super) requests: u32,
    pub(super) per: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Style {
    Page,
    Offset,
    Cursor,
    Single,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pagination {
    pub(crate) style: Style,
    pub(crate) at: Option<At>,
    pub(crate) size: Option<String>,
    pub(crate) first: Option<u64>,
    pub(crate) items: OneOrMany,
    pub(crate) key: Option<String>,
    pub(crate) next: Option<NextModel>,
    pub(crate) end: Option<End>,
    pub(crate) echo: Option<Echo>,
    #[expect(dead_code, reason = "used by the sandbox")]
    order: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct At {
    #[serde(rename = "in")]
    pub(crate) place: AtPlace,
    pub(crate) name: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AtPlace {
    Query,
    Body,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn list(&self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one.clone()],
            Self::Many(many) => many.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextModel {
    pub(crate) pointer: Option<String>,
    #[serde(rename = "last-item")]
    pub(crate) last_item: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum End {
    Empty(EmptyWord),
    Totals(Totals),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EmptyWord {
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Totals {
    #[serde(rename = "total-pages")]
    pub(crate) total_pages: Option<String>,
    pub(crate) total: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Echo {
    pub(crate) size: Option<String>,
    #[expect(dead_code, reason = "used by the sandbox")]
    position: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope {
    #[serde(default)]
    pub(crate) data: String,
    pub(crate) unwrap: Option<Unwrap>,
    #[serde(default)]
    pub(crate) message: Vec<String>,
    #[serde(default)]
    pub(crate) code: Vec<String>,
    #[serde(default, rename = "fail-when")]
    pub(crate) fail_when: Vec<FailWhen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unwrap {
    First,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailWhen {
    pub(crate) at: String,
    pub(crate) is: Option<Value>,
    pub(crate) not: Option<String>,
    pub(crate) min: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) key: Option<String>,
    pub(crate) updated: Option<String>,
    #[serde(default)]
    pub(crate) with: Map<String, Value>,
    pub(crate) parent: Option<Parent>,
    #[serde(default)]
    pub(crate) seeds: Vec<String>,
    #[expect(dead_code, reason = "for readers of the spec")]
    incremental: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parent {
    pub(crate) stream: String,
    pub(crate) bind: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Csv {
    pub(crate) row: String,
    pub(crate) columns: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default, rename = "any-of")]
    pub(crate) any_of: Vec<String>,
    #[serde(default)]
    pub(crate) less: Vec<String>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    pub(crate) from: String,
    pub(crate) grade: String,
}
