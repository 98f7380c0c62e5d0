//! No secret and no personal data in what gets printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{fmt::Debug, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use botroster_chatbot::types::{Attributes, CreateUser, ExportByFilter, ExportByUsers, UpdateUser};
use botroster_client::{Error, HttpSend as _, Page, Secret, SendError, Settings};
use botroster_contract_tests::{
    clients::Attach as _,
    leak::{Scanner, planted},
    network::{Answer, Network, Reply},
    runtime::Runtime,
    specs::Spec,
};
use futures_util::TryStreamExt as _;
use serde_json::json;

const SECRET: &str = "canary-of-a-credential-7f3a";
const OTHER_SECRET: &str = "canary-of-another-credential-9b1c";
const PERSON: &str = "Canary Person 4d2e ü";
const ID: &str = "canary/of an id 8c5d";

fn scanner() -> Scanner {
    Scanner::new([SECRET, OTHER_SECRET, PERSON, ID])
}

#[test]
fn the_scanner_finds_what_is_planted() {
    let scanner = scanner();
    let hex = |text: &str| {
        text.bytes()
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>()
    };
    let percent = |text: &str| {
        text.bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect::<String>()
    };
    for canary in [SECRET, OTHER_SECRET, PERSON, ID] {
        for planted in [
            canary.to_owned(),
            canary.to_uppercase(),
            hex(canary),
            percent(canary),
            url::form_urlencoded::byte_serialize(canary.as_bytes()).collect(),
            format!("{:?}", canary.as_bytes()),
            STANDARD.encode(canary),
            STANDARD.encode(format!("user:{canary}:more")),
            STANDARD.encode(format!("a{canary}b")),
            STANDARD.encode(format!("ab{canary}")),
        ] {
            let text = format!("Error {{ text: \"{planted}\" }}");
            assert_eq!(scanner.find(&text), Some(canary), "{text}");
        }
    }
    assert_eq!(scanner.find("Error { text: \"canary\" }"), None);
}

fn check_error(what: &str, error: &Error) {
    let scanner = scanner();
    scanner.assert_debug_clean(what, error);
    scanner.assert_clean(what, &error.to_string());
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        scanner.assert_clean(what, &format!("{inner} {inner:?}"));
        source = inner.source();
    }
}

fn check<T: Debug>(what: &str, result: Result<T, Error>) {
    match result {
        Ok(value) => scanner().assert_debug_clean(what, &value),
        Err(error) => check_error(what, &error),
    }
}

/// The success of an operation with canaries everywhere.
fn success(platform: &str, schema: &str) -> Reply {
    let spec = Spec::of(platform);
    Answer::json(200, &planted(PERSON, &spec, spec.schema(schema))).into()
}

/// What goes wrong, with canaries in all that the platform says.
fn failures() -> Vec<Reply> {
    let body = json!({
        "error": PERSON, "message": PERSON, "success": false, "code": 1002,
        "status": { "code": 500, "type": PERSON, "message": PERSON }, "data": [PERSON, { "id": [PERSON] }],
    });
    let json = |status: u16| Answer::json(status, &body).with_header("x-request-id", "canary-free");
    let mut replies: Vec<Reply> = [200, 302, 400, 401, 403, 404, 429, 500, 503]
        .map(|status| json(status).into())
        .into();
    replies.push(Answer::new(200, "text/html", format!("<p>{PERSON}\n{PERSON}\n")).into());
    replies.push(Answer::new(200, "application/json", format!("{{\"data\":[\"{PERSON}\"")).into());
    replies.push(Answer::new(200, "application/json", format!("[\"{PERSON}\"]")).into());
    replies.push(
        Answer::json(
            200,
            &json!({ "data": [{ "id": { "name": PERSON } }], "_id": PERSON }),
        )
        .into(),
    );
    replies.push(
        Answer::json(302, &json!({}))
            .with_header(
                "location",
                "https://example.com/Canary%20Person%204d2e%20%C3%BC",
            )
            .into(),
    );
    replies.extend([SendError::NotSent, SendError::Broken, SendError::Timeout].map(Reply::Fail));
    replies.push(Reply::Stall);
    replies
}

fn check_page<T: Debug>(what: &str, result: Result<Page<T>, Error>) {
    if let Ok(page) = &result {
        for rejected in page.rejected() {
            scanner().assert_debug_clean(what, rejected);
            scanner().assert_clean(what, rejected.reason());
        }
        scanner().assert_debug_clean(what, page.metadata());
    }
    check(what, result);
}

fn peki(network: &Arc<Network>) -> botroster_peki::Client {
    let credentials = botroster_peki::Credentials::new()
        .with_api_key(SECRET)
        .with_api_secret(OTHER_SECRET);
    scanner().assert_debug_clean("credentials", &credentials);
    let builder = botroster_peki::Client::builder().with_credentials(credentials);
    let builder = builder
        .on(network, &Runtime::new())
        .with_signed_path("/api", "/rewritten");
    scanner().assert_debug_clean("builder", &builder);
    builder.build().unwrap()
}

