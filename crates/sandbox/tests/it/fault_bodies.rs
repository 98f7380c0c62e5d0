//! Faults of status, head and body, as they arrive.

use crate::client::{Answer, chatbot, peki, start};
use botroster_sandbox::{Fault, Sandbox, SandboxOptions};
use serde_json::Value;
use std::time::{Duration, SystemTime};

const PAGE: &str = "/users?page=1&pageSize=20";

async fn sandbox(name: &str) -> Sandbox {
    start(SandboxOptions {
        users: 45,
        ..SandboxOptions::only(name)
    })
    .await
}

/// A page of Peki's users that suffers the fault, what is recorded about it, and the page without it.
async fn suffer(fault: &str) -> (Answer, String, Value) {
    let sandbox = sandbox("peki").await;
    let at = &sandbox.platforms()[0];
    let sound = peki(at, PAGE).await.json();
    let id = sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap();
    let answer = peki(at, PAGE).await;
    assert_eq!(sandbox.fired(id), Some(1), "{fault}");
    let recorded = at.requests().pop().unwrap();
    assert_eq!(recorded.status, answer.status);
    let done = recorded.fault.unwrap();
    assert!(done.starts_with(fault), "{done}");
    (answer, done, sound)
}

/// The body, with what was done to it and the same place without.
async fn spoiled(fault: &str) -> (Value, Value) {
    let (answer, done, sound) = suffer(fault).await;
    assert_eq!(answer.status, 200);
    let at = done.split_once(": ").unwrap().1;
    let body = answer.json();
    let place = |body: &Value| body.pointer(at).cloned().unwrap_or(Value::from("gone"));
    let (is, was) = (place(&body), place(&sound));
    // Nothing else is different.
    let mut same = body.clone();
    let mut expected = sound;
    for body in [&mut same, &mut expected] {
        let (above, name) = at.rsplit_once('/').unwrap();
        body.pointer_mut(above)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name);
    }
    assert_eq!(same, expected);
    (is, was)
}

