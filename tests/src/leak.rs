//! Finds secrets and personal data in texts, however they are written.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use std::fmt::Debug;

use crate::specs::Spec;

/// Looks for canaries: raw, in base64 at every alignment, in hexadecimal and percent-encoded.
pub struct Scanner {
    forms: Vec<(String, String)>,
}

impl Scanner {
    /// For these canaries, each long enough not to occur by chance.
    pub fn new<'a>(canaries: impl IntoIterator<Item = &'a str>) -> Self {
        let forms = canaries
            .into_iter()
            .inspect(|canary| assert!(canary.len() >= 12, "{canary} is too short"))
            .flat_map(|canary| {
                let forms = forms(canary).into_iter();
                forms.map(|form| (canary.to_owned(), form.to_lowercase()))
            });
        Self {
            forms: forms.collect(),
        }
    }

    /// The first canary that is in the text in some form.
    pub fn find(&self, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        let found = self.forms.iter().find(|(_, form)| text.contains(form));
        found.map(|(canary, _)| canary.as_str())
    }

    /// Fails when a canary is in the text.
    pub fn assert_clean(&self, what: &str, text: &str) {
        if let Some(canary) = self.find(text) {
            panic!("{what} shows {canary}: {text}");
        }
    }

    /// Fails when `Debug`, plain or pretty, shows a canary.
    pub fn assert_debug_clean(&self, what: &str, value: &impl Debug) {
        self.assert_clean(what, &format!("{value:?}"));
        self.assert_clean(what, &format!("{value:#?}"));
    }
}

fn forms(canary: &str) -> Vec<String> {
    let bytes = canary.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let every: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let some: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let spaced = some.replace('+', "%20");
    let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>();
    let mut forms = vec![canary.to_owned(), hex, every, some, spaced, list.join(", ")];
    for alignment in 0..3 {
        let shifted = [&[0; 3][..alignment], bytes].concat();
        // Without the characters that share bits with what stands before and behind.
        let usable = shifted.len() / 3 * 4;
        let skipped = if alignment == 0 { 0 } else { 4 };
        for text in [
            STANDARD_NO_PAD.encode(&shifted),
            URL_SAFE_NO_PAD.encode(&shifted),
        ] {
            forms.push(text[skipped..usable].to_owned());
        }
    }
    forms
}

/// An instance of a schema with the canary in every text that may be personal.
pub fn planted(canary: &str, spec: &Spec, schema: &Value) -> Value {
    let resolved = spec.resolve(schema);
    if resolved["x-personal"] == "none" {
        return json!("shown");
    }
    match resolved["type"].as_str() {
        Some("object") => {
            let properties = resolved["properties"].as_object().into_iter().flatten();
            let mut map: serde_json::Map<_, _> = properties
                .map(|(name, property)| (name.clone(), planted(canary, spec, property)))
                .collect();
            map.insert("undocumented".to_owned(), json!(canary));
            map.insert(canary.to_owned(), json!("canary in a key"));
            Value::Object(map)
        }
        Some("array") => json!([planted(canary, spec, &resolved["items"])]),
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        _ => json!(canary),
    }
}
