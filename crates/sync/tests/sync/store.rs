//! What one run stores and what a second run changes.

use crate::support::*;
use botroster_client::{Error, ErrorKind};
use botroster_sync::{Sink, SinkErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn runs_count_new_changed_and_unchanged_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let runs = AtomicUsize::new(0);
    let fake = platform("fake", vec![users()], move |_, _| {
        match runs.fetch_add(1, Ordering::SeqCst) {
            0 => ready(vec![
                page(&[r#"{"id":1,"email":"a@example.com"}"#]),
                page(&[r#"{"id":2}"#, r#"{"id":3}"#]),
            ]),
            // The first is formatted differently but equal; the second has a new member that is not mapped.
            1 => ready(vec![page(&[
                r#"{ "email": "a@example.com", "id": 1 }"#,
                r#"{"id":2,"x":0}"#,
                r#"{"id":4}"#,
            ])]),
            _ => ready(vec![page(&[
                r#"{"id":1,"email":"b@example.com"}"#,
                r#"{"id":1,"email":"b@example.com"}"#,
            ])]),
        }
    });

    let first = run(vec![job(fake)], &path).await;
    assert!(first.is_complete());
    assert_eq!(
        counts(&first.streams[0]),
        StreamCounts {
            fetched: 3,
            new: 3,
            ..StreamCounts::default()
        }
    );
    assert_eq!((first.streams[0].requests, first.streams[0].walks), (2, 1));
    let rows = "SELECT platform, account, stream, id, email, raw FROM contacts ORDER BY id";
    let before = query(&path, rows);
    assert_eq!(
        before[0],
        r#"fake|fake|users|1|a@example.com|{"id":1,"email":"a@example.com"}"#
    );
    assert_eq!(before[1], r#"fake|fake|users|2|-|{"id":2}"#);

    let second = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&second.streams[0]),
        StreamCounts {
            fetched: 3,
            new: 1,
            changed: 1,
            unchanged: 1,
            ..StreamCounts::default()
        }
    );
    let after = query(&path, rows);
    assert_eq!(after[0], before[0], "an unchanged row is not written again");
    assert_eq!(after[1], r#"fake|fake|users|2|-|{"id":2,"x":0}"#);
    assert_eq!(after.len(), 4);

    let third = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&third.streams[0]),
        StreamCounts {
            fetched: 2,
            changed: 1,
            unchanged: 1,
            ..StreamCounts::default()
        }
    );
    assert_eq!(
        query(&path, "SELECT email FROM contacts WHERE id = '1'"),
        ["b@example.com"]
    );

    let walks =
        "SELECT run, stream, fetched, new, changed, unchanged, error FROM walks ORDER BY run";
    assert_eq!(
        query(&path, walks),
        [
            "1|users|3|3|0|0|-",
            "2|users|3|1|1|1|-",
            "3|users|2|0|1|1|-"
        ]
    );
    assert_eq!(
        query(
            &path,
            "SELECT count(*) FROM runs WHERE finished_at >= started_at"
        ),
        ["3"]
    );
}

#[tokio::test]
async fn fields_are_stored_with_the_types_of_their_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let fake = platform("fake", vec![users()], |_, _| {
        ready(vec![page(&[
            r#"{"id":"a","banned":true,"tags":["x",1],"data":{"z":1,"k":"'); DROP TABLE contacts;--","n":null}}"#,
            r#"{"id":"b","banned":false,"tags":[],"data":{}}"#,
        ])])
    });
    let twins = vec![job(fake).with_account("one"), job(fake).with_account("two")];
    assert!(run(twins, &path).await.is_complete());
    let rows = query(
        &path,
        "SELECT account, id, banned, tags, attributes FROM contacts ORDER BY account, id",
    );
    assert_eq!(
        rows,
        [
            r#"one|a|1|["x","1"]|{"z":1,"k":"'); DROP TABLE contacts;--"}"#,
            "one|b|0|-|-",
            r#"two|a|1|["x","1"]|{"z":1,"k":"'); DROP TABLE contacts;--"}"#,
            "two|b|0|-|-"
        ]
    );
}

#[tokio::test]
async fn a_record_can_be_a_contact_and_a_conversation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let maps_to = r#"{ "contact": { "email": "/mail" }, "conversation": { "contact_id": "/_id", "last_message": "/last" } }"#;
    let fake = platform(
        "fake",
        vec![stream("chats", Some("/_id"), maps_to)],
        |_, _| {
            ready(vec![page(&[
                r#"{"_id":"c","mail":"a@example.com","last":"bye"}"#,
            ])])
        },
    );
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&report.streams[0]),
        StreamCounts {
            fetched: 1,
            new: 1,
            ..StreamCounts::default()
        }
    );
    assert_eq!(
        query(&path, "SELECT id, email FROM contacts"),
        ["c|a@example.com"]
    );
    assert_eq!(
        query(
            &path,
            "SELECT id, contact_id, last_message FROM conversations"
        ),
        ["c|c|bye"]
    );
}

