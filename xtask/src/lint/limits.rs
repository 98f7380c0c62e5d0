//! Limits that no value could keep, or that are about another kind of value.

use serde_json::Value;

use super::Report;

/// The words, and the types of the values that they are about.
const PAIRS: [(&str, &str, &[&str]); 4] = [
    ("minLength", "maxLength", &["string"]),
    ("minItems", "maxItems", &["array"]),
    ("minProperties", "maxProperties", &["object"]),
    ("minimum", "maximum", &["integer", "number"]),
];

pub(super) fn check(report: &mut Report<'_>, at: &str) {
    let schema = report.value(at);
    for (low, high, types) in PAIRS {
        for word in [low, high] {
            let Some(bound) = schema.get(word) else {
                continue;
            };
            let place = format!("{at}/{word}");
            let counts = low != "minimum";
            if (counts && bound.as_u64().is_none()) || !bound.is_number() {
                let fix = if counts {
                    "write a whole number, not below 0, instead"
                } else {
                    "write a number instead"
                };
                report.add(&place, format!("`{word}` is no such number"), fix);
            }
            about(report, at, word, types);
        }
        let (least, most) = (schema[low].as_f64(), schema[high].as_f64());
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            report.add(
                &format!("{at}/{low}"),
                format!("`{low}` is above `{high}`, so that nothing could be sent"),
                "write them in order",
            );
        }
    }
    for (word, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match schema.get(word) {
            None => {}
            Some(Value::Bool(_)) if schema.get(bound).is_some() => {}
            Some(_) => report.add(
                &format!("{at}/{word}"),
                format!("`{word}` is true or false, beside `{bound}`"),
                format!("write `{bound}` with the number, and `{word}: true`"),
            ),
        }
    }
    if let Some(word) = schema.get("uniqueItems") {
        if !word.is_boolean() {
            report.add(
                &format!("{at}/uniqueItems"),
                "`uniqueItems` is true or false",
                "write true, or leave it out",
            );
        }
        about(report, at, "uniqueItems", &["array"]);
    }
}

/// A limit beside a `$ref` in `allOf` is about what the component is.
fn about(report: &mut Report<'_>, at: &str, word: &str, types: &[&str]) {
    let schema = report.value(at);
    if let Some(kind) = schema["type"].as_str()
        && !types.contains(&kind)
    {
        report.add(
            &format!("{at}/{word}"),
            format!("`{word}` says nothing about a value of type {kind}"),
            "leave it out",
        );
    }
}
