use super::*;

#[test]
fn payload_and_facts_come_out_of_nested_envelopes() {
    let body = br#"{"skip":{"data":[9]},"result":{"meta":{"total":"12","next":"c"},"list":[1,2]},"ok":true}"#;
    let taken: Taken<Vec<u8>> = take(
        body,
        &["/result/list"],
        &["/result/meta/total", "/result/meta/next", "/ok", "/gone"],
    )
    .unwrap();
    assert_eq!(taken.data, Some(vec![1, 2]));
    assert_eq!(taken.captured.count(Some("/result/meta/total")), Some(12));
    assert_eq!(taken.captured.get("/ok"), Some(&Value::Bool(true)));
    assert_eq!(taken.captured.get("/gone"), None);
}

#[test]
fn the_first_list_that_is_there_counts() {
    let at = ["/conversations", "/messages", ""];
    for body in [r#"{"messages":[1]}"#, r#"{"conversations":[1]}"#, "[1]"] {
        assert_eq!(
            take::<Vec<u8>>(body.as_bytes(), &at, &[]).unwrap().data,
            Some(vec![1]),
            "{body}"
        );
    }
    assert_eq!(take::<Vec<u8>>(b"{\"x\":1}", &at, &[]).unwrap().data, None);
}

#[test]
fn the_whole_answer_can_be_the_payload_and_still_have_facts() {
    let taken: Taken<Value> =
        take(br#"{"status":{"code":200}}"#, &[""], &["/status/code"]).unwrap();
    assert!(taken.data.is_some());
    assert_eq!(taken.captured.count(Some("/status/code")), Some(200));
}

#[test]
fn facts_can_stand_in_a_list() {
    let body = br#"[{"id":"a","status":{"code":400}}]"#;
    let taken: Taken<First<Value>> = take(
        body,
        &[""],
        &["/0/status/code", "/status/code", "/1/status"],
    )
    .unwrap();
    assert!(taken.data.is_some_and(|first| first.0.is_some()));
    assert_eq!(taken.captured.count(Some("/0/status/code")), Some(400));
    assert_eq!(taken.captured.get("/status/code"), None);
    let nested: Taken<Value> = take(br#"{"a":[[],{"b":1}]}"#, &["/none"], &["/a/1/b"]).unwrap();
    assert_eq!(nested.captured.count(Some("/a/1/b")), Some(1));
}

#[test]
fn the_payload_can_be_a_place_of_a_list_and_have_facts_inside() {
    for (body, at) in [
        (r#"{"result":[{"ok":false}]}"#, "/result/0"),
        (r#"[{"ok":false}]"#, "/0"),
        (r#"{"result":{"list":{"ok":false}}}"#, "/result/list"),
    ] {
        let fact: &'static str = match at {
            "/result/0" => "/result/0/ok",
            "/0" => "/0/ok",
            _ => "/result/list/ok",
        };
        let taken: Taken<Value> = take(body.as_bytes(), &[at], &[fact]).unwrap();
        assert_eq!(taken.data, Some(serde_json::json!({"ok": false})), "{body}");
        assert_eq!(
            taken.captured.get(fact),
            Some(&Value::Bool(false)),
            "{body}"
        );
    }
    let none: Taken<Value> = take(br#"{"result":[]}"#, &["/result/0"], &[]).unwrap();
    assert!(none.data.is_none());
    let error = take::<u8>(br#"{"result":["joe"]}"#, &["/result/0"], &[]).unwrap_err();
    assert!(
        !error.syntax && !error.text.contains("joe"),
        "{}",
        error.text
    );
}

#[test]
fn one_bad_record_does_not_take_the_others_with_it() {
    let body = br#"{"data":[{"a":1},{"a":"joe@example.com"},{"a":3}]}"#;
    type Row = std::collections::BTreeMap<String, u8>;
    assert!(take::<Vec<Row>>(body, &["/data"], &[]).is_err());
    let (taken, rejected) = take_leniently::<Row>(body, &["/data"], &[]).unwrap();
    assert_eq!(taken.data.unwrap().len(), 2);
    assert_eq!(rejected[0].index(), 1);
    assert!(
        !rejected[0].reason().contains("joe"),
        "{}",
        rejected[0].reason()
    );
}

#[test]
fn reasons_never_quote_the_answer() {
    for body in [
        r#"{"data":"joe@example.com"}"#,
        r#"{"data":[300]}"#,
        r#"{"data":[joe]}"#,
        r#"{"data":["joe"]}"#,
    ] {
        let error = take::<Vec<u8>>(body.as_bytes(), &["/data"], &[]).unwrap_err();
        assert!(
            !error.text.contains("joe") && !error.text.contains("300"),
            "{}",
            error.text
        );
    }
}

#[test]
fn half_an_emoji_does_not_lose_the_page() {
    let taken: Taken<Vec<String>> = take(br#"{"data":["a\ud83d"]}"#, &["/data"], &[]).unwrap();
    assert_eq!(taken.data.unwrap(), ["a\u{fffd}"]);
}
