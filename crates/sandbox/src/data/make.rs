//! Shapes to values, each a pure function of the record and the place in it.

use super::{
    context::RecordContext,
    roles::ModelField,
    shape::{ExtraMembers, ShapeKind, ValueShape},
    texts,
    time::{self, NEWEST},
};
use crate::hash::{Dice, mix};
use botroster_spec::Personal;
use serde_json::{Map, Value, json};

const ABSENT_PER_MILLE: u64 = 30;
const NULL_PER_MILLE: u64 = 50;
const UNKNOWN_CHOICE_PER_MILLE: u64 = 10;
const BLANK_PER_MILLE: u64 = 10;
const UNKNOWN_FIELD_PER_MILLE: u64 = 20;

/// A whole record.
pub(crate) fn record(shape: &ValueShape, context: &RecordContext) -> Value {
    let mut record = value(shape, context, 0);
    let mut dice = Dice::new(mix(mix(context.seed, context.index), 0xadd));
    let surprise = dice.chance(UNKNOWN_FIELD_PER_MILLE) && context.surprises;
    if let (Value::Object(members), true) = (&mut record, surprise) {
        members
            .entry("addedLater")
            .or_insert_with(|| json!({"level": dice.below(9)}));
    }
    record
}

/// The value of a property; `None` if the record lacks it.
pub(crate) fn member(shape: &ValueShape, context: &RecordContext, twist: u64) -> Option<Value> {
    let is_given = context.given(shape).is_some();
    let mut dice = Dice::new(mix(context.dice(shape, twist).next(), 0xab5e));
    if let Some(alternative) = shape.alternative.filter(|_| !is_given) {
        let chosen =
            mix(mix(context.seed, context.index), alternative.group) % alternative.of.max(1);
        return (chosen == alternative.number).then(|| value(shape, context, twist));
    }
    if is_given || shape.required || shape.fixed.is_some() {
        return Some(value(shape, context, twist));
    }
    if dice.chance(ABSENT_PER_MILLE) {
        return None;
    }
    if shape.nullable && dice.chance(NULL_PER_MILLE) {
        return Some(Value::Null);
    }
    Some(value(shape, context, twist))
}

fn value(shape: &ValueShape, context: &RecordContext, twist: u64) -> Value {
    if let Some(fixed) = context.given(shape).or(shape.fixed.as_ref()) {
        return fixed.clone();
    }
    if let Some(id) = id(shape, context) {
        return id;
    }
    let mut dice = context.dice(shape, twist);
    match &shape.kind {
        ShapeKind::Object { fields, more } => object(fields, *more, context, twist, &mut dice),
        ShapeKind::Array { item, min, max } => {
            let count = min + dice.below(max.saturating_sub(*min) + 1);
            Value::Array(
                (0..count)
                    .map(|number| value(item, context, mix(twist, number + 1)))
                    .collect(),
            )
        }
        ShapeKind::Text { min: 0, .. }
            if !matches!(shape.role, Some(ModelField::PairKey)) && dice.chance(BLANK_PER_MILLE) =>
        {
            Value::from(dice.pick(&["", "", "  "]))
        }
        ShapeKind::Text { personal, min, max } => {
            let text = text(shape.role, *personal, context, &mut dice);
            Value::from(fit(text, *min, *max))
        }
        ShapeKind::Time(spellings) => time::write(
            spellings,
            instant(shape.role, context, &mut dice),
            &mut dice,
        ),
        ShapeKind::Integer { .. } if shape.role.is_some_and(ModelField::is_time) => {
            Value::from(instant(shape.role, context, &mut dice))
        }
        ShapeKind::Integer { min, max } => Value::from(integer(*min, *max, &mut dice)),
        ShapeKind::NumberOrText { .. } if shape.role == Some(ModelField::Phone) => {
            any(shape.role, Personal::Phone, context, &mut dice)
        }
        ShapeKind::NumberOrText { min, max } => {
            let number = match shape.role {
                Some(role) if role.is_time() => instant(shape.role, context, &mut dice),
                _ => integer(*min, *max, &mut dice),
            };
            if dice.chance(300) {
                Value::from(number.to_string())
            } else {
                Value::from(number)
            }
        }
        ShapeKind::Number { min, max } => {
            let tenths = dice.below(101);
            let share = f64::from(u8::try_from(tenths).unwrap_or(0)) / 100.0;
            Value::from(((min + (max - min) * share) * 10.0).round() / 10.0)
        }
        ShapeKind::Bool => Value::from(dice.chance(if shape.role == Some(ModelField::Banned) {
            30
        } else {
            400
        })),
        ShapeKind::Choice { values, open }
            if dice.chance(UNKNOWN_CHOICE_PER_MILLE)
                && *open
                && context.surprises
                && values.iter().all(Value::is_string) =>
        {
            Value::from("ARCHIVED_2")
        }
        ShapeKind::Choice { values, .. } => {
            let at = usize::try_from(dice.below(values.len() as u64)).unwrap_or_default();
            values.get(at).cloned().unwrap_or_default()
        }
        ShapeKind::Any(personal) => any(shape.role, *personal, context, &mut dice),
    }
}

