//! Properties of any record and any description.

use botroster_contacts::Mapping;
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9TZ:. +-]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-d]", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_record_maps_without_panic(record in any_json()) {
        let mapping = Mapping::parse(r#"{
            "contact": {
                "id": "/a", "display_name": { "join": ["/b", { "first": ["/c/0", "/d"] }] },
                "phone": { "first": [{ "phone": { "prefix": "/a/a", "number": "/b/b" } }, { "phone": "/c" }] },
                "attributes": { "first": [{ "map": "" }, { "pairs": "", "key": "/a", "value": "/b" }] },
                "tags": "/b", "banned": "/a", "created_at": "/c", "updated_at": { "first": ["/d", "/a", "" ] }
            },
            "conversation": { "started_at": "", "last_message_author": "" },
            "message": { "text": "", "sent_at": "/0" }
        }"#).unwrap();
        let contact = mapping.contact(&record).unwrap();
        for text in [&contact.id, &contact.display_name, &contact.phone].into_iter().flatten() {
            prop_assert!(!text.trim().is_empty());
        }
        prop_assert!(contact.attributes.iter().all(|(_, value)| !value.is_null()));
        prop_assert!(mapping.conversation(&record).is_some() && mapping.message(&record).is_some());
    }

    #[test]
    fn any_description_parses_or_is_rejected(description in any_json(), form in "first|join|map|pairs|phone|with", text in ".{0,12}") {
        let _ = Mapping::parse(&text);
        for field in ["id", "attributes", "created_at", "tags"] {
            let _ = Mapping::parse(&json!({ "contact": { field: { form.clone(): description.clone() } } }).to_string());
        }
    }
}
