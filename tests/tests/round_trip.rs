//! Decoding any record and encoding it again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support"
)]

use std::{collections::BTreeSet, fs, path::Path, sync::OnceLock};

use botroster_contract_tests::{
    clients::{self, Attach as _},
    generate::{Generator, config, normal, run},
    network::{Answer, Network},
    specs::Spec,
};
use proptest::{prelude::*, test_runner::TestRunner};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Decodes a text and encodes it again.
type RoundTrip = fn(&str) -> Result<Value, String>;

struct Type {
    platform: &'static str,
    name: &'static str,
    round_trip: RoundTrip,
}

fn round_trip<T: DeserializeOwned + Serialize>(text: &str) -> Result<Value, String> {
    let decoded: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let encoded = serde_json::to_string(&decoded).map_err(|error| error.to_string())?;
    serde_json::from_str(&encoded).map_err(|error| error.to_string())
}

macro_rules! types {
    ($($platform:literal $module:path { $($name:ident)* })*) => {
        vec![$($({
            use $module as types;
            Type { platform: $platform, name: stringify!($name), round_trip: round_trip::<types::$name> }
        },)*)*]
    };
}

fn types() -> Vec<Type> {
    types! {
        "peki" botroster_peki::types { User Message Session Source SenderType SessionStatus ErrorAnswer }
        "chatbot" botroster_chatbot::types {
            User UserDetails Attributes Conversation UserSegment Segment ActionResult Status CreateUser UpdateUser
            SetBan SortField SortOrder Match Sort ExportByUsers ExportByFilter ExportField ExportRow ErrorAnswer
        }
        "botpenguin" botroster_botpenguin::types {
            ChatType ConversationStatus MessageAuthor InboxFilter DateRange OrderFilter Contact Chat LastMessage
            Profile UserDetails ContactDetails Phone Attribute Note Marketing Orders
        }
    }
}

fn specs() -> &'static [Spec] {
    static SPECS: OnceLock<Vec<Spec>> = OnceLock::new();
    SPECS.get_or_init(Spec::all)
}

fn spec(platform: &str) -> &'static Spec {
    specs()
        .iter()
        .find(|spec| spec.platform == platform)
        .unwrap()
}

#[test]
fn every_generated_type_is_among_the_types() {
    let tested: BTreeSet<(String, String)> = types()
        .iter()
        .map(|one| (one.platform.to_owned(), one.name.to_owned()))
        .collect();
    for spec in specs() {
        let folder = format!("../crates/{}/src/generated/types", spec.platform);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        // A platform without types has no folder of them.
        let files = fs::read_dir(folder).into_iter().flatten();
        let source: String = files
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        for line in source.lines() {
            let Some(rest) = line
                .strip_prefix("pub struct ")
                .or_else(|| line.strip_prefix("pub enum "))
            else {
                continue;
            };
            let name = rest.split([' ', '(', ';', '<']).next().unwrap().to_owned();
            // A choice between bodies is only ever written.
            if spec.schema(&name)["oneOf"].is_array() {
                continue;
            }
            assert!(
                tested.contains(&(spec.platform.clone(), name.clone())),
                "{} {name}",
                spec.platform
            );
        }
    }
}

/// Checks one property of every type, with random instances of its schema.
fn for_every_type(cases: u32, check: impl Fn(&Type, &Spec, Value) -> Result<(), TestCaseError>) {
    for one in types() {
        let spec = spec(one.platform);
        let instances = Generator::new(spec).component(one.name);
        let mut runner = TestRunner::new(config(cases));
        let result = runner.run(&instances, |value| check(&one, spec, value));
        result.unwrap_or_else(|error| panic!("{} {}: {error}", one.platform, one.name));
    }
}

#[test]
fn decoding_and_encoding_again_loses_nothing() {
    for_every_type(200, |one, spec, value| {
        let again = (one.round_trip)(&value.to_string()).map_err(TestCaseError::fail)?;
        let schema = spec.schema(one.name);
        prop_assert_eq!(normal(spec, schema, &again), normal(spec, schema, &value));
        Ok(())
    });
}

