//! Faults within a record, in a property that its documented schema allows.

use super::kinds::FaultKind;
use crate::{hash::Dice, spec::Operation};
use botroster_spec::{
    pointer,
    schema::{Schemas, kind, nullable, properties, requires, timestamp_spellings},
};
use serde_json::{Value, json};

/// Maximum depth of the properties considered.
const DEPTH: u8 = 4;
/// A placeholder for bytes that no JSON value serializes to.
const MARK: &str = "\u{e000}sandbox\u{e000}";

/// A body with a fault in one of its records.
pub(super) struct CorruptedBody {
    /// The replacement of [`MARK`], including its quotes.
    raw: Option<Vec<u8>>,
    /// The pointer to the fault.
    pub(super) at: String,
}

/// A documented property of a record.
struct RecordField {
    at: String,
    schema: Value,
    required: bool,
}

/// Applies a fault to a record of a response; `None` if no record has a suitable property.
pub(super) fn corrupt(
    (operation, schemas): (&Operation, &Schemas),
    (wanted, depth): (&FaultKind, u64),
    body: &mut Value,
    dice: &mut Dice,
) -> Option<CorruptedBody> {
    let (records, schema) = records(operation, schemas, body)?;
    let mut places = Vec::new();
    collect(schemas, &schema, "", DEPTH, &mut places);
    let key = operation
        .pagination
        .as_ref()
        .and_then(|paged| paged.key.clone());
    let key = key.or_else(|| operation.streams.first()?.key.clone());
    if wanted.name == "duplicate-id" {
        return duplicate_id(body, &records, &key?);
    }
    // A fault of a string spares the id.
    let is_text = matches!(wanted.name, "lone-surrogate" | "bad-utf8" | "nul");
    let turn =
        |length: usize, dice: &mut Dice| usize::try_from(dice.below(length as u64)).unwrap_or(0);
    let first = turn(records.len(), dice);
    let begin = turn(places.len(), dice);
    for record in records.iter().cycle().skip(first).take(records.len()) {
        if let Some(done) = in_record(wanted.name, body, record, depth) {
            return Some(done);
        }
        for place in places.iter().cycle().skip(begin).take(places.len()) {
            let at = format!("{record}{}", place.at);
            let spared = is_text && Some(&place.at) == key.as_ref();
            if let Some(found) = body.pointer(&at).filter(|_| !spared)
                && let Some(change) = change(wanted.name, place, found)
            {
                return Some(done(body, at, change));
            }
        }
    }
    None
}

/// Pointers to the records of a response, and the schema of a record.
fn records(operation: &Operation, schemas: &Schemas, body: &Value) -> Option<(Vec<String>, Value)> {
    let schema = operation.success.json()?;
    let at = match &operation.pagination {
        Some(paged) => paged.items_at(),
        None => operation.envelope.data.as_deref().unwrap_or_default(),
    };
    let (records, inside) = match body.pointer(at)? {
        Value::Array(items) => (
            (0..items.len()).map(|n| format!("{at}/{n}")).collect(),
            "/*",
        ),
        Value::Object(_) => (vec![at.to_owned()], ""),
        _ => return None,
    };
    Some((records, schemas.walk(schema, &format!("{at}{inside}"))?))
}

fn collect(schemas: &Schemas, schema: &Value, at: &str, depth: u8, places: &mut Vec<RecordField>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for (name, property) in properties(schema) {
        let property = schemas.flat(property).into_owned();
        let at = pointer::child(at, name);
        collect(schemas, &property, &at, depth, places);
        places.push(RecordField {
            at,
            required: requires(schema, name),
            schema: property,
        });
    }
}

/// What a property becomes.
enum Corruption {
    Gone,
    Value(Value),
    Raw(Vec<u8>),
}

