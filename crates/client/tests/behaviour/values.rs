//! Values of no document, settings, and lists at the places where their walks turn.

use std::{
    collections::BTreeSet,
    error::Error as _,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    network::{Answer, Network},
    parley::Parley,
};
use botroster_client::{
    Error, ErrorKind, Extra, IncomingResponse, Item, Json, NumberOrText, Options, OutgoingRequest,
    SendError, Settings, Timestamp,
    codegen::{
        CursorSource, EnvelopeRules, FailureCondition, FieldMatch, NumberBound, ObjectFields,
        Operation, PageReportPointers, PagingPlan, PagingStyle, ParameterStyle, QueryString,
        RetryClass, ValueLimits, ValueTest, check, deserialize, pages, send_page, stream, text_at,
    },
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream as streams};
use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize, de::MapAccess};
use serde_json::{Value, json};

#[test]
fn json_is_asked_for_texts_and_times() {
    let json = Json::from(
        json!({ "empty": " ", "text": "x", "number": 1.5, "yes": true, "list": [], "time": 1_500_000_000_000_i64 }),
    );
    for (pointers, text) in [
        (&["/empty", "/text"][..], Some("x")),
        (&["/none", "/list", "/number"], Some("1.5")),
        (&["/yes", "/text"], Some("true")),
        (&["/empty", "/list", "/none"], None),
    ] {
        assert_eq!(json.text(pointers).as_deref(), text, "{pointers:?}");
    }
    let time = |pointer: &str| json.timestamp(pointer);
    assert_eq!(time("/time"), Some(Timestamp::from(1_500_000_000_000_i64)));
    assert_eq!(time("/text"), Some(Timestamp::from("x")));
    assert_eq!(
        (time("/number"), time("/list"), time("/none")),
        (None, None, None)
    );
    assert_eq!(json.as_value()["text"], "x");
    assert_eq!(json.at("/text"), Some(&json!("x")));
    assert_eq!(json.into_value()["yes"], true);
}

#[test]
fn json_shows_its_kind_and_nothing_else() {
    for (json, shown) in [
        (json!(null), "null"),
        (json!(true), "(boolean)"),
        (json!(7), "(number)"),
        (json!("joe"), "(string)"),
        (json!(["joe", 1]), "(list of 2)"),
        (json!({ "joe": 1 }), "(object of 1)"),
    ] {
        assert_eq!(format!("{:?}", Json::from(json)), shown);
    }
}

#[test]
fn extra_fields_are_none_or_some() {
    let mut extra = Extra::default();
    assert!(extra.is_empty());
    extra.push("a".to_owned(), Value::Null);
    assert!(!extra.is_empty());
    assert_eq!(extra.len(), 1);
}

#[test]
fn numbers_and_texts_are_in_order_and_told_apart_by_their_text() {
    let (seven, text, eight) = (
        NumberOrText::from(7),
        NumberOrText::from("7"),
        NumberOrText::from(8),
    );
    let hash =
        |value: &NumberOrText| BuildHasherDefault::<DefaultHasher>::default().hash_one(value);
    assert_eq!((hash(&seven), &seven), (hash(&text), &text));
    assert_ne!(hash(&seven), hash(&eight));
    assert!(seven < eight && eight > text && seven <= text);
    assert!(NumberOrText::from(10) < seven);
    let error = serde_json::from_str::<NumberOrText>("[]").unwrap_err();
    assert!(
        error.to_string().contains("expected a number or a string"),
        "{error}"
    );
}

#[test]
fn a_limit_that_is_outside_of_its_range_is_said_so() {
    let edge = |at, exclusive| {
        Some(NumberBound {
            exclusive,
            ..ValueLimits::number(Some(at), None).least.unwrap()
        })
    };
    for (least, most, text) in [
        (edge(0, true), edge(5, false), "more than 0 and at most 5"),
        (edge(0, false), edge(5, true), "at least 0 and less than 5"),
        (edge(0, false), edge(5, false), "from 0 to 5"),
    ] {
        let limits = ValueLimits {
            least,
            most,
            ..ValueLimits::NONE
        };
        let error = check("n", &9, &limits).unwrap_err().to_string();
        assert_eq!(error, format!("`n` must be {text}: nothing was sent"));
    }
}

fn request(url: &str) -> OutgoingRequest {
    OutgoingRequest {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(b"joe"),
    }
}

