//! The documented limits of values, checked before a request is sent.

mod check;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde_json::Number;

pub use check::{check, check_body, check_finite};

/// The limits of a value. Limits of other types than the value's are ignored.
#[derive(Debug, Clone, Copy)]
pub struct ValueLimits {
    /// Length of a string in characters.
    pub length: Bounds,
    /// Lower bound of a number.
    pub least: Option<NumberBound>,
    /// Upper bound of a number.
    pub most: Option<NumberBound>,
    /// Number of items of a list.
    pub items: Bounds,
    /// Whether the items of a list must be distinct.
    pub unique: bool,
    /// Number of properties of an object.
    pub properties: Bounds,
    /// Limits of the properties of an object, by wire name.
    pub known: &'static [(&'static str, &'static ValueLimits)],
    /// Limits of each item of a list.
    pub each: Option<&'static ValueLimits>,
    /// Limits of the properties that are not in the spec.
    pub others: Option<&'static ValueLimits>,
    /// Variants of an object, of which one applies.
    pub variants: &'static [VariantLimits],
    /// Additional limits.
    pub also: Option<&'static ValueLimits>,
}

/// A minimum and a maximum, inclusive.
pub type Bounds = (Option<u64>, Option<u64>);

/// A lower or upper bound of a number.
#[derive(Debug, Clone, Copy)]
pub struct NumberBound {
    /// The bound.
    pub at: NumberValue,
    /// Whether the bound itself is excluded.
    pub exclusive: bool,
}

/// A number of a spec.
#[derive(Debug, Clone, Copy)]
pub enum NumberValue {
    /// An integer.
    Whole(i64),
    /// Any other number.
    Fraction(f64),
}

/// A variant of an object, and how to recognise it.
#[derive(Debug, Clone, Copy)]
pub struct VariantLimits {
    /// Required properties.
    pub required: &'static [&'static str],
    /// All properties.
    pub names: &'static [&'static str],
    /// Limits of the variant.
    pub limits: &'static ValueLimits,
}

impl ValueLimits {
    /// No limits.
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

    /// Limits the length of a string, in characters.
    pub const fn length(least: Option<u64>, most: Option<u64>) -> Self {
        let mut limits = Self::NONE;
        limits.length = (least, most);
        limits
    }

    /// Limits the number of items of a list.
    pub const fn items(least: Option<u64>, most: Option<u64>) -> Self {
        let mut limits = Self::NONE;
        limits.items = (least, most);
        limits
    }

    /// Limits a number, inclusively.
    pub const fn number(least: Option<i64>, most: Option<i64>) -> Self {
        let mut limits = Self::NONE;
        if let Some(least) = least {
            limits.least = Some(NumberBound::inclusive(least));
        }
        if let Some(most) = most {
            limits.most = Some(NumberBound::inclusive(most));
        }
        limits
    }
}

impl NumberBound {
    const fn inclusive(whole: i64) -> Self {
        Self {
            at: NumberValue::Whole(whole),
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

impl NumberValue {
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
