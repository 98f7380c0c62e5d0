//! Instants of records, and the formats a platform writes them in.

use crate::hash::Dice;
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde_json::Value;

/// The creation time of the newest record: 2026-01-31T09:30:00Z, in milliseconds.
pub(crate) const NEWEST: i64 = 1_769_851_800_000;
/// Maximum age of a record in milliseconds (three years).
const SPAN: u64 = 94_608_000_000;
const HOUR: i64 = 3_600_000;
/// The index whose age is half of the span.
const HALF_WAY: u64 = 2_000;

/// The creation time of the record with an index, in milliseconds. Strictly decreasing for any number of records.
pub(crate) fn created(index: u64) -> i64 {
    let wide = u128::from(SPAN) * u128::from(index) / u128::from(index + HALF_WAY);
    NEWEST - i64::try_from(wide).unwrap_or_default()
}

/// A format of timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Rfc3339,
    Spaced,
    Empty,
    Millis,
}

impl Spelling {
    pub(crate) fn read(word: &str) -> Option<Self> {
        Some(match word {
            "rfc3339" => Self::Rfc3339,
            "space-separated" => Self::Spaced,
            "empty-is-none" => Self::Empty,
            "unix-millis" => Self::Millis,
            _ => return None,
        })
    }
}

/// Writes an instant in one of the formats a property allows.
pub(crate) fn write(spellings: &[Spelling], millis: i64, dice: &mut Dice) -> Value {
    if spellings.contains(&Spelling::Empty) && dice.chance(40) {
        return Value::from("");
    }
    let filled: Vec<Spelling> = spellings
        .iter()
        .copied()
        .filter(|one| *one != Spelling::Empty)
        .collect();
    // The first format is the usual one; the others are rare.
    let rare = filled.len() > 1 && dice.chance(250);
    let other = usize::try_from(1 + dice.below((filled.len() as u64).saturating_sub(1)))
        .unwrap_or_default();
    let spelling = filled
        .get(if rare { other } else { 0 })
        .copied()
        .unwrap_or(Spelling::Rfc3339);
    if spelling == Spelling::Millis {
        return Value::from(millis);
    }
    let separator = if spelling == Spelling::Spaced {
        ' '
    } else {
        'T'
    };
    Value::from(match dice.below(100) {
        0..60 => text(millis, separator, true),
        60..92 => text(millis, separator, false),
        92..95 => text(millis, separator, false).replace('Z', "501Z"),
        95..98 => text(millis + 3 * HOUR, separator, false).replace('Z', "+03:00"),
        _ if separator == ' ' => text(millis, separator, false).replace('Z', "+0000"),
        _ => text(millis - 5 * HOUR, separator, true).replace('Z', "-05:00"),
    })
}

/// `2019-01-23T13:32:30.163Z`, without the fraction when `whole`.
pub(crate) fn text(millis: i64, separator: char, whole: bool) -> String {
    let instant = Timestamp::from_millisecond(millis).unwrap_or_default();
    let printer = DateTimePrinter::new()
        .separator(u8::try_from(separator).unwrap_or(b'T'))
        .precision(Some(if whole { 0 } else { 3 }));
    printer.timestamp_to_string(&instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creation_times_decrease_strictly_within_the_span() {
        let mut before = i64::MAX;
        for index in (0..5000).chain(999_000..1_000_000) {
            let now = created(index);
            assert!(now < before, "{index}");
            assert!(now > NEWEST - i64::try_from(SPAN).unwrap());
            before = now;
        }
    }

    #[test]
    fn spellings() {
        let millis = 1_548_250_350_163;
        assert_eq!(text(millis, 'T', false), "2019-01-23T13:32:30.163Z");
        assert_eq!(text(millis, ' ', true), "2019-01-23 13:32:30Z");
        let all = [Spelling::Rfc3339, Spelling::Spaced, Spelling::Empty];
        let seen: Vec<String> = (0..400)
            .map(|n| {
                write(&all, millis, &mut Dice::new(n))
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert!(seen.iter().any(|text| text.contains('T')));
        assert!(seen.iter().any(|text| text.contains(' ')));
        assert!(seen.iter().any(String::is_empty));
        assert_eq!(
            write(&[Spelling::Millis], millis, &mut Dice::new(1)),
            millis
        );
    }
}
