//! A response before it becomes HTTP.

use super::csv::CsvExport;
use crate::http::{exchange::empty_response, payload::Payload};
use http::{HeaderName, Response, StatusCode, header};
use serde_json::Value;

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The media type, except of CSV.
    pub(crate) media: String,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: ReplyBody,
}

#[derive(Debug)]
pub(crate) enum ReplyBody {
    Empty,
    Json(Value),
    Bytes(Vec<u8>),
    Csv(CsvExport),
}

impl Reply {
    pub(crate) fn new(status: u16, body: ReplyBody) -> Self {
        Self {
            status,
            media: "application/json".to_owned(),
            headers: Vec::new(),
            body,
        }
    }

    pub(crate) fn into_response(self) -> Response<Payload> {
        let (media, payload) = match self.body {
            ReplyBody::Empty => ("", Payload::empty()),
            ReplyBody::Json(value) => (self.media.as_str(), Payload::bytes(value.to_string())),
            ReplyBody::Bytes(bytes) => (self.media.as_str(), Payload::bytes(bytes)),
            ReplyBody::Csv(export) => ("text/csv; charset=utf-8", Payload::chunks(export)),
        };
        let mut response = Response::builder().status(self.status);
        if !media.is_empty() {
            response = response.header(header::CONTENT_TYPE, media);
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response
            .body(payload)
            .unwrap_or_else(|_| empty_response(StatusCode::INTERNAL_SERVER_ERROR))
    }
}
