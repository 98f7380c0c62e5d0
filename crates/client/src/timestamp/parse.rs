//! The parser of timestamps.

use jiff::{SignedDuration, civil::DateTime};

/// Parses an RFC 3339 timestamp. Unlike jiff's parser, it rejects a date without a time, a missing offset and a time zone
/// annotation.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = rest.split_at_checked(8)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            if end == 0 {
                return None;
            }
            rest.split_at(end)
        }
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    // Nine digits are nanoseconds; further digits are dropped.
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok()?;
    let small = |number: i16| i8::try_from(number).ok();
    let local = DateTime::new(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanoseconds,
    )
    .ok()?;
    local.checked_sub(parse_offset(offset)?).ok()
}

/// `Z`, `+hh:mm` or `+hhmm`.
fn parse_offset(text: &str) -> Option<SignedDuration> {
    if text.eq_ignore_ascii_case("z") {
        return Some(SignedDuration::ZERO);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_at_checked(2)?;
    let [hours] = numbers(hours, ':', [2])?;
    let [minutes] = numbers(minutes.strip_prefix(':').unwrap_or(minutes), ':', [2])?;
    (hours < 24 && minutes < 60)
        .then(|| SignedDuration::from_mins(sign * i64::from(hours * 60 + minutes)))
}

/// Parses numbers with exactly the given numbers of digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i16; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (slot, digits) in found.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        })?;
        *slot = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}
