//! The signed message: the compiled template and the request values that fill it.

use crate::{
    AuthError, PathRewrite, RecipeError, SigningInput,
    encoding::{TEXT_LEN, encode_hex},
    template::{Piece, split},
    wire::checked,
};
use http::{HeaderMap, HeaderName};
use sha2::{Digest as _, Sha256};

#[derive(Clone, Debug, PartialEq, Eq)]
enum MessagePart {
    Text(Box<str>),
    Method,
    Path,
    Query,
    /// The query with its question mark, if there is one.
    MarkedQuery,
    Host,
    Body,
    BodySha256,
    Timestamp,
    Nonce,
    Header(HeaderName),
}

/// A compiled message template.
#[derive(Clone, Debug)]
pub(crate) struct Message(Vec<MessagePart>);

/// The values that fill a message.
pub(crate) struct Values<'a> {
    pub(crate) input: &'a SigningInput<'a>,
    pub(crate) rewrite: Option<&'a PathRewrite>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) timestamp: &'a [u8],
    pub(crate) nonce: &'a str,
}

impl Message {
    pub(crate) fn parse(template: &str) -> Result<Self, RecipeError> {
        let pieces = split(template).map_err(|problem| RecipeError::new("message", problem))?;
        if !pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Placeholder(_)))
        {
            return Err(RecipeError::new(
                "message",
                "no placeholder, so every request would have the same signature",
            ));
        }
        let mut parts = Vec::with_capacity(pieces.len() + 1);
        for piece in &pieces {
            match piece {
                Piece::Placeholder("path_and_query") => {
                    parts.extend([MessagePart::Path, MessagePart::MarkedQuery])
                }
                _ => parts.push(MessagePart::parse(piece)?),
            }
        }
        Ok(Self(parts))
    }

    pub(crate) fn uses_timestamp(&self) -> bool {
        self.0.contains(&MessagePart::Timestamp)
    }

    pub(crate) fn uses_nonce(&self) -> bool {
        self.0.contains(&MessagePart::Nonce)
    }

    /// The request headers that the message covers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().filter_map(|part| match part {
            MessagePart::Header(name) => Some(name),
            _ => None,
        })
    }

    /// Writes the message to `sink`, part by part.
    pub(crate) fn write(
        &self,
        values: &Values<'_>,
        mut sink: impl FnMut(&[u8]),
    ) -> Result<(), AuthError> {
        let input = values.input;
        let mut digest = [0; TEXT_LEN];
        for part in &self.0 {
            // At most two slices each, so that `sink` is called, and inlined, at a single call site.
            let (first, second): (&[u8], &[u8]) = match part {
                MessagePart::Text(text) => (text.as_bytes(), b""),
                MessagePart::Method => (checked("method", input.method, b'/')?, b""),
                MessagePart::Path => signed_path(values)?,
                MessagePart::Query => (query(input)?, b""),
                MessagePart::MarkedQuery if input.query.is_none() => continue,
                MessagePart::MarkedQuery => (b"?", query(input)?),
                MessagePart::Host => (checked("host", input.host, b'/')?, b""),
                MessagePart::Body => (input.body, b""),
                MessagePart::BodySha256 => {
                    encode_hex(&Sha256::digest(input.body).into(), &mut digest);
                    (&digest, b"")
                }
                MessagePart::Timestamp => (values.timestamp, b""),
                MessagePart::Nonce => (values.nonce.as_bytes(), b""),
                MessagePart::Header(name) => (header(values.headers, name)?, b""),
            };
            for piece in [first, second] {
                if !piece.is_empty() {
                    sink(piece);
                }
            }
        }
        Ok(())
    }
}

impl MessagePart {
    const NAMES: &str = "{method}, {path}, {query}, {path_and_query}, {host}, {body}, {body_sha256}, {timestamp}, {nonce}, {header:NAME}";

    fn parse(piece: &Piece<'_>) -> Result<Self, RecipeError> {
        let name = match piece {
            Piece::Text(text) => return Ok(Self::Text((*text).into())),
            Piece::Placeholder(name) => *name,
        };
        if let Some(header) = name.strip_prefix("header:") {
            return HeaderName::from_bytes(header.as_bytes())
                .map(Self::Header)
                .map_err(|_| {
                    RecipeError::new(
                        "message",
                        format!("{{{name}}} does not name a header: write {{header:NAME}}"),
                    )
                });
        }
        Ok(match name {
            "method" => Self::Method,
            "path" => Self::Path,
            "query" => Self::Query,
            "host" => Self::Host,
            "body" => Self::Body,
            "body_sha256" => Self::BodySha256,
            "timestamp" => Self::Timestamp,
            "nonce" => Self::Nonce,
            _ => {
                let problem = format!(
                    "unknown placeholder {{{name}}} in message; known are {}",
                    Self::NAMES
                );
                return Err(RecipeError::new("message", problem));
            }
        })
    }
}

fn signed_path<'a>(values: &Values<'a>) -> Result<(&'a [u8], &'a [u8]), AuthError> {
    let path = checked_path(values.input.path)?;
    let Some(rewrite) = values.rewrite else {
        return Ok((path, b""));
    };
    let (start, rest) = rewrite.apply(values.input.path)?;
    if !start.is_empty() {
        checked_path(start)?;
    }
    Ok((start.as_bytes(), rest.as_bytes()))
}

fn checked_path(path: &str) -> Result<&[u8], AuthError> {
    if path.starts_with('/') {
        checked("path", path, b'?')
    } else {
        Err(AuthError::InvalidInput("path"))
    }
}

fn query<'a>(input: &SigningInput<'a>) -> Result<&'a [u8], AuthError> {
    match input.query {
        None | Some("") => Ok(b""),
        Some(query) => checked("query", query, b'#'),
    }
}

/// The single value of a header without surrounding white space, which is not part of the value on the wire.
fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a [u8], AuthError> {
    let mut values = headers.get_all(name).iter();
    let value = values
        .next()
        .ok_or_else(|| AuthError::MissingHeader(name.clone()))?;
    if values.next().is_some() {
        return Err(AuthError::DuplicateHeader(name.clone()));
    }
    Ok(value.as_bytes().trim_ascii())
}