#[tokio::test]
async fn records_are_spoiled_in_one_place() {
    let (is, was) = spoiled("null-required").await;
    assert!(is.is_null() && !was.is_null());
    let (is, was) = spoiled("missing-required").await;
    assert!(is == "gone" && was != "gone");
    let (is, was) = spoiled("wrong-type").await;
    assert!(is.is_object() && !was.is_object());
    let (is, was) = spoiled("unknown-enum").await;
    assert!(is == "SANDBOX_UNKNOWN" && was.is_string());
    let (is, was) = spoiled("unknown-field").await;
    assert!(is.is_object() && was == "gone");
    let (is, was) = spoiled("nul").await;
    assert_eq!(is.as_str().unwrap(), format!("{}\0", was.as_str().unwrap()));
    let (is, was) = spoiled("date-form").await;
    assert!(httpdate::parse_http_date(is.as_str().unwrap()).is_ok());
    assert!(was.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    let (is, was) = spoiled("duplicate-id").await;
    assert_ne!(is, was);
}

#[tokio::test]
async fn another_seed_finds_another_place() {
    let mut places = std::collections::BTreeSet::new();
    for seed in 1..=5 {
        let (_, done, _) = suffer(&format!("wrong-type,seed={seed}")).await;
        places.insert(done.split_once(": ").unwrap().1.to_owned());
        let (_, again, _) = suffer(&format!("wrong-type,seed={seed}")).await;
        assert_eq!(done, again);
    }
    assert!(places.len() > 2, "{places:?}");
}

#[tokio::test]
async fn bodies_that_no_reader_takes_as_they_are() {
    let body = |answer: &Answer| String::from_utf8_lossy(&answer.body).into_owned();
    for (fault, sign) in [
        ("lone-surrogate", r#"\ud83d""#),
        ("bad-utf8", "\u{fffd}\u{fffd}\""),
        ("bad-json", "{,"),
    ] {
        let (answer, ..) = suffer(fault).await;
        assert!(body(&answer).contains(sign), "{fault}: {}", body(&answer));
        assert!(
            serde_json::from_slice::<Value>(&answer.body).is_err(),
            "{fault}"
        );
    }
    let (cut, _, sound) = suffer("cut-json").await;
    assert_eq!(cut.body.len(), sound.to_string().len() / 2);
    assert_eq!(
        cut.header("content-length"),
        Some(cut.body.len().to_string().as_str())
    );
    let (marked, _, sound) = suffer("bom").await;
    assert_eq!(
        marked.body,
        [b"\xef\xbb\xbf", sound.to_string().as_bytes()].concat()
    );
    let (deep, ..) = suffer("depth-bomb=1000").await;
    assert!(body(&deep).contains(&"[".repeat(1000)) && !body(&deep).contains(&"[".repeat(1001)));
    let (twice, done, sound) = suffer("duplicate-key").await;
    let at = done.split_once(": ").unwrap().1;
    assert!(twice.json().pointer(at).unwrap().is_null() && !sound.pointer(at).unwrap().is_null());
    assert_eq!(
        body(&twice).len(),
        sound.to_string().len() + r#","id":null"#.len()
    );
}

#[tokio::test]
async fn numbers_out_of_range() {
    // Users of Peki have no number, sessions have.
    let sandbox = sandbox("peki").await;
    let at = &sandbox.platforms()[0];
    let id = sandbox
        .add_fault(Fault::parse("out-of-range").unwrap())
        .unwrap();
    assert_eq!(peki(at, PAGE).await.status, 200);
    assert_eq!(sandbox.fired(id), Some(0));
    assert_eq!(at.requests()[0].fault, None);
    let answer = peki(at, "/sessions?page=1&pageSize=20").await;
    assert_eq!(sandbox.fired(id), Some(1), "{}", answer.text());
    let done = at.requests().pop().unwrap().fault.unwrap();
    let place = done.split_once(": ").unwrap().1;
    assert_eq!(
        answer.json().pointer(place).unwrap().as_f64(),
        Some(9223372036854775808000.0)
    );
}

#[tokio::test]
async fn encodings_are_wrong() {
    let (label, _, sound) = suffer("wrong-encoding").await;
    assert_eq!(
        (label.header("content-encoding"), label.json()),
        (Some("gzip"), sound)
    );
    let (cut, ..) = suffer("cut-gzip").await;
    assert_eq!(
        (cut.header("content-encoding"), &cut.body[..3]),
        (Some("gzip"), &b"\x1f\x8b\x08"[..])
    );
    let (bomb, _, sound) = suffer("gzip-bomb=8").await;
    let length = sound.to_string().len();
    assert_eq!(bomb.header("content-encoding"), Some("gzip"));
    assert!(bomb.body.len() < length + 8 * 1100);
    let size = u32::from_le_bytes(*bomb.body.last_chunk().unwrap());
    assert_eq!(size as usize, (8 << 20) + length);
}

#[tokio::test]
async fn heads_are_wrong() {
    let (plain, _, sound) = suffer("content-type").await;
    assert_eq!(
        (plain.header("content-type"), plain.json()),
        (Some("text/plain"), sound)
    );
    assert_eq!(
        suffer("no-content-type").await.0.header("content-type"),
        None
    );
    let (flood, _, sound) = suffer("header-flood=300").await;
    assert_eq!(flood.head.matches("x-sandbox-").count(), 300);
    assert_eq!(flood.json(), sound);
}

#[tokio::test]
async fn statuses_are_in_the_words_of_the_platform() {
    for status in [401, 403, 404, 408, 500, 502, 503, 504] {
        let (answer, ..) = suffer(&format!("status={status}")).await;
        assert_eq!(answer.status, status);
        assert!(
            answer.json()["error"].is_object() || answer.json()["error"].is_string(),
            "{}",
            answer.text()
        );
    }
    let (envelope, ..) = suffer("envelope").await;
    assert!(envelope.status == 200 && !envelope.json()["error"].is_null());
    let (html, ..) = suffer("html").await;
    assert!(html.status == 200 && html.text().starts_with("<!doctype html>"));
    assert_eq!(
        html.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let (empty, ..) = suffer("empty").await;
    assert_eq!((empty.status, empty.body.len()), (200, 0));
}

#[tokio::test]
async fn too_many_requests_in_every_form() {
    let retry = |answer: &Answer| answer.header("retry-after").map(str::to_owned);
    let (seconds, ..) = suffer("rate-limited=30").await;
    assert_eq!(
        (seconds.status, retry(&seconds).as_deref()),
        (429, Some("30"))
    );
    let (none, ..) = suffer("rate-limited-none").await;
    assert_eq!((none.status, retry(&none)), (429, None));
    let (garbage, ..) = suffer("rate-limited-garbage").await;
    assert!(retry(&garbage).unwrap().parse::<u64>().is_err());
    let (huge, ..) = suffer("rate-limited-huge").await;
    let huge = retry(&huge).unwrap();
    assert!(huge.parse::<u64>().is_err() && huge.parse::<u128>().is_ok());
    let (date, ..) = suffer("rate-limited-date=3600").await;
    let date = httpdate::parse_http_date(&retry(&date).unwrap()).unwrap();
    let ahead = date.duration_since(SystemTime::now()).unwrap();
    assert!(ahead > Duration::from_secs(3500) && ahead <= Duration::from_secs(3600));
}

#[tokio::test]
async fn redirects_lead_where_they_are_seen() {
    let sandbox = sandbox("peki").await;
    let at = &sandbox.platforms()[0];
    for status in [301, 302, 303, 307, 308] {
        let id = sandbox
            .add_fault(Fault::parse(&format!("redirect={status}")).unwrap())
            .unwrap();
        let answer = peki(at, PAGE).await;
        assert_eq!(answer.status, status);
        let url = answer.header("location").unwrap().to_owned();
        let rest = url.strip_prefix("http://localhost:").unwrap();
        let own = at.base_url.strip_prefix("http://127.0.0.1:").unwrap();
        assert!(rest.starts_with(own) && rest.ends_with(PAGE), "{url}");
        sandbox.remove_fault(id);
    }
    sandbox
        .add_fault(Fault::parse("redirect-same=308").unwrap())
        .unwrap();
    let answer = peki(at, PAGE).await;
    let path = answer.header("location").unwrap();
    assert!(
        answer.status == 308
            && path.starts_with("/api/Dev/")
            && path.ends_with("/users/?page=1&pageSize=20"),
        "{path}"
    );
}

#[tokio::test]
async fn what_fails_is_not_carried_out() {
    let sandbox = sandbox("chatbot").await;
    let at = &sandbox.platforms()[0];
    let created = || at.state().iter().map(|state| state.created).sum::<u64>();
    let list = || async { chatbot(at, "GET", "/users?limit=1", "").await.json()["data"].clone() };
    let before = list().await;
    let id = sandbox
        .add_fault(Fault::parse("status=503,method=POST,times=1").unwrap())
        .unwrap();
    let body = at
        .arguments("create_user")
        .map(|_| r#"{"email": "new@example.com"}"#)
        .unwrap_or_default();
    assert_eq!(chatbot(at, "POST", "/users", body).await.status, 503);
    assert_eq!((sandbox.fired(id), created()), (Some(1), 0));
    assert_eq!(list().await, before);
}

#[tokio::test]
async fn clocks_are_wrong() {
    let sandbox = sandbox("peki").await;
    let at = &sandbox.platforms()[0];
    let off = |answer: &Answer| {
        let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
        let now = SystemTime::now();
        match date.duration_since(now) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap() + 1,
            Err(error) => -i64::try_from(error.duration().as_secs()).unwrap(),
        }
    };
    let near = |is: i64, wanted: i64| assert!((is - wanted).abs() <= 3, "{is} {wanted}");
    for (seconds, status) in [
        (-200, 200),
        (200, 200),
        (-400, 401),
        (400, 401),
        (86_400, 401),
        (-86_400, 401),
    ] {
        for (kind, status) in [("clock", status), ("date", 200)] {
            let id = sandbox
                .add_fault(Fault::parse(&format!("{kind}={seconds}")).unwrap())
                .unwrap();
            let answer = peki(at, PAGE).await;
            assert_eq!(answer.status, status, "{kind} {seconds}");
            near(off(&answer), seconds);
            assert_eq!(sandbox.fired(id), Some(1));
            sandbox.remove_fault(id);
        }
    }
    sandbox
        .add_fault(Fault::parse("clock-backwards=100").unwrap())
        .unwrap();
    for (number, status) in (1..).zip([200, 200, 401]) {
        let answer = peki(at, PAGE).await;
        near(off(&answer), -100 * number);
        assert!(answer.status == status || number == 3);
    }
}

#[tokio::test]
async fn several_groups_at_once() {
    let sandbox = sandbox("peki").await;
    let at = &sandbox.platforms()[0];
    for fault in [
        "date=60",
        "wrong-totals=5",
        "content-type",
        "slices=100",
        "html,page=9",
    ] {
        sandbox.add_fault(Fault::parse(fault).unwrap()).unwrap();
    }
    let answer = peki(at, PAGE).await;
    assert_eq!(
        (answer.header("content-type"), &answer.json()["totalItems"]),
        (Some("text/plain"), &Value::from(50))
    );
    let done = at.requests().pop().unwrap().fault.unwrap();
    assert_eq!(done, "date=60; wrong-totals=5; content-type; slices=100");
}
