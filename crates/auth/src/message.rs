//! What is signed: the compiled message and the request it is filled from.

use crate::{
    AuthError, PathRewrite, RecipeError, SigningInput,
    encoding::{TEXT_LEN, encode_hex},
    gather::Gather,
    template::{Piece, split},
    wire,
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

    /// Gives the message to `sink`, in few pieces.
    pub(crate) fn write(
        &self,
        values: &Values<'_>,
        sink: impl FnMut(&[u8]),
    ) -> Result<(), AuthError> {
        let input = values.input;
        let mut gathered = Gather::new(sink);
        let message = &mut gathered;
        for part in &self.0 {
            match part {
                Part::Text(text) => message.push(text.as_bytes()),
                Part::Method => push_checked(message, "method", input.method, b'/')?,
                Part::Path => push_path(values, message)?,
                Part::Query => push_query(input, message)?,
                Part::MarkedQuery if input.query.is_none() => {}
                Part::MarkedQuery => {
                    message.push(b"?");
                    push_query(input, message)?;
                }
                Part::Host => push_checked(message, "host", input.host, b'/')?,
                Part::Body => message.push(input.body),
                Part::BodySha256 => {
                    let mut digest = [0; TEXT_LEN];
                    encode_hex(&Sha256::digest(input.body).into(), &mut digest);
                    message.push(&digest);
                }
                Part::Timestamp => message.push(values.timestamp),
                Part::Nonce => message.push(values.nonce.as_bytes()),
                Part::Header(name) => message.push(header(values.headers, name)?),
            }
        }
        gathered.finish();
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

#[inline]
fn push_path(
    values: &Values<'_>,
    message: &mut Gather<impl FnMut(&[u8])>,
) -> Result<(), AuthError> {
    let path = values.input.path;
    match values.rewrite {
        None => {
            check_start(path)?;
            push_checked(message, "path", path, b'?')
        }
        Some(rewrite) => push_rewritten(path, rewrite, message),
    }
}

fn push_rewritten(
    path: &str,
    rewrite: &PathRewrite,
    message: &mut Gather<impl FnMut(&[u8])>,
) -> Result<(), AuthError> {
    check_start(path)?;
    let (start, rest) = rewrite.apply(path)?;
    for piece in [start, rest] {
        if !piece.is_empty() {
            check_start(piece)?;
            push_checked(message, "path", piece, b'?')?;
        }
    }
    Ok(())
}

/// Pushes a part of a request line, unless it [cannot stand there](wire::is_fit).
#[inline]
fn push_checked(
    message: &mut Gather<impl FnMut(&[u8])>,
    part: &'static str,
    text: &str,
    end: u8,
) -> Result<(), AuthError> {
    let bytes = text.as_bytes();
    let is_fit = match message.place(bytes.len()) {
        Some(place) => wire::copy(bytes, place, end),
        None => {
            message.push(bytes);
            wire::is_fit(bytes, end)
        }
    };
    if is_fit {
        Ok(())
    } else {
        Err(AuthError::InvalidInput(part))
    }
}

fn check_start(path: &str) -> Result<(), AuthError> {
    if path.starts_with('/') {
        Ok(())
    } else {
        Err(AuthError::InvalidInput("path"))
    }
}

#[inline]
fn push_query(
    input: &SigningInput<'_>,
    message: &mut Gather<impl FnMut(&[u8])>,
) -> Result<(), AuthError> {
    match input.query {
        None | Some("") => Ok(()),
        Some(query) => push_checked(message, "query", query, b'#'),
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