fn integer(min: i64, max: i64, dice: &mut Dice) -> i64 {
    let span = u64::try_from(max.saturating_sub(min))
        .unwrap_or(0)
        .saturating_add(1);
    min.saturating_add(i64::try_from(dice.below(span)).unwrap_or(0))
}

fn id(shape: &ValueShape, context: &RecordContext) -> Option<Value> {
    let code = shape.id.as_ref()?;
    let index = match shape.role {
        Some(ModelField::ContactId) => context.contact?,
        Some(ModelField::ConversationId) => context.conversation?,
        _ => context.index,
    };
    Some(code.value(index))
}

fn object(
    fields: &[(String, ValueShape)],
    more: ExtraMembers,
    context: &RecordContext,
    twist: u64,
    dice: &mut Dice,
) -> Value {
    let mut members = Map::with_capacity(fields.len() + 4);
    for (name, shape) in fields {
        if let Some(value) = member(shape, context, twist) {
            members.insert(name.clone(), value);
        }
    }
    let extra = if more == ExtraMembers::None {
        0
    } else {
        dice.below(4)
    };
    for _ in 0..extra {
        let key = texts::key(dice);
        if !fields.iter().any(|(name, _)| name == key) {
            members.insert(key.to_owned(), free(more, context, dice));
        }
    }
    Value::Object(members)
}

/// The value of an additional property.
fn free(more: ExtraMembers, context: &RecordContext, dice: &mut Dice) -> Value {
    let nullable = matches!(
        more,
        ExtraMembers::Any | ExtraMembers::Text { nullable: true }
    );
    match (more, dice.below(20)) {
        (ExtraMembers::Number, _) => Value::from(dice.below(5000)),
        (ExtraMembers::Bool, _) => Value::from(dice.chance(500)),
        (_, 0) if nullable => Value::Null,
        (ExtraMembers::Any, 1) => json!({"unit": "cm", "amount": dice.below(200)}),
        (ExtraMembers::Any, 2..=4) => Value::from(dice.chance(500)),
        (ExtraMembers::Any, 5..=8) => Value::from(dice.below(5000)),
        _ => Value::from(texts::of_kind(Personal::None, context, dice)),
    }
}

fn text(
    role: Option<ModelField>,
    personal: Personal,
    context: &RecordContext,
    dice: &mut Dice,
) -> String {
    role.and_then(|field| texts::of_field(field, context, dice))
        .unwrap_or_else(|| texts::of_kind(personal, context, dice))
}

/// An undocumented value.
fn any(
    role: Option<ModelField>,
    personal: Personal,
    context: &RecordContext,
    dice: &mut Dice,
) -> Value {
    match role {
        Some(ModelField::PairValue | ModelField::Attributes) => {
            free(ExtraMembers::Any, context, dice)
        }
        Some(ModelField::Banned) => Value::from(dice.chance(30)),
        Some(ModelField::Tags) => Value::from(vec![texts::of_kind(Personal::None, context, dice)]),
        Some(ModelField::AgentId) if dice.chance(200) => Value::from(""),
        Some(ModelField::Phone) if dice.chance(200) => {
            Value::from(context.person.number.parse::<u64>().unwrap_or_default() + 10_000_000_000)
        }
        _ => Value::from(text(role, personal, context, dice)),
    }
}

/// An instant: created first, updated last, never after the newest record was created.
fn instant(role: Option<ModelField>, context: &RecordContext, dice: &mut Dice) -> i64 {
    let span = u64::try_from((NEWEST - context.created).max(0)).unwrap_or(0);
    let after = match role {
        Some(ModelField::Created) => 0,
        Some(ModelField::Updated) => span / 2 + dice.below(span / 2 + 1),
        _ => dice.below(span / 2 + 1),
    };
    context.created + i64::try_from(after).unwrap_or(0)
}

/// Truncates or pads a string to its bounds, in characters.
fn fit(text: String, min: usize, max: usize) -> String {
    let length = text.chars().count();
    if length > max {
        text.chars().take(max).collect()
    } else {
        text + &"x".repeat(min.saturating_sub(length))
    }
}
