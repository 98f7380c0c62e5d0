//! Checks a value against its limits.

use std::{cmp::Ordering, collections::HashSet, fmt::Write as _};

use serde::Serialize;
use serde_json::{Number, Value};

use super::{Bounds, NumberBound, ValueLimits, VariantLimits};
use crate::{Error, ErrorKind};

/// Checks a parameter.
///
/// # Errors
/// A limit is violated. The message contains the location and the limit, not the value.
pub fn check(name: &str, value: &impl Serialize, limits: &ValueLimits) -> Result<(), Error> {
    run(name, value, limits)
}

/// Checks that a number is finite, because neither JSON nor a query can represent others.
///
/// # Errors
/// The number is infinite or not a number.
pub fn check_finite(name: &str, value: impl Into<Option<f64>>) -> Result<(), Error> {
    if value.into().is_none_or(f64::is_finite) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("`{name}` must be a finite number: nothing was sent"),
    ))
}

/// Checks a body.
///
/// # Errors
/// See [`check`]; the location is a JSON Pointer.
pub fn check_body(body: &impl Serialize, limits: &ValueLimits) -> Result<(), Error> {
    run("", body, limits)
}

fn run(name: &str, value: &impl Serialize, limits: &ValueLimits) -> Result<(), Error> {
    // A value that cannot be serialised is rejected when the request is built.
    let value = serde_json::to_value(value).unwrap_or_default();
    let mut path = name.to_owned();
    limits.of(&value, &mut path).map_err(|broken| {
        let subject = if path.is_empty() {
            "the body".to_owned()
        } else {
            format!("`{path}`")
        };
        Error::new(
            ErrorKind::InvalidInput,
            format!("{subject} must {broken}: nothing was sent"),
        )
    })
}

impl ValueLimits {
    /// Checks a value and its contents. On a violation, `path` is its location.
    fn of(&self, value: &Value, path: &mut String) -> Result<(), String> {
        if let Some(also) = self.also {
            also.of(value, path)?;
        }
        match value {
            Value::Null | Value::Bool(_) => Ok(()),
            Value::String(text) => within(self.length, text.chars().count(), "character"),
            Value::Number(number) => self.of_number(number),
            Value::Array(list) => self.of_list(list, path),
            Value::Object(members) => {
                within(self.properties, members.len(), "property")?;
                for (name, value) in members {
                    if let Some((_, limits)) = self.known.iter().find(|(known, _)| known == name) {
                        below(limits, &escape(name), value, path)?;
                    } else if let Some(limits) = self.others {
                        // A name that is not in the spec is the caller's and may be personal.
                        below(limits, "*", value, path)?;
                    }
                }
                match self.variant(members) {
                    Some(variant) => variant.limits.of(value, path),
                    None => Ok(()),
                }
            }
        }
    }

    fn of_number(&self, number: &Number) -> Result<(), String> {
        let is_below = |edge: NumberBound| match edge.at.compare(number) {
            Ordering::Greater => true,
            Ordering::Equal => edge.exclusive,
            Ordering::Less => false,
        };
        let is_above = |edge: NumberBound| match edge.at.compare(number) {
            Ordering::Less => true,
            Ordering::Equal => edge.exclusive,
            Ordering::Greater => false,
        };
        if !self.least.is_some_and(is_below) && !self.most.is_some_and(is_above) {
            return Ok(());
        }
        let (least, most) = (
            self.least.map(NumberBound::as_least),
            self.most.map(NumberBound::as_most),
        );
        Err(match (self.least, self.most) {
            (Some(least), Some(most)) if !least.exclusive && !most.exclusive => {
                format!("be from {} to {}", least.at.written(), most.at.written())
            }
            _ => {
                let words: Vec<String> = least.into_iter().chain(most).collect();
                format!("be {}", words.join(" and "))
            }
        })
    }

    fn of_list(&self, list: &[Value], path: &mut String) -> Result<(), String> {
        within(self.items, list.len(), "item")?;
        if self.unique {
            let mut seen = HashSet::new();
            if !list.iter().all(|item| seen.insert(item.to_string())) {
                return Err("not contain duplicate items".to_owned());
            }
        }
        if let Some(each) = self.each {
            for (index, item) in list.iter().enumerate() {
                below(each, &index.to_string(), item, path)?;
            }
        }
        Ok(())
    }

    /// The first variant whose required properties are present, preferably one that knows all properties.
    fn variant(&self, members: &serde_json::Map<String, Value>) -> Option<&VariantLimits> {
        let fits = |variant: &&VariantLimits| {
            variant
                .required
                .iter()
                .all(|name| members.contains_key(*name))
        };
        let knows = |variant: &&VariantLimits| {
            members
                .keys()
                .all(|name| variant.names.contains(&name.as_str()))
        };
        self.variants
            .iter()
            .find(|variant| fits(variant) && knows(variant))
            .or_else(|| self.variants.iter().find(fits))
    }
}

/// Checks a value one level further down.
fn below(limits: &ValueLimits, step: &str, value: &Value, path: &mut String) -> Result<(), String> {
    let before = path.len();
    // Writing to a string cannot fail.
    let _ = write!(path, "/{step}");
    limits.of(value, path)?;
    path.truncate(before);
    Ok(())
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn within((least, most): Bounds, count: usize, what: &str) -> Result<(), String> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    if least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most) {
        return Ok(());
    }
    let many = match what {
        "property" => "properties".to_owned(),
        what => format!("{what}s"),
    };
    let noun = |bound: u64| if bound == 1 { what } else { &many };
    Err(match (least, most) {
        (Some(least), Some(most)) if least == most => format!("have {most} {}", noun(most)),
        (Some(least), Some(most)) => format!("have from {least} to {most} {}", noun(most)),
        (Some(least), None) => format!("have at least {least} {}", noun(least)),
        (None, Some(most)) => format!("have at most {most} {}", noun(most)),
        (None, None) => String::new(),
    })
}
