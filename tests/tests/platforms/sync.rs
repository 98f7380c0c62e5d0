//! From the sandbox of each platform into a database.

use std::{fs, path::Path};

use botroster_client::{Platform, Secret};
use botroster_sync::SyncReport;
use botroster_test_platforms::{all, by_name, models};

use crate::support::{Records, assert_equal, dumped, everyone, job, job_with, run, sandbox};

#[test]
fn every_spec_is_a_platform_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/specs");
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = files
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let listed: Vec<&str> = all().iter().map(|platform| platform.info().name).collect();
    assert_eq!(listed, names);
    assert!(!listed.is_empty());
    for (name, spec) in models() {
        assert!(by_name(name).is_some(), "{name}");
        assert!(spec.contains(&format!("\"name\": \"{name}\"")));
    }
}

/// Fetched, new, changed of all streams; none may have failed or been left out.
fn sums(platform: &dyn Platform, report: &SyncReport) -> [u64; 3] {
    assert!(report.failure.is_none(), "{:?}", report.failure);
    let mut sums = [0; 3];
    for stream in &report.streams {
        let name = (platform.info().name, stream.id.stream);
        assert_eq!(stream.error, None, "{name:?}");
        assert_eq!(stream.skipped, None, "{name:?}");
        assert_eq!((stream.rejected, stream.gone), (0, 0), "{name:?}");
        for (sum, count) in sums
            .iter_mut()
            .zip([stream.fetched, stream.new, stream.changed])
        {
            *sum += count;
        }
    }
    sums
}

#[tokio::test]
async fn all_records_come_once_and_then_only_what_changed() {
    let mut edits = 0;
    for platform in everyone() {
        let name = platform.info().name;
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("people.db");
        let plain = sandbox(platform, 0).await;
        let records = dumped(&plain);
        let streams: Vec<&str> = platform.info().streams.iter().map(|one| one.name).collect();
        for stream in &streams {
            assert!(records.contains_key(*stream), "{name}: nothing in {stream}");
        }
        let count = records.values().map(|list| list.len() as u64).sum::<u64>();

        let first = run(job(platform, &plain.platforms()[0]), &database).await;
        assert_eq!(sums(platform, &first), [count, count, 0], "{name}");
        assert_equal(platform, &plain, &database);
        let second = run(job(platform, &plain.platforms()[0]), &database).await;
        assert_eq!(sums(platform, &second), [count, 0, 0], "{name}");

        // A platform whose mapping reads no free text has nothing that can be edited.
        let edited = sandbox(platform, 3).await;
        let changed = differing(&records, &dumped(&edited));
        assert!(changed <= 3, "{name}: {changed}");
        let third = run(job(platform, &edited.platforms()[0]), &database).await;
        assert_eq!(sums(platform, &third), [count, 0, changed], "{name}");
        assert_equal(platform, &edited, &database);
        edits += changed;
    }
    assert!(edits >= 6, "{edits}");
}

/// Returns the number of records there are now that there were not before.
fn differing(before: &Records, now: &Records) -> u64 {
    let new = |(stream, records): (&String, &Vec<String>)| {
        let before = &before[stream];
        let new = records
            .iter()
            .filter(|record| before.binary_search(record).is_err());
        new.count() as u64
    };
    now.iter().map(new).sum()
}

/// That records came at all says that requests were signed and authenticated as the spec says: the sandbox lets nobody else in.
#[tokio::test]
async fn a_wrong_credential_opens_nothing() {
    for platform in everyone() {
        let info = platform.info();
        let sandbox = sandbox(platform, 0).await;
        let running = &sandbox.platforms()[0];
        for wrong in info.credentials {
            let folder = tempfile::tempdir().unwrap();
            let secret = Secret::new("a-credential-that-opens-nothing");
            let job = job(platform, running).with_credential(wrong.name, secret);
            let report = run(job, &folder.path().join("people.db")).await;
            let concerned = report
                .streams
                .iter()
                .zip(info.streams)
                .filter(|(_, stream)| {
                    // The first set whose credentials are there is taken; without any, nobody is refused.
                    let open = stream.credentials.iter().any(|slots| slots.is_empty());
                    let used = stream.credentials.first();
                    !open && used.is_some_and(|slots| slots.contains(&wrong.name))
                });
            for (report, _) in concerned {
                assert_eq!(report.fetched, 0, "{} {}", info.name, wrong.name);
                let error = report.error.as_deref().unwrap_or_default();
                let says_why = error.contains("401") || error.contains("is incomplete");
                assert!(says_why, "{} {}: {error}", info.name, wrong.name);
            }
        }
    }
}

#[tokio::test]
async fn each_alternative_of_the_credentials_is_enough() {
    let mut others = 0;
    for platform in everyone() {
        let info = platform.info();
        let sandbox = sandbox(platform, 0).await;
        let running = &sandbox.platforms()[0];
        for stream in info.streams.iter().filter(|one| one.parent.is_none()) {
            for slots in stream.credentials {
                let folder = tempfile::tempdir().unwrap();
                let job = job_with(platform, running, |slot| slots.contains(&slot))
                    .with_streams([stream.name.to_owned()]);
                let report = run(job, &folder.path().join("people.db")).await;
                let [report] = report.streams.as_slice() else {
                    panic!("{}: {}", info.name, stream.name)
                };
                assert_eq!((&report.error, &report.skipped), (&None, &None));
                assert!(report.fetched > 0, "{} {}", info.name, stream.name);
            }
            others += stream.credentials.len().saturating_sub(1);
        }
    }
    assert!(others > 0, "no platform has alternatives");
}

#[tokio::test]
async fn messages_are_of_the_conversation_whose_list_they_are_in() {
    let platform = by_name("oddments").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("people.db");
    let sandbox = sandbox(platform, 0).await;
    run(job(platform, &sandbox.platforms()[0]), &database).await;
    let database = rusqlite::Connection::open(&database).unwrap();
    let count = |text: &str| -> i64 { database.query_row(text, (), |row| row.get(0)).unwrap() };
    let all = count("SELECT count(*) FROM messages");
    let joined = count(
        "SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id \
         WHERE c.stream = 'drawers' AND m.contact_id IS c.contact_id",
    );
    assert!(all > 0);
    assert_eq!(joined, all);
}
