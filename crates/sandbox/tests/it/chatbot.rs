//! A platform with a token, cursors, writes and a CSV export.

use crate::client::{chatbot, platform, send, start};
use botroster_sandbox::SandboxOptions;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn options(users: u64) -> SandboxOptions {
    SandboxOptions {
        users,
        ..SandboxOptions::default()
    }
}

#[tokio::test]
async fn the_last_id_leads_to_the_next_page() {
    let sandbox = start(options(90)).await;
    let at = platform(&sandbox, "chatbot");
    let (mut ids, mut after, mut sizes) = (BTreeSet::new(), String::new(), Vec::new());
    loop {
        let page = chatbot(at, "GET", &format!("/users?limit=40{after}"), "")
            .await
            .json();
        let users = page["data"].as_array().unwrap();
        assert_eq!(page["count"], users.len());
        sizes.push(users.len());
        let Some(last) = users.last() else { break };
        ids.extend(
            users
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned()),
        );
        after = format!("&after={}", last["id"].as_str().unwrap());
    }
    assert_eq!((sizes, ids.len()), (vec![40, 40, 10, 0], 90));
    let unknown = chatbot(at, "GET", "/users?after=5b7ff84cc7ca3fb33c9249a8", "").await;
    assert_eq!(
        (
            unknown.status,
            unknown.json()["data"].as_array().unwrap().len()
        ),
        (200, 0)
    );
    let too_many = chatbot(at, "GET", "/users?limit=41", "").await;
    assert_eq!(too_many.status, 400);
    assert_eq!(too_many.json()["status"]["code"], 400);
    assert_eq!(too_many.json()["status"]["type"], "bad_request");
}

