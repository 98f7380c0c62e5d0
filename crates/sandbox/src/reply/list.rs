//! Lists: which records, which page of them, and the envelope around it.

use super::page::{self, PageFacts, Start, Window};
use crate::{
    data::{Collection, View},
    options::Churn,
    platform::Platform,
    request::{failure::RequestFailure, parsed::OperationCall},
    values::text::plain_text,
};
use botroster_spec::model::{Location, Next, Pagination};
use serde_json::Value;
use std::ops::Range;

/// A list as a request selects and sorts it.
struct RequestedList<'a> {
    at: usize,
    collection: &'a Collection,
    view: View,
    ascending: bool,
}

/// Records of a page.
struct PageRecords {
    records: Vec<Value>,
    /// The position after the last record.
    end: u64,
    /// The length of the list.
    total: u64,
}

impl Platform {
    /// The page of a list that a request asks for.
    pub(super) fn list(&self, call: OperationCall<'_>, now: i64) -> Result<Value, RequestFailure> {
        let list = self.requested_list(call)?;
        let Some(paged) = &call.operation.pagination else {
            let page = self.records(&list, 0, u64::MAX);
            self.churn_after(&list, 0..page.total, true);
            return Ok(self.envelope(call.operation, "", Value::Array(page.records), now));
        };
        let (window, start) = self.requested_page(call, paged, &list)?;
        let PageRecords {
            records,
            end,
            total,
        } = self.records(&list, start, window.size);
        if let (Some(Next::LastItem(place)), Some(last)) = (&paged.next, records.last()) {
            let token = last.pointer(place).map(plain_text).unwrap_or_default();
            self.remember_page_end(&list, token, end, total);
        }
        let read = match list.ascending {
            true => total - end..total,
            false => 0..end,
        };
        // Rows inserted after the last page would keep a client reading forever.
        let inserts = !list.ascending || end < total;
        self.churn_after(&list, read, inserts);
        let facts = PageFacts { total, end };
        let about_page = page::echoes(paged, &window, &facts, &self.page_tokens);
        Ok(self.page_envelope(call.operation, paged.items_at(), records, about_page, now))
    }

    /// Where in its list the page of a request starts; `None` if it asks for no page.
    pub(crate) fn page_position(&self, call: OperationCall<'_>) -> Option<PagePosition> {
        let paged = call.operation.pagination.as_ref()?;
        let list = self.requested_list(call).ok()?;
        let (window, start) = self.requested_page(call, paged, &list).ok()?;
        let (mut params, mut body) = (call.params.clone(), call.body.cloned());
        if let Some(at) = &paged.at {
            params.remove(&at.name);
            if let Some(Value::Object(members)) = &mut body {
                members.remove(&at.name);
            }
        }
        let state = self.state();
        Some(PagePosition {
            collection: list.at,
            start,
            size: window.size,
            total: state.store.len((list.at, list.collection), &list.view),
            list: format!("{} {params:?} {body:?}", call.number),
        })
    }

