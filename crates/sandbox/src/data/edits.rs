//! Edited records: one mapped field, and the time of the last change.

use super::{
    Collection,
    ids::CREATED_FROM,
    roles::{FieldRole, ModelField},
    shape::ShapeKind,
    time::{self, NEWEST, Spelling},
};
use crate::hash::Dice;
use serde_json::Value;

/// The cost of a property that several fields read, at least.
const SHARED: u32 = 2;
const DAY: i64 = 86_400_000;

/// Distributes edits over the streams of all platforms in turn, one record at a time.
pub(crate) fn spread<'a>(collections: impl Iterator<Item = &'a mut Collection>, edits: u64) {
    let editable = collections.filter(|collection| is_editable(collection));
    let mut turns: Vec<_> = editable
        .map(|collection| (indexes(collection.count), collection))
        .collect();
    let mut left = edits;
    while left > 0 {
        let before = left;
        for (indexes, collection) in &mut turns {
            if left > 0
                && let Some(index) = indexes.next()
            {
                collection.edits.insert(index);
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
}

/// The indexes to edit, in order.
fn indexes(count: u64) -> impl Iterator<Item = u64> {
    // Odd indexes from 3 on come first, so that the first and the last page stay unchanged.
    let odd = (1..)
        .map(|n| 2 * n + 1)
        .take_while(move |index| *index < count);
    let others = (0..count).filter(|index| *index < 3 || index % 2 == 0);
    odd.chain(others).filter(|index| *index < CREATED_FROM)
}

/// Returns whether a collection has a field that can be edited.
fn is_editable(collection: &Collection) -> bool {
    collection.parent.is_none() && collection.name.is_some() && !candidates(collection).is_empty()
}

/// The edited properties with their values.
pub(super) fn of(collection: &Collection, record: &Value, index: u64) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    let candidates = candidates(collection);
    let filled = candidates.iter().find(|(pointer, role)| {
        let text = record
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        !text.trim().is_empty() && !shadowed(collection, record, *role)
    });
    if let Some((pointer, _)) = filled.or(candidates.first()) {
        let before = record
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        changes.push((
            pointer.clone(),
            Value::from(format!("{before} (edited)").trim_start()),
        ));
    }
    if let Some(pointer) = &collection.updated {
        let spellings = match collection.shape.find(pointer).map(|shape| &shape.kind) {
            Some(ShapeKind::Time(spellings)) => spellings
                .iter()
                .copied()
                .filter(|one| *one != Spelling::Empty)
                .collect(),
            Some(ShapeKind::Integer { .. }) => vec![Spelling::Millis],
            _ => vec![Spelling::Rfc3339],
        };
        let at = NEWEST + DAY + i64::try_from(index % 1000).unwrap_or(0) * 1000;
        changes.push((
            pointer.clone(),
            time::write(&spellings, at, &mut Dice::new(index)),
        ));
    }
    changes
}

/// The properties that can be edited, the best first.
fn candidates(collection: &Collection) -> Vec<(String, FieldRole)> {
    let roles = &collection.roles;
    let below_map = |pointer: &str| {
        roles.iter().any(|(map, role)| {
            role.field == ModelField::Attributes
                && pointer
                    .strip_prefix(map)
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let seeded = collection
        .seeds
        .as_ref()
        .and_then(|seeds| seeds.pointer.as_deref());
    let mut found: Vec<(u32, String, FieldRole)> = roles
        .iter()
        .filter(|(pointer, role)| {
            let text = role.field.is_free_text() || role.field == ModelField::ExternalId;
            text && Some(*pointer) != seeded
                && !pointer.contains('*')
                && !roles.ids.iter().any(|id| id == pointer)
        })
        .filter(|(pointer, _)| {
            let kind = collection.shape.find(pointer).map(|shape| &shape.kind);
            matches!(kind, Some(ShapeKind::Text { .. } | ShapeKind::Any(_)))
        })
        .map(|(pointer, role)| {
            let several =
                u32::from(below_map(pointer)) * 2 * SHARED + role.uses.saturating_sub(1) * SHARED;
            (
                several + u32::from(role.field == ModelField::ExternalId),
                pointer.to_owned(),
                role,
            )
        })
        .collect();
    // An edit should change one field: properties that only one field reads, if there are any.
    let single = found.iter().any(|(cost, ..)| *cost < SHARED);
    found.retain(|(cost, ..)| !single || *cost < SHARED);
    found.sort_by_key(|(cost, ..)| *cost);
    found
        .into_iter()
        .map(|(_, pointer, role)| (pointer, role))
        .collect()
}

/// Returns whether the mapping prefers another alternative that the record has.
fn shadowed(collection: &Collection, record: &Value, role: FieldRole) -> bool {
    let Some(own) = role.alternative else {
        return false;
    };
    collection.roles.iter().any(|(pointer, role)| {
        let earlier = role
            .alternative
            .is_some_and(|other| other.group == own.group && other.number < own.number);
        earlier
            && record
                .pointer(pointer)
                .is_some_and(|value| !value.is_null())
    })
}
