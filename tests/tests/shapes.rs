//! Every form of a request and an answer that OpenAPI has and no real platform needs, as bytes on the wire.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use botroster_contract_tests::{
    clients::Attach as _,
    runtime::Runtime,
    server::{Act, Server},
    signing::signature,
    wire::Recorded,
};
use botroster_test_platforms::shapes;
use shapes::{Client, Error, ErrorCode, ErrorKind, Nullable, errors::GetOrderError, types};

const KEY: &str = "invented-key";
const SECRET: &str = "invented-secret";

fn client(server: &Server) -> Client {
    let credentials = shapes::Credentials::new()
        .with_api_key(KEY)
        .with_api_secret(SECRET);
    Client::builder()
        .with_credentials(credentials)
        .at(server, "/api", &Runtime::on_sockets())
        .build()
        .unwrap()
}

/// What goes on the wire; it is signed as it stands there.
async fn sent<T>(call: impl AsyncFnOnce(Client) -> Result<T, Error>) -> Recorded {
    let server = Server::start([Act::json("{}")]).await;
    if let Err(error) = call(client(&server)).await {
        panic!("{error}");
    }
    let request = server.only_request();
    let timestamp = request.header("x-timestamp").unwrap();
    let expected = signature(
        SECRET,
        request.method(),
        request.target(),
        request.body(),
        timestamp,
    );
    assert_eq!(request.header("x-signature"), Some(expected.as_str()));
    request
}

