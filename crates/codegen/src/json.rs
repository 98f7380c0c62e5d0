//! JSON formatted for review: values that fit on one line are not broken.

use anyhow::Result;
use botroster_spec::Model;
use serde_json::Value;

const WIDTH: usize = 160;

/// Formats the resolved model of a platform, which the sandbox reads.
pub(crate) fn model(model: &Model) -> Result<String> {
    Ok(pretty(&serde_json::to_value(model)?))
}

/// Formats a value with an indentation of two and a final newline.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out.push('\n');
    out
}

/// `before` is the number of characters already on the line.
fn write(value: &Value, depth: usize, before: usize, out: &mut String) {
    if entries(value).next().is_none() {
        out.push_str(&value.to_string());
        return;
    }
    let start = out.len();
    if inline(value, WIDTH.saturating_sub(before), out).is_some() {
        return;
    }
    out.truncate(start);
    let (open, close) = match value {
        Value::Array(_) => ('[', ']'),
        _ => ('{', '}'),
    };
    let indent = "  ".repeat(depth + 1);
    out.push(open);
    for (index, (key, value)) in entries(value).enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&indent);
        let key = key.map(label).unwrap_or_default();
        out.push_str(&key);
        let before = indent.len() + key.chars().count() + 1;
        write(value, depth + 1, before, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// Writes a value on one line and returns the rest of `room`, in characters, or `None` if it does not fit; `out` is then incomplete.
fn inline(value: &Value, room: usize, out: &mut String) -> Option<usize> {
    let put = |text: &str, room: usize, out: &mut String| {
        out.push_str(text);
        room.checked_sub(text.chars().count())
    };
    let (open, close) = match value {
        Value::Object(object) if !object.is_empty() => ("{ ", " }"),
        Value::Array(list) if !list.is_empty() => ("[", "]"),
        other => return put(&other.to_string(), room, out),
    };
    let mut room = put(open, room, out)?;
    for (index, (key, value)) in entries(value).enumerate() {
        if index > 0 {
            room = put(", ", room, out)?;
        }
        if let Some(key) = key {
            room = put(&label(key), room, out)?;
        }
        room = inline(value, room, out)?;
    }
    put(close, room, out)
}

/// Returns the entries of an object, with their keys, or of a list.
fn entries(value: &Value) -> Box<dyn Iterator<Item = (Option<&str>, &Value)> + '_> {
    match value {
        Value::Object(object) => {
            let entries = object.iter();
            Box::new(entries.map(|(key, value)| (Some(key.as_str()), value)))
        }
        Value::Array(list) => Box::new(list.iter().map(|value| (None, value))),
        _ => Box::new(std::iter::empty()),
    }
}

fn label(key: &str) -> String {
    // A cheap test first: hardly any key needs escapes.
    if key
        .chars()
        .all(|c| c.is_ascii_graphic() && c != '"' && c != '\\')
    {
        format!("\"{key}\": ")
    } else {
        format!("{}: ", Value::from(key))
    }
}

#[cfg(test)]
mod tests {
    use crate::json::*;
    use serde_json::json;

    #[test]
    fn short_values_stand_on_a_line_and_nothing_is_lost() {
        let value = json!({
            "short": { "type": "string", "tags": ["a", "b"], "none": {} },
            "long": ["x".repeat(70), { "text": "y".repeat(70), "quote\"": "z" }, null, 1.5, true],
        });
        let text = pretty(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(
            text.contains(
                "\n  \"short\": { \"type\": \"string\", \"tags\": [\"a\", \"b\"], \"none\": {} },\n"
            ),
            "{text}"
        );
        assert!(text.ends_with("\n  ]\n}\n"), "{text}");
        assert_eq!(pretty(&json!([])), "[]\n");
    }
}