#[test]
fn a_query_that_is_there_and_empty_gets_no_separator() {
    let mut query = QueryString::default();
    query.add("ids", ParameterStyle::Form, &[1, 2]).unwrap();
    let mut request = request("https://api.example.com/x?");
    query.append_to(&mut request);
    assert_eq!(request.url.query(), Some("ids=1&ids=2"));
    let error = QueryString::default().add("ids", ParameterStyle::Comma, &[Some(1), None]);
    let text = "`ids` has a null item, which a query cannot express: nothing was sent";
    assert_eq!(error.unwrap_err().to_string(), text);
}

#[test]
fn settings_of_a_client_keep_each_other() {
    let seconds = Duration::from_secs;
    let options = Options::new()
        .with_connect_timeout(seconds(11))
        .with_read_timeout(seconds(12))
        .with_attempt_timeout(seconds(13))
        .with_deadline(seconds(14))
        .with_attempts(15)
        .with_body_limit(16)
        .with_dedupe(false)
        .with_clock_correction(false)
        .with_page_limit(17)
        .with_undelimited_exports(true);
    let options = format!("{options:?}");
    assert_eq!(
        options,
        "Options { connect_timeout: 11s, read_timeout: 12s, attempt_timeout: 13s, deadline: 14s, attempts: 15, body_limit: 16, \
         dedupe: false, page_limit: 17, undelimited_exports: true, clock_correction: false }"
    );
}

#[test]
fn what_is_sent_and_received_shows_no_values() {
    let incoming = IncomingResponse {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        delimited: true,
        body: streams::iter([Ok(Bytes::from_static(b"joe"))]).boxed(),
    };
    for (shown, name) in [
        (
            format!("{:?}", request("https://api.example.com/joe?x=joe")),
            "OutgoingRequest { method: GET",
        ),
        (format!("{incoming:?}"), "IncomingResponse { status: 200"),
    ] {
        assert!(shown.starts_with(name), "{shown}");
        assert!(!shown.contains("joe"), "{shown}");
    }
    let texts =
        [SendError::NotSent, SendError::Timeout, SendError::Broken].map(|error| error.to_string());
    assert_eq!(BTreeSet::from(texts.clone()).len(), 3, "{texts:?}");
    assert!(texts.iter().all(|text| text.len() > 5), "{texts:?}");
}

/// A record as generated ones would be, if they said nothing of their keys.
#[derive(Debug, Serialize, Deserialize)]
struct Thing {
    id: Option<u32>,
}

impl Item for Thing {}

const fn list(style: PagingStyle, first: u64, next: CursorSource) -> Operation {
    Operation {
        id: "things",
        method: "GET",
        path: "/things",
        security: &[],
        headers: &[],
        accept: "application/json",
        retry: RetryClass::Never,
        rate_limit: None,
        envelope: EnvelopeRules {
            data: "",
            first: false,
            message: &[],
            code: &[],
            fail_when: &[FailureCondition {
                at: "/ok",
                test: ValueTest::IsBool(false),
            }],
        },
        pagination: Some(PagingPlan {
            style,
            first,
            items: &["/things"],
            key: Some("/id"),
            next,
            total_pages: Some("/pages"),
            total: Some("/total"),
            echo_size: None,
            report: PageReportPointers::NONE,
        }),
        errors: &[],
    }
}

static OFFSETS: Operation = list(PagingStyle::Offset, 1, CursorSource::Counted);
static KEYED: Operation = list(PagingStyle::Page, 1, CursorSource::Counted);
static KEYLESS: Operation = {
    let mut keyless = list(PagingStyle::Page, 1, CursorSource::Counted);
    if let Some(pagination) = &mut keyless.pagination {
        pagination.key = None;
    }
    keyless
};
static LAST: Operation = list(PagingStyle::Cursor, 0, CursorSource::LastItem("/id"));

fn parley(answers: Vec<Value>) -> (Parley, Arc<Network>) {
    let answers = answers.iter().map(|answer| Answer::json(200, answer));
    let network = Network::script(answers);
    let settings = Settings::new().with_http(network.clone());
    (Parley::connect(settings), network)
}

#[tokio::test]
async fn an_empty_page_ends_a_list_whatever_came_before_it() {
    for (operation, things) in [
        // The same record again, and two pages of records that cannot be read.
        (&KEYED, [json!([{ "id": 1 }]), json!([{ "id": 1 }])]),
        (&KEYLESS, [json!([{ "id": "x" }]), json!([{ "id": "y" }])]),
    ] {
        let [first, second] = things.map(|things| json!({ "things": things }));
        let (parley, network) = parley(vec![first, second, json!({ "things": [] })]);
        let mut pages = pages::<_, Thing>(parley.call(operation, "/things", ""));
        while pages.try_next().await.unwrap().is_some() {}
        assert_eq!(network.count(), 3);
    }
}

