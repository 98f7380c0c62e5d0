//! A shell script with curl, and openssl for signatures.

use super::call::{CallSignature, HttpCall};
use crate::access::signature::recipe::TemplatePiece;

pub(super) fn snippet(call: &HttpCall) -> String {
    let mut lines = Vec::new();
    if let Some(body) = &call.body {
        lines.push(format!("body={}", quoted(body)));
    }
    let signature = call.signature.as_ref();
    lines.extend(signature.into_iter().flat_map(signing));
    let mut curl = vec![format!("curl -X {} {}", call.method, quoted(&call.url()))];
    if let Some((user, password)) = &call.basic {
        curl.push(format!("--user {}", quoted(&format!("{user}:{password}"))));
    }
    for (name, value) in &call.headers {
        curl.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
    }
    for (name, value) in signature.map_or(&[][..], |signature| &signature.headers) {
        curl.push(format!("-H \"{name}: {}\"", within_quotes(value)));
    }
    if call.body.is_some() {
        curl.push("--data-raw \"$body\"".to_owned());
    }
    lines.push(curl.join(" \\\n  "));
    lines.join("\n")
}

fn signing(signature: &CallSignature) -> Vec<String> {
    let mut lines = Vec::new();
    if signature.uses("timestamp") {
        lines.push(
            match signature.word.timestamp.as_str() {
                "rfc3339" => "timestamp=$(date -u +%Y-%m-%dT%H:%M:%SZ)",
                "unix-millis" => "timestamp=$(date +%s)000",
                _ => "timestamp=$(date +%s)",
            }
            .to_owned(),
        );
    }
    if signature.uses("nonce") {
        lines.push("nonce=$(openssl rand -hex 16)".to_owned());
    }
    if signature.uses("body_sha256") {
        let hash = "body_sha256=$(printf %s \"$body\" | openssl dgst -sha256 -r | cut -d' ' -f1)";
        lines.push(hash.to_owned());
    }
    let written = match signature.word.encoding.as_str() {
        "hex" => "-r | cut -d' ' -f1",
        "base64url" => "-binary | openssl base64 -A | tr +/ -_ | tr -d =",
        _ => "-binary | openssl base64 -A",
    };
    let slots = signature.message.iter().filter_map(|piece| match piece {
        TemplatePiece::Slot(slot) => Some(format!(" \"${slot}\"")),
        TemplatePiece::Text(_) => None,
    });
    lines.push(format!(
        "signature=$(printf {}{} |\n  openssl dgst -sha256 -hmac {} {written})",
        quoted(&format(&signature.message)),
        slots.collect::<String>(),
        quoted(&signature.secret),
    ));
    lines
}

/// A format string of printf.
fn format(pieces: &[TemplatePiece]) -> String {
    let parts = pieces.iter().map(|piece| match piece {
        TemplatePiece::Slot(_) => "%s".to_owned(),
        TemplatePiece::Text(text) => text
            .replace('\\', r"\\")
            .replace('%', "%%")
            .replace('\n', r"\n"),
    });
    parts.collect()
}

/// Text and variables within double quotes.
fn within_quotes(pieces: &[TemplatePiece]) -> String {
    let parts = pieces.iter().map(|piece| match piece {
        TemplatePiece::Slot(slot) => format!("${{{slot}}}"),
        TemplatePiece::Text(text) => {
            let mut escaped = String::new();
            for c in text.chars() {
                if matches!(c, '\\' | '"' | '$' | '`') {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            escaped
        }
    });
    parts.collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