#[tokio::test]
async fn the_oldest_first_is_the_list_turned() {
    let sandbox = start(options(30)).await;
    let at = platform(&sandbox, "chatbot");
    let ids = |page: &Value| -> Vec<String> {
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let newest = ids(&chatbot(at, "GET", "/users", "").await.json());
    let mut oldest = ids(&chatbot(at, "GET", "/users?sort.order=asc", "").await.json());
    let after = ids(&chatbot(
        at,
        "GET",
        &format!("/users?sort.order=asc&after={}", oldest[4]),
        "",
    )
    .await
    .json());
    assert_eq!(after, oldest[5..]);
    oldest.reverse();
    assert_eq!(newest, oldest);
}

#[tokio::test]
async fn a_documented_order_is_applied() {
    let sandbox = start(options(60)).await;
    let at = platform(&sandbox, "chatbot");
    let times = |page: &Value| -> Vec<i64> {
        let users = page["data"].as_array().unwrap().iter();
        let times = users.filter_map(|user| user["lastSeen"].as_str());
        times
            .map(|time| time.parse::<jiff::Timestamp>().unwrap().as_millisecond())
            .collect()
    };
    let first = chatbot(at, "GET", "/users?sort.field=lastSeen", "").await;
    let first = first.json();
    let last = first["data"][39]["id"].as_str().unwrap();
    let target = format!("/users?sort.field=lastSeen&after={last}");
    let second = chatbot(at, "GET", &target, "").await.json();
    let all = [times(&first), times(&second)].concat();
    assert!(all.len() > 40 && all.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(second["data"].as_array().unwrap().len(), 20);
    let body = r#"{"sort":{"field":"lastSeen","order":"asc"},"fields":["lastSeen"]}"#;
    let csv = chatbot(at, "POST", "/users/export", body).await.text();
    let rows = csv.lines().skip(1).filter(|row| !row.is_empty());
    let rows: Vec<i64> = rows
        .map(|row| row.parse::<jiff::Timestamp>().unwrap().as_millisecond())
        .collect();
    assert!(rows.len() > 40 && rows.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(at.requests().iter().all(|request| request.notes.is_empty()));
}

#[tokio::test]
async fn a_created_user_is_there() {
    let sandbox = start(options(5)).await;
    let at = platform(&sandbox, "chatbot");
    let body = json!({"userId": "u-1", "segments": ["seg-1"], "attributes": {"default_email": "ada@example.org", "plan": "free"}});
    let answer = chatbot(at, "POST", "/users", &body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let result = answer.json();
    assert_eq!(
        (&result[0]["status"]["code"], &result[0]["status"]["type"]),
        (&200.into(), &"success".into())
    );
    let id = result[0]["id"].as_str().unwrap().to_owned();
    let user = chatbot(at, "GET", &format!("/users/{id}"), "").await.json();
    assert_eq!(
        (&user["userId"], &user["attributes"]["plan"]),
        (&"u-1".into(), &"free".into())
    );
    assert_eq!(user["segments"], json!([{"id": "seg-1", "name": "seg-1"}]));
    let list = chatbot(at, "GET", "/users", "").await.json();
    assert_eq!(list["data"][0]["id"], id.as_str());
    assert_eq!(list["count"], 6);

    let path = format!("/users/{id}");
    let put = |tail: &'static str, body: Value| {
        let path = format!("{path}{tail}");
        async move { chatbot(at, "PUT", &path, &body.to_string()).await }
    };
    let done = put("", json!({"attributes": {"default_city": "Pune"}}))
        .await
        .json();
    assert_eq!(done["status"]["type"], "success");
    assert_eq!(put("/ban", json!({"banned": true})).await.status, 200);
    let segments = format!("{path}/segments");
    assert_eq!(
        chatbot(at, "POST", &segments, r#"["seg-2","seg-1"]"#)
            .await
            .status,
        200
    );
    assert_eq!(
        chatbot(at, "DELETE", &segments, r#"["seg-1"]"#)
            .await
            .status,
        200
    );
    let user = chatbot(at, "GET", &path, "").await.json();
    assert_eq!(user["attributes"]["default_city"], "Pune");
    assert_eq!(user["attributes"]["default_email"], "ada@example.org");
    assert_eq!(user["banned"], true);
    assert_eq!(user["segments"], json!([{"id": "seg-2", "name": "seg-2"}]));
    let asked = r#"{"fields":["userId","default_city"]}"#;
    let csv = chatbot(at, "POST", "/users/export", asked).await.text();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(
        (rows.len(), rows[1]),
        (7, "u-1,Pune"),
        "the export shows writes"
    );
    let listed = &chatbot(at, "GET", "/users", "").await.json()["data"][0];
    assert_eq!(listed["banned"], true);
    assert!(listed["conversations"].is_number());
    assert!(
        listed.get("segments").is_none(),
        "the list does not show them"
    );
}

#[tokio::test]
async fn a_made_user_can_be_changed() {
    let sandbox = start(options(5)).await;
    let at = platform(&sandbox, "chatbot");
    let list = chatbot(at, "GET", "/users", "").await.json();
    let path = format!("/users/{}", list["data"][2]["id"].as_str().unwrap());
    let replaced = chatbot(at, "PUT", &format!("{path}/segments"), r#"["a"]"#).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(
        chatbot(at, "GET", &path, "").await.json()["segments"],
        json!([{"id": "a", "name": "a"}])
    );
    let missing = chatbot(at, "PUT", "/users/nobody/ban", r#"{"banned":true}"#).await;
    assert_eq!(
        (missing.status, &missing.json()["status"]["code"]),
        (404, &404.into())
    );
}

#[tokio::test]
async fn bodies_are_checked() {
    let sandbox = start(options(1)).await;
    let at = platform(&sandbox, "chatbot");
    for (method, target, body, about) in [
        ("POST", "/users", r#"{"userId":"x"}"#, "/attributes"),
        ("POST", "/users", r#"{"attributes":{}}"#, "/attributes"),
        (
            "POST",
            "/users",
            r#"{"attributes":{"plan":"free"}}"#,
            "/userId",
        ),
        (
            "POST",
            "/users",
            r#"{"attributes":{"default_name":7},"userId":"x"}"#,
            "/attributes/default_name",
        ),
        ("POST", "/users", "{", "JSON"),
        ("POST", "/users", "", "body"),
        (
            "POST",
            "/users/export",
            r#"{"users":["a"],"match":"all"}"#,
            "alternatives",
        ),
        (
            "POST",
            "/users/export",
            r#"{"fields":["nothing"]}"#,
            "alternatives",
        ),
        ("GET", "/users", "{}", "body"),
    ] {
        let answer = chatbot(at, method, target, body).await;
        assert_eq!(answer.status, 400, "{body}");
        let message = answer.json()["status"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(message.contains(about), "{message}");
    }
    let answer = send(
        at,
        "GET",
        "/users",
        &[("authorization", "Bearer wrong")],
        "",
    )
    .await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["status"]["type"], "unauthorized");
}

#[tokio::test]
async fn the_export_is_csv() {
    let sandbox = start(options(2500)).await;
    let at = platform(&sandbox, "chatbot");
    let answer = chatbot(at, "POST", "/users/export", "{}").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/csv")
    );
    let text = answer.text();
    let head = text.lines().next().unwrap();
    assert!(
        head.starts_with("Name,Email,First Seen,Last Seen,Integration,Source,"),
        "{head}"
    );
    for headline in ["Name", "First Seen", "User ID", "IP"] {
        assert!(head.split(',').any(|own| own == headline), "{head}");
    }
    let list = chatbot(at, "GET", "/users?limit=1", "").await.json();
    let first = &list["data"][0];
    let asked = json!({"fields": ["userId", "createdAt"], "users": [first["id"]]});
    let answer = chatbot(at, "POST", "/users/export", &asked.to_string()).await;
    let expected = format!(
        "User ID,First Seen\r\n{},{}\r\n",
        first["userId"].as_str().unwrap_or_default(),
        first["createdAt"].as_str().unwrap_or_default()
    );
    assert_eq!(answer.text(), expected);
    let narrow = chatbot(at, "POST", "/users/export", r#"{"fields":["userId"]}"#).await;
    assert_eq!(narrow.text().lines().count(), 2501);
}
