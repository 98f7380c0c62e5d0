use serde_json::Value;

/// A parsed JSON Pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    key: String,
    /// The array index that the step stands for: digits without a leading zero.
    index: Option<usize>,
}

impl Pointer {
    /// Parses a pointer. The empty string points to the whole document.
    ///
    /// # Errors
    /// Returns the problem if the text is not a JSON Pointer.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Ok(Self { steps: Vec::new() });
        }
        let rest = text
            .strip_prefix('/')
            .ok_or("a JSON pointer starts with `/`")?;
        let steps = rest.split('/').map(step).collect::<Result<_, _>>()?;
        Ok(Self { steps })
    }

    /// Returns the value that the pointer refers to, or `None` if there is none.
    #[must_use]
    pub fn find<'a>(&self, record: &'a Value) -> Option<&'a Value> {
        self.steps
            .iter()
            .try_fold(record, |value, step| match value {
                Value::Object(members) => members.get(&step.key),
                Value::Array(items) => items.get(step.index?),
                _ => None,
            })
    }
}

fn step(escaped: &str) -> Result<Step, &'static str> {
    let mut rest = escaped;
    while let Some((_, after)) = rest.split_once('~') {
        if !after.starts_with(['0', '1']) {
            return Err("in a JSON pointer, `~` must be followed by 0 or 1");
        }
        rest = after;
    }
    let key = escaped.replace("~1", "/").replace("~0", "~");
    let plain =
        key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
    let index = if plain { key.parse().ok() } else { None };
    Ok(Step { key, index })
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
        for nowhere in ["/a/2", "/a/01", "/a/-", "/a/+1", "/a/0/b/c", "/b"] {
            assert_eq!(find(nowhere, &record), None, "{nowhere}");
        }
    }

    #[test]
    fn rejects_invalid_pointers() {
        assert!(Pointer::parse("a").is_err());
        assert!(Pointer::parse("/a~").is_err());
        assert!(Pointer::parse("/~2/b").is_err());
    }
}
