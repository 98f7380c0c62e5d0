//! What is refused before anything is sent, and where nothing is ever sent: redirects, wrong base URLs, missing credentials,
//! hostile ids, answers without end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use botroster_chatbot::types::{
    Attributes, CreateUser, ExportByFilter, ExportByUsers, SetBan, UpdateUser,
};
use botroster_client::{Error, ErrorKind, Options};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    network::{Answer, Network},
    runtime::Runtime,
    server::{Act, Server},
};
use bytes::Bytes;
use serde_json::json;

const BAD_SEGMENTS: [&str; 3] = ["", ".", ".."];

#[tokio::test]
async fn redirects_are_not_followed_anywhere() {
    for code in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let thief = Server::start([]).await;
        let location = format!("location: {}", thief.base_url("/api/Dev/bot-1/users"));
        let redirect = || Act::answer(code, &[&location], "");
        let server = Server::start([redirect(), redirect(), redirect()]).await;
        let runtime = Runtime::on_sockets();
        let peki = clients::peki()
            .at(&server, "/api", &runtime)
            .build()
            .unwrap();
        let error = peki.chatbot("bot-1").users().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{code}");
        assert!(!error.to_string().contains(&thief.base_url("")), "{error}");
        let chatbot = clients::chatbot()
            .at(&server, "", &runtime)
            .build()
            .unwrap();
        let error = chatbot
            .users()
            .create(clients::new_user())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{code}");
        let mut rows = chatbot.users().export(ExportByFilter::new()).rows();
        let error = rows.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{code}");
        assert_eq!(server.requests().len(), 3, "{code}");
        assert_eq!((thief.connections(), thief.bytes()), (0, 0), "{code}");
    }
}