#[tokio::test]
async fn peki_shows_nothing() {
    for (schema, replies) in [("UserPage", failures()), ("UserAnswer", failures())] {
        let replies = replies.into_iter().chain([without_error(schema)]);
        for reply in replies {
            let client = peki(&Network::always(reply));
            let bot = client.chatbot(ID);
            scanner().assert_debug_clean("client", &client);
            scanner().assert_debug_clean("scope", &bot);
            let (list, get) = (bot.users().list(), bot.users().get(ID));
            scanner().assert_debug_clean("request", &list);
            scanner().assert_debug_clean("request", &get);
            scanner().assert_debug_clean("stream", &list.clone().stream());
            check("raw", get.clone().send_raw().await);
            check("user", get.await);
            check_page("users", list.await);
            let messages = bot.messages().list().user_id(ID).session_id(ID);
            scanner().assert_debug_clean("request", &messages);
            check_page("messages", messages.await);
            check_page("sessions", bot.sessions().list().user_id(ID).await);
            let mut items = bot.users().list().stream();
            // Some of these lists have no end.
            for _ in 0..5 {
                match items.try_next().await {
                    Ok(None) => break,
                    item => check("item", item),
                }
            }
        }
    }
}

/// A success of Peki; its `error` must not be there.
fn without_error(schema: &str) -> Reply {
    let spec = Spec::of("peki");
    let mut body = planted(PERSON, &spec, spec.schema(schema));
    body.as_object_mut().unwrap().remove("error");
    Answer::json(200, &body).into()
}

#[tokio::test]
async fn successes_are_successes() {
    let network = Network::always(without_error("UserPage"));
    let page = peki(&network).chatbot("b").users().list().await.unwrap();
    assert_eq!(page.items[0].first_name.as_deref(), Some(PERSON));
    assert_eq!(
        page.items[0].extra().get(PERSON),
        Some(&json!("canary in a key"))
    );
    let get = peki(&Network::always(without_error("UserAnswer")))
        .chatbot("b")
        .users()
        .get("u");
    assert_eq!(get.await.unwrap().id, PERSON);
    let network = Network::always(success("chatbot", "UserDetails"));
    assert_eq!(
        chatbot(&network).users().get("u").await.unwrap().segments[0]
            .name
            .as_deref(),
        Some(PERSON)
    );
    let network = Network::always(without_failure("ContactPage"));
    let filter = botroster_botpenguin::types::InboxFilter::new();
    let page = botpenguin(&network)
        .inbox()
        .list_users(filter)
        .await
        .unwrap();
    assert_eq!(
        page.items[0].profile.as_ref().unwrap().notes[0]
            .title
            .as_deref(),
        Some(PERSON)
    );
}

fn chatbot(network: &Arc<Network>) -> botroster_chatbot::Client {
    let credentials = botroster_chatbot::Credentials::new().with_access_token(SECRET);
    scanner().assert_debug_clean("credentials", &credentials);
    let builder = botroster_chatbot::Client::builder().with_credentials(credentials);
    let builder = builder.on(network, &Runtime::new());
    scanner().assert_debug_clean("builder", &builder);
    builder.build().unwrap()
}

fn attributes() -> Attributes {
    let mut attributes = Attributes::new();
    attributes.default_email = Some(PERSON.to_owned());
    attributes
        .extra_mut()
        .insert(PERSON.to_owned(), json!(PERSON));
    attributes
}

#[tokio::test]
async fn chatbot_shows_nothing() {
    let csv = format!("Name,{PERSON},IP\n{PERSON},{PERSON},{PERSON}\n{PERSON}\n");
    let successes =
        ["UserPage", "UserDetails", "ActionResult"].map(|schema| success("chatbot", schema));
    let replies = failures()
        .into_iter()
        .chain(successes)
        .chain([Answer::csv(csv).into()]);
    for reply in replies {
        let client = chatbot(&Network::always(reply));
        scanner().assert_debug_clean("client", &client);
        let users = client.users();
        let body = CreateUser::new(attributes());
        scanner().assert_debug_clean("body", &body);
        check("create", users.create(body).await);
        let update = UpdateUser::new(attributes());
        scanner().assert_debug_clean("body", &update);
        check("update", users.update(ID, update).await);
        check("get", users.get(ID).await);
        check_page("list", users.list().after(ID).await);
        check(
            "segments",
            users.remove_segments(ID, vec![PERSON.to_owned()]).await,
        );
        check_page("all segments", client.segments().list().await);
        let mut by_filter = ExportByFilter::new();
        by_filter.filters = vec![json!({ PERSON: PERSON }).as_object().unwrap().clone()];
        scanner().assert_debug_clean("body", &by_filter);
        let mut rows = users.export(by_filter).rows();
        loop {
            match rows.try_next().await {
                Ok(None) => break,
                row => check("row", row),
            }
        }
        let export = users.export(ExportByUsers::new(vec![ID.to_owned()]));
        scanner().assert_debug_clean("request", &export);
        match export.bytes().await {
            Ok(bytes) => check(
                "bytes",
                bytes
                    .try_collect::<Vec<_>>()
                    .await
                    .map(|pieces| pieces.len()),
            ),
            Err(error) => check_error("bytes", &error),
        }
    }
}

