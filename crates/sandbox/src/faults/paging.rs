//! Lists that do not say the truth about themselves.

use super::Fault;
use crate::{
    list::Place,
    pointer,
    spec::{
        Operation,
        words::{End, Next, Pagination, Style},
    },
};
use serde_json::Value;
use std::collections::BTreeMap;

/// More answers than this are not remembered.
const REMEMBERED: usize = 64;

/// Answers that were given before, by list and page.
pub(super) type Pages = BTreeMap<(String, u64), Value>;

/// Does a fault to a page of a list; false where it can do nothing.
pub(super) fn spoil(
    fault: &Fault,
    operation: &Operation,
    place: &Place,
    body: &mut Value,
    pages: &mut Pages,
) -> bool {
    let Some(paged) = &operation.pagination else {
        return false;
    };
    let items = paged.items_at();
    match fault.kind.name {
        "same-page" => again(pages, place, 0, body),
        "cursor-cycle" if paged.style == Style::Cursor => again(
            pages,
            place,
            (place.page() - 1) % fault.count("length").max(1) + 1,
            body,
        ),
        "empty-page" => match body.pointer(items) {
            Some(Value::Array(records)) if !records.is_empty() => {
                pointer::set(body, items, Value::Array(Vec::new()));
                true
            }
            _ => false,
        },
        "wrong-totals" => {
            let total = i64::try_from(place.total).unwrap_or(i64::MAX);
            let total = total.saturating_add(fault.argument("by")).max(0);
            retold(paged, place, total.unsigned_abs(), body)
        }
        "full-last-page" => full(paged, place, body),
        _ => false,
    }
}

/// Answers as for another page, the first that was asked for where it is 0.
fn again(pages: &mut Pages, place: &Place, page: u64, body: &mut Value) -> bool {
    let key = (place.list.clone(), page);
    if let Some(before) = pages.get(&key).filter(|_| page != place.page()) {
        let own = before != body;
        body.clone_from(before);
        return own;
    }
    let own = if page == 0 { 0 } else { place.page() };
    if pages.len() < REMEMBERED {
        pages
            .entry((place.list.clone(), own))
            .or_insert_with(|| body.clone());
    }
    false
}

/// Says another total; false where the list says none.
fn retold(paged: &Pagination, place: &Place, total: u64, body: &mut Value) -> bool {
    let Some(End::Told {
        total_pages,
        total: at,
    }) = &paged.end
    else {
        return false;
    };
    let pages = total.div_ceil(place.size.max(1));
    for (at, value) in [(total_pages, pages), (at, total)] {
        if let Some(at) = at {
            let value = match body.pointer(at) {
                Some(Value::String(_)) => Value::from(value.to_string()),
                _ => Value::from(value),
            };
            pointer::set(body, at, value);
        }
    }
    total_pages.is_some() || at.is_some()
}

/// Leaves out what is behind the last full page.
fn full(paged: &Pagination, place: &Place, body: &mut Value) -> bool {
    let total = place.total - place.total % place.size.max(1);
    if total == 0 || total == place.total {
        return false;
    }
    let told = retold(paged, place, total, body);
    let end = place.start.saturating_add(place.size);
    if let (Some(Next::Pointer(at)), true) = (&paged.next, end >= total) {
        pointer::set(body, at, Value::Null);
    }
    let beyond = place.start >= total;
    if beyond {
        pointer::set(body, paged.items_at(), Value::Array(Vec::new()));
    }
    told || beyond || end >= total
}
