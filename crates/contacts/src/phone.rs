//! Normalises phone numbers without guessing a country.
//!
//! The crate `phonenumber` is not used: it needs a country for a number without a country code, and records do not name one.

/// Normalises a phone number: digits only, preceded by `+` if the string starts with `+` or `00`.
///
/// Returns `None` for a string without digits.
pub(crate) fn single(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    let (plus, rest) = match (kept.strip_prefix('+'), kept.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => ("+", rest),
        (None, None) => ("", kept.as_str()),
    };
    let digits = digits(rest);
    (!digits.is_empty()).then(|| format!("{plus}{digits}"))
}

/// Normalises a phone number with a separate country code, which is ignored if the number starts with `+` or `00`.
pub(crate) fn prefixed(prefix: Option<&str>, number: &str) -> Option<String> {
    let number = single(number)?;
    let prefix = digits(prefix.unwrap_or_default());
    if prefix.is_empty() || number.starts_with('+') {
        return Some(number);
    }
    Some(format!("+{prefix}{number}"))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::{prefixed, single};
    use proptest::prelude::*;

    #[test]
    fn single_numbers() {
        for (text, number) in [
            ("+1 (555) 01-00", "+15550100"),
            ("(+1) 555 0100", "+15550100"),
            ("001 555-0100", "+15550100"),
            ("555 0100", "5550100"),
            ("0555 0100", "05550100"),
            ("1+555", "1555"),
            ("++1", "+1"),
            ("tel:+15550100", "+15550100"),
        ] {
            assert_eq!(single(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "+", "00", "none", "()-", "\u{661}\u{662}"] {
            assert_eq!(single(text), None, "{text}");
        }
    }

    #[test]
    fn prefixed_numbers() {
        for (prefix, number, expected) in [
            (Some("91"), "555 0100", Some("+915550100")),
            (Some("+91"), "5550100", Some("+915550100")),
            (Some("91"), "+1 555 0100", Some("+15550100")),
            (Some("91"), "001 555 0100", Some("+15550100")),
            (Some(""), "5550100", Some("5550100")),
            (None, "5550100", Some("5550100")),
            (None, "005550100", Some("+5550100")),
            (Some("91"), "", None),
            (Some("91"), "unknown", None),
        ] {
            assert_eq!(
                prefixed(prefix, number).as_deref(),
                expected,
                "{prefix:?} {number}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_number_is_digits_after_at_most_one_plus(text in "[+0-9 ()a-z\u{661}-]{0,20}", prefix in "[+0-9 ]{0,4}") {
            for number in [single(&text), prefixed(Some(&prefix), &text)].into_iter().flatten() {
                let digits = number.strip_prefix('+').unwrap_or(&number);
                prop_assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
            }
            // Normalising twice changes nothing, unless the digits start with 00.
            if let Some(number) = single(&text).filter(|number| !number.starts_with("00")) {
                prop_assert_eq!(single(&number), Some(number));
            }
            prop_assert_eq!(single(&text).is_some(), prefixed(Some(&prefix), &text).is_some());
        }
    }
}