#[test]
fn keys_are_texts_and_numbers() {
    assert_eq!(Thing { id: Some(7) }.text_at("/id").as_deref(), Some("7"));
    assert_eq!(
        text_at(&json!({ "a": { "b": "x" } }), "/a/b").as_deref(),
        Some("x")
    );
    assert_eq!(text_at(&json!({ "a": null }), "/a"), None);
}

#[tokio::test]
async fn offsets_that_begin_at_one_end_after_as_many_as_there_are() {
    for (total, goes_on) in [(4, true), (3, true), (2, false)] {
        let (parley, _) = parley(vec![
            json!({ "things": [{ "id": 1 }, { "id": 2 }], "total": total }),
        ]);
        let page = send_page::<_, Thing>(parley.call(&OFFSETS, "/things", ""))
            .await
            .unwrap();
        assert_eq!(page.cursor().is_some(), goes_on, "{total}");
        let shown = format!("{page:?} {:?} {:?}", page.metadata(), page.cursor());
        assert!(
            shown.contains("Metadata { status: Some(200), attempts: 1"),
            "{shown}"
        );
        assert_eq!(shown.contains("position: 3"), goes_on, "{shown}");
        assert_eq!(page.metadata().status(), Some(StatusCode::OK));
        assert_eq!(
            page.metadata().headers()["content-type"],
            "application/json"
        );
    }
}

