//! What an answer is taken for: which error, by which words, and which values decide.

use crate::{
    network::{Answer, Network},
    parley::Parley,
};
use botroster_client::{
    Error, ErrorKind, Settings,
    codegen::{
        CursorSource, DocumentedCode, DocumentedError, EnvelopeRules, FailureCondition, Operation,
        PageReportPointers, PagingPlan, PagingStyle, RetryClass, ValueTest, send, send_page,
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

const fn documented(
    status: u16,
    code: Option<DocumentedCode>,
    name: Option<&'static str>,
    summary: &'static str,
    anywhere: bool,
) -> DocumentedError {
    DocumentedError {
        status,
        code,
        name,
        summary,
        anywhere,
    }
}

const JUDGED_ROW: Operation = Operation {
    id: "judged",
    method: "GET",
    path: "/things",
    security: &[],
    headers: &[],
    accept: "application/json",
    retry: RetryClass::Never,
    rate_limit: None,
    envelope: EnvelopeRules {
        data: "/data",
        first: false,
        message: &["/message", "/error/message"],
        code: &["/code"],
        fail_when: &[
            FailureCondition {
                at: "/success",
                test: ValueTest::IsBool(false),
            },
            FailureCondition {
                at: "/error",
                test: ValueTest::Present,
            },
            FailureCondition {
                at: "/errors/0",
                test: ValueTest::Present,
            },
            FailureCondition {
                at: "/status",
                test: ValueTest::IsText("failed"),
            },
            FailureCondition {
                at: "/state",
                test: ValueTest::NotText("fine"),
            },
            FailureCondition {
                at: "/code",
                test: ValueTest::Min(300),
            },
        ],
    },
    pagination: None,
    errors: &[
        documented(400, None, Some("E_NAMED"), "by its name", true),
        documented(
            400,
            Some(DocumentedCode::Number(17)),
            None,
            "by its code",
            false,
        ),
        documented(
            400,
            Some(DocumentedCode::Text("odd")),
            None,
            "by a text",
            true,
        ),
        documented(400, None, None, "wrong in some way", false),
        documented(5, None, None, "it is down", false),
    ],
};

static JUDGED: Operation = JUDGED_ROW;

static FIRST: Operation = {
    let mut first = JUDGED_ROW;
    first.envelope.first = true;
    first
};

static LISTED: Operation = {
    let mut listed = JUDGED_ROW;
    listed.envelope.fail_when = &[];
    listed.pagination = Some(PagingPlan {
        style: PagingStyle::Single,
        first: 0,
        items: &["/data", ""],
        next: CursorSource::Counted,
        total_pages: None,
        total: None,
        echo_size: None,
        report: PageReportPointers::NONE,
        key: None,
    });
    listed
};

fn parley(status: u16, media_type: &str, body: &str) -> Parley {
    let answer = Answer::new(status, media_type, body.to_owned());
    let answer = answer.with_header("x-correlation-id", "c1");
    Parley::connect(Settings::new().with_http(Network::always(answer)))
}

async fn judged<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, Error> {
    send(parley(status, "application/json", body).call(&JUDGED, "/things", "")).await
}

async fn refused(status: u16, body: &str) -> Error {
    judged::<Value>(status, body).await.unwrap_err()
}

#[tokio::test]
async fn each_condition_of_a_failure_is_one_and_its_opposite_is_none() {
    for (fails, passes) in [
        (r#""success":false"#, r#""success":true"#),
        (r#""success":false"#, r#""success":"false""#),
        (r#""error":{}"#, r#""error":null"#),
        (r#""errors":["x"]"#, r#""errors":[]"#),
        (r#""status":"failed""#, r#""status":"passed""#),
        (r#""state":"bad""#, r#""state":"fine""#),
        (r#""state":"bad""#, r#""state":1"#),
        (r#""code":300"#, r#""code":299"#),
    ] {
        let error = refused(200, &format!(r#"{{"data":1,{fails}}}"#)).await;
        assert_eq!(error.kind(), ErrorKind::Rejected, "{fails}");
        let text = "GET /things answered 200 OK: the response reports a failure";
        assert!(error.to_string().starts_with(text), "{error}");
        let passed = judged::<u8>(200, &format!(r#"{{"data":1,{passes}}}"#)).await;
        assert_eq!(passed.unwrap(), 1, "{passes}");
    }
}

#[tokio::test]
async fn a_failure_that_lacks_the_payload_s_shape_is_one_all_the_same() {
    let error = judged::<u8>(200, r#"{"data":"joe","success":false}"#).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Rejected);
    let error = judged::<u8>(200, r#"{"data":"joe","success":true}"#).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn the_status_in_a_body_counts_where_the_answer_s_own_is_a_success() {
    for (status, code, kind) in [
        (200, 404, ErrorKind::NotFound),
        (200, 503, ErrorKind::Server),
        (200, 302, ErrorKind::Rejected),
        (200, 70_404, ErrorKind::Rejected),
        (400, 404, ErrorKind::Rejected),
        (404, 503, ErrorKind::NotFound),
        (500, 404, ErrorKind::Server),
    ] {
        let error = refused(status, &format!(r#"{{"code":{code}}}"#)).await;
        assert_eq!(error.kind(), kind, "{status} {code}");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.code().unwrap().as_i64(), Some(code));
    }
}

#[tokio::test]
async fn the_documented_error_that_fits_best_gives_the_text() {
    let undocumented = "undocumented status";
    for (status, body, text) in [
        (400, r#"{}"#, "wrong in some way"),
        (400, "not JSON", "wrong in some way"),
        (
            400,
            r#"{"n":1,"b":true,"x":null,"l":["joe"]}"#,
            "wrong in some way",
        ),
        (400, r#"{"code":17}"#, "by its code (code 17)"),
        (400, r#"{"code":"17"}"#, "by its code (code 17)"),
        (400, r#"{"code":18}"#, "wrong in some way (code 18)"),
        // Its code counts only in its place.
        (400, r#"{"n":17}"#, "wrong in some way"),
        (400, r#"{"a":[{"b":"E_NAMED"}]}"#, "E_NAMED: by its name"),
        (400, r#"["E_NAMED"]"#, "E_NAMED: by its name"),
        (400, r#"{"a":"odd"}"#, "by a text (code odd)"),
        (400, r#"{"code":"odd"}"#, "by a text (code odd)"),
        (401, r#"{"a":"odd","b":"E_NAMED"}"#, undocumented),
        (418, r#"{"code":418}"#, undocumented),
        (503, r#"{}"#, "it is down"),
        (
            302,
            r#"{}"#,
            "redirects are not followed, because they would send the credentials to another URL: check the base URL",
        ),
    ] {
        let error = refused(status, body).await;
        let said = error.to_string();
        let (_, said) = said.split_once(": ").unwrap();
        assert_eq!(said, text, "{status} {body}");
        assert_eq!(
            error.name(),
            text.starts_with("E_NAMED").then_some("E_NAMED")
        );
    }
    let error = refused(400, r#"{"error":{"message":"joe"}}"#).await;
    assert_eq!(
        (error.message(), error.request_id()),
        (Some("joe"), Some("c1"))
    );
}

#[test]
fn questions_about_errors_are_about_their_kind() {
    type Ask = fn(&Error) -> bool;
    let questions: [(Ask, &[ErrorKind]); 5] = [
        (Error::is_not_found, &[ErrorKind::NotFound]),
        (
            Error::is_auth,
            &[ErrorKind::Authentication, ErrorKind::Credentials],
        ),
        (Error::is_rate_limited, &[ErrorKind::RateLimited]),
        (Error::is_timeout, &[ErrorKind::Timeout]),
        (
            Error::is_retryable,
            &[
                ErrorKind::RateLimited,
                ErrorKind::Server,
                ErrorKind::Connection,
                ErrorKind::Timeout,
            ],
        ),
    ];
    for kind in [
        ErrorKind::InvalidInput,
        ErrorKind::Configuration,
        ErrorKind::Credentials,
        ErrorKind::Authentication,
        ErrorKind::NotFound,
        ErrorKind::RateLimited,
        ErrorKind::Rejected,
        ErrorKind::Server,
        ErrorKind::Redirect,
        ErrorKind::Connection,
        ErrorKind::Timeout,
        ErrorKind::OutcomeUnknown,
        ErrorKind::TooLarge,
        ErrorKind::Decode,
        ErrorKind::Paging,
        ErrorKind::Unverified,
        ErrorKind::Incomplete {
            seen: 1,
            expected: 2,
        },
    ] {
        let error = Error::new(kind, "x");
        for (index, (ask, kinds)) in questions.iter().enumerate() {
            assert_eq!(ask(&error), kinds.contains(&kind), "{kind:?} {index}");
        }
        assert!(
            format!("{error:?}").starts_with("Error { kind: "),
            "{error:?}"
        );
    }
}

/// Takes no property at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Debug, Deserialize)]
struct One {
    #[expect(dead_code, reason = "read by the decoder")]
    name: u8,
}

async fn reason<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
    let error = judged::<T>(200, body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    let text = error.to_string();
    let (_, reason) = text
        .split_once("the response does not match the spec: ")
        .expect(&text);
    reason.to_owned()
}

#[tokio::test]
async fn reasons_say_what_is_where_without_the_value() {
    assert_eq!(
        reason::<u8>(r#"{"data":"joe"}"#).await,
        "found string, expected u8 at line 1, column 13"
    );
    assert_eq!(
        reason::<(u8, u8)>(r#"{"data":[1]}"#).await,
        "unexpected value, expected a tuple of size 2 at line 1, column 11"
    );
    assert_eq!(
        reason::<One>(r#"{"data":{}}"#).await,
        "`name` is missing or null at line 1, column 10"
    );
    for body in [r#"{"data":{"joe":1}}"#, r#"{"data":{"joe":1,"ann":2}}"#] {
        let reason = reason::<Nothing>(body).await;
        assert!(
            reason.starts_with("unexpected structure at line 1"),
            "{reason}"
        );
    }
    assert!(
        reason::<u8>(r#"{"data":"#)
            .await
            .starts_with("unexpected end of JSON at line 1")
    );
    assert!(
        reason::<u8>(r#"{"data":joe}"#)
            .await
            .starts_with("invalid JSON at line 1")
    );
}

#[tokio::test]
async fn what_is_no_list_is_told_from_the_list_that_was_expected() {
    let first = parley(200, "application/json", r#"{"data":"joe"}"#);
    let error = send::<_, Value>(first.call(&FIRST, "/things", ""))
        .await
        .unwrap_err();
    let text = "found string, expected an object or a list of one object at line 1";
    assert!(error.to_string().contains(text), "{error}");
    let list = parley(200, "application/json", r#"{"data":"joe"}"#);
    let error = send_page::<_, Box<RawValue>>(list.call(&LISTED, "/things", ""))
        .await
        .unwrap_err();
    let text = "found string, expected a list of at most 200000 records at line 1";
    assert!(error.to_string().contains(text), "{error}");
    let list = parley(200, "application/json", r#"{"other":[]}"#);
    let error = send_page::<_, Box<RawValue>>(list.call(&LISTED, "/things", ""))
        .await
        .unwrap_err();
    let text = "the response has no list at /data or the root";
    assert!(error.to_string().ends_with(text), "{error}");
    let call = list.call(&JUDGED, "/things", "");
    let error = send_page::<_, Box<RawValue>>(call).await.unwrap_err();
    assert!(
        error.to_string().ends_with("this operation is not a list"),
        "{error}"
    );
}

#[tokio::test]
async fn another_kind_of_document_is_told_by_its_media_type() {
    for (media_type, body, text) in [
        (
            "text/html; charset=utf-8",
            "<p>",
            "expected JSON, got text/html: check the base URL",
        ),
        (
            "",
            "<p>",
            "expected JSON, got no content type: check the base URL",
        ),
        (
            "application/problem+json",
            "<p>",
            "the response does not match the spec: invalid JSON at line 1, column 1",
        ),
        (
            "text/html",
            r#"{"data":"joe"}"#,
            "the response does not match the spec: found string, expected u8 at line 1, column 13",
        ),
    ] {
        let call = parley(200, media_type, body).call(&JUDGED, "/things", "");
        let error = send::<_, u8>(call).await.unwrap_err();
        assert!(error.to_string().ends_with(text), "{error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
        assert_eq!(error.raw_body(), body);
    }
}
