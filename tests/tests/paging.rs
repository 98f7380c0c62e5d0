//! Lists over several pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::sync::Arc;

use botroster_botpenguin::types::{ChatType, InboxFilter};
use botroster_client::{
    Error, ErrorKind, Json, Page, Pages, Platform as _, Settings, Totals, codegen,
};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    lists::{after_id, asked, ids, numbered, numbers, peki},
    network::{Answer, Network, query},
    parley::{CURSORS, OFFSETS, Parley},
};
use futures_util::{Stream, TryStreamExt as _};
use serde_json::{Value, json};

#[tokio::test]
async fn numbered_pages_end_at_the_total() {
    for (total, size, requests) in [(7, 3, 3), (6, 3, 2), (1, 3, 1), (0, 3, 1)] {
        let network = numbered(total, size);
        let found = ids(peki(&network).users().list().stream()).await;
        let wanted: Vec<_> = (1..=total).map(|id| format!("u{id}")).collect();
        assert_eq!(found, wanted);
        assert_eq!(
            asked(&network, "page"),
            numbers(1..=requests),
            "{total} of {size}"
        );
    }
}

#[tokio::test]
async fn page_size_and_filters_stay_on_every_page() {
    let network = numbered(7, 3);
    let list = peki(&network)
        .messages()
        .list()
        .user_id("u9")
        .page_size(3_u32);
    let pages: Vec<_> = list.pages().try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    assert!(
        asked(&network, "userId")
            .iter()
            .all(|id| id.as_deref() == Some("u9"))
    );
    assert!(
        asked(&network, "pageSize")
            .iter()
            .all(|size| size.as_deref() == Some("3"))
    );
}

#[tokio::test]
async fn a_caller_s_own_page_is_where_a_walk_begins() {
    let network = numbered(7, 3);
    assert_eq!(
        ids(peki(&network).users().list().page(2_u32).stream()).await,
        ["u4", "u5", "u6", "u7"]
    );
    assert_eq!(asked(&network, "page"), numbers(2..=3));
    let one = peki(&network).users().list().page(2_u32).await.unwrap();
    assert_eq!(one.items[0].id, "u4");
}

#[tokio::test]
async fn totals_and_metadata_come_with_every_page() {
    let network = numbered(7, 3);
    let page = peki(&network).users().list().await.unwrap();
    assert_eq!(
        page.totals(),
        Totals {
            items: Some(7),
            pages: Some(3)
        }
    );
    assert_eq!(
        page.metadata().status().map(|status| status.as_u16()),
        Some(200)
    );
    assert_eq!(page.metadata().attempts(), 1);
    let absent = Network::always(Answer::json(200, &json!({ "data": [] })));
    let page = peki(&absent).users().list().await.unwrap();
    assert_eq!(page.totals(), Totals::default());
}

#[tokio::test]
async fn without_totals_only_an_empty_page_ends() {
    let network = Network::new(|request| {
        let page: usize = query(request, "page").unwrap().parse().unwrap();
        // The second page is shorter than the others, which says nothing.
        let count = [3, 1, 3, 0][page - 1];
        let data: Vec<_> = (0..count)
            .map(|place| json!({ "_id": format!("{page}-{place}") }))
            .collect();
        Answer::json(200, &json!({ "success": true, "data": data })).into()
    });
    let inbox = clients::botpenguin().once(&network).bot("c", "b").inbox();
    let chats: Vec<_> = inbox
        .list_chats(ChatType::Lead)
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(chats.len(), 7);
    assert_eq!(asked(&network, "page"), numbers(1..=4));
    assert!(
        asked(&network, "type")
            .iter()
            .all(|kind| kind.as_deref() == Some("lead"))
    );
}

#[tokio::test]
async fn a_position_in_the_body_moves_and_the_rest_of_the_body_stays() {
    let network = Network::new(|request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["searchText"], "Ada");
        let page = body["page"].as_u64().unwrap();
        let data = if page < 7 {
            json!([{ "_id": page.to_string() }])
        } else {
            json!([])
        };
        Answer::json(200, &json!({ "data": data })).into()
    });
    let mut filter = InboxFilter::new();
    filter.search_text = "Ada".to_owned();
    filter.page = 4;
    let inbox = clients::botpenguin().once(&network).inbox();
    let found: Vec<_> = inbox
        .list_users(filter)
        .stream()
        .try_collect()
        .await
        .unwrap();
    let found: Vec<_> = found.iter().map(|contact| contact.id.as_str()).collect();
    assert_eq!(found, ["4", "5", "6"]);
}

#[tokio::test]
async fn the_last_item_is_the_cursor() {
    let network = after_id(7, 3);
    let list = clients::chatbot()
        .once(&network)
        .users()
        .list()
        .limit(3_u32);
    let users: Vec<_> = list.stream().try_collect().await.unwrap();
    assert_eq!(users.len(), 7);
    let cursors = [None, Some("u3"), Some("u6"), Some("u7")].map(|id| id.map(str::to_owned));
    assert_eq!(asked(&network, "after"), cursors);
    let network = after_id(7, 3);
    let list = clients::chatbot().once(&network).users().list().after("u5");
    let users: Vec<_> = list.stream().try_collect().await.unwrap();
    assert_eq!(
        users
            .iter()
            .map(|user| user.id.as_str())
            .collect::<Vec<_>>(),
        ["u6", "u7"]
    );
}

#[tokio::test]
async fn a_record_that_is_refused_can_still_be_the_cursor() {
    let network = Network::new(|request| {
        let data = match query(request, "after").as_deref() {
            None => json!([{ "id": "u1" }, { "id": "u2", "banned": "perhaps" }]),
            Some("u2") => json!([]),
            other => panic!("after {other:?}"),
        };
        Answer::json(200, &json!({ "data": data })).into()
    });
    let pages: Vec<_> = clients::chatbot()
        .once(&network)
        .users()
        .list()
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!((pages[0].items.len(), pages[0].rejected().len()), (1, 1));
}