/// The error of a call that must not be sent.
async fn refused<T>(call: impl AsyncFnOnce(Client) -> Result<T, Error>) -> String {
    let server = Server::start([]).await;
    let Err(error) = call(client(&server)).await else {
        panic!("it was sent");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(server.bytes(), 0);
    assert!(!error.to_string().contains("joe"), "{error}");
    error.to_string()
}

fn filter() -> types::Filter {
    let mut filter = types::Filter::new();
    filter.name = Some("Jo [x].,&=ü".to_owned());
    filter.age = Some(30);
    filter.mood = Some(types::Mood::SoSo);
    filter.active = Some(false);
    filter.born = Some("2001-02-03T00:00:00Z".into());
    filter.cities = vec!["Köln".to_owned(), "a,b".to_owned()];
    let mut part = types::Box::new();
    part.south = Some(5.into());
    part.corner = vec!["n.e".to_owned()];
    filter.box_ = Some(part);
    filter
}

#[tokio::test]
async fn an_optional_body_may_be_left_out() {
    let request = sent(async |client| client.bodies().note("a b").await).await;
    assert_eq!(request.line(), "PUT /api/notes/a%20b HTTP/1.1");
    assert_eq!(request.body(), b"");
    assert_eq!(request.header("content-type"), None);
    let request = sent(async |client| {
        let mut note = types::Note::new();
        note.text = Some("ü".to_owned());
        client.bodies().note("7").body(note).await
    })
    .await;
    assert_eq!(request.body(), r#"{"text":"ü"}"#.as_bytes());
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn an_optional_body_may_be_a_list() {
    let request = sent(async |client| client.bodies().start().await).await;
    assert_eq!(request.line(), "POST /api/jobs HTTP/1.1");
    assert_eq!(request.body(), b"");
    assert_eq!(request.header("content-type"), None);
    let request = sent(async |client| client.bodies().start().body([1, 2]).await).await;
    assert_eq!(request.body(), b"[1,2]");
    let request = sent(async |client| client.bodies().start().body([]).await).await;
    assert_eq!(request.body(), b"[]");
}

#[tokio::test]
async fn objects_in_brackets() {
    let request = sent(async |client| {
        let labels = [("plan b".to_owned(), "x&y".to_owned())];
        client
            .queries()
            .deep()
            .filter(filter())
            .note("c d")
            .labels(labels)
            .await
    })
    .await;
    assert_eq!(
        request.target(),
        "/api/search?note=c%20d\
         &filter%5Bname%5D=Jo%20%5Bx%5D.%2C%26%3D%C3%BC&filter%5Bage%5D=30&filter%5Bmood%5D=so-so\
         &filter%5Bactive%5D=false&filter%5Bborn%5D=2001-02-03T00%3A00%3A00Z\
         &filter%5Bcities%5D=K%C3%B6ln&filter%5Bcities%5D=a%2Cb\
         &filter%5Bbox%5D%5Bsouth%5D=5&filter%5Bbox%5D%5Bcorner%5D=n.e\
         &labels%5Bplan%20b%5D=x%26y"
    );
    let request = sent(async |client| client.queries().deep().await).await;
    assert_eq!(request.target(), "/api/search");
}

#[tokio::test]
async fn objects_with_dots() {
    let request = sent(async |client| client.queries().dotted(filter()).await).await;
    assert_eq!(
        request.target(),
        "/api/find?filter.name=Jo%20%5Bx%5D.%2C%26%3D%C3%BC&filter.age=30&filter.mood=so-so\
         &filter.active=false&filter.born=2001-02-03T00%3A00%3A00Z\
         &filter.cities=K%C3%B6ln&filter.cities=a%2Cb&filter.box.south=5&filter.box.corner=n.e"
    );
    let error = refused(async |client| client.queries().dotted(types::Filter::new()).await).await;
    assert_eq!(
        error,
        "`filter` is empty, which a query cannot express: nothing was sent"
    );
    let error = refused(async |client| {
        let mut filter = filter();
        filter.extra_mut().insert("joe", serde_json::Value::Null);
        client.queries().dotted(filter).await
    })
    .await;
    assert!(error.starts_with("`filter` has a null property"), "{error}");
}

#[tokio::test]
async fn exploded_lists_and_objects() {
    let request = sent(async |client| {
        let mut part = types::Box::new();
        part.east = shapes::Number::from_f64(0.5);
        part.corner = vec!["a".to_owned(), "b c".to_owned()];
        client
            .queries()
            .form()
            .ids([3, 1])
            .moods([types::Mood::Glad])
            .box_(part)
            .await
    })
    .await;
    assert_eq!(
        request.target(),
        "/api/browse?east=0.5&corner=a&corner=b%20c&ids=3&ids=1&moods=glad"
    );
    let request = sent(async |client| client.queries().form().ids([0; 0]).await).await;
    assert_eq!(request.target(), "/api/browse");
}

#[tokio::test]
async fn lists_with_delimiters() {
    let request = sent(async |client| {
        let mut corner = types::Corner::new();
        corner.x = Some(-1);
        corner.name = Some("n,e".to_owned());
        client
            .queries()
            .delimited(["a,b", "c"])
            .page_size(3)
            .words(["d", "e"])
            .tags(["f g", "h"])
            .box_(corner)
            .stream_([shapes::Number::from(5)])
            .await
    })
    .await;
    assert_eq!(
        request.target(),
        "/api/pick?page%5Bsize%5D=3&ids=a%2Cb,c&words=d%20e&tags=f%20g%7Ch&box=x,-1,name,n%2Ce&stream=5"
    );
    let error = refused(async |client| client.queries().delimited([""; 0]).await).await;
    assert_eq!(
        error,
        "`ids` is empty, which a query cannot express: nothing was sent"
    );
    let error = refused(async |client| {
        let call = client.queries().delimited(["1"]);
        call.tags(["joe|"]).await
    })
    .await;
    assert!(
        error.starts_with("`tags` has an item that contains the delimiter"),
        "{error}"
    );
}

fn text(request: &Recorded) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

#[tokio::test]
async fn absent_null_and_there() {
    let patch = types::PersonPatch::new(None, "j@example.com");
    let request = sent(async |client| client.people().patch(7, patch).await).await;
    assert_eq!(request.line(), "PATCH /api/people/7 HTTP/1.1");
    assert_eq!(
        text(&request),
        r#"{"state":null,"mail":"j@example.com","rank":null,"level":3}"#
    );
    let mut patch = types::PersonPatch::new("away".to_owned(), "j@example.com");
    patch.name = Nullable::Null;
    patch.tags = None.into();
    patch.mood = Nullable::Null;
    patch.rank = Some(1);
    patch.level = None;
    let request = sent(async |client| client.people().patch(7, patch).await).await;
    assert_eq!(
        text(&request),
        r#"{"name":null,"state":"away","mail":"j@example.com","tags":null,"mood":null,"rank":1,"level":null}"#
    );
    let mut patch = types::PersonPatch::new(None, "");
    patch.name = "Jo".into();
    patch.tags = Vec::new().into();
    patch.mood = types::Mood::Glad.into();
    patch.box_ = types::Box::new().into();
    patch.born = Some("2001-02-03T00:00:00Z".into()).into();
    patch.boss = Box::new(types::PersonPatch::new(None, "b")).into();
    assert!(!format!("{patch:?}").contains("Jo"), "{patch:?}");
    let request = sent(async |client| client.people().patch(7, patch).await).await;
    assert_eq!(
        text(&request),
        r#"{"name":"Jo","state":null,"mail":"","tags":[],"mood":"glad","box":{},"born":"2001-02-03T00:00:00Z","rank":null,"level":3,"boss":{"state":null,"mail":"b","rank":null,"level":3}}"#
    );
}

#[tokio::test]
async fn what_goes_both_ways_has_options_and_sends_null_on_demand() {
    let mut profile = types::Profile::new(None);
    profile.extra_mut().insert("city", serde_json::Value::Null);
    profile.hobbies = Vec::new();
    let request = sent(async |client| client.people().put_profile(profile).await).await;
    assert_eq!(text(&request), r#"{"motto":null,"city":null}"#);
    let read: types::Profile = serde_json::from_str(r#"{"city":null,"hobbies":null}"#).unwrap();
    assert_eq!((read.motto, read.city, read.hobbies.len()), (None, None, 0));
}

#[tokio::test]
async fn limits_of_parameters() {
    let request = sent(async |client| {
        let mut part = types::Range::new();
        part.from = Some(9);
        let call = client.limits().put("üü").x_note("12345").ratio(0.5);
        call.ids([10, 11]).where_(part).await
    })
    .await;
    assert_eq!(
        request.target(),
        "/api/limits/%C3%BC%C3%BC?ratio=0.5&ids=10&ids=11&where%5Bfrom%5D=9"
    );
    assert_eq!(request.header("x-note"), Some("12345"));
    let put = |change: fn(shapes::PutLimitedRequest) -> shapes::PutLimitedRequest| {
        refused(async move |client| change(client.limits().put("ok")).await)
    };
    let error = refused(async |client| client.limits().put("joe!").await).await;
    assert_eq!(
        error,
        "`code` must have from 2 to 3 characters: nothing was sent"
    );
    assert_eq!(
        put(|call| call.x_note("joejoe")).await,
        "`X-Note` must have at most 5 characters: nothing was sent"
    );
    for ratio in [f64::INFINITY, f64::NAN] {
        let error = refused(async |client| client.limits().put("ok").ratio(ratio).await).await;
        assert_eq!(error, "`ratio` must be a finite number: nothing was sent");
    }
    for ratio in [0.0, 1.5] {
        let error = refused(async |client| client.limits().put("ok").ratio(ratio).await).await;
        assert_eq!(
            error,
            "`ratio` must be more than 0 and less than 1.5: nothing was sent"
        );
    }
    assert_eq!(
        put(|call| call.ids([0; 0])).await,
        "`ids` must have from 1 to 2 items: nothing was sent"
    );
    assert_eq!(
        put(|call| call.ids([10, 10])).await,
        "`ids` must not contain duplicate items: nothing was sent"
    );
    assert_eq!(
        put(|call| call.ids([10, 9])).await,
        "`ids/1` must be at least 10: nothing was sent"
    );
    assert_eq!(
        put(|call| call.where_(types::Range::new())).await,
        "`where` must have at least 1 property: nothing was sent"
    );
    let error = put(|call| {
        let mut part = types::Range::new();
        part.from = Some(10);
        call.where_(part)
    });
    assert_eq!(
        error.await,
        "`where/from` must be at most 9: nothing was sent"
    );
}

#[tokio::test]
async fn limits_of_bodies() {
    let body = |change: fn(&mut types::Limited)| {
        refused(async move |client| {
            let mut body = types::Limited::new();
            change(&mut body);
            client.limits().put("ok").body(body).await
        })
    };
    assert_eq!(
        body(|body| body.title = Some("joe!".to_owned())).await,
        "`/title` must have from 1 to 3 characters: nothing was sent"
    );
    assert_eq!(
        body(|body| body.ratio = shapes::Number::from_f64(-0.75)).await,
        "`/ratio` must be at least -0.5: nothing was sent"
    );
    assert_eq!(
        body(|body| body.ranges = vec![types::Range::new()]).await,
        "`/ranges/0` must have at least 1 property: nothing was sent"
    );
    let words = |body: &mut types::Limited| {
        body.words = Some([("joe".to_owned(), "joe".to_owned())].into());
    };
    assert_eq!(
        body(words).await,
        "`/words/*` must have at most 2 characters: nothing was sent"
    );
    let deep = |body: &mut types::Limited| {
        let mut part = types::Limited::new();
        part.code = Some("x".to_owned());
        body.parts = vec![types::Limited::new(), part];
    };
    assert_eq!(
        body(deep).await,
        "`/parts/1/code` must have at least 2 characters: nothing was sent"
    );
    assert_eq!(
        body(|body| body.code = Some("joe!".to_owned())).await,
        "`/code` must have at most 3 characters: nothing was sent"
    );
    assert_eq!(
        body(|body| {
            body.extra_mut().insert("joe".to_owned(), 2);
        })
        .await,
        "`/*` must be at most 1: nothing was sent"
    );
    assert_eq!(
        body(|body| {
            body.extra_mut()
                .extend((0..5).map(|number| (number.to_string(), 0)));
        })
        .await,
        "the body must have at most 4 properties: nothing was sent"
    );
    for labels in [vec![], vec!["a".to_owned(); 3]] {
        assert_eq!(
            refused(async |client| client.limits().post(labels).await).await,
            "the body must have from 1 to 2 items: nothing was sent"
        );
    }
    assert_eq!(
        refused(async |client| client.limits().post(vec![String::new()]).await).await,
        "`/0` must have at least 1 character: nothing was sent"
    );
}

#[tokio::test]
async fn limits_of_positions() {
    let page = || Act::json("[{\"count\":1},{\"count\":2}]");
    let server = Server::start([page(), page()]).await;
    let mut pages = client(&server).limits().list().take(2).pages();
    for _ in 0..2 {
        assert_eq!(pages.try_next().await.unwrap().unwrap().items.len(), 2);
    }
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "`skip` must be at most 3: nothing was sent"
    );
    assert_eq!(server.requests().len(), 2);
    let error = refused(async |client| client.limits().list().take(3).await).await;
    assert_eq!(error, "`take` must be at most 2: nothing was sent");
}

/// The error of an order that is answered so.
async fn order_error(status: &str, content_type: &str, body: &str) -> Error {
    let server = Server::start([Act::answer(status, &[content_type], body)]).await;
    let order = client(&server).errors().order(7);
    let error = order.await.unwrap_err();
    assert_eq!(error.raw_body().as_ref(), body.as_bytes());
    error
}

#[tokio::test]
async fn bodies_of_errors_by_status() {
    let problem = r#"{"title":"Bad","detail":"joe@example.com","kind":"odd","more":1}"#;
    let error = order_error(
        "400 Bad Request",
        "content-type: application/problem+json",
        problem,
    )
    .await;
    let Some(GetOrderError::Status400(read)) = GetOrderError::of(&error) else {
        panic!("{error:?}");
    };
    assert_eq!(read.detail.as_deref(), Some("joe@example.com"));
    assert_eq!(read.kind.as_ref().unwrap().as_str(), "odd");
    assert_eq!(read.extra().get("more"), Some(&1.into()));
    assert_eq!(error.body::<types::Problem>(), Some(read.clone()));
    assert_eq!(error.message(), Some("joe@example.com"));
    for shown in [format!("{read:?}"), format!("{error:?}"), error.to_string()] {
        assert!(!shown.contains("joe"), "{shown}");
    }
    assert_eq!(
        error.to_string(),
        "GET /orders/{number} answered 400 Bad Request: The number is none"
    );

    let error = order_error(
        "404 Not Found",
        "content-type: text/plain",
        "{\"number\":7}",
    )
    .await;
    assert!(error.is_not_found());
    match GetOrderError::of(&error) {
        Some(GetOrderError::Status404(missing)) => assert_eq!(missing.number, 7),
        other => panic!("{other:?}"),
    }

    let list = format!("[{problem}]");
    let error = order_error("422 Unprocessable", "content-type: application/json", &list).await;
    match GetOrderError::of(&error) {
        Some(GetOrderError::Status4xx(problems)) => assert_eq!(problems.len(), 1),
        other => panic!("{other:?}"),
    }
    assert!(
        error
            .to_string()
            .ends_with(": Something else is wrong with the request"),
        "{error}"
    );

    let server = Server::start(
        [503, 500, 500]
            .map(|status| Act::answer(&format!("{status} Failed"), &[], r#"{"any":["thing"]}"#)),
    )
    .await;
    let error = client(&server).errors().order(7).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    match GetOrderError::of(&error) {
        Some(GetOrderError::Status5xx(json)) => assert!(json.at("/any/0").is_some()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_body_that_does_not_fit_leaves_the_error_as_it_is() {
    for body in ["", "<html>", "[]", "{}", r#"{"number":"7"}"#, "\u{feff}{}"] {
        let error = order_error("404 Not Found", "content-type: text/html", body).await;
        assert_eq!(GetOrderError::of(&error), None, "{body}");
        assert_eq!(error.body::<types::Missing>(), None, "{body}");
        assert_eq!(
            error.to_string(),
            "GET /orders/{number} answered 404 Not Found: There is no such order"
        );
    }
    // What is said of a status goes before what is said of its class: no body.
    let error = order_error("409 Conflict", "content-type: application/json", "[]").await;
    assert_eq!(GetOrderError::of(&error), None);
    let server = Server::start([Act::answer("400 Bad Request", &[], "{}")]).await;
    let error = client(&server).limits().list().await.unwrap_err();
    assert_eq!(GetOrderError::of(&error), None);
    assert_eq!(error.body::<types::Problem>(), Some(types::Problem::new()));
    let refused = client(&server).limits().put("x").await.unwrap_err();
    assert_eq!(refused.body::<types::Problem>(), None);
}

#[tokio::test]
async fn bodies_of_one_form() {
    let export = async |body: types::Export| {
        let request = sent(async |client| client.bodies().export().body(body).await).await;
        text(&request).to_owned()
    };
    let by_ids = types::ExportByIds::new([1, 2]);
    assert_eq!(export(by_ids.clone().into()).await, r#"{"ids":[1,2]}"#);
    let mut by_words = types::ExportByWords::new();
    assert_eq!(export(by_words.clone().into()).await, "{}");
    by_words.title = Some("abc".to_owned());
    assert_eq!(export(by_words.clone().into()).await, r#"{"title":"abc"}"#);
    let mut rest = types::NewRest::new();
    rest.after = Some(7.into());
    let rest = types::ExportOfRest::from(rest);
    assert_eq!(export(rest.clone().into()).await, r#"{"after":7}"#);
    by_words.parts = vec![by_ids.into(), by_words.clone().into()];
    by_words.but = Some(Box::new(rest.into()));
    assert!(!format!("{by_words:?}").is_empty());
    assert_eq!(
        export(by_words.into()).await,
        r#"{"title":"abc","parts":[{"ids":[1,2]},{"title":"abc"}],"but":{"after":7}}"#
    );
    let request = sent(async |client| client.bodies().export().await).await;
    assert_eq!(request.body(), b"");
}

#[tokio::test]
async fn limits_of_the_form_that_a_body_has() {
    let refused = |body: types::Export| {
        refused(async move |client| client.bodies().export().body(body).await)
    };
    let mut by_ids = types::ExportByIds::new([1, 2, 3]);
    assert_eq!(
        refused(by_ids.clone().into()).await,
        "`/ids` must have at most 2 items: nothing was sent"
    );
    by_ids.ids.pop();
    by_ids.sort = Some("abcde".to_owned());
    let error = "`/parts/0/sort` must have at most 4 characters: nothing was sent";
    let mut by_words = types::ExportByWords::new();
    by_words.parts = vec![by_ids.into()];
    assert_eq!(refused(by_words.into()).await, error);
    let mut rest = types::NewRest::new();
    rest.label = Some("abc".to_owned());
    let mut by_words = types::ExportByWords::new();
    by_words.but = Some(Box::new(types::ExportOfRest::from(rest).into()));
    assert_eq!(
        refused(by_words.into()).await,
        "`/but/label` must have at most 2 characters: nothing was sent"
    );
}

async fn guest_error(status: &str, body: &str) -> Error {
    let server = Server::start([Act::answer(status, &[], body)]).await;
    client(&server).guests().get(7).await.unwrap_err()
}

#[tokio::test]
async fn codes_that_are_texts() {
    let error = guest_error("404 Not Found", r#"{"code":"guest_gone","text":"joe"}"#).await;
    assert!(error.code().is_some_and(|code| code == "guest_gone"));
    assert_eq!(error.name(), Some("GUEST_GONE"));
    assert_eq!(error.message(), Some("joe"));
    assert_eq!(
        error.to_string(),
        "GET /guests/{guestId} answered 404 Not Found: GUEST_GONE: There is no such guest (code guest_gone)"
    );
    for number in ["17", "\"17\""] {
        let body = format!("{{\"code\":{number}}}");
        let error = guest_error("404 Not Found", &body).await;
        assert_eq!(error.code(), Some(&ErrorCode::Number(17)));
        assert_eq!(error.name(), Some("GUEST_MOVED"));
    }
    for body in [r#"{"why":[{"id":"E-42"}]}"#, r#"["GUEST_TWICE"]"#] {
        let error = guest_error("409 Conflict", body).await;
        assert!(error.code().is_some_and(|code| code == "E-42"));
        assert_eq!(error.name(), Some("GUEST_TWICE"));
    }
    // A success that says it is none, with a code that is documented for another status.
    let error = guest_error("200 OK", r#"{"guestId":7,"code":"guest_gone"}"#).await;
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.code().is_some_and(|code| code == "guest_gone"));
    assert_eq!(error.name(), None);
}

#[tokio::test]
async fn a_text_that_no_spec_has_is_not_shown() {
    let error = guest_error("404 Not Found", r#"{"code":"joe@example.com"}"#).await;
    assert!(error.code().is_some_and(|code| code == "joe@example.com"));
    assert_eq!(error.name(), None);
    assert_eq!(
        error.to_string(),
        "GET /guests/{guestId} answered 404 Not Found: Something is not there"
    );
    assert!(!format!("{error:?}").contains("joe"), "{error:?}");
    let error = guest_error("404 Not Found", r#"{"code":99}"#).await;
    assert!(
        error.to_string().ends_with("not there (code 99)"),
        "{error}"
    );
}
