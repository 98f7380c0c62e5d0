//! Walks over lists that change or lie, request by request.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use crate::parley::{Ask, Parley};
use botroster_client::{
    Completeness, Error, ErrorKind, HttpSend, IncomingResponse, Json, Options, OutgoingRequest,
    SendError, Settings,
    codegen::{
        Call, Core, CursorSource, EnvelopeRules, Operation, PageReportPointers, PagingPlan,
        PagingStyle, Position, RetryClass, WalkOptions, pages,
    },
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

const fn list(style: PagingStyle, first: u64) -> Operation {
    Operation {
        id: "rows",
        method: "GET",
        path: "/rows",
        security: &[],
        headers: &[],
        accept: "application/json",
        retry: RetryClass::Never,
        rate_limit: None,
        envelope: EnvelopeRules {
            data: "",
            first: false,
            message: &[],
            code: &[],
            fail_when: &[],
        },
        pagination: Some(PagingPlan {
            style,
            first,
            items: &["/rows"],
            key: Some("/id"),
            next: CursorSource::Counted,
            total_pages: Some("/pages"),
            total: Some("/total"),
            echo_size: Some("/size"),
            report: PageReportPointers::NONE,
        }),
        errors: &[],
    }
}

static PAGES: Operation = list(PagingStyle::Page, 1);
static OFFSETS: Operation = list(PagingStyle::Offset, 0);

type Respond = dyn FnMut(u64) -> Value + Send;

/// Answers to the number of a page or row, each a few polls after it was asked for.
struct Rows {
    respond: Mutex<Box<Respond>>,
    asked: Mutex<Vec<u64>>,
    /// Requests under way, now and at most.
    under_way: Mutex<(usize, usize)>,
}

impl HttpSend for Rows {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        let at = request
            .url
            .query()
            .and_then(|query| query.strip_prefix("at="));
        let at = at.map_or(1, |at| at.parse().unwrap());
        self.asked.lock().unwrap().push(at);
        assert!(self.asked.lock().unwrap().len() < 500, "endless");
        let body = (self.respond.lock().unwrap())(at).to_string();
        Box::pin(async move {
            {
                let mut under_way = self.under_way.lock().unwrap();
                under_way.0 += 1;
                under_way.1 = under_way.1.max(under_way.0);
            }
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            self.under_way.lock().unwrap().0 -= 1;
            Ok(IncomingResponse {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                delimited: true,
                body: stream::iter([Ok(Bytes::from(body))]).boxed(),
            })
        })
    }
}

/// A call with a way to walk.
#[derive(Clone)]
struct Walked(Ask, WalkOptions);

impl Call for Walked {
    fn operation(&self) -> &'static Operation {
        self.0.operation()
    }
    fn core(&self) -> &Core {
        self.0.core()
    }
    fn build(&self) -> Result<OutgoingRequest, Error> {
        self.0.build()
    }
    fn position(&self) -> Option<Position> {
        self.0.position()
    }
    fn walk_options(&self) -> WalkOptions {
        self.1.clone()
    }
    fn seek(&mut self, position: &Position) {
        self.0.seek(position);
    }
}

struct Walk {
    /// Ids, page by page; a rejected record is 0.
    pages: Vec<Vec<u64>>,
    end: Result<Completeness, Error>,
    asked: Vec<u64>,
    at_once: usize,
}

impl Walk {
    fn ids(&self) -> Vec<u64> {
        self.pages.concat()
    }
}

async fn walk(
    operation: &'static Operation,
    concurrency: usize,
    respond: impl FnMut(u64) -> Value + Send + 'static,
) -> Walk {
    walk_with(Options::new(), operation, concurrency, respond).await
}

