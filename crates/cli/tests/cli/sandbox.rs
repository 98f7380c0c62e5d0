use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::support::*;

#[test]
fn a_sandbox_run_fills_the_database_and_the_second_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("x.db");
    let sync = |more: &[&str]| {
        let base = [
            "sync",
            "--sandbox",
            "--users",
            "12",
            "--db",
            db.to_str().unwrap(),
            "--json",
            "--quiet",
        ];
        let output = run(&[&base, more].concat());
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(0), String::new())
        );
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (&report["complete"], &report["failure"]),
            (&Value::Bool(true), &Value::Null)
        );
        let sum = |field: &str| {
            report["streams"]
                .as_array()
                .unwrap()
                .iter()
                .map(|stream| stream[field].as_u64().unwrap())
                .sum::<u64>()
        };
        ["fetched", "new", "changed", "unchanged", "rejected"].map(sum)
    };
    let [fetched, new, changed, unchanged, rejected] = sync(&[]);
    let dumped = run(&["sandbox", "--users", "12", "--dump"]).stdout;
    assert_eq!(
        fetched,
        u64::try_from(text(&dumped).lines().count()).unwrap()
    );
    assert_eq!([new, changed, unchanged, rejected], [fetched, 0, 0, 0]);
    assert_eq!(sync(&[]), [fetched, 0, 0, fetched, 0]);
    assert_eq!(sync(&["--edits", "7"]), [fetched, 0, 7, fetched - 7, 0]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&db).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    let output = run(&[
        "sync",
        "--sandbox",
        "--users",
        "12",
        "--db",
        db.to_str().unwrap(),
    ]);
    let (table, lines) = (text(&output.stdout), text(&output.stderr));
    let header: Vec<_> = table.lines().next().unwrap().split_whitespace().collect();
    let columns = "platform stream fetched new changed unchanged requests retries time";
    assert_eq!(header.join(" "), columns);
    for info in botroster_platforms::all()
        .iter()
        .map(|platform| platform.info())
    {
        for stream in info.streams {
            let row = |line: &str| line.split_whitespace().take(2).eq([info.name, stream.name]);
            assert!(
                table.lines().any(row),
                "{} {}\n{table}",
                info.name,
                stream.name
            );
            assert!(
                lines.contains(&format!("{} {}: started", info.name, stream.name)),
                "{lines}"
            );
        }
    }
}

#[test]
fn a_database_of_another_program_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("other.db");
    rusqlite::Connection::open(&db)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    let before = fs::read(&db).unwrap();
    let output = run(&[
        "sync",
        "--sandbox",
        "--users",
        "1",
        "--db",
        db.to_str().unwrap(),
    ]);
    assert!(refused(&output).contains("another program"));
    assert_eq!(fs::read(&db).unwrap(), before);
}

#[test]
fn a_killed_run_leaves_a_consistent_database_that_the_next_run_completes() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("x.db");
    let arguments = [
        "sync",
        "--sandbox",
        "--users",
        "400",
        "--db",
        db.to_str().unwrap(),
        "--quiet",
        "--json",
    ];
    let mut child = botroster(&arguments).stdout(Stdio::null()).spawn().unwrap();
    // The sandbox starts first: wait for the file, then for the first pages.
    while !db.exists() || fs::metadata(&db).unwrap().len() == 0 {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let reader = rusqlite::Connection::open(&db).unwrap();
    reader
        .busy_timeout(std::time::Duration::from_secs(10))
        .unwrap();
    let stored = || {
        reader
            .query_row("SELECT count(*) FROM contacts", [], |row| {
                row.get::<_, u32>(0)
            })
            .unwrap_or(0)
    };
    while stored() == 0 {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = stored();
    drop(reader);
    assert_eq!(column(&db, "PRAGMA integrity_check"), [r#"Text("ok")"#]);
    let report: Value = serde_json::from_slice(&run(&arguments).stdout).unwrap();
    assert_eq!(report["complete"], true);
    let kept: u64 = report["streams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| stream["unchanged"].as_u64().unwrap())
        .sum();
    assert!(kept >= u64::from(before), "{kept} of {before}");
    assert_eq!(
        column(&db, "SELECT count(*) FROM runs WHERE finished_at IS NULL"),
        ["Integer(1)"]
    );
}
