//! The page and the control API, as they answer.

use crate::client::{Answer, answer, exchange, host, peki, start};
use botroster_sandbox::{Sandbox, SandboxOptions};
use serde_json::{Value, json};

async fn sandbox() -> Sandbox {
    let mut options = SandboxOptions::only("peki");
    options.platforms = Some(vec!["peki".into(), "chatbot".into()]);
    start(options).await
}

async fn ask(sandbox: &Sandbox, method: &str, target: &str, more: &str, body: &str) -> Answer {
    let host = host(sandbox.control_url());
    let named = if more.contains("host: ") {
        String::new()
    } else {
        format!("host: {host}\r\n")
    };
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\n{named}{more}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    let (bytes, end) = exchange(host, request.as_bytes()).await;
    assert_eq!(end, None);
    answer(&bytes)
}

async fn get(sandbox: &Sandbox, target: &str) -> Value {
    let answer = ask(sandbox, "GET", target, "", "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn the_page_and_its_parts() {
    let sandbox = sandbox().await;
    for (path, media) in [
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = ask(&sandbox, "GET", path, "", "").await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(media))
        );
        assert!(
            answer
                .header("content-security-policy")
                .unwrap()
                .contains("default-src 'self'")
        );
        assert!(!answer.body.is_empty());
    }
}

#[tokio::test]
async fn platforms_tell_how_to_reach_them() {
    let sandbox = sandbox().await;
    let told = get(&sandbox, "/_sandbox/platforms").await;
    let running = &sandbox.platforms()[0];
    let peki = &told[0];
    assert_eq!(peki["name"], "peki");
    assert_eq!(peki["base_url"], running.base_url);
    assert_eq!(peki["credentials"], json!(running.credentials));
    assert_eq!(peki["scope"], json!(running.scope));
    assert_eq!(peki["keys"][0]["name"], "main");
    assert_eq!(peki["requests"], 0);
    let list = peki["operations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "list_users");
    let list = list.unwrap();
    assert_eq!(list["path"], "/api/Dev/{chatbotId}/users");
    assert_eq!(
        (&list["method"], &list["grade"]),
        (&json!("GET"), &json!("documented"))
    );
    assert_eq!(list["streams"], json!(["users"]));
    assert!(list["summary"].as_str().unwrap().ends_with('.'));
}

#[tokio::test]
async fn requests_are_told_in_the_order_they_came() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    for page in 1..=5 {
        peki(at, &format!("/users?page={page}&pageSize=20")).await;
        ask_platform(&sandbox.platforms()[1].base_url).await;
    }
    let first = get(&sandbox, "/_sandbox/requests?limit=3").await;
    let seqs = |told: &Value| -> Vec<u64> {
        let requests = told["requests"].as_array().unwrap().iter();
        requests
            .map(|request| request["seq"].as_u64().unwrap())
            .collect()
    };
    assert_eq!((seqs(&first), &first["next"]), (vec![1, 2, 3], &3.into()));
    let one = &first["requests"][0];
    assert_eq!(
        (&one["platform"], &one["status"], &one["operation"]),
        (&"peki".into(), &200.into(), &"list_users".into())
    );
    assert_eq!(first["requests"][1]["platform"], "chatbot");
    let rest = get(&sandbox, "/_sandbox/requests?after=3&platform=chatbot").await;
    assert_eq!(seqs(&rest), [4, 6, 8, 10]);
    let none = get(&sandbox, "/_sandbox/requests?after=10").await;
    assert_eq!((seqs(&none).len(), &none["next"]), (0, &10.into()));
    for (query, fix) in [
        ("platform=x", "choose from peki, chatbot"),
        ("after=x", "write it as in ?after=10"),
        ("page=1", "it takes platform, after, limit"),
    ] {
        let answer = ask(
            &sandbox,
            "GET",
            &format!("/_sandbox/requests?{query}"),
            "",
            "",
        )
        .await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["fix"]),
            (400, &fix.into())
        );
    }
}

async fn ask_platform(base_url: &str) {
    let host = host(base_url);
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    exchange(host, request.as_bytes()).await;
}

