//! Every operation's answers, decoded: the documented success with the quirks platforms have, and everything that can come
//! instead. The successes are the files in `tests/answers`, named `platform__operation--variant`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{
    collections::BTreeSet, fmt::Write as _, fs, future::Future, path::Path, pin::Pin, sync::Arc,
};

use botroster_botpenguin::types::{ChatType, InboxFilter};
use botroster_chatbot::types::{ExportByFilter, SetBan, UpdateUser};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    network::{Answer, Network},
    show,
    snapshots::{assert_no_stale, snapshots},
    specs::Operation,
};
use serde_json::{Value, json};

type Shown = Pin<Box<dyn Future<Output = String>>>;

/// A call of an operation, and its result as a snapshot shows it.
struct Call {
    name: &'static str,
    run: fn(Arc<Network>) -> Shown,
}

macro_rules! call {
    ($name:literal, $platform:ident, $show:ident, |$client:ident| $call:expr) => {
        Call {
            name: $name,
            run: |network| {
                Box::pin(async move {
                    let $client = clients::$platform().once(&network);
                    show::$show(&$call.await)
                })
            },
        }
    };
}

fn segments() -> Vec<String> {
    vec!["s1".to_owned()]
}

async fn export(network: Arc<Network>) -> String {
    let users = clients::chatbot().once(&network).users();
    let mut rows = users.export(ExportByFilter::new()).rows();
    let mut text = String::new();
    loop {
        match rows.try_next().await {
            Ok(None) => break text + "end\n",
            Ok(Some(row)) => text.push_str(&show::one(&Ok(row))),
            Err(error) => break text + &show::error(&error),
        }
    }
}

fn calls() -> Vec<Call> {
    vec![
        call!("peki__list_users", peki, page, |c| c
            .chatbot("b")
            .users()
            .list()),
        call!("peki__get_user", peki, one, |c| c
            .chatbot("b")
            .users()
            .get("u1")),
        call!("peki__list_messages", peki, page, |c| c
            .chatbot("b")
            .messages()
            .list()),
        call!("peki__list_sessions", peki, page, |c| c
            .chatbot("b")
            .sessions()
            .list()),
        call!("chatbot__create_user", chatbot, one, |c| c
            .users()
            .create(clients::new_user())),
        call!("chatbot__list_users", chatbot, page, |c| c.users().list()),
        call!("chatbot__get_user", chatbot, one, |c| c.users().get("u1")),
        call!("chatbot__update_user", chatbot, one, |c| c
            .users()
            .update("u1", UpdateUser::new(clients::attributes()))),
        call!("chatbot__set_user_ban", chatbot, one, |c| c
            .users()
            .set_ban("u1", SetBan::new(true))),
        call!("chatbot__add_user_segments", chatbot, one, |c| c
            .users()
            .add_segments("u1", segments())),
        call!("chatbot__replace_user_segments", chatbot, one, |c| c
            .users()
            .replace_segments("u1", segments())),
        call!("chatbot__remove_user_segments", chatbot, one, |c| c
            .users()
            .remove_segments("u1", segments())),
        Call {
            name: "chatbot__export_users",
            run: |network| Box::pin(export(network)),
        },
        call!("chatbot__list_segments", chatbot, page, |c| c
            .segments()
            .list()),
        call!("botpenguin__list_inbox_users", botpenguin, page, |c| c
            .inbox()
            .list_users(InboxFilter::new())),
        call!("botpenguin__list_chats", botpenguin, page, |c| c
            .bot("c", "b")
            .inbox()
            .list_chats(ChatType::Lead)),
        call!("mybot__find_users", mybot, page, |c| c
            .bot("c", "b")
            .users()
            .find("plan", "gold")),
        call!("mybot__get_conversations", mybot, page, |c| c
            .bot("c", "b")
            .conversations()
            .list("u1")),
    ]
}

#[test]
fn every_operation_is_called() {
    let specified: BTreeSet<String> = Operation::all().iter().map(Operation::name).collect();
    let called: BTreeSet<String> = calls().iter().map(|call| call.name.to_owned()).collect();
    assert_eq!(called, specified);
}

/// The answers in `tests/answers` for an operation, by variant.
fn answers(name: &str) -> Vec<(String, Answer)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("answers");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let prefix = format!("{name}--");
    let of_operation = files.into_iter().filter_map(|path| {
        let variant = path
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .strip_prefix(&prefix)?
            .to_owned();
        let body = fs::read(&path).unwrap();
        let is_csv = path.extension().unwrap() == "csv";
        let media_type = if is_csv {
            "text/csv"
        } else {
            "application/json"
        };
        Some((variant, Answer::new(200, media_type, body)))
    });
    of_operation.collect()
}

