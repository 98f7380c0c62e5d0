use jsonptr::{ParseError, PointerBuf};
use serde_json::Value;

/// A parsed JSON Pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(PointerBuf);

impl Pointer {
    /// Parses a pointer. The empty string points to the whole document.
    ///
    /// # Errors
    /// Returns the problem if the text is not a JSON Pointer.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match jsonptr::Pointer::parse(text) {
            Ok(pointer) => Ok(Self(pointer.to_buf())),
            Err(ParseError::NoLeadingSlash) => Err("a JSON pointer starts with `/`"),
            Err(ParseError::InvalidEncoding { .. }) => {
                Err("in a JSON pointer, `~` must be followed by 0 or 1")
            }
        }
    }

    /// Returns the value that the pointer refers to, or `None` if there is none.
    #[must_use]
    pub fn find<'a>(&self, record: &'a Value) -> Option<&'a Value> {
        self.0.resolve(record).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;
    use serde_json::{Value, json};

    fn find(pointer: &str, record: &Value) -> Option<Value> {
        Pointer::parse(pointer).unwrap().find(record).cloned()
    }

    #[test]
    fn follows_members_items_and_escapes() {
        let record = json!({ "a": [{ "b": 1 }, 2], "x/y": 3, "~1": 4, "": 5, "01": 6 });
        assert_eq!(find("/a/0/b", &record), Some(json!(1)));
        assert_eq!(find("/a/1", &record), Some(json!(2)));
        assert_eq!(find("/x~1y", &record), Some(json!(3)));
        assert_eq!(find("/~01", &record), Some(json!(4)));
        assert_eq!(find("/", &record), Some(json!(5)));
        assert_eq!(find("/01", &record), Some(json!(6)));
        assert_eq!(find("", &record), Some(record.clone()));
        for nowhere in ["/a/2", "/a/01", "/a/-", "/a/+1", "/a/", "/a/0/b/c", "/b"] {
            assert_eq!(find(nowhere, &record), None, "{nowhere}");
        }
    }

    #[test]
    fn rejects_invalid_pointers() {
        assert_eq!(
            Pointer::parse("a").unwrap_err(),
            "a JSON pointer starts with `/`"
        );
        for pointer in ["/a~", "/~2/b"] {
            let problem = Pointer::parse(pointer).unwrap_err();
            assert!(problem.contains('~'), "{pointer}: {problem}");
        }
    }
}
