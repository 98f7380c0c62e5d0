//! What is signed: the compiled message and the request it is filled from.

use crate::{
    AuthError, RecipeError,
    encoding::{TEXT_LEN, encode_hex},
    template::{Piece, split},
};
use http::{HeaderMap, HeaderName};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The parts of a request that a signature may cover, exactly as they go over the wire.
#[derive(Clone, Copy, Default)]
pub struct SigningInput<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The host as the `Host` header says it, with the port if that does.
    pub host: &'a str,
    /// The path, starting with `/`, percent-encoded as sent.
    pub path: &'a str,
    /// What follows the `?`, percent-encoded as sent; `Some("")` for an URL that ends in `?`.
    pub query: Option<&'a str>,
    /// The body's bytes as sent; empty without a body.
    pub body: &'a [u8],
    /// A text never used before, for a recipe with `{nonce}`. Verifying takes it from the header instead.
    pub nonce: Option<&'a str>,
}

/// The path can name a person and the body describe one: neither is shown.
impl fmt::Debug for SigningInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInput")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// For a caller behind a proxy that changes the path: the signature must cover the path that the platform sees.
///
/// A path that is `from` or lies below it is signed with `to` in the place of `from`; the request itself stays as it is.
/// A trailing `/` of either means nothing, and an empty `from` puts `to` before every path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRewrite {
    /// The start of the path that the caller sends.
    pub from: String,
    /// What the platform sees instead.
    pub to: String,
}

impl PathRewrite {
    /// The signed path in two pieces.
    fn apply<'a>(&'a self, path: &'a str) -> Result<(&'a str, &'a str), AuthError> {
        let rest = path
            .strip_prefix(self.from.trim_end_matches('/'))
            .ok_or(AuthError::PathNotRewritten)?;
        match (self.to.trim_end_matches('/'), rest) {
            ("", "") => Ok(("", "/")),
            (to, rest) if rest.is_empty() || rest.starts_with('/') => Ok((to, rest)),
            _ => Err(AuthError::PathNotRewritten),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Method,
    Path,
    Query,
    PathAndQuery,
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
    pub(crate) timestamp: &'a str,
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
        pieces
            .iter()
            .map(Part::parse)
            .collect::<Result<_, _>>()
            .map(Self)
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
        for part in &self.0 {
            match part {
                Part::Text(text) => sink(text.as_bytes()),
                Part::Method => sink(checked("method", input.method, b'/')?),
                Part::Path => write_path(values, &mut sink)?,
                Part::Query => sink(query(input)?),
                Part::PathAndQuery => {
                    write_path(values, &mut sink)?;
                    if input.query.is_some() {
                        sink(b"?");
                        sink(query(input)?);
                    }
                }
                Part::Host => sink(checked("host", input.host, b'/')?),
                Part::Body => sink(input.body),
                Part::BodySha256 => {
                    let mut hex = [0; TEXT_LEN];
                    encode_hex(&Sha256::digest(input.body).into(), &mut hex);
                    sink(&hex);
                }
                Part::Timestamp => sink(values.timestamp.as_bytes()),
                Part::Nonce => sink(values.nonce.as_bytes()),
                Part::Header(name) => sink(header(values.headers, name)?),
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
            "path_and_query" => Self::PathAndQuery,
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

fn write_path(values: &Values<'_>, sink: &mut impl FnMut(&[u8])) -> Result<(), AuthError> {
    let path = values.input.path;
    check_path(path)?;
    let Some(rewrite) = values.rewrite else {
        sink(path.as_bytes());
        return Ok(());
    };
    let (start, rest) = rewrite.apply(path)?;
    if !start.is_empty() {
        check_path(start)?;
    }
    sink(start.as_bytes());
    sink(rest.as_bytes());
    Ok(())
}

fn check_path(path: &str) -> Result<(), AuthError> {
    let starts_at_root = path.starts_with('/');
    match checked("path", path, b'?') {
        Ok(_) if starts_at_root => Ok(()),
        _ => Err(AuthError::InvalidInput("path")),
    }
}

fn query<'a>(input: &SigningInput<'a>) -> Result<&'a [u8], AuthError> {
    match input.query {
        None | Some("") => Ok(b""),
        Some(query) => checked("query", query, b'#'),
    }
}

/// A part that could not stand on a request line lets one signature fit two requests, so it is refused: if it is empty or
/// holds white space, a control character, `#` or the character that would end this part.
#[inline]
fn checked<'a>(part: &'static str, text: &'a str, end: u8) -> Result<&'a [u8], AuthError> {
    let bytes = text.as_bytes();
    let misplaced =
        |found: bool, b: &u8| found | (*b <= b' ') | (*b == 0x7f) | (*b == b'#') | (*b == end);
    // Chunks of a fixed size, without an early exit, become vector instructions; the last one may overlap another.
    let found = match bytes.last_chunk::<16>() {
        Some(last) => {
            let (chunks, _) = bytes.as_chunks::<16>();
            chunks
                .iter()
                .chain([last])
                .any(|chunk| chunk.iter().fold(false, misplaced))
        }
        None => bytes.is_empty() || bytes.iter().fold(false, misplaced),
    };
    if found {
        Err(AuthError::InvalidInput(part))
    } else {
        Ok(bytes)
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