#[tokio::test]
async fn successes() {
    let mut names = BTreeSet::new();
    for call in calls() {
        let answers = answers(call.name);
        let documented = answers
            .iter()
            .any(|(variant, _)| variant == "documented" || variant.contains("under"));
        assert!(documented, "{} has no documented answer", call.name);
        for (variant, answer) in answers {
            let name = format!("{}--{variant}", call.name);
            let shown = (call.run)(Network::always(answer)).await;
            snapshots("answers").bind(|| insta::assert_snapshot!(name.as_str(), shown));
            names.insert(name);
        }
    }
    for platform in ["peki", "chatbot", "botpenguin", "mybot"] {
        assert_no_stale("answers", platform, &names);
    }
}

/// What the platform puts into an error's body, with somebody's name.
fn error_body(platform: &str, status: u16) -> Value {
    match platform {
        "peki" => json!({ "error": "Ada Example is not to be seen" }),
        "chatbot" => {
            let message = "Ada Example is not to be seen";
            json!({ "timestamp": "2019-01-23 13:32:30.163Z", "status": { "code": status, "type": "error", "message": message } })
        }
        "botpenguin" => {
            json!({ "success": false, "message": "Ada Example is not to be seen", "code": status })
        }
        "mybot" => json!({ "error": { "text": "Ada Example is not to be seen" } }),
        other => panic!("{other} has no error body here"),
    }
}

/// What can come from any server, documented or not.
fn surprises() -> Vec<(&'static str, Answer)> {
    let page = "<!doctype html><title>Ada Example</title>";
    let json = |status: u16| Answer::new(status, "application/json", "");
    vec![
        (
            "a web page under 200",
            Answer::new(200, "text/html; charset=utf-8", page),
        ),
        ("a web page under 502", Answer::new(502, "text/html", page)),
        ("nothing under 200", json(200)),
        ("nothing under 204", Answer::new(204, "", "")),
        (
            "cut JSON",
            Answer::new(200, "application/json", r#"{"data":[{"id":"Ada"#),
        ),
        (
            "another JSON",
            Answer::new(200, "application/json", r#""Ada Example""#),
        ),
        ("null", Answer::new(200, "application/json", "null")),
        (
            "two documents",
            Answer::new(200, "application/json", r#"{"data":[]} {"name":"Ada"}"#),
        ),
        ("not modified", json(304)),
        (
            "a redirect",
            Answer::new(302, "text/html", page).with_header("location", "https://evil.example/Ada"),
        ),
        ("a teapot", json(418)),
        (
            "an overloaded server",
            json(503).with_header("x-request-id", "req-1"),
        ),
        (
            "too many requests",
            json(429).with_header("retry-after", "7"),
        ),
        (
            "an undocumented status of success",
            Answer::new(299, "application/json", "[]"),
        ),
    ]
}

/// Somebody's name may stand in what the platform said, and nowhere else.
fn assert_nobody_named(name: &str, case: &str, shown: &str) {
    for line in shown.lines().filter(|line| !line.starts_with("message: ")) {
        let clean = !line.contains("Ada") && !line.contains("evil");
        assert!(clean, "{name}, {case}: {line}");
    }
}

#[tokio::test]
async fn failures() {
    let mut names = BTreeSet::new();
    let operations = Operation::all();
    for call in calls() {
        let operation = operations
            .iter()
            .find(|operation| operation.name() == call.name)
            .unwrap();
        let mut cases: Vec<(String, Answer)> = operation
            .error_statuses()
            .into_iter()
            .map(|status| {
                (
                    format!("documented {status}"),
                    Answer::json(status, &error_body(&operation.platform, status)),
                )
            })
            .collect();
        let codes = operation.object["x-errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for error in codes {
            let status = u16::try_from(error["status"].as_u64().unwrap()).unwrap();
            let (code, name) = (&error["code"], &error["name"]);
            for (way, body) in [
                ("a number", json!({ "code": code })),
                ("a text", json!({ "status": { "code": code.to_string() } })),
                (
                    "a name",
                    json!({ "errors": [{ "reason": name, "who": "Ada Example" }] }),
                ),
            ] {
                cases.push((
                    format!("documented {status}, {code} as {way}"),
                    Answer::json(status, &body),
                ));
            }
        }
        cases.push((
            "an error under 200".to_owned(),
            Answer::json(200, &error_body(&operation.platform, 400)),
        ));
        cases.extend(
            surprises()
                .into_iter()
                .map(|(case, answer)| (case.to_owned(), answer)),
        );
        let mut shown = String::new();
        for (case, answer) in cases {
            let text = (call.run)(Network::always(answer)).await;
            assert_nobody_named(call.name, &case, &text);
            writeln!(shown, "## {case}\n{text}").unwrap();
        }
        snapshots("failures").bind(|| insta::assert_snapshot!(call.name, shown));
        names.insert(call.name.to_owned());
    }
    for platform in ["peki", "chatbot", "botpenguin", "mybot"] {
        assert_no_stale("failures", platform, &names);
    }
}