async fn walk_with(
    options: Options,
    operation: &'static Operation,
    concurrency: usize,
    respond: impl FnMut(u64) -> Value + Send + 'static,
) -> Walk {
    let rows = Arc::new(Rows {
        respond: Mutex::new(Box::new(respond)),
        asked: Mutex::default(),
        under_way: Mutex::default(),
    });
    let settings = Settings::new()
        .with_http(rows.clone())
        .with_options(options);
    let mut how = WalkOptions::default();
    how.set_concurrency(concurrency);
    let call = Walked(Parley::connect(settings).call(operation, "/rows", ""), how);
    let (mut pages, mut got) = (pages::<_, Json>(call), Vec::new());
    let end = loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                let ids = page
                    .items
                    .iter()
                    .map(|item| item.at("/id").unwrap().as_u64().unwrap());
                got.push(ids.collect());
            }
            Ok(None) => break Ok(pages.completeness()),
            Err(error) => break Err(error),
        }
    };
    let asked = rows.asked.lock().unwrap().clone();
    let at_once = rows.under_way.lock().unwrap().1;
    Walk {
        pages: got,
        end,
        asked,
        at_once,
    }
}

fn rows(ids: impl Iterator<Item = u64>) -> Value {
    ids.map(|id| json!({ "id": id })).collect()
}

/// A page of ten of so many rows that the server says there are.
fn ten(page: u64, total: u64) -> Value {
    let first = (page - 1) * 10 + 1;
    json!({ "rows": rows(first..first + 10), "total": total, "pages": 10, "size": 10 })
}

#[tokio::test]
async fn as_many_requests_as_may_be_are_under_way_and_none_for_what_is_not_there() {
    for (concurrency, expected) in [(0, 1), (1, 1), (2, 2), (4, 4), (99, 9)] {
        let walk = walk(&PAGES, concurrency, |page| ten(page, 100)).await;
        assert_eq!(walk.at_once, expected, "{concurrency}");
        assert_eq!(walk.asked, (1..=10).collect::<Vec<_>>(), "{concurrency}");
        assert_eq!(walk.ids(), (1..=100).collect::<Vec<_>>(), "{concurrency}");
        assert_eq!(walk.end.unwrap(), Completeness::Complete);
        let by_offset = |at: u64| ten(at / 10 + 1, 100);
        let walk = self::walk_offsets(concurrency, by_offset).await;
        assert_eq!(walk.at_once, expected, "{concurrency}");
        assert_eq!(walk.asked, (0..10).map(|at| at * 10).collect::<Vec<_>>());
        assert_eq!(walk.end.unwrap(), Completeness::Complete);
    }
}

async fn walk_offsets(
    concurrency: usize,
    respond: impl FnMut(u64) -> Value + Send + 'static,
) -> Walk {
    walk(&OFFSETS, concurrency, respond).await
}

#[tokio::test]
async fn an_empty_page_ends_a_list_that_was_said_to_be_longer() {
    let walk = walk(&PAGES, 4, |page| {
        let rows = if page < 3 {
            json!([{ "id": page }])
        } else {
            json!([])
        };
        json!({ "rows": rows, "pages": 10 })
    })
    .await;
    assert_eq!(walk.pages, [vec![1], vec![2], vec![]]);
    assert!(walk.asked.len() <= 7, "{:?}", walk.asked);
    assert_eq!(walk.end.unwrap(), Completeness::Unverified);
}

#[tokio::test]
async fn a_second_look_shows_what_is_new_and_the_first_one_everything() {
    let mut asked = 0;
    let walk = walk(&PAGES, 1, move |page| {
        asked += 1;
        let rows = match (asked, page) {
            (1 | 3, 1) => json!([{ "id": 1 }, { "id": 2 }]),
            (2, 2) => json!([{ "id": 3 }]),
            (4, 2) => json!([{ "id": 3 }, { "id": 4 }]),
            other => panic!("{other:?}"),
        };
        json!({ "rows": rows, "total": 5, "pages": 2 })
    })
    .await;
    assert_eq!(walk.pages, [vec![1, 2], vec![3], vec![4]]);
    let kind = ErrorKind::Incomplete {
        seen: 4,
        expected: 5,
    };
    assert_eq!(walk.end.unwrap_err().kind(), kind);
    let empty = self::walk(
        &PAGES,
        1,
        |page| json!({ "rows": if page == 1 { json!([{ "id": 1 }]) } else { json!([]) } }),
    )
    .await;
    assert_eq!(empty.pages, [vec![1], vec![]]);
    assert_eq!(empty.end.unwrap(), Completeness::Unverified);
}

