//! Lists that contradict themselves.

use super::fault::Fault;
use crate::{reply::list::PagePosition, spec::Operation};
use botroster_spec::{
    model::{End, Next, Pagination, Style},
    pointer,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Maximum number of responses remembered.
const MAX_REMEMBERED: usize = 64;

/// Previous responses, by list and page.
pub(super) type PageMemory = BTreeMap<(String, u64), Value>;

/// Applies a fault to a page of a list; false if it does not apply.
pub(super) fn falsify(
    fault: &Fault,
    operation: &Operation,
    place: &PagePosition,
    body: &mut Value,
    pages: &mut PageMemory,
) -> bool {
    let Some(paged) = &operation.pagination else {
        return false;
    };
    let items = paged.items_at();
    match fault.kind.name {
        "same-page" => repeat(pages, place, 0, body),
        "cursor-cycle" if paged.style == Style::Cursor => repeat(
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
            replace_total(paged, place, total.unsigned_abs(), body)
        }
        "full-last-page" => end_at_full_page(paged, place, body),
        _ => false,
    }
}

/// Repeats the response for another page; 0 is the page requested first.
fn repeat(pages: &mut PageMemory, place: &PagePosition, page: u64, body: &mut Value) -> bool {
    let key = (place.list.clone(), page);
    if let Some(before) = pages.get(&key).filter(|_| page != place.page()) {
        let own = before != body;
        body.clone_from(before);
        return own;
    }
    let own = if page == 0 { 0 } else { place.page() };
    if pages.len() < MAX_REMEMBERED {
        pages
            .entry((place.list.clone(), own))
            .or_insert_with(|| body.clone());
    }
    false
}

/// Replaces the total; false if the list states none.
fn replace_total(paged: &Pagination, place: &PagePosition, total: u64, body: &mut Value) -> bool {
    let Some(End::Totals {
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

/// Omits everything after the last full page.
fn end_at_full_page(paged: &Pagination, place: &PagePosition, body: &mut Value) -> bool {
    let total = place.total - place.total % place.size.max(1);
    if total == 0 || total == place.total {
        return false;
    }
    let is_replaced = replace_total(paged, place, total, body);
    let end = place.start.saturating_add(place.size);
    if let (Some(Next::Pointer(at)), true) = (&paged.next, end >= total) {
        pointer::set(body, at, Value::Null);
    }
    let beyond = place.start >= total;
    if beyond {
        pointer::set(body, paged.items_at(), Value::Array(Vec::new()));
    }
    is_replaced || beyond || end >= total
}
