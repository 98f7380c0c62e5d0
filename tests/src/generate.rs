//! Random JSON that fits a schema of a spec, and what counts as the same JSON.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    test_runner::{FileFailurePersistence, RngSeed},
};
use serde_json::{Map, Value};

use crate::specs::Spec;

/// So many cases, the same in every run unless `PROPTEST_RNG_SEED` says otherwise, and a committed file of those that failed once.
pub fn config(cases: u32) -> ProptestConfig {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/regressions/properties.txt"
    );
    let mut config = ProptestConfig::with_cases(cases);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(file)));
    config
}

/// Runs a call to its end.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// Makes instances of a spec's schemas.
pub struct Generator<'s> {
    spec: &'s Spec,
    open: BTreeSet<String>,
}

impl<'s> Generator<'s> {
    /// For one spec.
    pub fn new(spec: &'s Spec) -> Self {
        Self {
            spec,
            open: open_schemas(spec),
        }
    }

    /// Instances of a component: every documented property or none, null where that is allowed, properties, enumeration values and
    /// timestamps that no document shows.
    pub fn component(&self, name: &str) -> BoxedStrategy<Value> {
        let schema = self.spec.schema(name);
        if schema["enum"].is_array() {
            return self.enumeration(name, schema);
        }
        self.value(schema)
    }

    fn value(&self, schema: &Value) -> BoxedStrategy<Value> {
        let reference = schema["$ref"].as_str();
        if let Some(reference) = reference.or_else(|| schema["allOf"][0]["$ref"].as_str()) {
            return self.component(reference.rsplit('/').next().unwrap());
        }
        if let Some(alternatives) = schema["oneOf"].as_array() {
            let alternatives = alternatives.iter().map(|one| self.value(one));
            return proptest::strategy::Union::new(alternatives).boxed();
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema),
            Some("array") => prop::collection::vec(self.value(&schema["items"]), 0..3)
                .prop_map(Value::Array)
                .boxed(),
            Some("string") if !schema["x-timestamp"].is_null() => timestamp(),
            Some("string") => text().prop_map(Value::String).boxed(),
            Some("integer") => any::<i64>().prop_map(Value::from).boxed(),
            Some("number") => number(),
            Some("boolean") => any::<bool>().prop_map(Value::Bool).boxed(),
            _ => anything(),
        }
    }

    fn enumeration(&self, name: &str, schema: &Value) -> BoxedStrategy<Value> {
        let known = prop::sample::select(schema["enum"].as_array().unwrap().clone());
        if self.open.contains(name) {
            prop_oneof![3 => known, 1 => text().prop_map(Value::String)].boxed()
        } else {
            known.boxed()
        }
    }

    fn object(&self, schema: &Value) -> BoxedStrategy<Value> {
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let known: Vec<_> = properties
            .iter()
            .map(|(name, property)| {
                let value = self.value(property);
                let name = name.clone();
                let optional = if is_required(schema, &name, property) {
                    value.prop_map(Some).boxed()
                } else {
                    prop_oneof![4 => value.prop_map(Some), 1 => Just(None), 1 => Just(Some(Value::Null))]
                        .boxed()
                };
                optional.prop_map(move |value| value.map(|value| (name.clone(), value)))
            })
            .collect();
        let others = match &schema["additionalProperties"] {
            Value::Object(_) => {
                prop_oneof![text().prop_map(Value::String), Just(Value::Null)].boxed()
            }
            _ => anything(),
        };
        let names: BTreeSet<String> = properties.keys().cloned().collect();
        let others = prop::collection::btree_map("[a-z_]{0,3}|(?s).{1,5}", others, 0..3);
        (known, others)
            .prop_map(move |(known, others)| {
                let others = others.into_iter().filter(|(name, _)| !names.contains(name));
                others.chain(known.into_iter().flatten()).collect()
            })
            .boxed()
    }
}

/// What an instance must have: what the schema requires, and what a request always says.
fn is_required(schema: &Value, name: &str, property: &Value) -> bool {
    let required = schema["required"].as_array();
    let required = required.is_some_and(|names| names.iter().any(|one| one == name));
    required || property["x-send"] == "always"
}

/// Names of the schemas that answers use, directly or not. Enumerations among them are open.
fn open_schemas(spec: &Spec) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Value> = Vec::new();
    let operations = spec.operations();
    for operation in &operations {
        waiting.push(&operation.object["responses"]);
        if let Some(row) = operation.object["x-csv"]["row"].as_str() {
            found.insert(row.to_owned());
            waiting.push(spec.schema(row));
        }
    }
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(list) => waiting.extend(list),
            Value::Object(map) => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                    let name = reference.rsplit('/').next().unwrap();
                    if found.insert(name.to_owned()) {
                        waiting.push(spec.schema(name));
                    }
                }
                waiting.extend(map.values());
            }
            _ => {}
        }
    }
    found
}

/// Any text, with what is awkward in JSON.
pub fn text() -> BoxedStrategy<String> {
    prop_oneof![3 => "(?s).{0,8}", 1 => Just(String::new()), 1 => "[\\\\\"\u{0}-\u{1f}\u{2028}\u{1f600}]{1,4}"].boxed()
}

fn timestamp() -> BoxedStrategy<Value> {
    let odd = prop::sample::select(vec![
        "",
        "yesterday",
        "2019-01-23 13:32:30.163Z",
        "2019-01-23T13:32:30+0530",
        "0000-00-00T00:00:00Z",
        "2019-01-23T13:32:30.123456789012Z",
    ]);
    prop_oneof![
        2 => (1970..2100_u16, 1..13_u8, 1..29_u8, 0..1000_u16).prop_map(|(year, month, day, millis)| {
            Value::String(format!("{year}-{month:02}-{day:02}T13:32:30.{millis:03}Z"))
        }),
        2 => odd.prop_map(Value::from),
        1 => text().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::from),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|thousandths| Value::from(f64::from(thousandths) / 1000.0)),
    ]
    .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number(),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

/// The value without what may differ after decoding and encoding: null, and the empty list, in documented properties that are not
/// required.
pub fn normal(spec: &Spec, schema: &Value, value: &Value) -> Value {
    if let Some(alternatives) = schema["oneOf"].as_array() {
        let fits = |one: &&Value| {
            let required = spec.resolve(one)["required"].as_array();
            required
                .into_iter()
                .flatten()
                .all(|name| value.get(name.as_str().unwrap()).is_some())
        };
        return normal(spec, alternatives.iter().find(fits).unwrap(), value);
    }
    let schema = spec.resolve(schema);
    match value {
        Value::Array(list) => list
            .iter()
            .map(|item| normal(spec, &schema["items"], item))
            .collect(),
        Value::Object(map) => map
            .iter()
            .filter_map(|(name, inner)| {
                let Some(property) = schema["properties"].get(name) else {
                    return Some((name.clone(), inner.clone()));
                };
                let inner = normal(spec, property, inner);
                let empty = inner.is_null() || inner == Value::Array(Vec::new());
                let gone = empty && !is_required(schema, name, property);
                (!gone).then(|| (name.clone(), inner))
            })
            .collect(),
        _ => value.clone(),
    }
}
