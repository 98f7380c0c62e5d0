use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    Completeness, Error, ErrorKind, Json, Options, Pages,
    operation::Operation,
    testing::{CURSOR, KEYLESS, List, OFFSET, PAGED, UNTOTALLED},
};

/// A list of rows, newest first, that changes between requests.
struct Rows {
    rows: Vec<u64>,
    next_id: u64,
    size: usize,
    requests: usize,
    /// Alive from the first request to the last.
    steady: BTreeSet<u64>,
}

impl Rows {
    fn new(count: u64, size: usize) -> Self {
        Self {
            rows: (0..count).rev().collect(),
            next_id: count,
            size,
            requests: 0,
            steady: (0..count).collect(),
        }
    }

    fn insert(&mut self) {
        self.rows.insert(0, self.next_id);
        self.next_id += 1;
    }

    fn delete(&mut self, index: usize) {
        if index < self.rows.len() {
            let id = self.rows.remove(index);
            self.steady.remove(&id);
        }
    }

    fn answer(&mut self, skip: usize) -> Value {
        self.requests += 1;
        let items: Vec<Value> = self
            .rows
            .iter()
            .skip(skip)
            .take(self.size)
            .map(|id| json!({ "id": id }))
            .collect();
        let pages = self.rows.len().div_ceil(self.size);
        json!({ "items": items, "total": self.rows.len(), "pages": pages, "size": self.size })
    }
}

fn list(
    operation: &'static Operation,
    rows: &Arc<Mutex<Rows>>,
    mut change: impl FnMut(&mut Rows) + Send + 'static,
) -> List {
    let rows = rows.clone();
    let by_page = operation.pagination.as_ref().unwrap().first == 1;
    List::new(operation, Options::new(), move |at| {
        let mut rows = rows.lock().unwrap();
        if rows.requests > 0 {
            change(&mut rows);
        }
        let at = usize::try_from(at).unwrap();
        let skip = if by_page { (at - 1) * rows.size } else { at };
        rows.answer(skip)
    })
}

/// Everything that comes, and how it ended.
fn drain(list: List) -> (Vec<u64>, Result<Completeness, Error>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut pages: Pages<Json> = Pages::of(list);
        let mut ids = Vec::new();
        loop {
            match pages.try_next().await {
                Ok(Some(page)) => ids.extend(
                    page.items
                        .iter()
                        .map(|item| item.at("/id").unwrap().as_u64().unwrap()),
                ),
                Ok(None) => return (ids, Ok(pages.completeness())),
                Err(error) => return (ids, Err(error)),
            }
        }
    })
}

fn scripted(
    operation: &'static Operation,
    script: impl FnMut(u64) -> Value + Send + 'static,
) -> (Vec<u64>, Result<Completeness, Error>, usize) {
    let requests = Arc::new(Mutex::new(0));
    let counter = requests.clone();
    let mut script = script;
    let list = List::new(operation, Options::new(), move |at| {
        *counter.lock().unwrap() += 1;
        assert!(*counter.lock().unwrap() < 1000, "endless");
        script(at)
    });
    let (ids, end) = drain(list);
    let requests = *requests.lock().unwrap();
    (ids, end, requests)
}

#[test]
fn a_quiet_list_is_complete_with_one_request_a_page() {
    for (operation, concurrency) in [(&PAGED, 1), (&PAGED, 8), (&OFFSET, 1), (&OFFSET, 8)] {
        let rows = Arc::new(Mutex::new(Rows::new(95, 10)));
        let mut list = list(operation, &rows, |_| {});
        list.walk.set_concurrency(concurrency);
        let (ids, end) = drain(list);
        assert_eq!(ids, (0..95).rev().collect::<Vec<_>>());
        assert_eq!(end.unwrap(), Completeness::Complete);
        assert_eq!(rows.lock().unwrap().requests, 10, "{concurrency}");
    }
}

#[test]
fn without_totals_a_list_ends_on_an_empty_page_and_is_unverified() {
    let rows = Arc::new(Mutex::new(Rows::new(20, 10)));
    let (ids, end) = drain(list(&UNTOTALLED, &rows, |_| {}));
    assert_eq!(ids.len(), 20);
    assert_eq!(end.unwrap(), Completeness::Unverified);
    assert_eq!(rows.lock().unwrap().requests, 3);
}

#[test]
fn rows_that_vanish_do_not_hide_others() {
    // Seven of the rows that were read go away after every page.
    for concurrency in [1, 8] {
        let rows = Arc::new(Mutex::new(Rows::new(500, 20)));
        let mut list = list(&PAGED, &rows, |rows| {
            if rows.requests % 2 == 0 && rows.requests < 20 {
                (0..7).for_each(|_| rows.delete(0));
            }
        });
        list.walk.set_concurrency(concurrency);
        let (ids, end) = drain(list);
        let got: BTreeSet<u64> = ids.iter().copied().collect();
        assert_eq!(got.len(), ids.len(), "something came twice");
        assert!(rows.lock().unwrap().steady.is_subset(&got));
        assert_eq!(end.unwrap(), Completeness::Complete);
    }
}