#[tokio::test]
async fn a_list_whose_last_record_has_no_key_cannot_go_on_and_says_so() {
    let (parley, network) = parley(vec![json!({ "things": [{ "id": 1 }, { "id": null }] })]);
    let mut pages = pages::<_, Thing>(parley.call(&LAST, "/things", ""));
    assert_eq!(
        format!("{pages:?}"),
        "Pages { completeness: Unfinished, .. }"
    );
    assert_eq!(pages.try_next().await.unwrap().unwrap().items.len(), 2);
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(
        error
            .to_string()
            .contains("the last record of a page has no key"),
        "{error}"
    );
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn a_list_that_ends_with_an_empty_page_goes_from_key_to_key() {
    let (parley, network) = parley(vec![
        json!({ "things": [{ "id": 1 }, { "id": 2 }] }),
        json!({ "things": [] }),
    ]);
    let mut things = stream::<_, Thing>(parley.call(&LAST, "/things", ""));
    assert_eq!(format!("{things:?}"), "Items { .. }");
    while things.try_next().await.unwrap().is_some() {}
    let asked: Vec<_> = network
        .sent()
        .iter()
        .map(|sent| sent.url.query().map(str::to_owned))
        .collect();
    assert_eq!(asked, [None, Some("at=2".to_owned())]);
}

#[tokio::test]
async fn a_page_of_another_shape_that_says_no_is_a_refusal() {
    for (ok, kind) in [(false, ErrorKind::Rejected), (true, ErrorKind::Decode)] {
        let (parley, _) = parley(vec![json!({ "things": "joe", "ok": ok })]);
        let error = send_page::<_, Thing>(parley.call(&LAST, "/things", ""))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn keys_of_objects_may_be_written_with_escapes() {
    let body = r#"{"th\u0069ngs":[{"\u0069d":7}],"p\u0061ges":1}"#;
    let network = Network::always(Answer::new(200, "application/json", body));
    let parley = Parley::connect(Settings::new().with_http(network));
    let page = send_page::<_, Thing>(parley.call(&LAST, "/things", ""))
        .await
        .unwrap();
    assert_eq!(page.items[0].id, Some(7));
    assert_eq!(page.totals().pages, Some(1));
}

#[test]
fn errors_have_a_source_only_where_there_is_one() {
    assert!(Error::new(ErrorKind::Decode, "x").source().is_none());
}

/// A record with more than one field that must be there, as generated code reads it.
#[derive(Debug, PartialEq)]
struct Pair {
    values: [u8; 3],
}

impl ObjectFields for Pair {
    const NAME: &'static str = "Pair";
    const REQUIRED: &'static [&'static str] = &["a", "b", "c"];

    fn blank() -> Self {
        Self { values: [0; 3] }
    }
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: &[u8],
        map: &mut A,
    ) -> Result<FieldMatch, A::Error> {
        let Some(place) = Self::REQUIRED
            .iter()
            .position(|name| name.as_bytes() == key)
        else {
            return Ok(FieldMatch::Unknown);
        };
        self.values[place] = map.next_value()?;
        Ok(FieldMatch::Required(place.try_into().unwrap()))
    }
    fn keep<'de, A: MapAccess<'de>>(&mut self, _: String, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<serde::de::IgnoredAny>().map(drop)
    }
}

#[test]
fn every_required_field_is_asked_for() {
    let read = |json: &str| deserialize::<Pair, _>(&mut serde_json::Deserializer::from_str(json));
    let whole = read(r#"{"c":3,"x":0,"a":1,"b":2}"#).unwrap();
    assert_eq!(whole.values, [1, 2, 3]);
    for (json, missing) in [
        (r#"{"b":2,"c":3}"#, "a"),
        (r#"{"a":1,"c":3}"#, "b"),
        (r#"{"a":1,"b":2}"#, "c"),
        ("{}", "a"),
    ] {
        let error = read(json).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("missing field `{missing}`")),
            "{error}"
        );
    }
    let error = read("[]").unwrap_err().to_string();
    assert!(error.contains("expected Pair"), "{error}");
}

#[test]
fn moments_become_timestamps_and_end_where_years_have_four_digits() {
    let text = |moment: SystemTime| Timestamp::from(moment).as_text().into_owned();
    assert_eq!(text(UNIX_EPOCH), "1970-01-01T00:00:00Z");
    assert_eq!(
        text(UNIX_EPOCH + Duration::from_millis(1500)),
        "1970-01-01T00:00:01.5Z"
    );
    assert_eq!(
        text(UNIX_EPOCH - Duration::from_secs(1)),
        "1969-12-31T23:59:59Z"
    );
    let far = Duration::from_secs(400_000_000_000);
    assert!(
        text(UNIX_EPOCH + far).starts_with("9999-12-30T"),
        "{}",
        text(UNIX_EPOCH + far)
    );
    assert!(
        text(UNIX_EPOCH - far).starts_with("-009999-01-"),
        "{}",
        text(UNIX_EPOCH - far)
    );
    assert_eq!(
        Timestamp::from(Duration::from_micros(7_999)),
        Timestamp::from(7)
    );
}

#[test]
fn texts_that_are_moments_are_told_from_those_that_are_none() {
    let moment = |text: &str| Timestamp::from(text).instant();
    let at = |seconds: u64| Some(UNIX_EPOCH + Duration::from_secs(seconds));
    for (text, expected) in [
        ("1970-01-02T00:00:00Z", at(86_400)),
        ("1970-01-02T00:00:00+01:30", at(86_400 - 5_400)),
        ("1970-01-02T00:00:00-0130", at(86_400 + 5_400)),
        ("1970-01-02T00:00:00+23:59", at(60)),
        ("1970-01-02T00:00:00+24:00", None),
        ("1970-01-02T00:00:00+00:60", None),
        ("1970-01-02T00:00:00+0x:00", None),
        ("1970-01-02T00:00:00+001:0", None),
        ("1970-1-002T00:00:00Z", None),
        ("197x-01-02T00:00:00Z", None),
        ("1970-01-02T00:00:00", None),
        ("", None),
    ] {
        assert_eq!(moment(text), expected, "{text}");
    }
    assert_eq!(
        moment("1969-12-31T23:59:59Z"),
        Some(UNIX_EPOCH - Duration::from_secs(1))
    );
}

#[test]
fn timestamps_are_texts_or_whole_numbers() {
    let read = |json: &str| serde_json::from_str::<Timestamp>(json);
    assert_eq!(read("-5").unwrap(), Timestamp::from(-5));
    assert_eq!(read("5").unwrap(), Timestamp::from(5));
    assert_eq!(read("\"x\"").unwrap(), Timestamp::from("x"));
    for json in ["true", "1.5", "[]"] {
        let error = read(json).unwrap_err().to_string();
        assert!(error.contains("expected a timestamp"), "{error}");
    }
    assert!(read("18446744073709551615").is_err());
}

#[tokio::test]
async fn halves_of_characters_are_mended_wherever_they_stand() {
    let body = |text: &str| format!(r#"{{"things":[{{"id":1,"x":"{text}"}}]}}"#);
    for text in [
        r"0123456789\ud83d\ude00 0123456789\ud83d",
        r"0123456789\n\\\ud83d",
        r"\ud83d\ud83d\ude00\ude00",
        r"\u0061\ude00",
    ] {
        let network = Network::always(Answer::new(200, "application/json", body(text)));
        let parley = Parley::connect(Settings::new().with_http(network));
        let page = send_page::<_, Json>(parley.call(&OFFSETS, "/things", ""))
            .await
            .unwrap();
        let text = page.items[0].text(&["/x"]).unwrap();
        assert!(text.contains('\u{fffd}'), "{text}");
    }
}