#[tokio::test]
async fn answers_past_the_limit_are_refused_and_not_tried_again() {
    let page = json!({ "data": [{ "id": "u1", "firstName": "x".repeat(500) }] }).to_string();
    let whole = Bytes::from(page.clone());
    let pieces = whole
        .chunks(7)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let answer = Answer::new(200, "application/json", "").with_chunks(pieces);
    for (limit, fits) in [(page.len(), true), (page.len() - 1, false), (0, false)] {
        let network = Network::always(answer.clone());
        let builder = clients::peki().on(&network, &Runtime::new());
        let client = builder
            .with_options(Options::new().with_body_limit(limit))
            .build()
            .unwrap();
        let result = client.chatbot("bot-1").users().list().await;
        assert_eq!(network.count(), 1);
        match result {
            Ok(page) => assert!(fits && page.items.len() == 1, "{limit}"),
            Err(error) => {
                assert_eq!(
                    (error.kind(), fits),
                    (ErrorKind::TooLarge, false),
                    "{limit}: {error}"
                );
                assert_eq!(error.attempts(), 1);
                assert!(error.to_string().contains(&limit.to_string()), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn the_limit_also_holds_for_errors_and_raw_answers() {
    let network = Network::always(Answer::new(404, "text/html", "x".repeat(2000)));
    let builder = clients::peki().on(&network, &Runtime::new());
    let client = builder
        .with_options(Options::new().with_body_limit(1000))
        .build()
        .unwrap();
    let users = client.chatbot("bot-1").users();
    assert_eq!(
        users.get("u1").await.unwrap_err().kind(),
        ErrorKind::TooLarge
    );
    assert_eq!(
        users.get("u1").send_raw().await.unwrap_err().kind(),
        ErrorKind::TooLarge
    );
}

#[test]
fn wrong_base_urls_are_refused_with_the_fix() {
    for (url, word) in [
        ("http://api.example.com", "https"),
        ("http://192.0.2.1/api", "https"),
        ("http://127.0.0.1:9", "loopback"),
        ("http://localhost:9", "loopback"),
        ("https://ada:tops3cret@api.example.com", "user name"),
        ("https://api.example.com?key=tops3cret", "query"),
        ("https://api.example.com#tops3cret", "fragment"),
        ("ftp://api.example.com", "https"),
        ("file:///etc/passwd", "https"),
        ("api.example.com", "https://"),
        ("", "https://"),
    ] {
        let error = clients::peki().with_base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        let text = error.to_string();
        assert!(
            text.contains("peki") && text.contains(word),
            "{url}: {text}"
        );
        assert!(!text.contains("tops3cret"), "{text}");
    }
}

#[test]
fn mybot_needs_a_base_url() {
    let error = clients::mybot().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        error.to_string().contains("mybot has no default base URL"),
        "{error}"
    );
}

#[test]
fn loopback_http_is_for_loopback_only() {
    for (url, fine) in [
        ("http://127.0.0.1:9", true),
        ("http://[::1]:9", true),
        ("http://localhost:9", true),
        ("http://localhost.example:9", false),
        ("http://api.example.com", false),
        ("http://0.0.0.0:9", false),
    ] {
        let built = clients::peki()
            .with_base_url(url)
            .with_loopback_http()
            .build();
        assert_eq!(built.is_ok(), fine, "{url}");
    }
}

#[tokio::test]
async fn missing_credentials_name_the_variable_and_send_nothing() {
    let network = Network::always(Answer::new(500, "", ""));
    let runtime = Runtime::new();
    let peki = botroster_peki::Client::builder()
        .on(&network, &runtime)
        .build()
        .unwrap();
    let chatbot = botroster_chatbot::Client::builder()
        .on(&network, &runtime)
        .build()
        .unwrap();
    let mybot = botroster_mybot::Client::builder()
        .on(&network, &runtime)
        .build()
        .unwrap();
    let only_bot = botroster_botpenguin::Credentials::new().with_bot_token("t");
    let only_bot = botroster_botpenguin::Client::builder().with_credentials(only_bot);
    let only_bot = only_bot.on(&network, &runtime).build().unwrap();
    let only_api = botroster_botpenguin::Credentials::new().with_api_token("t");
    let only_api = botroster_botpenguin::Client::builder().with_credentials(only_api);
    let only_api = only_api.on(&network, &runtime).build().unwrap();
    let lead = botroster_botpenguin::types::ChatType::Lead;
    let filter = botroster_botpenguin::types::InboxFilter::new();
    let errors = [
        (
            peki.chatbot("b").users().list().await.unwrap_err(),
            "PEKI_API_KEY and PEKI_API_SECRET",
        ),
        (
            chatbot.users().list().await.unwrap_err(),
            "CHATBOT_ACCESS_TOKEN",
        ),
        (
            mybot
                .bot("c", "b")
                .users()
                .find("a", "b")
                .await
                .unwrap_err(),
            "MYBOT_API_KEY",
        ),
        (
            only_bot.inbox().list_users(filter).await.unwrap_err(),
            "BOTPENGUIN_API_TOKEN",
        ),
        (
            only_api
                .bot("c", "b")
                .inbox()
                .list_chats(lead)
                .await
                .unwrap_err(),
            "BOTPENGUIN_BOT_TOKEN",
        ),
    ];
    for (error, variable) in errors {
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.is_auth() && !error.is_retryable());
        assert!(error.to_string().contains(variable), "{error}");
        assert!(error.to_string().contains("nothing was sent"), "{error}");
    }
    assert_eq!(network.count(), 0);
}

#[tokio::test]
async fn half_a_signature_s_credentials_are_refused_at_once() {
    let half = botroster_peki::Credentials::new().with_api_key("pk_tops3cret");
    let error = botroster_peki::Client::builder()
        .with_credentials(half)
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    assert!(
        text.contains("PEKI_API_SECRET") && !text.contains("tops3cret"),
        "{text}"
    );
}

#[test]
fn malformed_credentials_name_the_slot_and_never_the_value() {
    let malformed = [
        "",
        " ",
        "tops3cret\n",
        "tops3cret\r\nx-evil: 1",
        "tops3cret\u{0}",
        " tops3cret",
        "töps3cret",
    ];
    for value in malformed {
        let peki = botroster_peki::Credentials::new()
            .with_api_key(value)
            .with_api_secret("s");
        let chatbot = botroster_chatbot::Credentials::new().with_access_token(value);
        let mybot = botroster_mybot::Credentials::new().with_api_key(value);
        let peki = botroster_peki::Client::builder().with_credentials(peki);
        let chatbot = botroster_chatbot::Client::builder().with_credentials(chatbot);
        let mybot = botroster_mybot::Client::builder().with_credentials(mybot);
        let mybot = mybot.with_base_url("https://api.example.com");
        for (built, slot) in [
            (peki.build().map(drop), "api_key"),
            (chatbot.build().map(drop), "access_token"),
            (mybot.build().map(drop), "api_key"),
        ] {
            let error = built.expect_err("a malformed credential was taken");
            assert_eq!(error.kind(), ErrorKind::Credentials, "{value:?}");
            let text = format!("{error} {error:?}");
            assert!(text.contains(slot) && !text.contains("ps3cret"), "{text}");
        }
    }
}

fn assert_refused<T>(result: Result<T, Error>, parameter: &str) {
    let error = result.err().expect("a hostile id was taken");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains(&format!("`{parameter}`")),
        "{error}"
    );
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn segments_that_would_change_the_path_are_refused_before_a_socket_opens() {
    let server = Server::start([]).await;
    let runtime = Runtime::on_sockets();
    let peki = clients::peki()
        .at(&server, "/api", &runtime)
        .build()
        .unwrap();
    let chatbot = clients::chatbot()
        .at(&server, "", &runtime)
        .build()
        .unwrap();
    let mybot = clients::mybot().at(&server, "", &runtime).build().unwrap();
    let users = chatbot.users();
    let segments = || vec!["s1".to_owned()];
    for bad in BAD_SEGMENTS {
        assert_refused(peki.chatbot(bad).users().list().await, "chatbotId");
        assert_refused(peki.chatbot(bad).users().get("u1").await, "chatbotId");
        assert_refused(peki.chatbot("b").users().get(bad).await, "userId");
        assert_refused(peki.chatbot(bad).messages().list().await, "chatbotId");
        assert_refused(
            peki.chatbot(bad)
                .sessions()
                .list()
                .stream()
                .try_next()
                .await,
            "chatbotId",
        );
        assert_refused(users.get(bad).await, "id");
        assert_refused(users.get(bad).send_raw().await, "id");
        assert_refused(
            users
                .update(bad, UpdateUser::new(clients::attributes()))
                .await,
            "id",
        );
        assert_refused(users.set_ban(bad, SetBan::new(true)).await, "id");
        assert_refused(users.add_segments(bad, segments()).await, "id");
        assert_refused(users.replace_segments(bad, segments()).await, "id");
        assert_refused(users.remove_segments(bad, segments()).await, "id");
        assert_refused(
            mybot.bot(bad, "b").users().find("a", "b").await,
            "customerId",
        );
        assert_refused(mybot.bot("c", bad).users().find("a", "b").await, "botKey");
        assert_refused(
            mybot.bot("c", "b").conversations().list(bad).await,
            "channelUserId",
        );
    }
    assert_eq!((server.connections(), server.bytes()), (0, 0));
}

#[tokio::test]
async fn broken_rules_between_arguments_are_refused_before_sending() {
    let network = Network::always(Answer::new(500, "", ""));
    let runtime = Runtime::new();
    let users = clients::chatbot()
        .on(&network, &runtime)
        .build()
        .unwrap()
        .users();
    let error = users
        .create(CreateUser::new(clients::attributes()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error
            .to_string()
            .contains("`userId`, `attributes/default_email`"),
        "{error}"
    );
    let mybot = clients::mybot().on(&network, &runtime).build().unwrap();
    for (start, end) in [(2_i64, 2_i64), (3, 2)] {
        let list = mybot.bot("c", "b").conversations().list("u1");
        let error = list.start_date(start).end_date(end).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error
                .to_string()
                .contains("`start_date` must be less than `end_date`"),
            "{error}"
        );
    }
    assert_eq!(network.count(), 0);
}

#[tokio::test]
async fn broken_limits_of_bodies_are_refused_before_sending() {
    let network = Network::always(Answer::new(500, "", ""));
    let users = clients::chatbot().once(&network).users();
    let long = |value: &mut Attributes| value.default_name = Some("joe".repeat(86));
    let empty = |value: &mut Attributes| value.default_name = Some(String::new());
    let many = |value: &mut Attributes| {
        let more = (0..99).map(|number| (format!("joe{number}"), "x"));
        for (name, text) in more {
            value.extra_mut().insert(name, text);
        }
    };
    for (change, expected) in [
        (
            long as fn(&mut Attributes),
            "`/attributes/default_name` must have from 1 to 256 characters",
        ),
        (
            empty,
            "`/attributes/default_name` must have from 1 to 256 characters",
        ),
        (many, "`/attributes` must have from 1 to 99 properties"),
    ] {
        let mut attributes = clients::attributes();
        change(&mut attributes);
        let mut user = CreateUser::new(attributes.clone());
        user.user_id = Some("crm-7".to_owned());
        let created = users.create(user).await.unwrap_err();
        let updated = users.update("u1", UpdateUser::new(attributes)).await;
        for error in [created, updated.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.to_string(), format!("{expected}: nothing was sent"));
        }
    }
    for ids in [0, 1001] {
        let ids = (0..ids).map(|number| format!("joe{number}"));
        let mut rows = users
            .export(ExportByUsers::new(ids.collect::<Vec<_>>()))
            .rows();
        let error = rows.try_next().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`/users` must have from 1 to 1000 items: nothing was sent"
        );
    }
    assert_eq!(network.count(), 0);
}
