//! The requests of the operations of Peki, BotPenguin and MyBOT, as their bytes go on the wire.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use botroster_botpenguin::types::{ChatType, ConversationStatus, InboxFilter, MessageAuthor};
use botroster_contract_tests::{
    album::{AWKWARD, Album, BEARER},
    clients::{self, Attach as _},
    runtime::Runtime,
    server::{Act, Server},
    snapshots::names,
    specs::Operation,
};

const AWKWARD_ENCODED: &str = "a%20b%2F%C3%BC%252F..%3F%23%F0%9F%98%80";

const PEKI: [&str; 3] = ["x-api-key", "x-signature", "x-timestamp"];

#[tokio::test]
async fn peki() {
    let mut album = Album::default();
    let bot = |server: &Server, runtime: &Runtime, id: &str| {
        clients::peki()
            .at(server, "/api", runtime)
            .build()
            .unwrap()
            .chatbot(id)
    };
    album
        .take(
            "peki__list_users",
            "plain",
            &PEKI,
            async |server, runtime| {
                let _ = bot(server, runtime, "bot-1").users().list().await;
            },
        )
        .await;
    album
        .take(
            "peki__list_users",
            "all_options",
            &PEKI,
            async |server, runtime| {
                let users = bot(server, runtime, AWKWARD).users();
                let _ = users.list().page(3_u32).page_size(50_u32).await;
            },
        )
        .await;
    let request = album
        .take(
            "peki__get_user",
            "awkward_id",
            &PEKI,
            async |server, runtime| {
                let _ = bot(server, runtime, "bot-1").users().get(AWKWARD).await;
            },
        )
        .await;
    assert_eq!(
        request.target(),
        format!("/api/Dev/bot-1/users/{AWKWARD_ENCODED}")
    );
    album
        .take(
            "peki__list_messages",
            "all_options",
            &PEKI,
            async |server, runtime| {
                let messages = bot(server, runtime, "bot-1").messages().list();
                let narrowed = messages.session_id("s&1=ü").user_id(AWKWARD);
                let _ = narrowed.page(2_u32).page_size(10_u32).await;
            },
        )
        .await;
    album
        .take(
            "peki__list_sessions",
            "all_options",
            &PEKI,
            async |server, runtime| {
                let sessions = bot(server, runtime, "bot-1").sessions().list();
                let _ = sessions
                    .user_id(AWKWARD)
                    .page(2_u32)
                    .page_size(10_u32)
                    .await;
            },
        )
        .await;
    album.check("peki");
}

fn full_filter() -> InboxFilter {
    let list = |text: &str| vec![text.to_owned()];
    let mut filter = InboxFilter::new();
    filter.search_text = "Ada".to_owned();
    filter.tags = list("vip");
    filter.status = vec![ConversationStatus::Open, ConversationStatus::Dependancy];
    filter.is_online = true;
    filter.bot_website = list("w1");
    filter.bot_whatsapp = list("w2");
    filter.bot_telegram = list("t1");
    filter.bot_facebook = list("f1");
    filter.agent_assigned = list("a1");
    filter.segments = list("s1");
    filter.applicable_filters = vec!["userInteracted".to_owned(), "isOnline".to_owned()];
    filter.last_seen_at.start_at = "2026-01-01T00:00:00.000Z".into();
    filter.created_at.ends_at = "2026-02-01T00:00:00.000Z".into();
    filter.user_interacted = true;
    filter.last_message_by = vec![MessageAuthor::Agent];
    filter.is_live_chat_active = true;
    filter.has_ordered.status = true;
    filter.has_ordered.last_at = "2026-01-03T00:00:00.000Z".into();
    filter.page = 4;
    filter.is_export = "none".to_owned();
    filter.is_contact = false;
    filter
}

