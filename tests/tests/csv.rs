//! Exports as CSV: cells, pieces, and ends that are none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::sync::Arc;

use botroster_chatbot::types::{ExportByFilter, ExportRow};
use botroster_client::{Error, ErrorKind, SendError};
use botroster_contract_tests::{
    clients::{self, Attach as _},
    network::{Answer, Network},
    runtime::Runtime,
    server::{Act, Server, with_length},
};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

/// All rows, or those before the first error.
async fn rows(network: &Arc<Network>) -> (Vec<ExportRow>, Option<Error>) {
    let users = clients::chatbot().once(network).users();
    collect(users.export(ExportByFilter::new()).rows()).await
}

async fn collect(mut stream: botroster_client::Rows<ExportRow>) -> (Vec<ExportRow>, Option<Error>) {
    let mut rows = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => return (rows, None),
            Err(error) => {
                assert!(
                    stream.try_next().await.unwrap().is_none(),
                    "rows after an error"
                );
                return (rows, Some(error));
            }
        }
    }
}

async fn rows_of(text: impl Into<Bytes>) -> (Vec<ExportRow>, Option<Error>) {
    rows(&Network::always(Answer::csv(text))).await
}

/// The rows of an export that must be whole, as JSON.
async fn json_of(text: impl Into<Bytes>) -> Value {
    let (rows, error) = rows_of(text).await;
    assert!(error.is_none(), "{error:?}");
    serde_json::to_value(rows).unwrap()
}

#[tokio::test]
async fn cells_go_by_the_head_of_their_column() {
    let rows = json_of("Email,Name,Last Seen\na@example.com,Ada,2019-01-24 13:32:30.163Z\n").await;
    assert_eq!(
        rows,
        json!([{ "default_name": "Ada", "default_email": "a@example.com", "lastSeen": "2019-01-24 13:32:30.163Z" }])
    );
}

#[tokio::test]
async fn unknown_columns_keep_their_head() {
    let rows = json_of("Shoe Size,Name,default_name\n38,Ada,Grace\n").await;
    assert_eq!(rows[0]["Shoe Size"], "38");
    let (rows, _) = rows_of("Shoe Size,Name\n38,Ada\n").await;
    assert_eq!(rows[0].extra().get("Shoe Size"), Some(&json!("38")));
}

#[tokio::test]
async fn quotes_commas_newlines_and_other_scripts_are_text() {
    let text =
        "\"Name\",Email\r\n\"Ada \"\"the first\"\", Example\",\"line 1\r\nline 2\n\"\r\n愛,ü😀\r\n";
    let rows = json_of(text).await;
    assert_eq!(
        rows,
        json!([
            { "default_name": "Ada \"the first\", Example", "default_email": "line 1\r\nline 2\n" },
            { "default_name": "愛", "default_email": "ü😀" },
        ])
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_not_part_of_the_first_head() {
    assert_eq!(
        json_of("\u{feff}Name\nAda\n").await,
        json!([{ "default_name": "Ada" }])
    );
}

#[tokio::test]
async fn empty_cells_are_absent() {
    let (rows, _) = rows_of("Name,Email,Shoe Size\nAda,,\n").await;
    assert_eq!(
        (rows[0].default_email.as_deref(), rows[0].extra().len()),
        (None, 0)
    );
}

#[tokio::test]
async fn pieces_may_end_anywhere() {
    let text = "\u{feff}\"Name\",\"Shoe\r\nSize\"\r\n\"Ada \"\"ü\"\"\r\n😀\",38\r\nGrace,\r\n";
    let whole = json_of(text).await;
    let piece = |range: &[u8]| Ok(Bytes::copy_from_slice(range));
    for cut in 0..=text.len() {
        let (left, right) = text.as_bytes().split_at(cut);
        let answer = Answer::csv("").with_chunks(vec![piece(left), piece(right)]);
        let (rows, error) = rows(&Network::always(answer)).await;
        assert!(error.is_none(), "cut at {cut}: {error:?}");
        assert_eq!(serde_json::to_value(rows).unwrap(), whole, "cut at {cut}");
    }
    let bytes = text.as_bytes().chunks(1).map(piece).collect();
    let (rows, _) = rows(&Network::always(Answer::csv("").with_chunks(bytes))).await;
    assert_eq!(serde_json::to_value(rows).unwrap(), whole);
}

#[tokio::test]
async fn rows_come_before_the_export_has_ended() {
    let answer = Answer::csv("")
        .with_chunks(vec![Ok("Name\nAda\n".into())])
        .stalling();
    let users = clients::chatbot().once(&Network::always(answer)).users();
    let mut stream = users.export(ExportByFilter::new()).rows();
    assert_eq!(
        stream
            .try_next()
            .await
            .unwrap()
            .unwrap()
            .default_name
            .as_deref(),
        Some("Ada")
    );
}

#[tokio::test]
async fn every_place_where_an_export_can_be_cut_is_an_error() {
    let text = "Name,Email\r\nAda,a@example.com\r\n\"Grace\nExample\",g@example.com\r\n";
    let ends = [0, 12, 31];
    for cut in 0..text.len() {
        // Only at the end of a line does a part look like a whole; there, the length or the last chunk tells.
        if ends.contains(&cut) || text.as_bytes()[..cut].ends_with(b"\n") {
            continue;
        }
        let (_, error) = rows_of(text[..cut].to_owned()).await;
        assert_eq!(
            error.map(|error| error.kind()),
            Some(ErrorKind::Decode),
            "cut at {cut}"
        );
    }
}

#[tokio::test]
async fn an_end_inside_quotes_is_an_error() {
    let (rows, error) = rows_of("Name,Email\nAda,a@example.com\n\"Grace\n").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Decode));
}

