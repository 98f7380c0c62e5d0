//! What a document allows of a value, checked before it is sent.

use std::{cmp::Ordering, collections::HashSet, fmt::Write as _};

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{Error, ErrorKind};

/// The limits of a value. One that is about another kind of value than the one at hand says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Characters of a text, the fewest and the most.
    pub length: Range,
    /// The smallest number.
    pub least: Option<Edge>,
    /// The largest number.
    pub most: Option<Edge>,
    /// Items of a list, the fewest and the most.
    pub items: Range,
    /// No two items of a list are the same.
    pub unique: bool,
    /// Properties of an object, the fewest and the most.
    pub properties: Range,
    /// Of an object's properties, by wire name.
    pub known: &'static [(&'static str, &'static Limits)],
    /// Of each item of a list.
    pub each: Option<&'static Limits>,
    /// Of an object's values that have no name in the spec.
    pub others: Option<&'static Limits>,
    /// Forms of which a value has one.
    pub variants: &'static [Variant],
    /// What holds besides.
    pub also: Option<&'static Limits>,
}

/// The fewest and the most.
pub type Range = (Option<u64>, Option<u64>);

/// An end of a range of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The number.
    pub at: Amount,
    /// The number itself is outside.
    pub exclusive: bool,
}

/// A number of a spec.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    /// Without a fraction.
    Whole(i64),
    /// With one.
    Fraction(f64),
}

/// A form of an object, and how it is told from the others.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Properties that it must have.
    pub required: &'static [&'static str],
    /// All that it has.
    pub names: &'static [&'static str],
    /// Its limits.
    pub limits: &'static Limits,
}

impl Limits {
    /// None.
    pub const NONE: Self = Self {
        length: (None, None),
        least: None,
        most: None,
        items: (None, None),
        unique: false,
        properties: (None, None),
        known: &[],
        each: None,
        others: None,
        variants: &[],
        also: None,
    };

    /// Of a text: characters.
    pub const fn length(least: Option<u64>, most: Option<u64>) -> Self {
        let mut limits = Self::NONE;
        limits.length = (least, most);
        limits
    }

    /// Of a list: items.
    pub const fn items(least: Option<u64>, most: Option<u64>) -> Self {
        let mut limits = Self::NONE;
        limits.items = (least, most);
        limits
    }

    /// Of a number: the smallest and the largest.
    pub const fn number(least: Option<i64>, most: Option<i64>) -> Self {
        let mut limits = Self::NONE;
        if let Some(least) = least {
            limits.least = Some(Edge::inclusive(least));
        }
        if let Some(most) = most {
            limits.most = Some(Edge::inclusive(most));
        }
        limits
    }
}

/// Checks a parameter.
///
/// # Errors
/// It is outside its limits. The text has the place and the limit and not the value.
pub fn check(name: &str, value: &impl Serialize, limits: &Limits) -> Result<(), Error> {
    run(name, value, limits)
}

/// Checks a number that JSON and a query have no word for otherwise.
///
/// # Errors
/// It is infinite or no number.
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
/// As of [`check`]; the place is a JSON Pointer.
pub fn check_body(body: &impl Serialize, limits: &Limits) -> Result<(), Error> {
    run("", body, limits)
}

fn run(name: &str, value: &impl Serialize, limits: &Limits) -> Result<(), Error> {
    // What cannot be written as JSON is refused where it is to be written.
    let value = serde_json::to_value(value).unwrap_or_default();
    let mut place = name.to_owned();
    limits.of(&value, &mut place).map_err(|broken| {
        let subject = if place.is_empty() {
            "the body".to_owned()
        } else {
            format!("`{place}`")
        };
        Error::new(
            ErrorKind::InvalidInput,
            format!("{subject} must {broken}: nothing was sent"),
        )
    })
}

impl Limits {
    /// Looks at a value and what is in it; where something is broken, `place` is left there.
    fn of(&self, value: &Value, place: &mut String) -> Result<(), String> {
        if let Some(also) = self.also {
            also.of(value, place)?;
        }
        match value {
            Value::Null | Value::Bool(_) => Ok(()),
            Value::String(text) => within(self.length, text.chars().count(), "character"),
            Value::Number(number) => self.of_number(number),
            Value::Array(list) => self.of_list(list, place),
            Value::Object(members) => {
                within(self.properties, members.len(), "property")?;
                for (name, value) in members {
                    if let Some((_, limits)) = self.known.iter().find(|(known, _)| known == name) {
                        below(limits, &escape(name), value, place)?;
                    } else if let Some(limits) = self.others {
                        // A name that the spec does not have is the caller's, and may be somebody's.
                        below(limits, "*", value, place)?;
                    }
                }
                match self.variant(members) {
                    Some(variant) => variant.limits.of(value, place),
                    None => Ok(()),
                }
            }
        }
    }

