//! A request for everything that can be wrong, and what is recorded about it: the snapshot is the table.

use crate::client::{PEKI, PEKI_MESSAGE, address, borrowed, model, send, send_to, signed, start};
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use std::fmt::Write as _;

const QUILL: &str = include_str!("foreign.json");

type Headers = Vec<(String, String)>;

/// What is recorded about the last request, without what differs from run to run.
fn verdict(at: &Running, title: &str, table: &mut String) {
    let request = at.requests().pop().unwrap();
    let port = at.base_url.split([':', '/']).nth(4).unwrap();
    let place = |text: &str| {
        let mut text = text.replace(&format!("127.0.0.1:{port}"), "<host>");
        for (name, value) in &at.scope {
            text = text.replace(value, &format!("<{name}>"));
        }
        for scope in &at.scopes[1..] {
            for (name, value) in scope {
                text = text.replace(value, &format!("<other {name}>"));
            }
        }
        text
    };
    let target = place(&request.target);
    writeln!(table, "# {title}").unwrap();
    writeln!(table, "{} {target} -> {}", request.method, request.status).unwrap();
    for violation in &request.violations {
        let at = violation
            .at
            .as_deref()
            .map_or(String::new(), |at| format!(" {at}"));
        writeln!(
            table,
            "  {}{at}: {}",
            violation.kind,
            place(&violation.message)
        )
        .unwrap();
    }
    for note in &request.notes {
        writeln!(table, "  note: {}", place(note)).unwrap();
    }
    table.push('\n');
}

fn named(sandbox: &Sandbox, name: &str) -> usize {
    let mut all = sandbox.platforms().iter();
    all.position(|platform| platform.name == name).unwrap()
}

fn small() -> SandboxOptions {
    SandboxOptions {
        users: 5,
        ..SandboxOptions::default()
    }
}

fn json_type() -> (String, String) {
    ("content-type".to_owned(), "application/json".to_owned())
}

fn token(at: &Running) -> Headers {
    let token = format!("Bearer {}", at.credentials["access_token"]);
    vec![("authorization".to_owned(), token), json_type()]
}

