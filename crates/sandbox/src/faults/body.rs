//! Corrupted bodies and headers.

use super::{fault::Fault, gzip, records};
use crate::{
    hash::Dice,
    reply::content::{Reply, ReplyBody},
    spec::Operation,
};
use botroster_spec::schema::Schemas;
use http::{HeaderName, header};

/// Applies a fault to a response. Returns the corrupted place, if it has one, or `None` if the fault does not apply.
pub(super) fn corrupt(
    fault: &Fault,
    operation: Option<&Operation>,
    schemas: &Schemas,
    reply: &mut Reply,
    dice: &mut Dice,
) -> Option<String> {
    let whole = String::new();
    if fault.kind.name == "header-flood" {
        let named = |number| HeaderName::from_bytes(format!("x-sandbox-{number}").as_bytes()).ok();
        let names = (1..=fault.count("count")).filter_map(named);
        reply
            .headers
            .extend(names.map(|name| (name, "x".repeat(64))));
        return Some(whole);
    }
    let ReplyBody::Json(body) = &mut reply.body else {
        return None;
    };
    let text = |body: &serde_json::Value| body.to_string().into_bytes();
    let encoded = (header::CONTENT_ENCODING, "gzip".to_owned());
    let bytes = match fault.kind.name {
        "content-type" => {
            reply.media = "text/plain".to_owned();
            text(body)
        }
        "no-content-type" => {
            reply.media = String::new();
            text(body)
        }
        "cut-json" => {
            let mut bytes = text(body);
            bytes.truncate(bytes.len() / 2);
            bytes
        }
        "bad-json" => {
            let mut bytes = text(body);
            bytes.insert(1.min(bytes.len()), b',');
            bytes
        }
        "bom" => [b"\xef\xbb\xbf".to_vec(), text(body)].concat(),
        "wrong-encoding" => {
            reply.headers.push(encoded);
            text(body)
        }
        "cut-gzip" => {
            reply.headers.push(encoded);
            let mut bytes = gzip::stored(&text(body));
            bytes.truncate(bytes.len() / 2);
            bytes
        }
        "gzip-bomb" => {
            reply.headers.push(encoded);
            gzip::bomb(fault.count("mebibytes"), &text(body))
        }
        _ => {
            let operation = operation.filter(|_| reply.status < 300)?;
            let wanted = (fault.kind, fault.count("depth"));
            let done = records::corrupt((operation, schemas), wanted, body, dice)?;
            reply.body = ReplyBody::Bytes(done.bytes(body));
            return Some(done.at);
        }
    };
    reply.body = ReplyBody::Bytes(bytes);
    Some(whole)
}
