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
    let mut bytes = body.to_string().into_bytes();
    match fault.kind.name {
        "content-type" => reply.media = "text/plain".to_owned(),
        "no-content-type" => reply.media = String::new(),
        "cut-json" => bytes.truncate(bytes.len() / 2),
        "bad-json" => bytes.insert(1.min(bytes.len()), b','),
        "bom" => bytes = [b"\xef\xbb\xbf", bytes.as_slice()].concat(),
        "wrong-encoding" => {}
        "cut-gzip" => {
            bytes = gzip::compressed(&bytes);
            bytes.truncate(bytes.len() / 2);
        }
        "gzip-bomb" => bytes = gzip::bomb(fault.count("mebibytes"), &bytes),
        _ => {
            let operation = operation.filter(|_| reply.status < 300)?;
            let wanted = (fault.kind, fault.count("depth"));
            let done = records::corrupt((operation, schemas), wanted, body, dice)?;
            reply.body = ReplyBody::Bytes(done.bytes(body));
            return Some(done.at);
        }
    }
    if matches!(fault.kind.name, "wrong-encoding" | "cut-gzip" | "gzip-bomb") {
        let encoded = (header::CONTENT_ENCODING, "gzip".to_owned());
        reply.headers.push(encoded);
    }
    reply.body = ReplyBody::Bytes(bytes);
    Some(whole)
}