#[tokio::test]
async fn rows_with_other_numbers_of_cells_are_errors() {
    for (text, good) in [
        ("Name,Email\nAda\n", 0),
        ("Name,Email\nAda,a@example.com,more\n", 0),
        (
            "Name,Email\nAda,a@example.com\nGrace\nHopper,h@example.com\n",
            1,
        ),
    ] {
        let (rows, error) = rows_of(text).await;
        let error = error.expect("an error");
        assert_eq!(
            (rows.len(), error.kind()),
            (good, ErrorKind::Decode),
            "{text}"
        );
        assert!(!error.to_string().contains("Ada"), "{error}");
    }
}

#[tokio::test]
async fn a_row_without_end_does_not_fill_the_memory() {
    let pieces = (0..64).map(|_| Ok(Bytes::from(vec![b'x'; 64 << 10])));
    let pieces = [Ok(Bytes::from("Name\n\""))]
        .into_iter()
        .chain(pieces)
        .collect();
    let (_, error) = rows(&Network::always(Answer::csv("").with_chunks(pieces))).await;
    let error = error.expect("an error");
    assert!(error.to_string().contains("1 MiB"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_an_error_after_the_whole_rows() {
    let pieces = vec![Ok(Bytes::from("Name\nAda\nGra")), Err(SendError::Broken)];
    let (rows, error) = rows(&Network::always(Answer::csv("").with_chunks(pieces))).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Connection));
}

async fn from_socket(act: Act) -> (Vec<ExportRow>, Option<Error>) {
    let server = Server::start([act]).await;
    let builder = clients::chatbot().at(&server, "", &Runtime::on_sockets());
    let users = builder.build().unwrap().users();
    collect(users.export(ExportByFilter::new()).rows()).await
}

#[tokio::test]
async fn less_than_the_announced_length_is_an_error() {
    let text = "Name\nAda\n";
    let whole = Act::AnswerAndClose(with_length(
        "200 OK",
        &["content-type: text/csv"],
        text,
        text.len(),
    ));
    let (rows, error) = from_socket(whole).await;
    assert!(rows.len() == 1 && error.is_none(), "{error:?}");
    let cut = Act::AnswerAndClose(with_length(
        "200 OK",
        &["content-type: text/csv"],
        text,
        text.len() + 6,
    ));
    let (rows, error) = from_socket(cut).await;
    assert_eq!(
        (rows.len(), error.map(|error| error.kind())),
        (1, Some(ErrorKind::Connection))
    );
}

#[tokio::test]
async fn chunks_without_the_last_one_are_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n9\r\nName\nAda\n\r\n";
    let (rows, error) = from_socket(Act::Answer(format!("{head}0\r\n\r\n").into_bytes())).await;
    assert!(rows.len() == 1 && error.is_none(), "{error:?}");
    let (rows, error) = from_socket(Act::AnswerAndClose(head.into())).await;
    assert_eq!(
        (rows.len(), error.map(|error| error.kind())),
        (1, Some(ErrorKind::Connection))
    );
}