#[tokio::test]
async fn records_that_cannot_be_stored_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let fake = platform("fake", vec![users()], |_, _| {
        ready(vec![page(&[
            r#"{"id":1}"#,
            r#"{"id":""}"#,
            "5",
            r#"{"id":2,"x":1e999}"#,
            r#"{"email":"a@example.com"}"#,
        ])])
    });
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&report.streams[0]),
        StreamCounts {
            fetched: 5,
            new: 1,
            rejected: 4,
            ..StreamCounts::default()
        }
    );
    assert!(report.is_complete());
    assert_eq!(query(&path, "SELECT rejected FROM walks"), ["4"]);
}

#[tokio::test]
async fn messages_without_an_id_are_identified_by_their_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let runs = AtomicUsize::new(0);
    let fake = platform(
        "fake",
        vec![users(), messages_of_users()],
        move |stream, arguments| match stream {
            "users" => {
                runs.fetch_add(1, Ordering::SeqCst);
                ready(vec![page(&[&user(1), &user(2)])])
            }
            _ if runs.load(Ordering::SeqCst) == 2 && arguments["userId"] == "u2" => {
                ready(vec![page(&[
                    r#"{"by":"USER", "text":"hi"}"#,
                    r#"{"text":"new","by":"Bot"}"#,
                ])])
            }
            _ => ready(vec![
                page(&[r#"{"text":"hi","by":"USER"}"#]),
                page(&[r#"{"by":"USER","text":"hi"}"#]),
            ]),
        },
    );
    let report = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&report.streams[1]),
        StreamCounts {
            fetched: 4,
            new: 4,
            ..StreamCounts::default()
        }
    );
    let rows = query(
        &path,
        "SELECT contact_id, substr(id, 33), author, text FROM messages ORDER BY 1, 2",
    );
    assert_eq!(
        rows,
        [
            "u1|-1|user|hi",
            "u1|-2|user|hi",
            "u2|-1|user|hi",
            "u2|-2|user|hi"
        ]
    );
    assert_eq!(
        query(
            &path,
            "SELECT count(DISTINCT substr(id, 1, 32)), max(length(id)) FROM messages"
        ),
        ["2|34"]
    );
    let again = run(vec![job(fake)], &path).await;
    assert_eq!(
        counts(&again.streams[1]),
        StreamCounts {
            fetched: 4,
            new: 1,
            unchanged: 3,
            ..StreamCounts::default()
        }
    );
}

#[tokio::test]
async fn a_failing_stream_keeps_its_pages_and_the_others_continue() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let streams = || vec![users(), stream("more", Some("/id"), r#"{ "contact": {} }"#)];
    let broken = platform("broken", streams(), |stream, _| match stream {
        "users" => ready(vec![
            page(&[&user(1)]),
            Err(Error::new(ErrorKind::Server, "it failed")),
            page(&[&user(2)]),
        ]),
        _ => ready(vec![page(&[&user(7)])]),
    });
    let fine = platform("fine", streams(), |_, _| ready(vec![page(&[&user(1)])]));
    let report = run(vec![job(broken), job(fine)], &path).await;
    let [users, more, others @ ..] = report.streams.as_slice() else {
        panic!()
    };
    assert_eq!(
        (counts(users), users.error.as_deref()),
        (
            StreamCounts {
                fetched: 1,
                new: 1,
                ..StreamCounts::default()
            },
            Some("it failed")
        )
    );
    assert_eq!(
        (counts(more), &more.error),
        (
            StreamCounts {
                fetched: 1,
                new: 1,
                ..StreamCounts::default()
            },
            &None
        )
    );
    assert!(
        others
            .iter()
            .all(|stream| stream.error.is_none() && stream.new == 1)
            && others.len() == 2
    );
    assert!(!report.is_complete() && report.failure.is_none());
    assert_eq!(
        query(&path, "SELECT error FROM walks WHERE error IS NOT NULL"),
        ["it failed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_leaves_whole_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let asked = Arc::new(tokio::sync::Notify::new());
    let hear = Arc::clone(&asked);
    let fake = platform("fake", vec![users()], move |_, _| {
        let asked = Arc::clone(&asked);
        let mut pages = ready(vec![
            page(&[&user(1), &user(2)]),
            page(&[&user(3), &user(4)]),
        ]);
        pages.push(Box::pin(async move {
            asked.notify_one();
            std::future::pending().await
        }));
        pages
    });
    let sink = Sink::open(&path).unwrap();
    let running = tokio::spawn(botroster_sync::sync(vec![job(fake)], sink, Arc::new(())));
    soon(hear.notified()).await;
    // Another connection sees a page once it is stored, and never part of one.
    let mut seen = 0;
    while seen < 4 {
        seen = query(&path, "SELECT id FROM contacts").len();
        assert!(seen % 2 == 0, "{seen}");
        tokio::task::yield_now().await;
    }
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(query(&path, "SELECT id FROM contacts").len(), 4);
    assert_eq!(query(&path, "PRAGMA integrity_check"), ["ok"]);
}

#[tokio::test]
async fn a_page_that_cannot_be_stored_is_rolled_back_and_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let pages: Vec<Vec<String>> = (0..4)
        .map(|page| (0..300).map(|n| user(page * 300 + n)).collect())
        .collect();
    let fake = platform("fake", vec![users()], move |_, _| {
        ready(
            pages
                .iter()
                .map(|records| page(&records.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect(),
        )
    });
    drop(Sink::open(&path).unwrap());
    query(
        &path,
        "CREATE TRIGGER stop BEFORE INSERT ON contacts WHEN NEW.id = 'u1000' BEGIN SELECT RAISE(FAIL, 'stop'); END",
    );
    let report = run(vec![job(fake)], &path).await;
    let failure = report.failure.as_ref().unwrap();
    assert_eq!(failure.kind(), SinkErrorKind::Other);
    assert!(failure.to_string().contains("x.db"), "{failure}");
    assert_eq!(
        report.streams[0].error.as_deref(),
        Some("the database stopped accepting records")
    );
    let stored: u64 = query(&path, "SELECT count(*) FROM contacts")[0]
        .parse()
        .unwrap();
    assert_eq!((stored, stored % 300), (report.streams[0].new, 0));
    assert!(stored < 1000);
    assert_eq!(
        query(&path, "SELECT count(*) FROM contacts WHERE id = 'u999'"),
        ["0"]
    );
    query(&path, "DROP TRIGGER stop");
    assert_eq!(
        run(vec![job(fake)], &path).await.streams[0].new,
        1200 - stored
    );
}

#[tokio::test]
async fn an_observer_is_called_for_every_stream() {
    #[derive(Default)]
    struct Recorder(Mutex<Vec<String>>);
    impl botroster_sync::Observer for Recorder {
        fn started(&self, id: &botroster_sync::StreamId, progress: &botroster_sync::Progress) {
            self.0
                .lock()
                .unwrap()
                .push(format!("{} starts {} lists", id.stream, progress.walks));
        }
        fn progressed(&self, id: &botroster_sync::StreamId, progress: &botroster_sync::Progress) {
            self.0.lock().unwrap().push(format!(
                "{} {}/{:?}",
                id.stream, progress.fetched, progress.expected
            ));
        }
        fn finished(&self, report: &botroster_sync::StreamReport) {
            self.0
                .lock()
                .unwrap()
                .push(format!("{} ends {:?}", report.id.stream, report.skipped));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let needy = botroster_client::StreamInfo {
        scope: &["botId"],
        ..stream("needy", None, "{}")
    };
    let fake = platform("fake", vec![users(), needy], |_, _| {
        ready(vec![page(&[&user(1)])])
    });
    let recorder = Arc::new(Recorder::default());
    let sink = Sink::open(&folder.path().join("x.db")).unwrap();
    botroster_sync::sync(vec![job(fake)], sink, Arc::clone(&recorder) as _).await;
    let recorded = recorder.0.lock().unwrap();
    let skipped = r#"needy ends Some("the scope value botId is not set")"#;
    assert_eq!(
        *recorded,
        [
            "users starts 1 lists",
            "users 1/None",
            "users 1/None",
            "users ends None",
            skipped
        ]
    );
}
