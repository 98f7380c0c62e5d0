//! A program with the standard library of Python.

use super::call::{CallSignature, HttpCall};
use crate::access::signature::recipe::TemplatePiece;
use serde_json::Value;

pub(super) fn snippet(call: &HttpCall) -> String {
    let signature = call.signature.as_ref();
    let mut lines = vec![imports(call), String::new()];
    if let Some(body) = &call.body {
        lines.push(format!("body = {}", text(body)));
    }
    if let Some(signature) = signature {
        lines.extend(signing(signature));
    }
    if let Some((user, password)) = &call.basic {
        let pair = text(&format!("{user}:{password}"));
        lines.push(format!(
            "basic = base64.b64encode({pair}.encode()).decode()"
        ));
    }
    lines.extend([
        "request = urllib.request.Request(".to_owned(),
        format!("    {},", text(&call.url())),
        format!("    method={},", text(&call.method)),
    ]);
    if call.body.is_some() {
        lines.push("    data=body.encode(),".to_owned());
    }
    lines.push("    headers={".to_owned());
    let fixed = call.headers.iter();
    lines.extend(fixed.map(|(name, value)| format!("        {}: {},", text(name), text(value))));
    if call.basic.is_some() {
        lines.push("        \"Authorization\": f\"Basic {basic}\",".to_owned());
    }
    let signed = signature.map_or(&[][..], |signature| &signature.headers);
    lines.extend(
        signed
            .iter()
            .map(|(name, value)| format!("        {}: {},", text(name), joined(value))),
    );
    lines.extend([
        "    },".to_owned(),
        ")".to_owned(),
        "with urllib.request.urlopen(request) as response:".to_owned(),
        "    print(response.read().decode())".to_owned(),
    ]);
    lines.join("\n")
}

fn imports(call: &HttpCall) -> String {
    let uses = |slot| {
        call.signature
            .as_ref()
            .is_some_and(|signature| signature.uses(slot))
    };
    let is_base64 = call
        .signature
        .as_ref()
        .is_some_and(|signature| signature.word.encoding != "hex");
    let is_signed = call.signature.is_some();
    let modules = [
        ("base64", is_base64 || call.basic.is_some()),
        ("hashlib", is_signed),
        ("hmac", is_signed),
        ("secrets", uses("nonce")),
        ("time", uses("timestamp")),
        ("urllib.request", true),
    ];
    let needed = modules.iter().filter(|(_, is_needed)| *is_needed);
    let lines = needed.map(|(module, _)| format!("import {module}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn signing(signature: &CallSignature) -> Vec<String> {
    let mut lines = Vec::new();
    if signature.uses("timestamp") {
        let now = match signature.word.timestamp.as_str() {
            "rfc3339" => "time.strftime(\"%Y-%m-%dT%H:%M:%SZ\", time.gmtime())",
            "unix-millis" => "str(time.time_ns() // 1_000_000)",
            _ => "str(int(time.time()))",
        };
        lines.push(format!("timestamp = {now}"));
    }
    if signature.uses("nonce") {
        lines.push("nonce = secrets.token_hex(16)".to_owned());
    }
    if signature.uses("body_sha256") {
        let hash = "body_sha256 = hashlib.sha256(body.encode()).hexdigest()";
        lines.push(hash.to_owned());
    }
    lines.push(format!("message = {}", joined(&signature.message)));
    lines.push(format!(
        "mac = hmac.new({}.encode(), message.encode(), hashlib.sha256)",
        text(&signature.secret)
    ));
    let written = match signature.word.encoding.as_str() {
        "hex" => "mac.hexdigest()",
        "base64url" => "base64.urlsafe_b64encode(mac.digest()).decode().rstrip(\"=\")",
        _ => "base64.b64encode(mac.digest()).decode()",
    };
    lines.push(format!("signature = {written}"));
    lines
}

/// An f-string, or a plain string without slots.
fn joined(pieces: &[TemplatePiece]) -> String {
    if let [TemplatePiece::Slot(slot)] = pieces {
        return slot.clone();
    }
    let is_plain = pieces
        .iter()
        .all(|piece| matches!(piece, TemplatePiece::Text(_)));
    let parts = pieces.iter().map(|piece| match piece {
        TemplatePiece::Text(text) if is_plain => text.clone(),
        TemplatePiece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        TemplatePiece::Slot(slot) => format!("{{{slot}}}"),
    });
    let prefix = if is_plain { "" } else { "f" };
    format!("{prefix}{}", text(&parts.collect::<String>()))
}

/// A string literal; those of JSON are valid in Python.
fn text(text: &str) -> String {
    Value::from(text).to_string()
}
