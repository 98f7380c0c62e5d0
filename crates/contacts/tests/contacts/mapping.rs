//! The forms of `x-maps-to`.

use botroster_contacts::{Contact, Mapping};
use serde_json::{Value, json};

fn contact(fields: Value, record: &Value) -> Contact {
    Mapping::parse(&json!({ "contact": fields }).to_string())
        .unwrap()
        .contact(record)
        .unwrap()
}

fn error(description: Value) -> String {
    Mapping::parse(&description.to_string())
        .unwrap_err()
        .to_string()
}

#[test]
fn pointers_read_scalars_as_strings() {
    let record =
        json!({ "a": { "b": "x" }, "n": 7, "t": true, "null": null, "blank": " ", "list": [1] });
    let fields = json!({
        "id": "/a/b", "external_id": "/n", "display_name": "/t",
        "email": "/null", "city": "/blank", "region": "/list", "country": "/a", "source": "/missing"
    });
    let expected = Contact {
        id: Some("x".into()),
        external_id: Some("7".into()),
        display_name: Some("true".into()),
        ..Contact::default()
    };
    assert!(contact(fields, &record) == expected);
}

#[test]
fn first_takes_the_first_present_value() {
    let fields = json!({ "display_name": { "first": ["/a", "/b", "/c"] } });
    let name = |record: Value| contact(fields.clone(), &record).display_name;
    assert_eq!(name(json!({ "a": "A", "b": "B" })).as_deref(), Some("A"));
    assert_eq!(
        name(json!({ "a": "  ", "b": null, "c": 3 })).as_deref(),
        Some("3")
    );
    assert_eq!(name(json!({ "a": {} })), None);
}

#[test]
fn first_skips_values_of_another_type() {
    let fields = json!({
        "created_at": { "first": ["/a", "/b"] }, "banned": { "first": ["/a", "/c"] },
        "tags": { "first": ["/a", "/d"] }, "attributes": { "first": [{ "map": "/a" }, { "map": "/e" }] }
    });
    let record =
        json!({ "a": "soon", "b": 1_548_250_350_163_i64, "c": false, "d": ["x"], "e": { "k": 1 } });
    let contact = contact(fields, &record);
    assert_eq!(
        contact.created_at.as_deref(),
        Some("2019-01-23T13:32:30.163Z")
    );
    assert_eq!(contact.banned, Some(false));
    assert_eq!(contact.tags, ["x"]);
    assert_eq!(contact.attributes, [("k".to_owned(), json!(1))]);
}

#[test]
fn join_joins_the_present_values() {
    let fields = json!({ "display_name": { "join": ["/a", "/b", { "first": ["/c", "/d"] }], "with": ", " } });
    let name = |record: Value| contact(fields.clone(), &record).display_name;
    assert_eq!(
        name(json!({ "a": "A", "b": null, "d": "D" })).as_deref(),
        Some("A, D")
    );
    assert_eq!(name(json!({ "b": "B" })).as_deref(), Some("B"));
    assert_eq!(name(json!({ "a": "" })), None);
}

#[test]
fn attributes_keep_order_and_drop_nulls() {
    let map = contact(
        json!({ "attributes": { "map": "/m" } }),
        &json!({ "m": { "z": 1, "n": null, "a": { "x": [] } } }),
    );
    assert_eq!(
        map.attributes,
        [
            ("z".to_owned(), json!(1)),
            ("a".to_owned(), json!({ "x": [] }))
        ]
    );
    let fields = json!({ "attributes": { "pairs": "/p", "key": "/key", "value": "/value" } });
    let record = json!({ "p": [
        { "key": "b", "value": "" }, { "key": 2, "value": false }, { "key": "n", "value": null },
        { "key": " ", "value": 1 }, { "value": 1 }, { "key": "v" }, 5, { "key": "b", "value": 9 }
    ] });
    let pairs = contact(fields.clone(), &record);
    let expected = [
        ("b".to_owned(), json!("")),
        ("2".to_owned(), json!(false)),
        ("b".to_owned(), json!(9)),
    ];
    assert_eq!(pairs.attributes, expected);
    assert_eq!(
        contact(fields, &json!({ "p": { "key": "a" } })).attributes,
        []
    );
}

#[test]
fn tags_are_the_scalars_of_an_array() {
    let fields = json!({ "tags": "/t" });
    let tags = |record: Value| contact(fields.clone(), &record).tags;
    assert_eq!(
        tags(json!({ "t": ["a", " ", 1, null, true, {}, ["x"], "a"] })),
        ["a", "1", "true", "a"]
    );
    assert!(tags(json!({ "t": "a" })).is_empty());
}

#[test]
fn phones_are_read_from_one_or_two_strings() {
    let whole = json!({ "phone": { "phone": "/p" } });
    assert_eq!(
        contact(whole.clone(), &json!({ "p": "+1 (555) 01-00" }))
            .phone
            .as_deref(),
        Some("+15550100")
    );
    assert_eq!(
        contact(whole.clone(), &json!({ "p": 15_550_100 }))
            .phone
            .as_deref(),
        Some("15550100")
    );
    assert_eq!(contact(whole, &json!({ "p": "n/a" })).phone, None);
    let parts = json!({ "phone": { "phone": { "prefix": "/x/prefix", "number": "/x/number" } } });
    let phone = |record: Value| contact(parts.clone(), &json!({ "x": record })).phone;
    assert_eq!(
        phone(json!({ "prefix": "+1", "number": "555 0100" })).as_deref(),
        Some("+15550100")
    );
    assert_eq!(
        phone(json!({ "prefix": 1, "number": 5_550_100 })).as_deref(),
        Some("+15550100")
    );
    assert_eq!(
        phone(json!({ "prefix": null, "number": "555 0100" })).as_deref(),
        Some("5550100")
    );
    assert_eq!(
        phone(json!({ "prefix": "+1", "number": "00155 50100" })).as_deref(),
        Some("+15550100")
    );
    assert_eq!(phone(json!({ "prefix": "+1" })), None);
    let either = json!({ "phone": { "first": [{ "phone": "/a" }, { "phone": "/b" }] } });
    assert_eq!(
        contact(either, &json!({ "a": "none", "b": "555" }))
            .phone
            .as_deref(),
        Some("555")
    );
}