    fn of_number(&self, number: &Number) -> Result<(), String> {
        let is_below = |edge: Edge| match edge.at.compare(number) {
            Ordering::Greater => true,
            Ordering::Equal => edge.exclusive,
            Ordering::Less => false,
        };
        let is_above = |edge: Edge| match edge.at.compare(number) {
            Ordering::Less => true,
            Ordering::Equal => edge.exclusive,
            Ordering::Greater => false,
        };
        if !self.least.is_some_and(is_below) && !self.most.is_some_and(is_above) {
            return Ok(());
        }
        let (least, most) = (self.least.map(Edge::as_least), self.most.map(Edge::as_most));
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

    fn of_list(&self, list: &[Value], place: &mut String) -> Result<(), String> {
        within(self.items, list.len(), "item")?;
        if self.unique {
            let mut seen = HashSet::new();
            if !list.iter().all(|item| seen.insert(item.to_string())) {
                return Err("not have the same item twice".to_owned());
            }
        }
        if let Some(each) = self.each {
            for (index, item) in list.iter().enumerate() {
                below(each, &index.to_string(), item, place)?;
            }
        }
        Ok(())
    }

    /// The first form that has all that it must have, and nothing that it does not know if there is such a one.
    fn variant(&self, members: &serde_json::Map<String, Value>) -> Option<&Variant> {
        let fits = |variant: &&Variant| {
            variant
                .required
                .iter()
                .all(|name| members.contains_key(*name))
        };
        let knows = |variant: &&Variant| {
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

/// Looks at a value one step further down.
fn below(limits: &Limits, step: &str, value: &Value, place: &mut String) -> Result<(), String> {
    let before = place.len();
    // Writing to a text cannot fail.
    let _ = write!(place, "/{step}");
    limits.of(value, place)?;
    place.truncate(before);
    Ok(())
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn within((least, most): Range, count: usize, what: &str) -> Result<(), String> {
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

impl Edge {
    const fn inclusive(whole: i64) -> Self {
        Self {
            at: Amount::Whole(whole),
            exclusive: false,
        }
    }

    fn as_least(self) -> String {
        let word = if self.exclusive {
            "more than"
        } else {
            "at least"
        };
        format!("{word} {}", self.at.written())
    }

    fn as_most(self) -> String {
        let word = if self.exclusive {
            "less than"
        } else {
            "at most"
        };
        format!("{word} {}", self.at.written())
    }
}

impl Amount {
    fn compare(self, number: &Number) -> Ordering {
        let whole = number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from));
        match (self, whole) {
            (Self::Whole(own), Some(whole)) => i128::from(own).cmp(&whole),
            _ => {
                let number = number.as_f64().unwrap_or_default();
                self.as_f64().total_cmp(&number)
            }
        }
    }

    fn as_f64(self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "compared with a number that has a fraction"
            )]
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction,
        }
    }

    fn written(self) -> String {
        match self {
            Self::Whole(whole) => whole.to_string(),
            Self::Fraction(fraction) => fraction.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn broken(limits: &Limits, value: &Value) -> String {
        match check("x", value, limits) {
            Ok(()) => String::new(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                error.to_string().replace(": nothing was sent", "")
            }
        }
    }

    const fn whole(at: i64, exclusive: bool) -> Option<Edge> {
        Some(Edge {
            at: Amount::Whole(at),
            exclusive,
        })
    }

    const fn fraction(at: f64, exclusive: bool) -> Option<Edge> {
        Some(Edge {
            at: Amount::Fraction(at),
            exclusive,
        })
    }

    #[test]
    fn numbers() {
        let limits = Limits::number(Some(1), Some(40));
        for value in [json!(1), json!(40), json!(1.0), json!("joe"), json!(null)] {
            assert_eq!(broken(&limits, &value), "");
        }
        for value in [
            json!(0),
            json!(41),
            json!(0.999),
            json!(40.5),
            json!(u64::MAX),
        ] {
            assert_eq!(broken(&limits, &value), "`x` must be from 1 to 40");
        }
        let open = Limits {
            least: fraction(0.5, true),
            most: whole(1, true),
            ..Limits::NONE
        };
        assert_eq!(broken(&open, &json!(0.75)), "");
        for value in [json!(0.5), json!(1), json!(-3)] {
            assert_eq!(
                broken(&open, &value),
                "`x` must be more than 0.5 and less than 1"
            );
        }
        let least = Limits::number(Some(9_007_199_254_740_993), None);
        assert_eq!(broken(&least, &json!(9_007_199_254_740_993_i64)), "");
        assert_eq!(
            broken(&least, &json!(9_007_199_254_740_992_i64)),
            "`x` must be at least 9007199254740993"
        );
        let most = Limits::number(None, Some(-1));
        assert_eq!(broken(&most, &json!(0)), "`x` must be at most -1");
    }

    #[test]
    fn counts() {
        let limits = Limits {
            length: (Some(2), Some(3)),
            items: (None, Some(1)),
            properties: (Some(1), None),
            unique: true,
            ..Limits::NONE
        };
        // Characters, not bytes.
        for value in [json!("üü"), json!("日本語"), json!([1]), json!({"a": 1})] {
            assert_eq!(broken(&limits, &value), "");
        }
        for value in ["ü", "abcd", ""] {
            assert_eq!(
                broken(&limits, &json!(value)),
                "`x` must have from 2 to 3 characters"
            );
        }
        assert_eq!(
            broken(&limits, &json!([1, 2])),
            "`x` must have at most 1 item"
        );
        assert_eq!(
            broken(&limits, &json!({})),
            "`x` must have at least 1 property"
        );
        let unique = Limits {
            unique: true,
            ..Limits::NONE
        };
        assert_eq!(broken(&unique, &json!([1, "1", {"a": 1}])), "");
        assert_eq!(
            broken(&unique, &json!(["joe", "joe"])),
            "`x` must not have the same item twice"
        );
        let exactly = Limits::length(Some(2), Some(2));
        assert_eq!(broken(&exactly, &json!("a")), "`x` must have 2 characters");
    }

    static SHORT: Limits = Limits::length(None, Some(3));
    static TREE: Limits = Limits {
        known: &[("name", &SHORT), ("a/b~", &SHORT), ("below", &TREES)],
        others: Some(&SHORT),
        ..Limits::NONE
    };
    static TREES: Limits = Limits {
        each: Some(&TREE),
        ..Limits::items(None, Some(2))
    };

    #[test]
    fn places() {
        let at = |value: &Value| match check_body(value, &TREE) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            at(&json!({"name": "abc", "below": [{"name": "a"}, {}]})),
            ""
        );
        assert_eq!(
            at(&json!({"name": "abc", "below": [{}, {"below": [{"name": "abcd"}]}]})),
            "`/below/1/below/0/name` must have at most 3 characters: nothing was sent"
        );
        assert_eq!(
            at(&json!({"a/b~": "abcd"})),
            "`/a~1b~0` must have at most 3 characters: nothing was sent"
        );
        assert_eq!(
            at(&json!({"below": [{}, {}, {}]})),
            "`/below` must have at most 2 items: nothing was sent"
        );
        // Names that the caller made up are not repeated.
        assert_eq!(
            at(&json!({"joe@example.com": "abcd"})),
            "`/*` must have at most 3 characters: nothing was sent"
        );
        let error = check_body(&json!([1, 2, 3]), &TREES).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the body must have at most 2 items: nothing was sent"
        );
        let error = check("ids", &json!([{"name": "abcd"}]), &TREES).unwrap_err();
        assert!(
            error.to_string().starts_with("`ids/0/name` must"),
            "{error}"
        );
    }

    #[test]
    fn the_form_that_a_value_has_decides() {
        static ONE: Limits = Limits {
            known: &[("both", &SHORT)],
            ..Limits::NONE
        };
        static FORMS: Limits = Limits {
            variants: &[
                Variant {
                    required: &["ids"],
                    names: &["ids", "both"],
                    limits: &Limits::NONE,
                },
                Variant {
                    required: &[],
                    names: &["text", "both"],
                    limits: &ONE,
                },
            ],
            ..Limits::NONE
        };
        for value in [
            json!({"ids": [], "both": "abcd"}),
            json!({"text": "abcd", "both": "abc"}),
        ] {
            assert_eq!(broken(&FORMS, &value), "");
        }
        for value in [
            json!({"text": "", "both": "abcd"}),
            json!({"both": "abcd"}),
            json!({"unknown": 1, "both": "abcd"}),
        ] {
            assert_eq!(
                broken(&FORMS, &value),
                "`x/both` must have at most 3 characters"
            );
        }
    }
}