#[tokio::test]
async fn faults_are_set_listed_and_taken_back() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    let fault = json!({"fault": "status", "status": 503, "platform": "peki", "operation": "list", "page": 3, "times": 2});
    let added = ask(&sandbox, "POST", "/_sandbox/faults", "", &fault.to_string()).await;
    assert_eq!((added.status, added.json()), (201, json!({"id": 1})));
    let added = ask(&sandbox, "POST", "/_sandbox/faults", "", "\"html,times=1\"").await;
    assert_eq!((added.status, added.json()), (201, json!({"id": 2})));
    let page = "/users?page=3&pageSize=20";
    let statuses = [
        peki(at, page).await.status,
        peki(at, page).await.status,
        peki(at, page).await.status,
    ];
    assert_eq!(statuses, [503, 503, 200]);
    let told = get(&sandbox, "/_sandbox/faults").await;
    let mut expected = fault.clone();
    expected["id"] = 1.into();
    expected["fired"] = 2.into();
    assert_eq!(
        told["active"],
        json!([expected, {"id": 2, "fault": "html", "times": 1, "fired": 1}])
    );
    let kinds = told["kinds"].as_array().unwrap();
    let status = kinds.iter().find(|kind| kind["kind"] == "status").unwrap();
    assert_eq!(
        (&status["group"], &status["needs"]),
        (&json!("status"), &json!(["status"]))
    );
    let silence = kinds.iter().find(|kind| kind["kind"] == "silence").unwrap();
    assert_eq!(
        (&silence["needs"], &silence["takes"][0]["default"]),
        (&json!([]), &json!(3600))
    );
    assert_eq!(
        ask(&sandbox, "DELETE", "/_sandbox/faults/1", "", "")
            .await
            .status,
        204
    );
    assert_eq!(
        ask(&sandbox, "DELETE", "/_sandbox/faults/1", "", "")
            .await
            .status,
        404
    );
    assert_eq!(
        ask(&sandbox, "DELETE", "/_sandbox/faults", "", "")
            .await
            .status,
        204
    );
    assert_eq!(get(&sandbox, "/_sandbox/faults").await["active"], json!([]));

    for (body, message) in [
        (
            r#"{"fault": "statsu"}"#,
            "fault 'statsu' does not exist; did you mean status?",
        ),
        (
            r#"{"fault": "html", "platform": "pekki"}"#,
            "platform 'pekki' does not exist; did you mean peki?",
        ),
        (
            r#"{"fault": "html", "times": -1}"#,
            "'times' must be an integer from 1, not '-1'",
        ),
        ("{", "EOF while parsing an object at line 1 column 1"),
    ] {
        let answer = ask(&sandbox, "POST", "/_sandbox/faults", "", body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["message"]),
            (400, &message.into())
        );
        assert!(
            answer.json()["error"]["fix"]
                .as_str()
                .unwrap()
                .contains("\"fault\": \"status\"")
        );
    }
    let long = ask(
        &sandbox,
        "POST",
        "/_sandbox/faults",
        "",
        &"x".repeat((1 << 20) + 1),
    )
    .await;
    assert_eq!(long.status, 413);
}

#[tokio::test]
async fn a_reset_is_a_new_start() {
    let sandbox = sandbox().await;
    let at = &sandbox.platforms()[0];
    ask(&sandbox, "POST", "/_sandbox/faults", "", "\"insert\"").await;
    let before = peki(at, "/users").await.json()["totalItems"].clone();
    assert_eq!(before, 101);
    assert_eq!(
        ask(&sandbox, "POST", "/_sandbox/reset", "", "")
            .await
            .status,
        204
    );
    assert_eq!(get(&sandbox, "/_sandbox/faults").await["active"], json!([]));
    assert_eq!((at.request_count(), at.requests().len()), (0, 0));
    assert_eq!(peki(at, "/users").await.json()["totalItems"], 100);
    // Who reads on from where they were misses nothing.
    assert_eq!(get(&sandbox, "/_sandbox/requests?after=1").await["next"], 2);
    let state = get(&sandbox, "/_sandbox/state").await;
    assert!(
        state["peki"].is_array() && state["chatbot"].is_array(),
        "{state}"
    );
}

#[tokio::test]
async fn other_sites_and_names_are_refused() {
    let sandbox = sandbox().await;
    for (method, target, headers) in [
        ("GET", "/_sandbox/platforms", "host: evil.example\r\n"),
        ("GET", "/", "host: evil.example:4010\r\n"),
        (
            "POST",
            "/_sandbox/reset",
            "origin: https://evil.example\r\n",
        ),
        ("POST", "/_sandbox/faults", "origin: null\r\n"),
        (
            "DELETE",
            "/_sandbox/faults",
            "origin: http://localhost:1\r\n",
        ),
    ] {
        let answer = ask(&sandbox, method, target, headers, "").await;
        assert_eq!(answer.status, 403, "{method} {headers}");
        let error = answer.json()["error"].clone();
        assert!(error["message"].is_string() && error["fix"].is_string());
    }
    let own = format!("origin: http://{}\r\n", host(sandbox.control_url()));
    assert_eq!(
        ask(&sandbox, "POST", "/_sandbox/reset", &own, "")
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn paths_and_methods_are_told() {
    let sandbox = sandbox().await;
    let lost = ask(&sandbox, "GET", "/_sandbox/fault", "", "").await;
    assert_eq!(lost.status, 404);
    assert!(
        lost.json()["error"]["fix"]
            .as_str()
            .unwrap()
            .contains("faults")
    );
    for (method, path, fix) in [
        ("PUT", "/_sandbox/faults", "use GET, POST, DELETE"),
        ("GET", "/_sandbox/reset", "use POST"),
        ("POST", "/", "use GET"),
        ("GET", "/_sandbox/faults/1", "use DELETE"),
    ] {
        let answer = ask(&sandbox, method, path, "", "").await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["fix"]),
            (405, &fix.into()),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn it_is_on_the_first_port_and_the_platforms_follow() {
    // A free port, as far as one can know.
    let port = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let mut options = SandboxOptions::only("peki");
    options.ports = Some(port);
    let Ok(sandbox) = Sandbox::start_with(options).await else {
        // The one behind it was taken.
        return;
    };
    assert_eq!(sandbox.control_url(), format!("http://127.0.0.1:{port}/"));
    assert_eq!(
        host(&sandbox.platforms()[0].base_url),
        format!("127.0.0.1:{}", port + 1)
    );
}