#[test]
fn times_are_normalised_to_utc_milliseconds() {
    let fields = json!({ "created_at": "/t" });
    let time = |record: Value| contact(fields.clone(), &json!({ "t": record })).created_at;
    for (given, expected) in [
        (
            json!("2019-01-23T13:32:30.163Z"),
            "2019-01-23T13:32:30.163Z",
        ),
        (
            json!("2019-01-23 13:32:30.1639+0130"),
            "2019-01-23T12:02:30.163Z",
        ),
        (
            json!("2019-01-23T13:32:30-02:00"),
            "2019-01-23T15:32:30.000Z",
        ),
        (json!("2019-01-23 13:32:30.1Z"), "2019-01-23T13:32:30.100Z"),
        (json!(1_548_250_350_163_i64), "2019-01-23T13:32:30.163Z"),
        (json!(-1), "1969-12-31T23:59:59.999Z"),
        (json!(0), "1970-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(time(given.clone()).as_deref(), Some(expected), "{given}");
    }
    for given in [
        json!(""),
        json!("2019-01-23"),
        json!("2019-01-23T13:32:30"),
        json!("1548250350163"),
        json!(1.5),
        json!(true),
        json!(u64::MAX),
    ] {
        assert_eq!(time(given.clone()), None, "{given}");
    }
}

#[test]
fn flags_are_booleans_only() {
    let banned = |record: Value| contact(json!({ "banned": "/b" }), &json!({ "b": record })).banned;
    assert_eq!(
        (banned(json!(true)), banned(json!(false))),
        (Some(true), Some(false))
    );
    assert_eq!(
        (banned(json!("true")), banned(json!(1)), banned(json!(null))),
        (None, None, None)
    );
}

#[test]
fn a_record_can_be_a_contact_and_a_conversation() {
    let mapping = Mapping::parse(
        r#"{ "contact": { "id": "/id" }, "conversation": { "contact_id": "/id", "last_message_author": "/by" } }"#,
    )
    .unwrap();
    let record = json!({ "id": "c1", "by": "BOT" });
    assert_eq!(mapping.contact(&record).unwrap().id.as_deref(), Some("c1"));
    let conversation = mapping.conversation(&record).unwrap();
    assert_eq!(conversation.contact_id.as_deref(), Some("c1"));
    assert_eq!(conversation.last_message_author.as_deref(), Some("bot"));
    assert_eq!(mapping.message(&record), None);
    assert!(!mapping.is_empty() && Mapping::parse("{}").unwrap().is_empty());
}

#[test]
fn errors_name_the_position_and_the_problem() {
    for (description, parts) in [
        (json!({ "person": {} }), ["x-maps-to", "`person`"]),
        (
            json!({ "contact": { "mail": "/m" } }),
            ["contact.mail", "unknown field"],
        ),
        (
            json!({ "contact": { "id": { "last": ["/a"] } } }),
            ["contact.id", "a JSON pointer or one of"],
        ),
        (
            json!({ "contact": { "id": { "first": ["/a", 5] } } }),
            ["contact.id.first[1]", "a JSON pointer or one of"],
        ),
        (
            json!({ "contact": { "id": { "first": ["/a"], "with": " " } } }),
            ["contact.id", "`with`"],
        ),
        (
            json!({ "contact": { "id": { "first": [] } } }),
            ["contact.id.first", "at least one"],
        ),
        (
            json!({ "contact": { "id": { "join": ["/a"], "with": 1 } } }),
            ["contact.id", "`with` must be a string"],
        ),
        (json!({ "contact": { "id": "id" } }), ["contact.id", "`id`"]),
        (
            json!({ "contact": { "id": { "map": "/a" } } }),
            ["contact.id", "`map` does not fit"],
        ),
        (
            json!({ "contact": { "created_at": { "join": ["/a"] } } }),
            ["contact.created_at", "`join` does not fit"],
        ),
        (
            json!({ "contact": { "attributes": "/a" } }),
            ["contact.attributes", "`map` or `pairs`"],
        ),
        (
            json!({ "contact": { "attributes": { "pairs": "/a", "key": "/k" } } }),
            ["contact.attributes", "`value` is missing"],
        ),
        (
            json!({ "contact": { "phone": { "phone": { "prefix": "/a" } } } }),
            ["contact.phone", "`number` is missing"],
        ),
        (
            json!({ "contact": { "phone": { "phone": { "prefix": "/a", "number": "/b", "x": 1 } } } }),
            ["contact.phone", "`x`"],
        ),
        (json!({ "message": [] }), ["message", "object of fields"]),
        (json!([]), ["x-maps-to", "expected an object"]),
    ] {
        let text = error(description.clone());
        assert!(
            parts.iter().all(|part| text.contains(part)),
            "{description}: {text}"
        );
    }
    assert!(Mapping::parse("{").is_err());
}
