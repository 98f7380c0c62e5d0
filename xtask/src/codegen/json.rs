//! JSON for people who review changes: what fits on a line stands on one.

use serde_json::Value;

const WIDTH: usize = 120;

/// The document, indented by two, with an end of line.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out.push('\n');
    out
}

/// `before` is how many characters stand on the line already.
fn write(value: &Value, depth: usize, before: usize, out: &mut String) {
    let line = inline(value);
    if before + line.chars().count() <= WIDTH {
        out.push_str(&line);
        return;
    }
    let indent = "  ".repeat(depth + 1);
    let (open, close, entries): (char, char, Vec<(String, &Value)>) = match value {
        Value::Object(object) => {
            let entries = object.iter();
            let entries = entries.map(|(key, value)| (format!("{}: ", quoted(key)), value));
            ('{', '}', entries.collect())
        }
        Value::Array(list) => {
            let entries = list.iter().map(|value| (String::new(), value));
            ('[', ']', entries.collect())
        }
        _ => {
            out.push_str(&line);
            return;
        }
    };
    out.push(open);
    for (index, (key, value)) in entries.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&indent);
        out.push_str(key);
        write(
            value,
            depth + 1,
            indent.len() + key.chars().count() + 1,
            out,
        );
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(object) if !object.is_empty() => {
            let entries = object.iter();
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{}: {}", quoted(key), inline(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(key: &str) -> String {
    Value::from(key).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
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