#[test]
fn null_or_absence_of_an_optional_property_never_fails() {
    for one in types() {
        let spec = spec(one.platform);
        let schema = spec.schema(one.name);
        let Some(properties) = schema["properties"].as_object() else {
            continue;
        };
        let required: BTreeSet<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap())
            .collect();
        let least: Value = required
            .iter()
            .map(|name| ((*name).to_owned(), least(spec, &properties[*name])))
            .collect();
        (one.round_trip)(&least.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", one.name));
        let optional = properties
            .keys()
            .filter(|name| !required.contains(name.as_str()));
        let mut nulls = least.clone();
        for name in optional {
            let mut with_null = least.clone();
            with_null[name] = Value::Null;
            nulls[name] = Value::Null;
            let result = (one.round_trip)(&with_null.to_string());
            result.unwrap_or_else(|error| panic!("{} with null in {name}: {error}", one.name));
        }
        (one.round_trip)(&nulls.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", one.name));
        for name in required {
            for mut broken in [least.clone(), nulls.clone()] {
                broken[name] = Value::Null;
                assert!(
                    (one.round_trip)(&broken.to_string()).is_err(),
                    "{} with null in {name}",
                    one.name
                );
                broken.as_object_mut().unwrap().remove(name);
                assert!(
                    (one.round_trip)(&broken.to_string()).is_err(),
                    "{} without {name}",
                    one.name
                );
            }
        }
    }
}

/// The smallest value of a schema.
fn least(spec: &Spec, schema: &Value) -> Value {
    let schema = spec.resolve(schema);
    match schema["type"].as_str() {
        Some("string") => schema["enum"].get(0).cloned().unwrap_or_else(|| "x".into()),
        Some("array") => json!([]),
        Some("boolean") => false.into(),
        Some("integer" | "number") => 0.into(),
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten();
            required
                .map(|name| name.as_str().unwrap())
                .map(|name| (name.to_owned(), least(spec, &schema["properties"][name])))
                .collect()
        }
        other => panic!("the smallest of {other:?}"),
    }
}

/// A user, or a record that is none because of its id.
fn user(spec: &'static Spec) -> BoxedStrategy<(Value, bool)> {
    let users = Generator::new(spec).component("User");
    (
        users,
        prop::sample::select(vec!["good", "good", "null", "absent"]),
    )
        .prop_map(|(mut user, kind)| {
            match kind {
                "null" => user["id"] = Value::Null,
                "absent" => drop(user.as_object_mut().unwrap().remove("id")),
                _ => {}
            }
            (user, kind == "good")
        })
        .boxed()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn bad_records_are_rejected_one_by_one(users in prop::collection::vec(user(spec("peki")), 0..6)) {
        let data: Vec<&Value> = users.iter().map(|(user, _)| user).collect();
        let network = Network::always(Answer::json(200, &json!({ "data": data, "error": null })));
        let page = run(async { clients::peki().once(&network).chatbot("b").users().list().await }).unwrap();
        let (good, bad): (Vec<_>, Vec<_>) = users.iter().enumerate().partition(|(_, (_, good))| *good);
        let places: Vec<_> = page.rejected().iter().map(|rejected| rejected.index()).collect();
        prop_assert_eq!(places, bad.iter().map(|(place, _)| *place).collect::<Vec<_>>());
        let ids: Vec<_> = page.items.iter().map(|user| json!(user.id)).collect();
        prop_assert_eq!(ids, good.iter().map(|(_, (user, _))| user["id"].clone()).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn numbers_keep_all_their_digits(latitude in -180.0..180.0_f64) {
        let text = format!(r#"{{"id":"u1","dataDictionary":{{"latitude":{latitude:?}}}}}"#);
        let user: botroster_peki::types::User = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&user).unwrap(), text);
    }
}