fn change(wanted: &str, place: &RecordField, found: &Value) -> Option<Corruption> {
    let schema = &place.schema;
    let is = |name: &str| kind(schema) == Some(name);
    let is_time = !timestamp_spellings(schema).is_empty();
    let fixed = schema.get("enum").is_some() || is_time;
    // A string without a fixed form.
    let text = found.as_str().filter(|_| is("string") && !fixed);
    let quoted = |inside: &[u8]| {
        let text = Value::from(text?).to_string();
        let open = text.strip_suffix('"')?.as_bytes();
        Some(Corruption::Raw([open, inside, b"\""].concat()))
    };
    match wanted {
        "null-required" => (place.required && !nullable(schema) && !found.is_null())
            .then_some(Corruption::Value(Value::Null)),
        "missing-required" => place.required.then_some(Corruption::Gone),
        "wrong-type" => ["string", "integer", "number", "boolean"]
            .into_iter()
            .any(is)
            .then(|| Corruption::Value(json!({"sandbox": true}))),
        "unknown-enum" => schema
            .get("enum")
            .map(|_| Corruption::Value(Value::from("SANDBOX_UNKNOWN"))),
        "out-of-range" => (is("integer") || is("number"))
            .then(|| Corruption::Raw(b"9223372036854775808000".to_vec())),
        "lone-surrogate" => quoted(br"\ud83d"),
        "bad-utf8" => quoted(b"\xff\xfe"),
        "nul" => quoted(br"\u0000"),
        "date-form" => {
            let written = Corruption::Value(Value::from("Tue, 08 Apr 2025 12:00:00 GMT"));
            (is_time && !found.is_null()).then_some(written)
        }
        _ => None,
    }
}

fn done(body: &mut Value, at: String, change: Corruption) -> CorruptedBody {
    let raw = match change {
        Corruption::Value(value) => {
            pointer::set(body, &at, value);
            None
        }
        Corruption::Raw(raw) => {
            pointer::set(body, &at, Value::from(MARK));
            Some(raw)
        }
        Corruption::Gone => {
            let (above, _) = at.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(members)) = body.pointer_mut(above) {
                members.shift_remove(&*pointer::leaf(&at));
            }
            None
        }
    };
    CorruptedBody { raw, at }
}

/// Faults of a whole record.
fn in_record(wanted: &str, body: &mut Value, record: &str, depth: u64) -> Option<CorruptedBody> {
    let members = body.pointer(record)?.as_object()?;
    let added = pointer::child(record, "sandboxField");
    match wanted {
        "unknown-field" => Some(done(body, added, Corruption::Value(json!({"level": 3})))),
        "depth-bomb" => {
            let depth = usize::try_from(depth).unwrap_or(0);
            let raw = [b"[".repeat(depth), b"]".repeat(depth)].concat();
            Some(done(body, added, Corruption::Raw(raw)))
        }
        "duplicate-key" => {
            let name = members.keys().next()?;
            let at = pointer::child(record, name);
            let text = body.pointer(record)?.to_string();
            let open = text.strip_suffix('}')?;
            let raw = format!("{open},{}:null}}", Value::from(pointer::leaf(&at)));
            let done = done(body, record.to_owned(), Corruption::Raw(raw.into_bytes()));
            Some(CorruptedBody { at, ..done })
        }
        _ => None,
    }
}

fn duplicate_id(body: &mut Value, records: &[String], key: &str) -> Option<CorruptedBody> {
    let [first, second, ..] = records else {
        return None;
    };
    let id = body.pointer(&format!("{first}{key}"))?.clone();
    let at = format!("{second}{key}");
    body.pointer(&at)?;
    Some(done(body, at, Corruption::Value(id)))
}

impl CorruptedBody {
    /// The serialized body.
    pub(super) fn bytes(&self, body: &Value) -> Vec<u8> {
        let text = body.to_string();
        match &self.raw {
            None => text.into_bytes(),
            Some(raw) => {
                let mark = Value::from(MARK).to_string();
                let (before, behind) = text.split_once(&mark).unwrap_or((&text, ""));
                [before.as_bytes(), raw, behind.as_bytes()].concat()
            }
        }
    }
}
