//! Deadline, attempts and headers of a single call, and what request bodies and pages offer besides their fields.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{sync::Arc, time::Duration};

use botroster_chatbot::types::{SetBan, SortOrder, UpdateUser};
use botroster_client::{ErrorKind, Page, PageReport, SendError, Timestamp, Totals};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    network::{Answer, Network, Reply},
    runtime::Runtime,
};
use botroster_peki::Users;
use serde_json::json;

const PAGE: &str =
    r#"{"data":[{"id":"u1"}],"totalItems":1,"pageSize":20,"currentPage":1,"totalPages":1}"#;

fn page() -> Answer {
    Answer::new(200, "application/json", PAGE)
}

fn users(network: &Arc<Network>, runtime: &Runtime) -> Users {
    let client = clients::peki().on(network, runtime).build().unwrap();
    client.chatbot("bot-1").users()
}

#[tokio::test]
async fn a_call_has_a_deadline_of_its_own() {
    let busy = Answer::new(429, "", "{}").with_header("retry-after", "30");
    let (network, runtime) = (Network::always(busy), Runtime::new());
    let users = users(&network, &runtime);
    let limit = Duration::from_secs(30);
    let error = users.list().with_deadline(limit).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 1)
    );
    // The client's deadline, 300 s, still holds for other calls.
    let error = users.list().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 3)
    );
}

#[tokio::test]
async fn a_call_has_a_number_of_attempts_of_its_own() {
    let failing = || Network::always(Reply::Fail(SendError::NotSent));
    for (attempts, sent) in [(0, 1), (1, 1), (2, 2), (5, 5)] {
        let (network, runtime) = (failing(), Runtime::new());
        let list = users(&network, &runtime).list();
        let error = list.with_attempts(attempts).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert_eq!((network.count(), error.attempts()), (sent, sent as u32));
    }
}

#[tokio::test]
async fn a_call_has_headers_of_its_own() {
    let (network, runtime) = (Network::always(page()), Runtime::new());
    let users = users(&network, &runtime);
    let list = users.list().with_header("X-Trace", "first");
    let list = list
        .with_header("x-trace", "abc")
        .with_header("User-Agent", "mine/1");
    list.clone().await.unwrap();
    users.list().await.unwrap();
    let [with, without] = &network.sent()[..] else {
        panic!("two requests");
    };
    assert_eq!(
        (&with.headers["x-trace"], &with.headers["user-agent"]),
        (&"abc".parse().unwrap(), &"mine/1".parse().unwrap())
    );
    assert!(without.headers.get("x-trace").is_none());
    assert_ne!(without.headers["user-agent"], "mine/1");
    assert!(with.headers.contains_key("x-signature"));
    assert!(!format!("{list:?}").contains("abc"));
}

#[tokio::test]
async fn every_page_of_a_walk_has_the_options_of_the_call() {
    let full =
        r#"{"data":[{"id":"u1"}],"totalItems":2,"pageSize":1,"currentPage":1,"totalPages":2}"#;
    let last =
        r#"{"data":[{"id":"u2"}],"totalItems":2,"pageSize":1,"currentPage":2,"totalPages":2}"#;
    let pages = [full, last].map(|body| Answer::new(200, "application/json", body));
    let (network, runtime) = (Network::script(pages), Runtime::new());
    let mut walk = users(&network, &runtime)
        .list()
        .with_header("x-trace", "abc")
        .pages();
    while walk.try_next().await.unwrap().is_some() {}
    assert_eq!(network.count(), 2);
    assert!(
        network
            .sent()
            .iter()
            .all(|request| request.headers["x-trace"] == "abc")
    );
}

#[tokio::test]
async fn headers_that_the_client_controls_are_refused_before_anything_is_sent() {
    let (network, runtime) = (Network::always(page()), Runtime::new());
    for (name, reason) in [
        ("X-API-Key", "is set by the authentication of the client"),
        ("x-signature", "is set by the authentication of the client"),
        ("X-Timestamp", "is set by the authentication of the client"),
        ("Authorization", "is controlled by the client"),
        ("Host", "is controlled by the client"),
        ("Content-Length", "is controlled by the client"),
        ("Content-Type", "is controlled by the client"),
        ("Transfer-Encoding", "is controlled by the client"),
        ("bad name", "the name of an additional header is invalid"),
    ] {
        let list = users(&network, &runtime)
            .list()
            .with_header(name, "tops3cret");
        let error = list.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
        let text = format!("{error} {error:?}");
        assert!(text.contains(reason), "{text}");
        assert!(!text.contains("tops3cret"), "{text}");
    }
    // The scheme of another platform sets other headers.
    let chatbot = clients::chatbot().on(&network, &runtime).build().unwrap();
    let get = chatbot
        .users()
        .get("u1")
        .with_header("authorization", "tops3cret");
    let error = get.send_raw().await.unwrap_err().to_string();
    assert!(
        error.contains("`authorization` is set by the authentication"),
        "{error}"
    );
    assert_eq!(network.count(), 0);
}

