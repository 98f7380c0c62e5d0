//! What the test platforms' own shapes are on the wire, byte by byte, through their generated clients.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use botroster_client::{Builder, ErrorCode, ErrorKind};
use botroster_contract_tests::{
    clients::Attach as _,
    runtime::{Runtime, START},
    server::{Act, Server},
};
use botroster_test_platforms::{
    atrium::{
        self,
        types::{BlockChange, EntrySearch, FieldChange, Mood, NewCustomer},
    },
    kite_post::{
        self,
        types::{BoxAddress, ChatQuery, Locale, Reason, StreetAddress, SubscriberKind, Zone},
    },
    probes,
    pulse1::{self, types::MemberKind},
    reed::{self, types::TalkQuery},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

fn refusing() -> Act {
    Act::answer(
        "404 Not Found",
        &["content-type: application/json"],
        r#"{"fault":{"text":"no such desk","number":4040}}"#,
    )
}

async fn server() -> Server {
    Server::start((0..8).map(|_| refusing())).await
}

fn client<C>(builder: Builder<C>, server: &Server, path: &str) -> C {
    builder
        .at(server, path, &Runtime::on_sockets())
        .build()
        .unwrap()
}

fn hmac(secret: &str, message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn atrium(server: &Server) -> atrium::Client {
    let credentials = atrium::Credentials::new()
        .with_api_key("invented-key")
        .with_api_secret("invented-secret");
    let builder = atrium::Client::builder().with_credentials(credentials);
    client(builder, server, "/gateway/v3")
}

fn kite_post(server: &Server) -> kite_post::Client {
    let credentials = kite_post::Credentials::new()
        .with_username("ada")
        .with_password("open:sesame");
    client(
        kite_post::Client::builder().with_credentials(credentials),
        server,
        "/rest",
    )
}

fn probes(server: &Server) -> probes::Client {
    let credentials = probes::Credentials::new().with_token("t").with_key("k");
    let builder = probes::Client::builder().with_credentials(credentials);
    client(builder, server, "/base")
}

/// Sends something, and gives path and query, headers and body.
async fn body(server: &Server) -> (String, String) {
    let requests = server.requests();
    let request = requests.last().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    (format!("{} {}", request.method(), request.target()), body)
}

#[tokio::test]
async fn a_hex_signature_over_the_hash_of_the_body_with_time_and_nonce() {
    let server = server().await;
    let mut customer = NewCustomer::new("Ada Ö");
    customer.mail = "ada@example.com".to_owned().into();
    let desk = atrium(&server).desk("tenant 1", "desk&2");
    let _ = desk.customers().create(customer).await;
    let request = server.only_request();
    assert_eq!(
        request.target(),
        "/gateway/v3/tenants/tenant%201/customers?desk_key=desk%262"
    );
    let sent = r#"{"full_name":"Ada Ö","mail":"ada@example.com"}"#;
    assert_eq!(request.body(), sent.as_bytes());
    let time = request.header("x-atrium-date").unwrap();
    assert_eq!(time, "2026-01-01T00:00:00Z");
    let nonce = request.header("x-atrium-nonce").unwrap();
    assert!(nonce.len() == 32 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let host = request.header("host").unwrap();
    let hash = hex(&Sha256::digest(sent));
    let path = "/gateway/v3/tenants/tenant%201/customers";
    let message = format!("{time}.{nonce}.POST.{host}.{path}.desk_key=desk%262.{hash}");
    let signature = hex(&hmac("invented-secret", message.as_bytes()));
    assert_eq!(
        request.header("x-atrium-auth"),
        Some(format!("v1 invented-key:{signature}").as_str())
    );
}

#[tokio::test]
async fn a_base64url_signature_with_milliseconds_and_a_header() {
    let server = server().await;
    let credentials = pulse1::Credentials::new()
        .with_api_key("k")
        .with_api_secret("invented-secret");
    let client = client(
        pulse1::Client::builder().with_credentials(credentials),
        &server,
        "",
    );
    let kinds = vec![
        MemberKind::V1,
        MemberKind::C,
        MemberKind::V,
        MemberKind::V25,
    ];
    let _ = client.members().keep(kinds).await;
    let request = server.only_request();
    let sent = r#"["1","C++","","2.5"]"#;
    assert_eq!(
        (request.line(), request.body()),
        ("PUT /v2/members.json HTTP/1.1", sent.as_bytes())
    );
    let millis = START * 1000;
    let message = format!("{millis}|/v2/members.json|botroster|{sent}");
    let signature = URL_SAFE_NO_PAD.encode(hmac("invented-secret", message.as_bytes()));
    assert_eq!(
        request.header("x-pulse-sign"),
        Some(format!("t={millis},s={signature}").as_str())
    );
    assert_eq!(request.header("x-pulse-client"), Some("botroster"));
}

#[tokio::test]
async fn parameters_of_every_type_and_place() {
    let server = server().await;
    let customers = atrium(&server).desk("t", "d").customers();
    let _ = customers.list().await;
    let (plain, _) = body(&server).await;
    assert_eq!(
        plain,
        "GET /gateway/v3/tenants/t/customers?desk_key=d&skip_count=0"
    );
    let untagged = server.requests();
    assert_eq!(untagged.last().unwrap().header("x-request-tag"), None);
    let all = customers
        .list()
        .skip_count(50)
        .page_length(60)
        .seen_after(1)
        .seen_before(2)
        .min_score(0.5)
        .is_vip(true)
        .x_request_tag("nightly run");
    let _ = all.await;
    let (full, _) = body(&server).await;
    assert_eq!(
        full,
        "GET /gateway/v3/tenants/t/customers?desk_key=d&is_vip=true&min_score=0.5&page_length=60&seen_after=1&seen_before=2&skip_count=50"
    );
    let tagged = server.requests();
    assert_eq!(
        tagged.last().unwrap().header("x-request-tag"),
        Some("nightly run")
    );
    let _ = customers.get(7_u64).await;
    let (one, _) = body(&server).await;
    assert_eq!(one, "GET /gateway/v3/tenants/t/customers/7?desk_key=d");
}

#[tokio::test]
async fn enums_in_path_query_and_header_and_names_of_all_kinds() {
    let server = server().await;
    let client = kite_post(&server);
    let shop = client.shop("s");
    let list = shop.subscribers().list(SubscriberKind::OtherOne);
    let _ = list
        .x_locale(Locale::DeAt)
        .after_id("id 1")
        .max(7_u64)
        .active(false)
        .await;
    let requests = server.requests();
    let request = requests.last().unwrap();
    assert_eq!(
        request.target(),
        "/rest/subscribers?active=false&after-id=id%201&kind=Other%20one&max=7&shop-id=s"
    );
    assert_eq!(request.header("x-locale"), Some("de-AT"));
    let _ = client.find().by_floor(Zone::SouthEast, 3_u64).await;
    let (floor, _) = body(&server).await;
    assert_eq!(floor, "GET /rest/find/south%2Feast/3?p=1");
    let credentials = reed::Credentials::new().with_reed_token("t");
    let reed = self::client(
        reed::Client::builder().with_credentials(credentials),
        &server,
        "/api",
    );
    let people = reed.account("a").inbox().people(10_u32);
    let _ = people.await;
    let requests = server.requests();
    let request = requests.last().unwrap();
    assert_eq!(
        request.target(),
        "/api/people?account-uuid=a&page%5Bnumber%5D=0&page%5Bsize%5D=10"
    );
    assert_eq!(request.header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn user_and_password_or_a_key_and_a_constant() {
    let server = server().await;
    let _ = kite_post(&server).find().by_floor(Zone::North, 1_u64).await;
    let credentials = kite_post::Credentials::new().with_kite_key("invented");
    let by_key = client(
        kite_post::Client::builder().with_credentials(credentials),
        &server,
        "/rest",
    );
    let _ = by_key.find().by_floor(Zone::North, 1_u64).await;
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            (
                request.header("authorization").unwrap(),
                request.header("kite-release").unwrap(),
            )
        })
        .collect();
    assert_eq!(
        sent,
        [
            ("Basic YWRhOm9wZW46c2VzYW1l", "2024-10"),
            ("Kite invented", "2024-10")
        ]
    );
}

#[tokio::test]
async fn bodies() {
    let server = server().await;
    let shop = kite_post(&server).shop("s");
    let query = ChatQuery::new("calm!", 0);
    let _ = shop.order_chats().query(Reason::BackUp, query).await;
    let (line, sent) = body(&server).await;
    assert_eq!(line, "POST /rest/order-chats/query?shop-id=s");
    assert_eq!(
        sent,
        r#"{"mood":"calm!","page-no":0,"page-len":5,"words":[]}"#
    );
    let requests = server.requests();
    let request = requests.last().unwrap();
    assert_eq!(request.header("x-reason"), Some("back-up"));
    assert_eq!(request.header("x-trace"), Some("off"));

    let subscribers = shop.subscribers();
    let _ = subscribers.move_to("1", true, BoxAddress::new(7)).await;
    let (line, sent) = body(&server).await;
    assert_eq!(
        line,
        "PUT /rest/subscribers/1/address?notify=true&shop-id=s"
    );
    assert_eq!(sent, r#"{"postBox":7}"#);
    let mut street = StreetAddress::new();
    street.street = Some("Sample Street 1".to_owned());
    let _ = subscribers.move_to("1", false, street).await;
    assert_eq!(body(&server).await.1, r#"{"street":"Sample Street 1"}"#);

    let customers = atrium(&server).desk("t", "d").customers();
    let _ = customers.remove_labels(7_u64, vec!["old".to_owned()]).await;
    let (line, sent) = body(&server).await;
    assert_eq!(
        (line.as_str(), sent.as_str()),
        (
            "DELETE /gateway/v3/tenants/t/customers/7/labels?desk_key=d",
            r#"["old"]"#
        )
    );
    let fields = [
        ("plan".to_owned(), None),
        ("size".to_owned(), Some("xl".to_owned())),
    ];
    let change = FieldChange::new(std::collections::BTreeMap::from(fields));
    let _ = customers.update(7_u64, change).await;
    assert_eq!(
        body(&server).await.1,
        r#"{"fields":{"plan":null,"size":"xl"}}"#
    );
    let _ = customers.set_blocked(7_u64, BlockChange::new(true)).await;
    assert_eq!(body(&server).await.1, r#"{"blocked":true}"#);
}

#[tokio::test]
async fn lists_that_move_in_query_and_body() {
    let page = |items: &str, next: &str| {
        Act::json(&format!(
            r#"{{"result":{{"ok":true,"data":{{"items":{items},"continue_at":{next}}}}}}}"#
        ))
    };
    let server = Server::start([
        page(r#"[{"entry_id":1},{"entry_id":2}]"#, r#""c 2""#),
        page(r#"[{"entry_id":3}]"#, "null"),
    ])
    .await;
    let mut search = EntrySearch::new();
    search.page_length = Some(2);
    let threads = atrium(&server).threads();
    let mut pages = threads.search_entries("th/1", search).pages();
    let mut ids = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        ids.extend(page.items.iter().map(|entry| entry.entry_id));
    }
    assert_eq!(ids, [1, 2, 3]);
    let requests = server.requests();
    let bodies: Vec<&[u8]> = requests.iter().map(|request| request.body()).collect();
    assert_eq!(
        bodies,
        [
            br#"{"kinds_wanted":"all","page_length":2}"#.as_slice(),
            br#"{"kinds_wanted":"all","continue_at":"c 2","page_length":2}"#
        ]
    );
    assert_eq!(
        requests[0].target(),
        "/gateway/v3/threads/th%2F1/entries/search"
    );
    assert_eq!(requests[0].header("x-api-flavor"), Some("search/2"));

    // The id of the last record is where the next page begins.
    let server = Server::start([
        Act::json(r#"{"list":[{"talk":"a"},{"talk":"b"}],"count":3}"#),
        Act::json(r#"{"list":[{"talk":"c"}],"count":3}"#),
        Act::json(r#"{"list":[],"count":3}"#),
    ])
    .await;
    let credentials = reed::Credentials::new().with_reed_token("t");
    let builder = reed::Client::builder().with_credentials(credentials);
    let reed = client(builder, &server, "/api");
    let mut pages = reed.inbox().talks(TalkQuery::new(7, 2)).pages();
    while pages.try_next().await.unwrap().is_some() {}
    let requests = server.requests();
    let last = requests.last().unwrap().body();
    assert_eq!(last, br#"{"person":7,"after":"c","length":2}"#);
    assert_eq!(requests.len(), 3);
}

#[tokio::test]
async fn payloads_deep_in_the_answer_and_lists_of_one() {
    let server = Server::start([
        Act::json(r#"{"result":{"ok":true,"data":{"items":[{"customer_id":7,"moods":["+1","new!"],"made_ms":1548250350163}]}}}"#),
        Act::json(r#"{"result":{"ok":false},"fault":{"text":"no","number":12}}"#),
        Act::answer("409 Conflict", &[], r#"{"why":{"code":4090}}"#),
    ])
    .await;
    let customers = atrium(&server).desk("t", "d").customers();
    let customer = customers.get(7_u64).await.unwrap();
    assert_eq!(customer.customer_id, 7);
    assert_eq!(customer.moods[0], Mood::V1);
    assert_eq!(customer.moods[1].as_str(), "new!");
    let made = customer.made_ms.unwrap();
    assert_eq!(
        made.to_rfc3339_millis().as_deref(),
        Some("2019-01-23T13:32:30.163Z")
    );
    let refused = customers.get(7_u64).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Some(&ErrorCode::Number(12)), Some("no"))
    );
    let moved = customers.list().await.unwrap_err();
    assert_eq!(moved.code(), Some(&ErrorCode::Number(4090)));
    assert!(moved.to_string().contains("DESK_MOVED"), "{moved}");
}

#[tokio::test]
async fn rules_are_checked_before_anything_is_sent() {
    let server = server().await;
    let customers = atrium(&server).desk("t", "d").customers();
    let nobody = customers.create(NewCustomer::new("Ada")).await;
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::InvalidInput);
    let turned = customers.list().seen_after(2).seen_before(1).await;
    assert_eq!(turned.unwrap_err().kind(), ErrorKind::InvalidInput);
    let long = customers.list().page_length(61).await;
    assert_eq!(long.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(server.connections(), 0);
}

/// Of every kind of personal data only `none` is shown.
#[test]
fn debug_shows_nobody() {
    let kinds = [
        "outside_ref",
        "full_name",
        "mail",
        "street",
        "place",
        "last_ip",
        "language",
        "site",
        "last_words",
    ];
    let mut record = serde_json::json!({
        // Numbers may be personal, too.
        "customer_id": 7_007_001, "score": 12.875, "visits": 5_005_001, "tenant_id": "shown-canary",
        "labels": ["hidden-canary"], "fields": {"a": "hidden-canary"}, "anything": "hidden-canary",
        "phone": {"country": "hidden-canary", "digits": "hidden-canary"},
        "later": "hidden-canary",
    });
    for kind in kinds {
        record[kind] = "hidden-canary".into();
    }
    let customer: atrium::types::Customer = serde_json::from_value(record).unwrap();
    let shown = format!("{customer:?}");
    assert!(shown.contains("shown-canary"), "{shown}");
    assert!(!shown.contains("hidden-canary"), "{shown}");
    assert!(shown.contains("5005001"), "{shown}");
    assert!(
        !shown.contains("7007001") && !shown.contains("12.875"),
        "{shown}"
    );
    for field in ["/customer_id", "/score"] {
        let mut fields = atrium::PERSONAL_FIELDS.iter();
        assert!(
            fields.any(|known| known.schema == "Customer" && known.field == field),
            "{field}"
        );
    }
}

/// Each word of `x-effect`, called through the client, seen in the sandbox's list.
#[tokio::test]
async fn writes_do_what_their_effects_say() {
    let options = botroster_sandbox::SandboxOptions {
        users: 3,
        platforms: Some(vec!["atrium".to_owned()]),
        ..Default::default()
    };
    let sandbox =
        botroster_sandbox::Sandbox::start_models(options, botroster_test_platforms::models());
    let sandbox = sandbox.await.unwrap();
    let running = &sandbox.platforms()[0];
    let credentials = atrium::Credentials::new()
        .with_api_key(running.credentials["api_key"].as_str())
        .with_api_secret(running.credentials["api_secret"].as_str());
    let client = atrium::Client::builder()
        .with_credentials(credentials)
        .with_base_url(&running.base_url)
        .with_loopback_http()
        .build()
        .unwrap();
    let desk = client.desk(&running.scope["tenant_id"], &running.scope["desk_key"]);
    let customers = desk.customers();

    let mut customer = NewCustomer::new("Ada Sample");
    customer.mail = "ada@example.com".to_owned().into();
    customer.labels = vec!["a".to_owned()];
    let fields = |entries: &[(&str, Option<&str>)]| {
        let entries = entries.iter();
        entries
            .map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned)))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let made = customers.create(customer).await.unwrap();
    assert_eq!(made.full_name.as_deref(), Some("Ada Sample"));
    let id = u64::try_from(made.customer_id).unwrap();
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };

    let added = customers.add_labels(id, texts(&["b", "a"])).await.unwrap();
    assert_eq!(added.labels, texts(&["a", "b"]));
    let removed = customers.remove_labels(id, texts(&["a"])).await.unwrap();
    assert_eq!(removed.labels, texts(&["b"]));
    let replaced = customers.replace_labels(id, texts(&["c"])).await.unwrap();
    assert_eq!(replaced.labels, texts(&["c"]));
    let change = FieldChange::new(fields(&[("plan", Some("pro"))]));
    customers.update(id, change).await.unwrap();
    let change = FieldChange::new(fields(&[("size", Some("xl"))]));
    let merged = customers.update(id, change).await.unwrap();
    assert_eq!(
        merged.fields.unwrap(),
        fields(&[("plan", Some("pro")), ("size", Some("xl"))])
    );
    let blocked = customers
        .set_blocked(id, BlockChange::new(true))
        .await
        .unwrap();
    assert_eq!(blocked.blocked, Some(true));

    let page = customers.list().await.unwrap();
    assert_eq!(page.totals().items, Some(4));
    assert_eq!(page.items[0].customer_id, made.customer_id);
    assert_eq!(page.items[0].labels, texts(&["c"]));
    let gone = customers.get(12_u64).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    let rows = desk.customers().export().rows();
    let mut rows = rows;
    let mut names = Vec::new();
    while let Some(row) = rows.try_next().await.unwrap() {
        names.push(row.full_name);
    }
    assert_eq!(names.len(), 4);
    assert_eq!(names[0].as_deref(), Some("Ada Sample"));
}

#[tokio::test]
async fn names_of_signs_and_digits_in_a_query() {
    let server = server().await;
    let queries = probes(&server).queries();
    let _ = queries
        .brackets()
        .v3d("a b*~")
        .sort_by("+")
        .sort_field("x")
        .await;
    let (target, _) = body(&server).await;
    assert_eq!(
        target,
        "GET /base/queries/brackets?3d=a%20b%2A~&%40sort%3Aby=%2B&sort%5Bfield%5D=x"
    );
    let named = std::collections::BTreeMap::from([("a b".to_owned(), 1), ("c".to_owned(), -2)]);
    let _ = queries.objects().named(named).await;
    let (target, _) = body(&server).await;
    assert_eq!(target, "GET /base/queries/objects?named=a%20b,1,c,-2");
}

#[tokio::test]
async fn a_success_without_content() {
    let refused = r#"{"error":{"text":"Ada is not to be seen"}}"#;
    let server = Server::start([
        Act::answer("204 No Content", &[], ""),
        Act::answer("204 No Content", &[], ""),
        Act::answer("200 OK", &["content-type: text/plain"], "done"),
        Act::json(refused),
        Act::answer("409 Conflict", &["content-type: application/json"], refused),
    ])
    .await;
    let answers = probes(&server).answers();
    answers.nothing_yet().await.unwrap();
    answers.nothing().await.unwrap();
    answers.nothing().await.unwrap();
    let said = answers.nothing().await.unwrap_err();
    assert_eq!(said.kind(), ErrorKind::Rejected);
    let said = answers.nothing().await.unwrap_err();
    assert_eq!(said.status().map(|status| status.as_u16()), Some(409));
    let requests = server.requests();
    assert_eq!(requests[1].line(), "DELETE /base/answers/nothing HTTP/1.1");
    assert_eq!(requests[1].header("content-type"), None);
}

#[tokio::test]
async fn a_payload_in_a_list_that_says_itself_how_it_went() {
    let server = Server::start([
        Act::json(r#"{"rows":[{"done":true,"note":"a"},{"done":false}],"problems":[]}"#),
        Act::json(r#"{"rows":[{"done":false,"note":"a"}]}"#),
        Act::json(r#"{"rows":[{"done":true}],"problems":[{"number":7}]}"#),
        Act::json(r#"{"rows":[]}"#),
    ])
    .await;
    let answers = probes(&server).answers();
    assert_eq!(answers.place().await.unwrap().note.as_deref(), Some("a"));
    assert_eq!(
        answers.place().await.unwrap_err().kind(),
        ErrorKind::Rejected
    );
    let seven = answers.place().await.unwrap_err();
    assert_eq!(seven.code().and_then(ErrorCode::as_i64), Some(7));
    assert_eq!(answers.place().await.unwrap_err().kind(), ErrorKind::Decode);
}