#[tokio::test]
async fn an_end_that_only_a_closed_connection_marks_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\n\r\nName\nAda\n";
    let unverified = (1, Some(ErrorKind::Unverified));
    let (read, error) = from_socket(Act::AnswerAndClose(head.into())).await;
    assert_eq!((read.len(), error.map(|error| error.kind())), unverified);
    let (read, error) = rows(&Network::always(Answer::csv("Name\nAda\n").undelimited())).await;
    assert_eq!((read.len(), error.map(|error| error.kind())), unverified);
}

#[tokio::test]
async fn another_media_type_is_no_export() {
    let page = Answer::new(
        200,
        "text/html; charset=utf-8",
        "<!doctype html>\n<title>Log in</title>\n",
    );
    let json = Answer::new(
        200,
        "application/json",
        "{\n\"status\":\n{\"code\":400}\n}\n",
    );
    for answer in [page, json] {
        let (rows, error) = rows(&Network::always(answer)).await;
        assert!(rows.is_empty(), "{} rows of something else", rows.len());
        assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Decode));
    }
}

#[tokio::test]
async fn an_error_status_is_an_error_with_the_platform_s_words() {
    let body = json!({ "status": { "code": 400, "type": "bad_filter" } });
    let (rows, error) = rows(&Network::always(Answer::json(400, &body))).await;
    let error = error.expect("an error");
    assert_eq!(
        (rows.len(), error.kind(), error.code().unwrap().as_i64()),
        (0, ErrorKind::Rejected, Some(400))
    );
    assert_eq!(error.message(), Some("bad_filter"));
}

#[tokio::test]
async fn bytes_are_as_they_came() {
    let text = "Name\r\n\"Ada\"\r\n";
    let network = Network::always(Answer::csv(text));
    let users = clients::chatbot().once(&network).users();
    let bytes = users.export(ExportByFilter::new()).bytes().await.unwrap();
    let pieces: Vec<Bytes> = bytes.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), text.as_bytes());
    let raw = users
        .export(ExportByFilter::new())
        .send_raw()
        .await
        .unwrap();
    assert_eq!(raw.body(), text.as_bytes());
}

const MEBIBYTE: usize = 1 << 20;

/// Bytes of a refusal that are kept, of these pieces.
async fn kept(pieces: &[usize]) -> usize {
    let chunks = pieces.iter().map(|size| Ok(Bytes::from(vec![b'x'; *size])));
    let answer = Answer::new(403, "text/plain", "").with_chunks(chunks.collect());
    let (rows, error) = rows(&Network::always(answer)).await;
    assert!(rows.is_empty());
    error.unwrap().raw_body().len()
}

#[tokio::test]
async fn of_a_refusal_a_mebibyte_and_the_piece_after_it_are_kept() {
    assert_eq!(kept(&[700_000, 700_000, 700_000]).await, 1_400_000);
    assert_eq!(kept(&[MEBIBYTE, 1, 1]).await, MEBIBYTE + 1);
}

#[tokio::test]
async fn rows_are_as_long_as_a_mebibyte_and_no_longer() {
    let of = |length: usize| format!("Name\n{}\n", "x".repeat(length));
    let (rows, error) = rows_of(of(MEBIBYTE - 1)).await;
    assert!(error.is_none(), "{error:?}");
    let name = rows[0].default_name.as_deref().unwrap();
    assert_eq!(name.len(), MEBIBYTE - 1);
    let (_, error) = rows_of(of(MEBIBYTE + 1)).await;
    let error = error.unwrap().to_string();
    assert!(
        error.ends_with("CSV after row 1: a row is longer than 1 MiB"),
        "{error}"
    );
}

#[tokio::test]
async fn rows_may_have_more_cells_than_any_platform_s() {
    let line = |word: &str| {
        (0..500)
            .map(|at| format!("{word}{at}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let rows = json_of(format!("{}\n{}\n", line("h"), line("c"))).await;
    let row = rows[0].as_object().unwrap();
    assert_eq!((row.len(), &row["h499"]), (500, &json!("c499")));
}

#[tokio::test]
async fn errors_name_the_row_before() {
    let (rows, error) = rows_of("Name,Email\nAda,\nGrace,\nJoan\n").await;
    assert_eq!(rows.len(), 2);
    let error = error.unwrap().to_string();
    assert!(
        error.contains("CSV after row 3: a row and the header have different numbers"),
        "{error}"
    );
}