#[test]
fn a_total_that_is_too_high_ends_in_an_error_after_all_that_there_is() {
    let (ids, end, requests) = scripted(&PAGED, |page| match page {
        1 => json!({ "items": [{ "id": 1 }, { "id": 2 }], "total": 5, "pages": 1, "size": 2 }),
        _ => json!({ "items": [], "total": 5, "pages": 1, "size": 2 }),
    });
    assert_eq!(ids, [1, 2]);
    assert_eq!(
        end.unwrap_err().kind(),
        ErrorKind::Incomplete {
            seen: 2,
            expected: 5
        }
    );
    assert_eq!(requests, 2);
}

#[test]
fn totals_that_jump_end_in_an_error() {
    let mut odd = false;
    let (_, end, requests) = scripted(&PAGED, move |page| {
        odd = !odd;
        let total = if odd { 1000 } else { 500 };
        json!({ "items": [{ "id": page }], "total": total, "pages": 1000, "size": 1 })
    });
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Paging);
    assert!(requests < 200, "{requests}");
}

#[test]
fn servers_that_go_in_a_circle_are_left_after_two_requests_at_most() {
    let same = |_| json!({ "items": [{ "id": 1 }], "total": 9, "pages": 9, "size": 1 });
    for operation in [&PAGED, &UNTOTALLED, &KEYLESS] {
        let (_, end, requests) = scripted(operation, same);
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Paging);
        assert!(requests <= 3, "{requests}");
    }
    for length in 1..=5 {
        let (ids, end, requests) = scripted(
            &CURSOR,
            move |at| json!({ "items": [{ "id": at + 100 }], "next": (at % length + 1).to_string() }),
        );
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Paging);
        assert!(
            requests <= usize::try_from(length).unwrap() + 2,
            "{length}: {requests}"
        );
        assert!(!ids.is_empty());
    }
}

/// A record that needs a name.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Named {
    name: String,
}

impl crate::Item for Named {}

#[test]
fn pages_of_bad_records_alone_are_no_circle_unless_they_are_the_same() {
    let bad = |pages: u64, id: fn(u64) -> u64| {
        let list = List::new(&KEYLESS, Options::new(), move |at| match at {
            at if at > pages => json!({ "items": [] }),
            at => json!({ "items": [{ "id": id(at) }] }),
        });
        let mut pages = Pages::<Named>::of(list);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async move {
            let mut rejected = 0;
            while let Some(page) = pages.try_next().await? {
                rejected += page.rejected().len();
            }
            Ok::<_, Error>(rejected)
        })
    };
    assert_eq!(bad(6, |at| at).unwrap(), 6);
    assert_eq!(bad(6, |_| 1).unwrap_err().kind(), ErrorKind::Paging);
}

#[test]
fn a_walk_can_be_gone_on_with_from_a_kept_cursor() {
    let rows = Arc::new(Mutex::new(Rows::new(50, 10)));
    let first = list(&PAGED, &rows, |_| {});
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let kept = runtime.block_on(async {
        let mut pages: Pages<Json> = Pages::of(first);
        pages.try_next().await.unwrap();
        let page = pages.try_next().await.unwrap().unwrap();
        serde_json::to_string(page.cursor().unwrap()).unwrap()
    });
    let mut again = list(&PAGED, &rows, |_| {});
    again
        .walk
        .set_start(&PAGED, &serde_json::from_str(&kept).unwrap());
    let (ids, end) = drain(again);
    assert_eq!(ids, (0..30).rev().collect::<Vec<_>>());
    assert_eq!(end.unwrap(), Completeness::Unverified);
    let mut other = list(&PAGED, &rows, |_| {});
    other.walk.set_start(
        &PAGED,
        &serde_json::from_str(&kept.replace("list", "other")).unwrap(),
    );
    assert_eq!(drain(other).1.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn the_page_limit_ends_a_list_that_never_repeats() {
    let mut id = 0;
    let list = List::new(&UNTOTALLED, Options::new().with_page_limit(50), move |_| {
        id += 1;
        json!({ "items": [{ "id": id }] })
    });
    let (ids, end) = drain(list);
    assert_eq!(ids.len(), 50);
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Paging);
}

proptest! {
    // A client a case is what takes the time.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn steady_rows_come_once_whatever_happens_meanwhile(
        count in 0_u64..120,
        size in 1_usize..15,
        concurrency in 1_usize..10,
        by_offset in any::<bool>(),
        changes in prop::collection::vec(prop::collection::vec(prop_oneof![Just(None), (0_usize..130).prop_map(Some)], 0..5), 0..40),
    ) {
        let rows = Arc::new(Mutex::new(Rows::new(count, size)));
        let mut changes = changes.into_iter();
        let mut list = list(if by_offset { &OFFSET } else { &PAGED }, &rows, move |rows| {
            for change in changes.next().unwrap_or_default() {
                match change {
                    None => rows.insert(),
                    Some(index) => rows.delete(index),
                }
            }
        });
        list.walk.set_concurrency(concurrency);
        let (ids, end) = drain(list);
        let got: BTreeSet<u64> = ids.iter().copied().collect();
        prop_assert_eq!(got.len(), ids.len(), "something came twice");
        let rows = rows.lock().unwrap();
        match end {
            Ok(_) => prop_assert!(rows.steady.is_subset(&got), "{:?} are missing", rows.steady.difference(&got).collect::<Vec<_>>()),
            Err(error) => prop_assert!(matches!(error.kind(), ErrorKind::Incomplete { .. } | ErrorKind::Paging), "{error}"),
        }
        prop_assert!(rows.requests < 2000);
    }
}