#[tokio::test]
async fn the_same_cursor_twice_is_an_error_and_no_endless_walk() {
    let page = Answer::json(200, &json!({ "data": [{ "id": "u1" }] }));
    let network = Network::always(page);
    let mut pages = clients::chatbot().once(&network).users().list().pages();
    assert!(pages.try_next().await.unwrap().is_some());
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert_eq!(error.operation(), Some("list_users"));
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(network.count(), 2);
}

#[tokio::test]
async fn one_answer_is_the_whole_list_of_some_operations() {
    let network = Network::always(Answer::json(200, &json!([{ "id": "s1" }, { "id": "s2" }])));
    let found: Vec<_> = clients::chatbot()
        .once(&network)
        .segments()
        .list()
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!((found.len(), network.count()), (2, 1));
    let network = Network::always(Answer::json(200, &json!({ "users": [{ "id": "u1" }] })));
    let users = clients::mybot().once(&network).bot("c", "b").users();
    let found: Vec<Json> = users
        .find("plan", "gold")
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        (found[0].text(&["/id"]).as_deref(), network.count()),
        (Some("u1"), 1)
    );
}

#[tokio::test]
async fn nothing_is_asked_for_before_it_is_wanted() {
    let network = numbered(9, 3);
    let mut items = peki(&network).users().list().stream();
    assert_eq!(network.count(), 0);
    for _ in 0..3 {
        items.try_next().await.unwrap().unwrap();
        assert_eq!(network.count(), 1);
    }
    items.try_next().await.unwrap().unwrap();
    assert_eq!(network.count(), 2);
    drop(items);
    let mut pages = peki(&network).users().list().pages();
    assert_eq!(network.count(), 2);
    pages.try_next().await.unwrap().unwrap();
    assert_eq!(network.count(), 3);
}

fn assert_static_and_send<T: Send + 'static>(value: T) -> T {
    value
}

#[tokio::test]
async fn walks_can_be_moved_to_another_task() {
    let network = numbered(7, 3);
    let items = assert_static_and_send(peki(&network).users().list().stream());
    let found = tokio::spawn(ids(items)).await.unwrap();
    assert_eq!(found.len(), 7);
    let pages = assert_static_and_send(peki(&network).users().list().pages());
    let pages = tokio::spawn(pages.try_collect::<Vec<_>>())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pages.len(), 3);
    let call = assert_static_and_send(peki(&network).users().list().into_future());
    assert_eq!(tokio::spawn(call).await.unwrap().unwrap().items.len(), 3);
}

fn parley(network: &Arc<Network>) -> Parley {
    Parley::connect(Settings::new().with_http(network.clone()))
}

async fn things(pages: impl Stream<Item = Result<Page<Json>, Error>>) -> Vec<String> {
    let pages: Vec<Page<Json>> = pages.try_collect().await.unwrap();
    let items = pages.into_iter().flat_map(|page| page.items);
    items.map(|item| item.text(&["/id"]).unwrap()).collect()
}

#[tokio::test]
async fn offsets_grow_by_what_came() {
    let network = Network::new(|request| {
        let at: u64 = query(request, "at").unwrap().parse().unwrap();
        // The first page is shorter than the others.
        let size = if at == 0 { 2 } else { 3 };
        let things: Vec<_> = (at..(at + size).min(6))
            .map(|id| json!({ "id": id }))
            .collect();
        Answer::json(200, &json!({ "things": things, "total": 6 })).into()
    });
    let pages: Pages<Json> = codegen::pages(parley(&network).call(&OFFSETS, "/things", ""));
    assert_eq!(things(pages).await, ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(asked(&network, "at"), numbers([0, 2, 5].into_iter()));
}

#[tokio::test]
async fn cursors_come_from_the_answer_until_there_is_none() {
    for end in [json!(null), json!(""), json!({}), Value::Null] {
        let network = Network::new(move |request| {
            let (id, next) = match query(request, "at").as_deref() {
                None => (1, json!("a b&c")),
                Some("a b&c") => (2, json!(17)),
                Some("17") => (
                    3,
                    if end == json!({}) {
                        Value::Null
                    } else {
                        end.clone()
                    },
                ),
                other => panic!("at {other:?}"),
            };
            Answer::json(
                200,
                &json!({ "meta": { "next": next }, "things": [{ "id": id }] }),
            )
            .into()
        });
        let pages: Pages<Json> = codegen::pages(parley(&network).call(&CURSORS, "/things", ""));
        assert_eq!(things(pages).await, ["1", "2", "3"]);
    }
}

#[tokio::test]
async fn a_stream_of_the_platform_gives_records_as_they_came() {
    let text = r#"{"id":"u1",  "createdAt":"yesterday","new":[1.50]}"#;
    let body = format!(r#"{{"data":[{text}],"totalPages":1}}"#);
    let network = Network::always(Answer::new(200, "application/json", body));
    let settings = Settings::new()
        .with_credential("api_key", "k")
        .with_credential("api_secret", "s")
        .with_scope("chatbotId", "bot-1")
        .with_http(network.clone());
    let platform = botroster_peki::PekiPlatform;
    let connection = platform.connect(settings).unwrap();
    let mut pages = connection
        .walk(&platform.info().streams[0], &Default::default())
        .unwrap();
    let page = pages.try_next().await.unwrap().unwrap();
    assert_eq!(page.items[0].get(), text);
    assert_eq!(asked(&network, "pageSize"), [Some("100".to_owned())]);
}
