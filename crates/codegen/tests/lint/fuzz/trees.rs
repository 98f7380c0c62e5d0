//! Specs that stay well-formed: parts of them removed, repeated, replaced, renamed.

use proptest::{prelude::*, sample::Index};
use serde_json::{Map, Value};

use super::pieces::{NAMES, parts, values};
use botroster_spec::{
    Tree,
    pointer::{escape, unescape},
};

#[derive(Debug, Clone)]
enum Change {
    Remove(Index),
    /// An entry again, under another name.
    Repeat(Index, &'static str),
    /// A value becomes another that stands elsewhere.
    Copy(Index, Index),
    Swap(Index, Index),
    Replace(Index, Value),
    /// A part is put into an object.
    Put(Index, &'static str, Value),
    /// A key is renamed, alone or wherever its name stands.
    RenameKey(Index, &'static str),
    Rename(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    let name = || proptest::sample::select(NAMES);
    prop_oneof![
        2 => index().prop_map(Change::Remove),
        2 => (index(), name()).prop_map(|(at, name)| Change::Repeat(at, name)),
        2 => (index(), index()).prop_map(|(at, from)| Change::Copy(at, from)),
        1 => (index(), index()).prop_map(|(one, other)| Change::Swap(one, other)),
        1 => (index(), proptest::sample::select(values())).prop_map(|(at, value)| Change::Replace(at, value)),
        6 => (index(), proptest::sample::select(parts()))
            .prop_map(|(at, (key, value))| Change::Put(at, key, value)),
        1 => (index(), name()).prop_map(|(at, name)| Change::RenameKey(at, name)),
        6 => (index(), name()).prop_map(|(at, name)| Change::Rename(at, name)),
    ]
}

/// Specs with parts changed, as JSON, which is YAML too.
pub(super) fn changed(bases: Vec<String>) -> impl Strategy<Value = String> {
    let trees: Vec<Value> = bases
        .iter()
        .map(|text| Tree::parse("base.yaml", text).unwrap().value)
        .collect();
    let base = prop_oneof![
        8 => Just(trees[0].clone()),
        4 => Just(trees[1].clone()),
        1 => proptest::sample::select(trees),
    ];
    // One change is let through more often than two.
    let changes = prop_oneof![
        4 => prop::collection::vec(change(), 1),
        2 => prop::collection::vec(change(), 2),
        1 => prop::collection::vec(change(), 3..6),
    ];
    (base, changes).prop_map(|(mut tree, changes)| {
        for change in &changes {
            apply(&mut tree, change);
        }
        serde_json::to_string_pretty(&tree).unwrap()
    })
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                pointers(child, format!("{at}/{}", escape(key)), all);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                pointers(child, format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
    all.push(at);
}

fn apply(tree: &mut Value, change: &Change) {
    let mut all = Vec::new();
    pointers(tree, String::new(), &mut all);
    let pick = |index: &Index| all[index.index(all.len())].clone();
    let pick_where = |index: &Index, test: &dyn Fn(&str) -> bool| {
        let some: Vec<&String> = all.iter().filter(|at| test(at)).collect();
        match some.as_slice() {
            [] => String::new(),
            some => some[index.index(some.len())].clone(),
        }
    };
    match change {
        Change::Remove(at) => entry(tree, &pick(at), |object, key| {
            object.remove(key);
        }),
        Change::Repeat(at, name) => entry(tree, &pick(at), |object, key| {
            let copy = object[key].clone();
            object.insert((*name).to_owned(), copy);
        }),
        Change::RenameKey(at, name) => entry(tree, &pick(at), |object, key| {
            *object = object
                .iter()
                .map(|(known, value)| {
                    let name = if known == key { *name } else { known };
                    (name.to_owned(), value.clone())
                })
                .collect();
        }),
        Change::Copy(at, from) => {
            let value = tree.pointer(&pick(from)).cloned().unwrap_or_default();
            // The whole in a part of itself would double it each time.
            if value.to_string().len() < 5_000 {
                put(tree, &pick(at), value);
            }
        }
        Change::Swap(one, other) => {
            let (one, other) = (pick(one), pick(other));
            let values = [&one, &other].map(|at| tree.pointer(at).cloned().unwrap_or_default());
            let [first, second] = values;
            put(tree, &one, second);
            put(tree, &other, first);
        }
        Change::Replace(at, value) => put(tree, &pick(at), value.clone()),
        Change::Put(at, key, value) => {
            let at = pick_where(at, &|at| is_place_of(key, at));
            if let Some(Value::Object(object)) = tree.pointer_mut(&at) {
                object.insert((*key).to_owned(), value.clone());
            }
        }
        Change::Rename(at, name) => {
            let at = pick_where(at, &is_name);
            let key = at.rsplit('/').next().unwrap_or_default();
            let old = match tree.pointer(&at) {
                Some(Value::String(text)) if !text.contains(' ') => text.clone(),
                _ => unescape(key).into_owned(),
            };
            if !old.is_empty() && old.parse::<u32>().is_err() {
                rename(tree, &old, name);
            }
        }
    }
}

/// Returns whether a key belongs into the object at a pointer.
fn is_place_of(key: &str, at: &str) -> bool {
    let steps: Vec<&str> = at.split('/').skip(1).collect();
    let is_operation = matches!(steps.as_slice(), ["paths", _, _]);
    let is_schema = matches!(
        steps.as_slice(),
        ["components", "schemas", _]
            | [.., "properties", _]
            | [.., "items" | "additionalProperties" | "schema"]
    );
    match key {
        "one" => steps.last() == Some(&"properties"),
        "schema" => matches!(
            steps.as_slice(),
            [.., "parameters" | "content" | "headers", _]
        ),
        "x-scope" | "x-notice" | "x-base-url" => at.is_empty(),
        "security" => at.is_empty() || is_operation,
        "deprecated" | "x-evidence" => is_operation || is_schema,
        "responses" | "tags" => is_operation,
        "required" => is_schema || matches!(steps.as_slice(), [.., "parameters", _]),
        _ if key.starts_with("x-")
            && !["x-send", "x-personal", "x-timestamp", "x-maps-to"].contains(&key) =>
        {
            is_operation
        }
        _ => is_schema,
    }
}

/// Returns whether what stands at a pointer is a name, by its key or its value.
fn is_name(at: &str) -> bool {
    let steps: Vec<&str> = at.split('/').skip(1).collect();
    matches!(
        steps.as_slice(),
        ["x-platform"]
            | ["tags", _, "name"]
            | ["components", "schemas" | "securitySchemes", _]
            | [.., "properties", _]
            | [.., "enum", _]
            | [.., "operationId" | "x-name"]
            | [.., "parameters", _, "name"]
            | [.., "x-stream", "name"]
    )
}

fn put(tree: &mut Value, at: &str, value: Value) {
    if let Some(place) = tree.pointer_mut(at) {
        *place = value;
    }
}

fn entry(tree: &mut Value, at: &str, change: impl Fn(&mut Map<String, Value>, &str)) {
    let Some((parent, key)) = at.rsplit_once('/') else {
        return;
    };
    match tree.pointer_mut(parent) {
        Some(Value::Object(object)) => change(object, &unescape(key)),
        Some(Value::Array(list)) => {
            if let Ok(index) = key.parse::<usize>()
                && index < list.len()
            {
                list.remove(index);
            }
        }
        _ => {}
    }
}

/// A name everywhere: as a key, as a value, as a step of a pointer, in a path.
fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) => *text = renamed(text, old, new),
        Value::Array(list) => list.iter_mut().for_each(|item| rename(item, old, new)),
        Value::Object(object) => {
            *object = std::mem::take(object)
                .into_iter()
                .map(|(key, mut value)| {
                    rename(&mut value, old, new);
                    (renamed(&key, old, new), value)
                })
                .collect();
        }
        _ => {}
    }
}

fn renamed(text: &str, old: &str, new: &str) -> String {
    if text == old {
        return new.to_owned();
    }
    if !text.contains('/') || text.contains(' ') {
        return text.to_owned();
    }
    let braces = format!("{{{old}}}");
    let steps: Vec<String> = text
        .split('/')
        .map(|step| match step {
            step if step == escape(old) => escape(new).into_owned(),
            step if step == braces => format!("{{{new}}}"),
            step => step.to_owned(),
        })
        .collect();
    steps.join("/")
}