#[test]
fn bodies_have_setters_and_a_body_with_one_field_is_made_of_it() {
    let update = UpdateUser::new(clients::attributes());
    assert_eq!(
        serde_json::to_value(SetBan::from(true)).unwrap(),
        json!({ "banned": true })
    );
    assert_eq!(SetBan::from(true), SetBan::new(true));
    assert_eq!(update.clone(), update);
    let filter = botroster_chatbot::types::Filter::default();
    assert_eq!(serde_json::to_value(&filter).unwrap(), json!({}));
    let sort = botroster_chatbot::types::Sort::default().with_order(SortOrder::Asc);
    assert_eq!(serde_json::to_value(&sort).unwrap()["order"], "asc");
}

#[tokio::test]
async fn a_ban_takes_a_truth_value() {
    let answer = Answer::new(200, "application/json", "{}");
    let (network, runtime) = (Network::always(answer), Runtime::new());
    let chatbot = clients::chatbot().on(&network, &runtime).build().unwrap();
    let _ = chatbot.users().set_ban("u1", true).await;
    assert_eq!(&*network.sent()[0].body, br#"{"banned":true}"#);
}

#[tokio::test]
async fn a_page_has_what_the_platform_reports_of_it() {
    let (network, runtime) = (Network::always(page()), Runtime::new());
    let peki = users(&network, &runtime).list().await.unwrap();
    let expected = PageReport::default();
    assert_eq!(
        (peki.report().position, peki.report().page_size),
        (Some(1), Some(20))
    );
    assert_eq!((peki.report().count, peki.report().success), (None, None));
    assert_ne!(*peki.report(), expected);

    let body = r#"{"data":[{"id":"u1"}],"count":"7"}"#;
    let network = Network::always(Answer::new(200, "application/json", body));
    let chatbot = clients::chatbot().on(&network, &runtime).build().unwrap();
    let page = chatbot.users().list().await.unwrap();
    assert_eq!(page.report().count, Some(7));

    let body = r#"{"success":true,"message":"joe","code":200,"data":[]}"#;
    let network = Network::always(Answer::new(200, "application/json", body));
    let botpenguin = clients::botpenguin()
        .on(&network, &runtime)
        .build()
        .unwrap();
    let page = botpenguin
        .bot("c-1", "b-1")
        .inbox()
        .list_chats(botroster_botpenguin::types::ChatType::Lead)
        .await
        .unwrap();
    let report = page.report();
    assert_eq!(
        (report.success, report.message.as_deref()),
        (Some(true), Some("joe"))
    );
    assert_eq!(report.code.as_ref().unwrap(), &200);
    assert!(!format!("{report:?}").contains("joe"), "{report:?}");
}

#[tokio::test]
async fn a_page_can_be_serialised() {
    let body = r#"{"data":[{"id":"u1"},{"id":7}],"totalItems":4,"pageSize":2,"currentPage":1,"totalPages":2}"#;
    let network = Network::always(Answer::new(200, "application/json", body));
    let page = users(&network, &Runtime::new()).list().await.unwrap();
    let json = serde_json::to_value(&page).unwrap();
    assert_eq!(json["items"], json!([{ "id": "u1" }]));
    assert_eq!(
        (
            &json["rejected"][0]["index"],
            &json["rejected"][0]["record"]
        ),
        (&json!(1), &json!({ "id": 7 }))
    );
    assert_eq!(
        (&json["repeated"], &json["totals"]),
        (&json!(0), &json!({ "items": 4, "pages": 2 }))
    );
    assert_eq!(json["report"]["page_size"], 2);
    assert_eq!(
        json["cursor"],
        json!({ "operation": "list_users", "position": { "number": 2 } })
    );
    assert!(json.get("metadata").is_none());
    let made = Page::new(vec![1]).with_totals(Totals {
        items: Some(1),
        pages: None,
    });
    let made = made.with_report(PageReport::default());
    assert_eq!(serde_json::to_value(&made).unwrap()["items"], json!([1]));
}

#[test]
fn the_latest_of_several_changes_is_found_across_offsets() {
    let times = ["2019-01-23T22:49:26Z", "", "2019-01-23T17:49:27-05:00"];
    let latest = times.into_iter().map(Timestamp::from).max().unwrap();
    assert_eq!(latest.as_text(), "2019-01-23T17:49:27-05:00");
}