    fn requested_list(&self, call: OperationCall<'_>) -> Result<RequestedList<'_>, RequestFailure> {
        let found = self.requested_collection(call);
        let (at, collection) =
            found.ok_or_else(|| RequestFailure::new(500, "Nothing can be listed here."))?;
        let view = self.selected(call, collection)?;
        let view = self.filtered(call, (at, collection), view);
        let view = self.sorted(call, (at, collection), view);
        Ok(RequestedList {
            at,
            collection,
            view,
            ascending: is_ascending(call),
        })
    }

    /// The collection whose fixed values the request has; the first if none matches.
    fn requested_collection(&self, call: OperationCall<'_>) -> Option<(usize, &Collection)> {
        let numbered = self.collections.iter().enumerate();
        let mut own = numbered.filter(|(_, collection)| collection.operation == call.number);
        let matches = |collection: &Collection| {
            let mut with = collection.with.iter();
            with.all(|(name, value)| call.text(name) == Some(plain_text(value)))
        };
        let matching = own.clone().find(|(_, collection)| matches(collection));
        matching.or_else(|| own.next())
    }

    fn requested_page(
        &self,
        call: OperationCall<'_>,
        paged: &Pagination,
        list: &RequestedList<'_>,
    ) -> Result<(Window, u64), RequestFailure> {
        let window = Window::read(call, paged, &self.spec.schemas, &self.page_tokens)?;
        let start = match &window.start {
            Start::At(position) => *position,
            Start::After(token) => self.position_after(list, token),
        };
        Ok((window, start))
    }

    /// The position after the record that a page ended with or that has this key; the end of the list for any other token.
    fn position_after(&self, list: &RequestedList<'_>, token: &str) -> u64 {
        let listed = (list.at, list.collection);
        let state = self.state();
        let total = state.store.len(listed, &list.view);
        let ended = state.page_ends.get(&(list.at, token.to_owned())).copied();
        let by_key = || list.collection.key.as_ref()?.code.index(token);
        let Some(index) = ended.or_else(by_key) else {
            return total;
        };
        match state.store.position(listed, &list.view, index) {
            Some(position) if list.ascending => total - position,
            // The next row has the position of a row that was deleted.
            Some(position) if !state.store.has(listed, index) => position,
            Some(position) => position + 1,
            None => total,
        }
    }

    fn records(&self, list: &RequestedList<'_>, from: u64, size: u64) -> PageRecords {
        let listed = (list.at, list.collection);
        let state = self.state();
        let total = state.store.len(listed, &list.view);
        let end = from.saturating_add(size).min(total);
        let records = (from..end).filter_map(|position| {
            let position = match list.ascending {
                true => total - 1 - position,
                false => position,
            };
            let index = state.store.index(listed, &list.view, position)?;
            Some(state.store.record(listed, index, &list.collection.shape))
        });
        PageRecords {
            records: records.collect(),
            end,
            total,
        }
    }

    fn remember_page_end(&self, list: &RequestedList<'_>, token: String, end: u64, total: u64) {
        let position = match list.ascending {
            true => total - end,
            false => end - 1,
        };
        let mut state = self.state();
        let listed = (list.at, list.collection);
        let index = state.store.index(listed, &list.view, position);
        let ended = index.map(|index| ((list.at, token), index));
        state.page_ends.extend(ended);
    }

    /// Inserts and deletes rows after a page, as the options require; the records of a parent stay as they are.
    fn churn_after(&self, list: &RequestedList<'_>, read: Range<u64>, inserts: bool) {
        if self.churn == Churn::default() || list.collection.parent.is_some() {
            return;
        }
        let churn = Churn {
            inserts: if inserts { self.churn.inserts } else { 0.0 },
            ..self.churn
        };
        let mut state = self.state();
        let request = state.recorded + 1;
        let listed = (list.at, list.collection);
        state.store.churn(listed, churn, read, request);
    }
}

/// The position of a page in its list.
pub(crate) struct PagePosition {
    pub(crate) collection: usize,
    /// The position of its first record.
    pub(crate) start: u64,
    /// The number of records of a page.
    pub(crate) size: u64,
    /// The length of the list.
    pub(crate) total: u64,
    /// The same for all pages of a list.
    pub(crate) list: String,
}

impl PagePosition {
    /// The page number, from 1. Rows inserted or deleted since the first page shift it by less than half a page.
    pub(crate) fn page(&self) -> u64 {
        let size = self.size.max(1);
        self.start.saturating_add(size / 2) / size + 1
    }
}

/// Returns whether a request asks for the oldest first, with one of the values `asc` and `desc`.
pub(super) fn is_ascending(call: OperationCall<'_>) -> bool {
    let is_order = |name: &String| {
        let parameter = call.operation.parameter_in(Location::Query, name);
        let values = parameter.and_then(|parameter| parameter.schema.get("enum")?.as_array());
        values.is_some_and(|values| values.iter().any(|value| value == "desc"))
    };
    let mut params = call.params.iter();
    let in_query = params.any(|(name, value)| value == "asc" && is_order(name));
    let has_asc = |value: &Value| {
        let members = value.as_object();
        members.is_some_and(|members| members.values().any(|value| value == "asc"))
    };
    in_query || call.body_members().any(|(_, value)| has_asc(value))
}
