//! What is signed: the compiled message and the request it is filled from.

use crate::{
    AuthError, PathRewrite, RecipeError, SigningInput,
    encoding::{TEXT_LEN, encode_hex},
    template::{Piece, split},
    wire::checked,
};
use http::{HeaderMap, HeaderName};
use sha2::{Digest as _, Sha256};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Method,
    Path,
    Query,
    /// With its question mark, if there is a query.
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
pub(crate) struct Message(Vec<Part>);

/// Everything a message is filled from.
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
                    parts.extend([Part::Path, Part::MarkedQuery])
                }
                _ => parts.push(Part::parse(piece)?),
            }
        }
        Ok(Self(parts))
    }

    pub(crate) fn uses_timestamp(&self) -> bool {
        self.0.contains(&Part::Timestamp)
    }

    pub(crate) fn uses_nonce(&self) -> bool {
        self.0.contains(&Part::Nonce)
    }

    /// The request headers it covers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().filter_map(|part| match part {
            Part::Header(name) => Some(name),
            _ => None,
        })
    }

    /// Gives the message to `sink`, piece by piece.
    pub(crate) fn write(
        &self,
        values: &Values<'_>,
        mut sink: impl FnMut(&[u8]),
    ) -> Result<(), AuthError> {
        let input = values.input;
        let mut digest = [0; TEXT_LEN];
        for part in &self.0 {
            // At most two pieces each, so that `sink` is called, and inlined, in one place only.
            let (first, second): (&[u8], &[u8]) = match part {
                Part::Text(text) => (text.as_bytes(), b""),
                Part::Method => (checked("method", input.method, b'/')?, b""),
                Part::Path => signed_path(values)?,
                Part::Query => (query(input)?, b""),
                Part::MarkedQuery if input.query.is_none() => continue,
                Part::MarkedQuery => (b"?", query(input)?),
                Part::Host => (checked("host", input.host, b'/')?, b""),
                Part::Body => (input.body, b""),
                Part::BodySha256 => {
                    encode_hex(&Sha256::digest(input.body).into(), &mut digest);
                    (&digest, b"")
                }
                Part::Timestamp => (values.timestamp, b""),
                Part::Nonce => (values.nonce.as_bytes(), b""),
                Part::Header(name) => (header(values.headers, name)?, b""),
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

impl Part {
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

/// The one value of a header, without the white space around it, which is not part of the value on the wire.
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
