//! Which lists are read, in what order and how many concurrently.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::*;
use botroster_client::{Error, ErrorKind, ParentInfo, Secret, StreamInfo};
use tokio::sync::Barrier;

fn users_page(count: u64) -> PageResult {
    let users: Vec<_> = (0..count).map(user).collect();
    page(&users.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test]
async fn each_parent_record_gives_one_child_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&asked);
    let child = StreamInfo {
        parent: Some(ParentInfo {
            stream: "users",
            bind: &[("userId", "/missing"), ("place", "/place")],
        }),
        ..stream(
            "sessions",
            Some("/sid"),
            r#"{ "conversation": { "status": "/status" } }"#,
        )
    };
    // The child comes first in the description, but the parent is read first.
    let fake = platform(
        "fake",
        vec![child, users()],
        move |stream, arguments| match stream {
            "users" => ready(vec![
                page(&[r#"{"id":"a","place":1}"#, r#"{"id":"b"}"#]),
                page(&[r#"{"id":"a","place":1}"#]),
            ]),
            _ => {
                note.lock().unwrap().push(arguments.clone());
                let own = if arguments["userId"] == "a" {
                    r#"{"sid":"s1","status":"open"}"#
                } else {
                    r#"{"sid":"s2"}"#
                };
                ready(vec![page(&[own])])
            }
        },
    );
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        report
            .streams
            .iter()
            .map(|stream| stream.id.stream)
            .collect::<Vec<_>>(),
        ["users", "sessions"]
    );
    assert_eq!(
        (counts(&report.streams[0]), counts(&report.streams[1])),
        (
            StreamCounts {
                fetched: 3,
                new: 2,
                unchanged: 1,
                ..StreamCounts::default()
            },
            StreamCounts {
                fetched: 2,
                new: 2,
                ..StreamCounts::default()
            }
        )
    );
    let mut asked = asked.lock().unwrap().clone();
    asked.sort();
    let row = |user: &str, place: &str| -> WalkArguments {
        [("userId", user), ("place", place)]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into()
    };
    assert_eq!(asked, [row("a", "1"), row("b", "b")]);
    assert_eq!(
        query(
            &path,
            "SELECT id, contact_id, status FROM conversations ORDER BY id"
        ),
        ["s1|a|open", "s2|b|-"]
    );
}

#[tokio::test]
async fn eight_child_lists_are_read_concurrently() {
    let folder = tempfile::tempdir().unwrap();
    let (meeting, under_way) = (Arc::new(Barrier::new(8)), Arc::new(AtomicUsize::new(0)));
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let fake = platform(
        "fake",
        vec![users(), messages_of_users()],
        move |stream, _| {
            if stream == "users" {
                return ready(vec![users_page(24)]);
            }
            let (meeting, under_way, seen) = (
                Arc::clone(&meeting),
                Arc::clone(&under_way),
                Arc::clone(&seen),
            );
            vec![Box::pin(async move {
                seen.fetch_max(
                    under_way.fetch_add(1, Ordering::SeqCst) + 1,
                    Ordering::SeqCst,
                );
                // Lets further lists start; the barrier opens only if eight are running.
                tokio::task::yield_now().await;
                soon(meeting.wait()).await;
                under_way.fetch_sub(1, Ordering::SeqCst);
                page(&[r#"{"text":"hi"}"#])
            })]
        },
    );
    let report = run(vec![job(fake)], &folder.path().join("x.db")).await;
    assert_eq!(
        (counts(&report.streams[1]), report.streams[1].walks),
        (
            StreamCounts {
                fetched: 24,
                new: 24,
                ..StreamCounts::default()
            },
            24
        )
    );
    assert_eq!(most.load(Ordering::SeqCst), 8);
}

#[tokio::test]
async fn platforms_run_concurrently() {
    let folder = tempfile::tempdir().unwrap();
    let meeting = Arc::new(Barrier::new(2));
    let jobs = ["one", "two"].map(|name| {
        let meeting = Arc::clone(&meeting);
        job(platform(name, vec![users()], move |_, _| {
            let meeting = Arc::clone(&meeting);
            vec![Box::pin(async move {
                soon(meeting.wait()).await;
                page(&[&user(1)])
            })]
        }))
    });
    let report = run(jobs.into(), &folder.path().join("x.db")).await;
    assert!(report.is_complete() && report.streams.len() == 2);
}

#[tokio::test]
async fn seeds_start_one_list_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let seeded = || StreamInfo {
        seeds: &["city"],
        ..users()
    };
    let fake = platform(
        "fake",
        vec![seeded(), messages_of_users()],
        |stream, arguments| match stream {
            "users" => ready(vec![page(&[
                &format!(r#"{{"id":"{}"}}"#, arguments["city"]),
                r#"{"id":"both"}"#,
            ])]),
            _ => ready(vec![page(&[&format!(
                r#"{{"id":1,"text":"{}"}}"#,
                arguments["userId"]
            )])]),
        },
    );
    let rows = ["x", "y"].map(|city| WalkArguments::from([("city".to_owned(), city.to_owned())]));
    let report = run(vec![job(fake).with_seeds("users", rows.into())], &path).await;
    assert_eq!(
        (counts(&report.streams[0]), report.streams[0].walks),
        (
            StreamCounts {
                fetched: 4,
                new: 3,
                unchanged: 1,
                ..StreamCounts::default()
            },
            2
        )
    );
    assert_eq!(
        query(&path, "SELECT contact_id FROM messages ORDER BY 1"),
        ["both", "x", "y"]
    );

    let unseeded = run(vec![job(fake)], &path).await;
    let reasons: Vec<_> = unseeded
        .streams
        .iter()
        .map(|stream| stream.skipped.clone().unwrap())
        .collect();
    assert!(
        reasons[0].contains("seeds") && reasons[0].contains("city"),
        "{reasons:?}"
    );
    assert_eq!(reasons[1], "its parent stream users is skipped");
    assert!(unseeded.is_complete());
}

#[tokio::test]
async fn streams_without_credentials_or_scope_are_skipped_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let closed = || StreamInfo {
        credentials: &[&["token"]],
        scope: &["botId"],
        ..users()
    };
    let fake = platform("fake", vec![closed()], |_, _| {
        ready(vec![page(&[&user(1)])])
    });
    let skipped = |report: botroster_sync::SyncReport| report.streams[0].skipped.clone();
    let reason = skipped(run(vec![job(fake)], &path).await).unwrap();
    assert_eq!(reason, "the credential token (FAKE_TOKEN) is not set");
    let with_token = job(fake).with_credential("token", Secret::new("canary"));
    assert_eq!(
        skipped(run(vec![with_token.clone()], &path).await).unwrap(),
        "the scope value botId is not set"
    );
    assert_eq!(
        skipped(run(vec![with_token.with_scope("botId", "b")], &path).await),
        None
    );
    assert_eq!(
        query(&path, "SELECT skipped IS NULL FROM walks ORDER BY run"),
        ["0", "0", "1"]
    );
}

#[test]
fn one_of_several_sets_of_credentials_is_enough() {
    let either = StreamInfo {
        credentials: &[&["key", "secret"], &["token"]],
        ..users()
    };
    let fake = platform("fake", vec![either], |_, _| Vec::new());
    let skipped = |slots: &[&str]| {
        let with = |job: botroster_sync::Job, slot: &&str| {
            job.with_credential(slot, Secret::new("canary"))
        };
        let job = slots.iter().fold(job(fake), with);
        job.plan().remove(0).skipped
    };
    assert_eq!(skipped(&["token"]), None);
    assert_eq!(skipped(&["key", "secret"]), None);
    assert_eq!(
        skipped(&["key"]).unwrap(),
        "the credential secret or token (FAKE_TOKEN) is not set"
    );
}

#[tokio::test]
async fn a_child_of_an_incomplete_parent_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let fake = platform(
        "fake",
        vec![users(), messages_of_users()],
        |stream, _| match stream {
            "users" => ready(vec![
                page(&[r#"{"id":"a"}"#]),
                Err(Error::new(ErrorKind::Server, "it failed")),
            ]),
            _ => ready(vec![page(&[r#"{"id":"m"}"#])]),
        },
    );
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&report.streams[1]),
        StreamCounts {
            fetched: 1,
            new: 1,
            ..StreamCounts::default()
        }
    );
    let error = report.streams[1].error.as_deref();
    assert_eq!(error, Some("its parent stream `users` is incomplete"));
}

#[test]
fn selecting_a_stream_selects_its_parents() {
    let more = stream("more", Some("/id"), r#"{ "contact": {} }"#);
    let fake = platform("fake", vec![messages_of_users(), more, users()], |_, _| {
        Vec::new()
    });
    let planned = |names: &[&str]| -> Vec<&str> {
        let job = job(fake).with_streams(names.iter().map(|name| (*name).to_owned()));
        job.plan()
            .into_iter()
            .map(|planned| planned.stream.name)
            .collect()
    };
    assert_eq!(planned(&["messages"]), ["users", "messages"]);
    assert_eq!(planned(&["more"]), ["more"]);
    assert_eq!(
        planned(&["more", "messages"]),
        ["more", "users", "messages"]
    );
}

#[test]
fn streams_with_cyclic_parents_are_skipped() {
    let waits = |name, parent| StreamInfo {
        parent: Some(ParentInfo {
            stream: parent,
            bind: &[],
        }),
        ..stream(name, None, "{}")
    };
    let fake = platform(
        "fake",
        vec![waits("a", "b"), waits("b", "a"), users()],
        |_, _| Vec::new(),
    );
    let plan = job(fake).plan();
    assert_eq!(
        plan.iter()
            .map(|planned| planned.skipped.is_some())
            .collect::<Vec<_>>(),
        [false, true, true]
    );
    assert_eq!(job(fake).with_streams(["a".to_owned()]).plan().len(), 2);
}

#[tokio::test]
async fn a_deleted_parent_is_counted_and_all_deleted_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let gone =
        |_: &WalkArguments| ready(vec![Err(Error::new(ErrorKind::NotFound, "no such user"))]);
    let fake = platform(
        "fake",
        vec![users(), messages_of_users()],
        move |stream, arguments| match stream {
            "users" => ready(vec![users_page(3)]),
            _ if arguments["userId"] == "u1" => gone(arguments),
            _ => ready(vec![page(&[r#"{"text":"hi"}"#])]),
        },
    );
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        (
            report.streams[1].gone,
            report.streams[1].walks,
            &report.streams[1].error
        ),
        (1, 2, &None)
    );

    let fake = platform(
        "other",
        vec![users(), messages_of_users()],
        move |stream, arguments| match stream {
            "users" => ready(vec![users_page(3)]),
            _ => gone(arguments),
        },
    );
    let error = run(vec![job(fake)], &path).await.streams[1]
        .error
        .clone()
        .unwrap();
    assert_eq!(error, "no such user (for all 3 lists)");
}

#[tokio::test]
async fn many_failing_lists_stop_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    for (kind, most, least) in [
        (ErrorKind::Server, 16 + 7, 16),
        (ErrorKind::Authentication, 1 + 7, 1),
    ] {
        let asked = Arc::new(AtomicUsize::new(0));
        let note = Arc::clone(&asked);
        let fake = platform(
            "fake",
            vec![users(), messages_of_users()],
            move |stream, _| {
                if stream == "users" {
                    return ready(vec![users_page(100)]);
                }
                note.fetch_add(1, Ordering::SeqCst);
                ready(vec![Err(Error::new(kind, "no"))])
            },
        );
        let error = run(vec![job(fake)], &path).await.streams[1]
            .error
            .clone()
            .unwrap();
        assert!(
            error.starts_with("no (") && error.contains("of 100 lists"),
            "{error}"
        );
        let asked = asked.load(Ordering::SeqCst);
        assert!((least..=most).contains(&asked), "{asked}");
    }
}

#[tokio::test]
async fn an_invalid_description_fails_only_its_stream() {
    let folder = tempfile::tempdir().unwrap();
    let faulty = vec![
        stream("nothing", None, "{}"),
        stream("typo", None, r#"{ "contact": { "nam": "/n" } }"#),
        users(),
    ];
    let fake = platform("fake", faulty, |_, _| ready(vec![page(&[&user(1)])]));
    let report = run(vec![job(fake)], &folder.path().join("x.db")).await;
    let errors: Vec<_> = report
        .streams
        .iter()
        .map(|stream| stream.error.clone())
        .collect();
    assert!(
        errors[0].as_deref().unwrap().contains("`maps_to` is empty"),
        "{errors:?}"
    );
    assert!(
        errors[1].as_deref().unwrap().contains("contact.nam"),
        "{errors:?}"
    );
    assert_eq!((&errors[2], report.streams[2].new), (&None, 1));
}
