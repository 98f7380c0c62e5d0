//! Records of a list: bad ones, repeated ones, missing ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{collections::BTreeSet, sync::Arc};

use botroster_client::{Completeness, Error, ErrorKind, Options, Page};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    lists::{after_id, ids, numbered, peki},
    network::{Answer, Network, Reply},
    runtime::Runtime,
};
use futures_util::TryStreamExt as _;
use serde_json::json;

fn one_bad_record() -> Arc<Network> {
    let data = json!([{ "id": "u1" }, { "firstName": "Ada" }, { "id": "u3" }]);
    Network::script([
        Answer::json(
            200,
            &json!({ "data": data, "totalPages": 2, "totalItems": 4 }),
        ),
        Answer::json(
            200,
            &json!({ "data": [{ "id": "u4" }], "totalPages": 2, "totalItems": 4 }),
        ),
    ])
}

#[tokio::test]
async fn a_bad_record_does_not_take_its_page_with_it() {
    let network = one_bad_record();
    let pages: Vec<_> = peki(&network)
        .users()
        .list()
        .pages()
        .try_collect()
        .await
        .unwrap();
    let [first, second] = &pages[..] else {
        panic!("{} pages", pages.len())
    };
    let found: Vec<_> = first.items.iter().map(|user| user.id.as_str()).collect();
    assert_eq!(found, ["u1", "u3"]);
    let [rejected] = first.rejected() else {
        panic!("{} rejected", first.rejected().len())
    };
    assert_eq!(rejected.index(), 1);
    assert!(rejected.reason().contains("`id`"), "{}", rejected.reason());
    assert_eq!(rejected.raw().get(), r#"{"firstName":"Ada"}"#);
    assert!(second.rejected().is_empty());
}

#[tokio::test]
async fn half_an_emoji_in_a_name_is_mended() {
    let body = r#"{"data":[{"id":"u1","a\ud83d":1,"first\u004eame":"Ada"}],"b\ud83d":2}"#;
    let network = Network::script([Answer::new(200, "application/json", body)]);
    let page = peki(&network).users().list().await.unwrap();
    let user = &page.items[0];
    assert_eq!(user.first_name.as_deref(), Some("Ada"));
    let extra: Vec<_> = user.extra().iter().map(|(name, _)| name).collect();
    assert_eq!(extra, ["a\u{fffd}"]);
}

#[tokio::test]
async fn a_name_that_is_no_text_costs_the_page() {
    let network = Network::script([Answer::new(
        200,
        "application/json",
        &b"{\"data\":[{\"id\":\"u1\",\"a\xff\":1}]}"[..],
    )]);
    let error = peki(&network).users().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("invalid UTF-8"), "{error}");
}

#[tokio::test]
async fn a_bad_record_is_an_error_in_the_stream_which_goes_on() {
    let network = one_bad_record();
    let mut items = peki(&network).users().list().stream();
    let (mut found, mut errors) = (BTreeSet::new(), Vec::<Error>::new());
    loop {
        match items.try_next().await {
            Ok(None) => break,
            Ok(Some(user)) => drop(found.insert(user.id)),
            Err(error) => errors.push(error),
        }
    }
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["u1", "u3", "u4"]);
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!error.to_string().contains("Ada"), "{error}");
}

#[tokio::test]
async fn a_failed_page_ends_the_walk() {
    let network = Network::script([
        Answer::json(200, &json!({ "data": [{ "id": "u1" }], "totalPages": 3 })),
        Answer::json(403, &json!({ "error": "no more" })),
    ]);
    let mut items = peki(&network).users().list().stream();
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap_err().is_auth());
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(network.count(), 2);
}

#[tokio::test]
async fn after_the_end_there_is_still_nothing() {
    let network = numbered(1, 3);
    let (mut items, mut pages) = (
        peki(&network).users().list().stream(),
        peki(&network).users().list().pages(),
    );
    assert!(items.try_next().await.unwrap().is_some());
    assert!(pages.try_next().await.unwrap().is_some());
    for _ in 0..3 {
        assert!(items.try_next().await.unwrap().is_none());
        assert!(pages.try_next().await.unwrap().is_none());
    }
    assert_eq!(network.count(), 2);
}

/// The list moves by one while it is read, so `u3` stands at the end of a page and at the beginning of the next.
fn moving() -> Arc<Network> {
    let page = |ids: [&str; 3]| {
        let data = ids.map(|id| json!({ "id": id }));
        Reply::from(Answer::json(200, &json!({ "data": data, "totalPages": 2 })))
    };
    Network::script([page(["u1", "u2", "u3"]), page(["u3", "u4", "u5"])])
}

#[tokio::test]
async fn a_record_that_comes_again_on_a_later_page_is_dropped() {
    assert_eq!(
        ids(peki(&moving()).users().list().stream()).await,
        ["u1", "u2", "u3", "u4", "u5"]
    );
    let pages: Vec<Page<_>> = peki(&moving())
        .users()
        .list()
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages.iter().map(Page::repeated).collect::<Vec<_>>(), [0, 1]);
    let builder = clients::peki().on(&moving(), &Runtime::new());
    let client = builder
        .with_options(Options::new().with_dedupe(false))
        .build()
        .unwrap();
    let all = ids(client.chatbot("b").users().list().stream()).await;
    assert_eq!(all, ["u1", "u2", "u3", "u3", "u4", "u5"]);
}

#[tokio::test]
async fn a_list_that_stays_shorter_than_its_total_says_so() {
    let data = json!([{ "id": "u1" }, { "id": "u2" }]);
    let network = Network::always(Answer::json(
        200,
        &json!({ "data": data, "totalItems": 3, "totalPages": 1 }),
    ));
    let mut items = peki(&network).users().list().stream();
    for _ in 0..2 {
        assert!(items.try_next().await.unwrap().is_some());
    }
    let error = items.try_next().await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Incomplete {
            seen: 2,
            expected: 3
        }
    );
    assert_eq!(network.count(), 2, "it is walked twice");
}

#[tokio::test]
async fn completeness_is_known_only_where_a_total_is() {
    let network = numbered(7, 3);
    let mut items = peki(&network).users().list().stream();
    assert_eq!(items.completeness(), Completeness::Unfinished);
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(items.completeness(), Completeness::Complete);
    let mut items = clients::chatbot()
        .once(&after_id(7, 3))
        .users()
        .list()
        .stream();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(items.completeness(), Completeness::Unverified);
    let mut items = peki(&network).users().list().page(2_u32).stream();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(items.completeness(), Completeness::Unverified);
}

#[test]
fn enumerations_are_texts() {
    let error = serde_json::from_str::<botroster_peki::types::SenderType>("7").unwrap_err();
    let text = "invalid type: integer `7`, expected one of the documented strings";
    assert!(error.to_string().starts_with(text), "{error}");
}