fn botpenguin(network: &Arc<Network>) -> botroster_botpenguin::Client {
    let credentials = botroster_botpenguin::Credentials::new()
        .with_api_token(SECRET)
        .with_bot_token(OTHER_SECRET);
    scanner().assert_debug_clean("credentials", &credentials);
    let builder = botroster_botpenguin::Client::builder().with_credentials(credentials);
    builder.on(network, &Runtime::new()).build().unwrap()
}

/// A success of BotPenguin.
fn without_failure(schema: &str) -> Reply {
    let spec = Spec::of("botpenguin");
    let mut body = planted(PERSON, &spec, spec.schema(schema));
    body["code"] = json!(200);
    Answer::json(200, &body).into()
}

#[tokio::test]
async fn botpenguin_shows_nothing() {
    let replies = failures()
        .into_iter()
        .chain([without_failure("ContactPage"), without_failure("ChatPage")]);
    for reply in replies {
        let client = botpenguin(&Network::always(reply));
        let mut filter = botroster_botpenguin::types::InboxFilter::new();
        filter.search_text = PERSON.to_owned();
        filter.agent_assigned = vec![ID.to_owned()];
        filter.created_at.start_at = PERSON.into();
        scanner().assert_debug_clean("body", &filter);
        check_page("contacts", client.inbox().list_users(filter).await);
        let inbox = client.bot(ID, ID).inbox();
        scanner().assert_debug_clean("resource", &inbox);
        let lead = botroster_botpenguin::types::ChatType::Lead;
        check_page("chats", inbox.list_chats(lead).await);
    }
}

#[tokio::test]
async fn mybot_shows_nothing() {
    let people = json!({ "users": [{ "name": PERSON }, PERSON, [PERSON]], "messages": [{ PERSON: PERSON }] });
    for reply in failures()
        .into_iter()
        .chain([Answer::json(200, &people).into()])
    {
        let network = Network::always(reply);
        let credentials = botroster_mybot::Credentials::new().with_api_key(SECRET);
        let builder = botroster_mybot::Client::builder().with_credentials(credentials);
        let client = builder.on(&network, &Runtime::new()).build().unwrap();
        let bot = client.bot(ID, ID);
        let find = bot.users().find("name", PERSON);
        scanner().assert_debug_clean("request", &find);
        check_page("users", find.await);
        check_page("messages", bot.conversations().list(ID).await);
    }
}

#[tokio::test]
async fn settings_secrets_and_requests_show_nothing() {
    let network = Network::always(without_error("UserPage"));
    let settings = Settings::new()
        .with_base_url(format!("https://example.com/{SECRET}"))
        .with_credential("api_key", Secret::new(SECRET))
        .with_scope("chatbotId", ID)
        .with_http(network.clone());
    scanner().assert_debug_clean("settings", &settings);
    scanner().assert_debug_clean("secret", &Secret::new(SECRET));
    peki(&network).chatbot(ID).users().list().await.unwrap();
    let outgoing = network.sent().remove(0);
    assert_eq!(outgoing.headers["x-api-key"], SECRET);
    scanner().assert_debug_clean("outgoing", &outgoing);
    let incoming = network.send(outgoing).await.unwrap();
    scanner().assert_debug_clean("incoming", &incoming);
}

#[tokio::test]
async fn refusals_of_credentials_do_not_repeat_them() {
    let broken = format!("{SECRET}\n");
    let errors = [
        botroster_peki::Client::builder()
            .with_credentials(
                botroster_peki::Credentials::new()
                    .with_api_key(broken.as_str())
                    .with_api_secret(OTHER_SECRET),
            )
            .build()
            .map(drop),
        botroster_chatbot::Client::builder()
            .with_credentials(
                botroster_chatbot::Credentials::new().with_access_token(broken.as_str()),
            )
            .build()
            .map(drop),
        botroster_peki::Client::builder()
            .with_base_url(format!("https://u:{SECRET}@example.com"))
            .build()
            .map(drop),
        botroster_peki::Client::builder()
            .with_base_url(format!("{SECRET} is no URL"))
            .build()
            .map(drop),
        botroster_peki::Client::builder()
            .with_base_url(format!("http://{SECRET}.example"))
            .build()
            .map(drop),
    ];
    for error in errors {
        check_error("refusal", &error.unwrap_err());
    }
}