#[tokio::test]
async fn paths_and_parameters() {
    let sandbox = start(small()).await;
    let at = &sandbox.platforms()[named(&sandbox, "peki")];
    let mut table = String::new();
    let own = format!("/Dev/{}", at.scope["chatbotId"]);
    for (title, method, target) in [
        ("an unknown path", "GET", format!("{own}/user")),
        ("a slash at the end", "GET", format!("{own}/users/")),
        (
            "the path of the base URL twice",
            "GET",
            format!("/api{own}/users"),
        ),
        ("nothing like it", "GET", "/a/b/c/d/e/f".to_owned()),
        ("a wrong method", "DELETE", format!("{own}/users")),
    ] {
        send(at, method, &target, &[], "").await;
        verdict(at, title, &mut table);
    }
    let (host, _) = address(at);
    send_to(&host, "GET", &format!("{own}/users"), &[], "").await;
    verdict(at, "without the path of the base URL", &mut table);
    for (title, query) in [
        ("a name nearly right", "?pageNum=2"),
        ("a name in another case", "?pagesize=2"),
        ("a name unlike any", "?colour=2"),
        ("below the minimum", "?page=0"),
        ("no integer", "?page=one"),
        ("more than 32 bits", "?page=9999999999"),
        ("twice", "?page=1&page=2"),
        ("no UTF-8", "?page=%E9"),
        ("a name that is no UTF-8", "?%E9=1"),
        ("several at once", "?page=0&pageSize=x&sort=up"),
    ] {
        let target = format!("{own}/users{query}");
        let mut headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, ""));
        headers.push(json_type());
        send(at, "GET", &target, &borrowed(&headers), "").await;
        verdict(at, title, &mut table);
    }
    for (title, target, media) in [
        ("no content type", format!("{own}/users"), None),
        (
            "a wrong content type",
            format!("{own}/users"),
            Some("text/plain"),
        ),
        (
            "another bot",
            "/Dev/another-bot/users".to_owned(),
            Some("application/json"),
        ),
        (
            "no such user",
            format!("{own}/users/nobody"),
            Some("application/json"),
        ),
    ] {
        let mut headers = signed(at, PEKI_MESSAGE, &PEKI, ("GET", &target, ""));
        headers.extend(media.map(|media| ("content-type".to_owned(), media.to_owned())));
        send(at, "GET", &target, &borrowed(&headers), "").await;
        verdict(at, title, &mut table);
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn bodies_and_rules() {
    let sandbox = start(small()).await;
    let at = &sandbox.platforms()[named(&sandbox, "chatbot")];
    let mut table = String::new();
    let own = token(at);
    for (title, method, target, body) in [
        ("a body where none is", "GET", "/users", "{}"),
        ("no body", "POST", "/users", ""),
        ("no JSON", "POST", "/users", "{\"userId\": }"),
        ("another type", "POST", "/users", "[]"),
        ("nothing that is needed", "POST", "/users", "{}"),
        (
            "neither id nor e-mail",
            "POST",
            "/users",
            r#"{"attributes":{}}"#,
        ),
        (
            "a number for a name",
            "POST",
            "/users",
            r#"{"userId":"x","attributes":{"default_name":7}}"#,
        ),
        (
            "a misspelt property",
            "POST",
            "/users",
            r#"{"usrId":"x","userId":"x","attributes":{}}"#,
        ),
        (
            "a text for a truth value",
            "PUT",
            "/users/x/ban",
            r#"{"banned":"yes"}"#,
        ),
        (
            "both alternatives",
            "POST",
            "/users/export",
            r#"{"users":["a"],"match":"all"}"#,
        ),
        (
            "a column nobody knows",
            "POST",
            "/users/export",
            r#"{"fields":["default_nam"]}"#,
        ),
        (
            "filters",
            "POST",
            "/users/export",
            r#"{"match":"any","filters":[{"age":3}],"sort":{"field":"lastSeen","order":"asc"}}"#,
        ),
        ("another match", "GET", "/users?match=some", ""),
        (
            "filters that are accepted",
            "GET",
            "/users?match=all&sort.field=lastSeen",
            "",
        ),
        (
            "an order that is applied",
            "GET",
            "/users?sort.field=createdAt&sort.order=asc",
            "",
        ),
        (
            "a property for a parameter",
            "POST",
            "/users?userId=x",
            r#"{"userId":"x","attributes":{}}"#,
        ),
    ] {
        send(at, method, target, &borrowed(&own), body).await;
        verdict(at, title, &mut table);
    }
    let form = vec![
        own[0].clone(),
        (
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        ),
    ];
    send(at, "POST", "/users", &borrowed(&form), "userId=x").await;
    verdict(at, "a form", &mut table);

    let at = &sandbox.platforms()[named(&sandbox, "mybot")];
    let key = format!("Basic {}", at.credentials["api_key"]);
    let path = format!(
        "/bot-api/v1.0/customer/{}/bot/{}",
        at.scope["customerId"], at.scope["botKey"]
    );
    for (title, rest) in [
        ("a missing parameter", "/users?attribute_name=city"),
        (
            "a misspelt parameter that is required",
            "/users?attribute_name=city&attributeValue=x",
        ),
        (
            "the end before the start",
            "/channel-user/nobody/conversations?start_date=5&end_date=5",
        ),
        (
            "a date that is none",
            "/channel-user/nobody/conversations?start_date=yesterday",
        ),
        ("nobody", "/channel-user/nobody/conversations"),
    ] {
        send(
            at,
            "GET",
            &format!("{path}{rest}"),
            &[("authorization", &key)],
            "",
        )
        .await;
        verdict(at, title, &mut table);
    }

    let at = &sandbox.platforms()[named(&sandbox, "botpenguin")];
    let headers = [
        (
            "authorization",
            format!("Bearer {}", at.credentials["api_token"]),
        ),
        ("authtype", "Key".to_owned()),
        ("content-type", "application/json".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    send(
        at,
        "POST",
        "/inbox/users",
        &borrowed(&headers),
        r#"{"page":"1","isContact":true,"searchTxt":""}"#,
    )
    .await;
    verdict(at, "much that must always be sent", &mut table);
    let chats = format!(
        "/inbox/direct/chats?botId={}&customerId={}&page=1&type=lead",
        at.scope["botId"], at.scope["customerId"]
    );
    let headers = [
        ("x-bot-token", at.credentials["bot_token"].as_str()),
        ("content-type", "application/json"),
    ];
    for _ in 0..101 {
        send(at, "GET", &chats, &headers, "").await;
    }
    let mut rows = String::new();
    verdict(at, "too many requests", &mut rows);
    let wait = rows.find("wait ").unwrap();
    table += &rows[..wait];
    table += "wait <seconds>\n";
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn credentials() {
    let sandbox = start(small()).await;
    let mut table = String::new();
    let at = &sandbox.platforms()[named(&sandbox, "chatbot")];
    let own = &at.credentials["access_token"];
    for (title, name, value) in [
        ("none", "accept", "*/*".to_owned()),
        ("another header", "x-api-key", own.clone()),
        ("another scheme", "authorization", "Basic dTpw".to_owned()),
        (
            "a scheme nobody knows",
            "authorization",
            "Sesame open".to_owned(),
        ),
        (
            "the scheme in lower case",
            "authorization",
            format!("bearer {own}"),
        ),
        ("no scheme", "authorization", own.clone()),
        (
            "no scheme and another token",
            "authorization",
            "0123456789".to_owned(),
        ),
        (
            "the scheme twice",
            "authorization",
            format!("Bearer Bearer {own}"),
        ),
        ("quotes", "authorization", format!("Bearer \"{own}\"")),
        (
            "a short foreign token",
            "authorization",
            "Bearer secret".to_owned(),
        ),
        (
            "a long foreign token",
            "authorization",
            "Bearer tok_0123456789abcdef".to_owned(),
        ),
    ] {
        send(at, "GET", "/users", &[(name, &value)], "").await;
        verdict(at, title, &mut table);
    }
    send(
        at,
        "GET",
        "/users",
        &[("authorization", "Bearer a"), ("authorization", "Bearer b")],
        "",
    )
    .await;
    verdict(at, "the header twice", &mut table);

    let at = &sandbox.platforms()[named(&sandbox, "mybot")];
    let path = format!(
        "/bot-api/v1.0/customer/{}/bot/{}/users?attribute_name=city&attribute_value=x",
        at.scope["customerId"], at.scope["botKey"]
    );
    let own = &at.credentials["api_key"];
    let encoded = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{own}:"),
    );
    for (title, value) in [
        (
            "the key encoded as if it were a user name",
            format!("Basic {encoded}"),
        ),
        ("a bearer token", format!("Bearer {own}")),
    ] {
        send(at, "GET", &path, &[("authorization", &value)], "").await;
        verdict(at, title, &mut table);
    }

    let at = &sandbox.platforms()[named(&sandbox, "botpenguin")];
    let bearer = format!("Bearer {}", at.credentials["api_token"]);
    let bot = format!("Bearer {}", at.credentials["bot_token"]);
    for (title, headers) in [
        (
            "one of two headers",
            vec![("authorization", bearer.as_str())],
        ),
        (
            "a wrong constant",
            vec![("authorization", &bearer), ("authtype", "key")],
        ),
        (
            "the token of another scheme",
            vec![("authorization", &bot), ("authtype", "Key")],
        ),
    ] {
        send(at, "POST", "/inbox/users", &headers, "").await;
        verdict(at, title, &mut table);
    }
    let quill = Sandbox::start_models(small(), &[("quill", &model(QUILL))])
        .await
        .unwrap();
    let at = &quill.platforms()[0];
    let (user, password) = (&at.credentials["username"], &at.credentials["password"]);
    let encode =
        |text: String| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let target = format!("/people?workspace_id={}", at.scope["workspace_id"]);
    for (title, value) in [
        ("not encoded", format!("Basic {user}:{password}")),
        ("no base64", "Basic !".to_owned()),
        ("no colon", format!("Basic {}", encode(user.clone()))),
        (
            "a wrong password",
            format!("Basic {}", encode(format!("{user}:open"))),
        ),
        (
            "a wrong user",
            format!("Basic {}", encode(format!("ada-of-the-hill:{password}"))),
        ),
        (
            "both swapped",
            format!("Basic {}", encode(format!("{password}:{user}"))),
        ),
        ("both wrong", format!("Basic {}", encode("a:b".to_owned()))),
        ("half a signature", "Quill key=x".to_owned()),
    ] {
        send(at, "GET", &target, &[("authorization", &value)], "").await;
        verdict(at, title, &mut table);
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn what_is_kept_of_one_request_is_bounded() {
    let sandbox = start(small()).await;
    let at = &sandbox.platforms()[named(&sandbox, "chatbot")];
    let own = token(at);
    let names: String = (0..3000).map(|number| format!("&n{number}=1")).collect();
    send(
        at,
        "GET",
        &format!("/users?a=1{names}"),
        &borrowed(&own),
        "",
    )
    .await;
    assert_eq!(at.requests()[0].violations.len(), 50);
    let long = "x".repeat(20_000);
    send(at, "GET", &format!("/users?{long}=1"), &borrowed(&own), "").await;
    assert_eq!(at.requests()[1].violations[0].message.len(), 2000);
    let body = format!("[{}1]", "1,".repeat(100_000));
    send(at, "POST", "/users/x/segments", &borrowed(&own), &body).await;
    assert_eq!(at.requests()[2].violations.len(), 20);
}

#[tokio::test]
async fn nothing_of_a_foreign_credential_is_kept() {
    let sandbox = start(small()).await;
    let canary = "canaryCANARY0123456789";
    let at = &sandbox.platforms()[named(&sandbox, "chatbot")];
    for value in [
        canary.to_owned(),
        format!("Bearer {canary}"),
        format!("{canary} x"),
        format!("Basic {canary}"),
    ] {
        send(at, "GET", "/users", &[("authorization", &value)], "").await;
    }
    let at = &sandbox.platforms()[named(&sandbox, "peki")];
    let target = format!("/Dev/{}/users", at.scope["chatbotId"]);
    let now = jiff::Timestamp::now().as_second().to_string();
    let headers = [
        ("x-api-key", canary),
        ("x-signature", "AAAA"),
        ("x-timestamp", &now),
    ];
    send(at, "GET", &target, &headers, "").await;
    for running in sandbox.platforms() {
        let text = serde_json::to_string(&running.requests()).unwrap();
        assert!(!text.contains("canaryC"), "{text}");
        assert!(!format!("{:?}", running.requests()).contains("canaryC"));
    }
}