#[tokio::test]
async fn botpenguin() {
    let mut album = Album::default();
    let bot_token = ["x-bot-token"];
    let client = |server: &Server, runtime: &Runtime| {
        clients::botpenguin()
            .at(server, "", runtime)
            .build()
            .unwrap()
    };
    let request = album
        .take(
            "botpenguin__list_inbox_users",
            "empty_filter",
            &BEARER,
            async |server, runtime| {
                let _ = client(server, runtime)
                    .inbox()
                    .list_users(InboxFilter::new())
                    .await;
            },
        )
        .await;
    assert_eq!(request.header("authtype"), Some("Key"));
    album
        .take(
            "botpenguin__list_inbox_users",
            "full_filter",
            &BEARER,
            async |server, runtime| {
                let _ = client(server, runtime)
                    .inbox()
                    .list_users(full_filter())
                    .await;
            },
        )
        .await;
    let omitted = album
        .take(
            "botpenguin__list_inbox_users",
            "without_authtype",
            &BEARER,
            async |server, runtime| {
                let builder = clients::botpenguin().at(server, "", runtime);
                let client = builder.with_omitted_header("authtype").build().unwrap();
                let _ = client.inbox().list_users(InboxFilter::new()).await;
            },
        )
        .await;
    assert_eq!(omitted.header("authtype"), None);
    let pages = [
        Act::json(r#"{"data":[{"_id":"c1"}]}"#),
        Act::json(r#"{"data":[]}"#),
    ];
    let requests = album
        .take_all(
            "botpenguin__list_inbox_users",
            "second_page",
            &BEARER,
            pages,
            async |server, runtime| {
                let mut items = client(server, runtime)
                    .inbox()
                    .list_users(InboxFilter::new())
                    .stream();
                while items.try_next().await.unwrap().is_some() {}
            },
        )
        .await;
    assert_eq!(requests.len(), 2);
    album
        .take(
            "botpenguin__list_chats",
            "leads",
            &bot_token,
            async |server, runtime| {
                let inbox = client(server, runtime).bot("cus-1", "bot-1").inbox();
                let _ = inbox.list_chats(ChatType::Lead).await;
            },
        )
        .await;
    album
        .take(
            "botpenguin__list_chats",
            "all_options",
            &bot_token,
            async |server, runtime| {
                let inbox = client(server, runtime).bot("c&1", AWKWARD).inbox();
                let _ = inbox.list_chats(ChatType::NonLead).page(7_u32).await;
            },
        )
        .await;
    album.check("botpenguin");
}

#[tokio::test]
async fn mybot() {
    let mut album = Album::default();
    let bot = |server: &Server, runtime: &Runtime| {
        let client = clients::mybot()
            .at(server, "/tenant/", runtime)
            .build()
            .unwrap();
        client.bot("cus-1", AWKWARD)
    };
    album
        .take(
            "mybot__find_users",
            "awkward_value",
            &BEARER,
            async |server, runtime| {
                let _ = bot(server, runtime)
                    .users()
                    .find("e-mail", "a+b &=ü@example.com")
                    .await;
            },
        )
        .await;
    album
        .take(
            "mybot__get_conversations",
            "plain",
            &BEARER,
            async |server, runtime| {
                let _ = bot(server, runtime)
                    .conversations()
                    .list("+49 555 0100")
                    .await;
            },
        )
        .await;
    album
        .take(
            "mybot__get_conversations",
            "all_options",
            &BEARER,
            async |server, runtime| {
                let list = bot(server, runtime).conversations().list(AWKWARD);
                let range = list
                    .start_date(1_767_225_600_000_i64)
                    .end_date(1_767_225_600_001_i64);
                let _ = range.page_number(2_u32).page_size(500_u32).await;
            },
        )
        .await;
    album.check("mybot");
}

#[test]
fn every_operation_has_a_snapshot() {
    let taken = names("requests");
    for operation in Operation::all() {
        let prefix = format!("{}--", operation.name());
        let there = taken.iter().any(|name| name.starts_with(&prefix));
        assert!(there, "{} has no snapshot", operation.name());
    }
}
