//! Path segments that stay single segments.

use crate::{Error, ErrorKind};

/// Percent-encodes all characters except RFC 3986's unreserved ones.
///
/// progenitor's encoder keeps `\` and others, which the URL parser then interprets: with the user id `..\..\admin`, it would
/// produce a signed request for another resource.
pub fn encode(value: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.extend(HEX.get(usize::from(nibble)).map(|digit| char::from(*digit)));
            }
        }
    }
    out
}

/// Checks that a value can be encoded as a segment.
///
/// # Errors
/// The value is empty, `.` or `..`. The message names the parameter, not the value.
pub fn check(parameter: &str, value: &str) -> Result<(), Error> {
    let why = match value {
        "" => "is empty",
        "." | ".." => "is a dot segment, which would change the path",
        _ => return Ok(()),
    };
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("`{parameter}` {why}: nothing was sent"),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(
            encode(r"a b/ü%2F:;=@+&,!'()*~..\"),
            "a%20b%2F%C3%BC%252F%3A%3B%3D%40%2B%26%2C%21%27%28%29%2A~..%5C"
        );
    }

    #[test]
    fn values_that_cannot_be_encoded_are_rejected_by_name() {
        for value in ["", ".", ".."] {
            let error = check("userId", value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("`userId`"), "{error}");
        }
        assert!(check("userId", "...").is_ok());
    }

    proptest! {
        #[test]
        fn a_segment_stays_one_segment_and_decodes_to_itself(value in ".{0,40}|[./\\\\%?#;&=+@: a-z]{1,12}") {
            prop_assume!(check("id", &value).is_ok());
            let url = url::Url::parse(&format!("http://h/users/{}/segments", encode(&value))).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            let decoded: Vec<u8> = url::form_urlencoded::parse(format!("x={}", segments[1].replace('+', "%2B")).as_bytes()).next().unwrap().1.as_bytes().to_vec();
            prop_assert_eq!(decoded, value.as_bytes());
        }
    }
}