#[tokio::test]
async fn a_walk_steps_back_by_as_many_pages_as_rows_vanished() {
    for (fall, back) in [(1, 4), (10, 4), (11, 3), (15, 3), (25, 2), (60, 1)] {
        let walk = walk(&PAGES, 1, move |page| {
            ten(page, if page < 5 { 100 } else { 100 - fall })
        })
        .await;
        let asked: Vec<_> = (1..=5).chain(back..=5).collect();
        assert_eq!(walk.asked.get(..asked.len()), Some(&asked[..]), "{fall}");
        let by_offset = move |at: u64| ten(at / 10 + 1, if at < 40 { 100 } else { 100 - fall });
        let walk = walk_offsets(1, by_offset).await;
        let asked: Vec<_> = asked.iter().map(|page| (page - 1) * 10).collect();
        assert_eq!(walk.asked.get(..asked.len()), Some(&asked[..]), "{fall}");
    }
}

#[tokio::test]
async fn a_total_that_falls_at_one_page_only_is_believed_twice() {
    let walk = walk(&PAGES, 1, |page| {
        ten(page, if page == 3 { 90 } else { 100 })
    })
    .await;
    assert_eq!(walk.asked, [1, 2, 3, 2, 3, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(walk.ids(), (1..=100).collect::<Vec<_>>());
    assert_eq!(walk.end.unwrap(), Completeness::Complete);
}

#[tokio::test]
async fn what_a_step_back_brings_up_makes_the_total_believable_again() {
    let mut looks = 0;
    let walk = walk(&PAGES, 1, move |page| {
        let mut answer = ten(page, if page == 3 { 90 } else { 100 });
        if page == 2 {
            looks += 1;
            if (2..=3).contains(&looks) {
                answer["rows"][0]["id"] = json!(1000 + looks);
            }
        }
        answer
    })
    .await;
    assert_eq!(walk.asked[..12], [1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 4]);
    assert!(walk.ids().contains(&1002) && walk.ids().contains(&1003));
}

#[tokio::test]
async fn a_total_that_never_settles_ends_the_walk_after_fifty_steps_back() {
    let mut looks = 0;
    let walk = walk(&PAGES, 1, move |page| {
        looks += u64::from(page == 3);
        ten(page, if page == 3 { 90 - looks % 2 * 10 } else { 100 })
    })
    .await;
    let error = walk.end.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    let text = "GET /rows: the list changes faster than it can be read, or its totals are wrong";
    assert_eq!(error.to_string(), text);
    let looks = walk.asked.iter().filter(|page| **page == 3).count();
    assert_eq!(looks, 51);
    assert_eq!(walk.ids(), (1..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn new_pages_give_the_steps_back_again() {
    // Sixty falls, each at another page, and each of a row that had been read.
    let mut gone = Vec::new();
    let walk = walk(&OFFSETS, 1, move |at| {
        if at % 20 == 0 && at > 0 && !gone.contains(&at) {
            gone.push(at);
        }
        let total = 1300 - u64::try_from(gone.len()).unwrap();
        let first = at + u64::try_from(gone.len()).unwrap();
        json!({ "rows": rows(first..(first + 10).min(1300)), "total": total, "size": 10 })
    })
    .await;
    let got = walk.ids();
    assert!((70..1300).all(|id| got.contains(&id)), "{got:?}");
    assert_eq!(walk.end.unwrap(), Completeness::Complete);
}

#[tokio::test]
async fn the_page_limit_is_the_last_page_that_is_read() {
    for (limit, fits) in [(10, true), (9, false)] {
        let options = Options::new().with_page_limit(limit);
        let walk = walk_with(options, &PAGES, 1, |page| ten(page, 100)).await;
        assert_eq!(walk.end.is_ok(), fits);
        assert_eq!(walk.ids().len(), if fits { 100 } else { 90 });
    }
}
