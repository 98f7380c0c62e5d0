//! What generated crates are written against. Not for other uses: it changes with the generator.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use serde::{Deserializer, Serialize, de};
use url::Url;

use crate::{
    Cursor, Error, ErrorKind, Outgoing, PlatformInfo, Settings, Source, SourceProblem,
    UnknownValue,
    base_url::BaseUrl,
    clock::Tokio,
    credentials::Keyring,
    limiter::Limiter,
    retry::Budget,
    send::{Reqwest, http_client},
    skew::Skew,
    transport::Transport,
};
pub use crate::{
    call::{Call, pages, send, send_for_nothing, send_page, send_raw, stream},
    credentials::{Scheme, SchemeInfo},
    csv::{open_bytes, open_rows},
    cursor::Position,
    item::look_up as text_at,
    limits::{Amount, Edge, Limits, Range, Variant, check, check_body, check_finite},
    operation::{
        Code, Envelope, ErrorInfo, FailWhen, Next, Operation, Pagination, RetryClass, Style, Test,
    },
    query::{Query, QueryStyle},
    record::{
        Blank, Field, Hidden, Record, deserialize, or_blank, put, put_all, put_list, put_nullable,
        put_some, required,
    },
    segment::{check as check_segment, encode as encode_segment},
    walk::WalkOptions,
};

pub use futures_core::Stream;

pub use crate::builder::CredentialSet;

pub use bytes;
pub use progenitor_client;
pub use reqwest;
pub use serde;
pub use serde_json;

/// What a generated crate knows of its platform.
#[derive(Debug)]
pub struct PlatformSpec {
    /// What everybody may know.
    pub info: &'static PlatformInfo,
    /// The security schemes.
    pub schemes: &'static [SchemeInfo],
    /// `botroster-<name>/<version>`.
    pub user_agent: &'static str,
}

/// The shared part of a client; cheap to clone.
#[derive(Clone)]
pub struct Core {
    transport: Arc<Transport>,
    builder: reqwest::Client,
    settings: Arc<Settings>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

impl Core {
    /// A client's shared part.
    ///
    /// # Errors
    /// A missing or malformed base URL or credential.
    pub fn connect(spec: &'static PlatformSpec, settings: Settings) -> Result<Self, Error> {
        let name = spec.info.name;
        let base = settings
            .base_url
            .as_deref()
            .or(spec.info.base_url)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    format!("{name} has no base URL of its own: give the one of your installation"),
                )
            })?;
        let base = BaseUrl::parse(base, settings.loopback_http)
            .map_err(|error| Error::new(error.kind(), format!("{name}: {error}")))?;
        let credentials = Keyring::new(
            name,
            spec.schemes,
            settings.credentials.clone(),
            settings.signed_path.clone(),
        )?;
        let options = settings.options;
        let http = http_client(
            options.connect_timeout,
            options.read_timeout,
            base.is_loopback() && settings.loopback_http,
        )
        .map_err(|error| {
            Error::new(
                ErrorKind::Configuration,
                "the HTTP client could not be set up",
            )
            .with_source(error)
        })?;
        let transport = Transport {
            base,
            send: settings
                .send
                .clone()
                .unwrap_or_else(|| Arc::new(Reqwest(http.clone()))),
            runtime: settings.runtime.clone().unwrap_or_else(|| Arc::new(Tokio)),
            credentials,
            omitted: settings.omitted.clone(),
            limiter: Limiter::default(),
            budget: Budget::default(),
            skew: Skew::default(),
            options,
            user_agent: HeaderValue::from_static(spec.user_agent),
        };
        Ok(Self {
            transport: Arc::new(transport),
            builder: http,
            settings: Arc::new(settings),
        })
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.transport.base.as_str()
    }

    /// The base URL's path, without a slash at its end.
    pub fn base_path(&self) -> &str {
        self.transport.base.path()
    }

    /// The URL of this path at the base URL's origin.
    pub fn at(&self, path: &str) -> Url {
        self.transport.base.at(path)
    }

    /// Where progenitor's layer builds requests.
    pub fn builder(&self) -> &reqwest::Client {
        &self.builder
    }

    /// Records on a page, if the settings say.
    pub fn page_size(&self) -> Option<u32> {
        self.settings.page_size
    }

    /// A scope parameter of the settings.
    ///
    /// # Errors
    /// It is not set.
    pub fn scope(&self, name: &str) -> Result<&str, Error> {
        self.settings
            .scope
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    format!("`{name}` is not given: add it to the scope"),
                )
            })
    }
}

/// The request that progenitor's layer built.
///
/// # Errors
/// It could not be built from the arguments.
pub fn built(
    built: Result<reqwest::Request, progenitor_client::Error<()>>,
) -> Result<Outgoing, Error> {
    // The cause may repeat an argument.
    let Ok(mut request) = built else {
        let text = "no request could be built from the arguments: nothing was sent";
        return Err(Error::new(ErrorKind::InvalidInput, text));
    };
    let body = match request.body() {
        None => Bytes::new(),
        Some(body) => match body.as_bytes() {
            Some(bytes) => Bytes::copy_from_slice(bytes),
            None => {
                let text = "a streamed body cannot be signed: nothing was sent";
                return Err(Error::new(ErrorKind::InvalidInput, text));
            }
        },
    };
    let mut url = request.url().clone();
    if let Some(query) = url.query().and_then(percent_encoded) {
        url.set_query(Some(&query));
    }
    Ok(Outgoing {
        method: request.method().clone(),
        headers: std::mem::take(request.headers_mut()),
        url,
        body,
    })
}

/// A query as it is written everywhere else, where forms would have it otherwise: with a plus for a space.
fn percent_encoded(query: &str) -> Option<String> {
    let differs = query.contains(['+', '*']) || query.contains("%7E");
    differs.then(|| {
        query
            .replace('+', "%20")
            .replace('*', "%2A")
            .replace("%7E", "~")
    })
}

/// Puts a body into a request; without one it stays as it is, without a content type.
///
/// # Errors
/// It cannot be written as JSON.
pub fn put_body(request: &mut Outgoing, body: Option<&impl Serialize>) -> Result<(), Error> {
    let Some(body) = body else {
        return Ok(());
    };
    let Ok(bytes) = serde_json::to_vec(body) else {
        let text = "the body cannot be written as JSON: nothing was sent";
        return Err(Error::new(ErrorKind::InvalidInput, text));
    };
    request.body = bytes.into();
    request
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(())
}

/// A value of an open enumeration that has no name.
pub fn unknown(text: String) -> UnknownValue {
    UnknownValue::new(text)
}

/// A number of a spec; 0 for what JSON has no number for.
pub fn number(number: f64) -> serde_json::Number {
    serde_json::Number::from_f64(number).unwrap_or_else(|| 0.into())
}

/// A text that is none of a closed enumeration's values.
pub fn not_one_of(what: &'static str, values: &[&str]) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("not a {what}: it is one of {}", values.join(", ")),
    )
}

/// The status of an error that is one of this operation.
pub fn answered(operation: &'static Operation, error: &Error) -> Option<u16> {
    error.status_of(operation)
}

/// A stream that this platform does not have.
pub fn no_such_stream(platform: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("{platform} has no such stream"),
    )
}

/// A rule between arguments that is broken.
pub fn broken_rule(text: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{text}: nothing was sent"))
}

/// An argument of a stream.
///
/// # Errors
/// It was not given.
pub fn argument(arguments: &BTreeMap<String, String>, name: &str) -> Result<String, Error> {
    arguments.get(name).cloned().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("the argument `{name}` is not given"),
        )
    })
}

/// A value from a text of the configuration, of the spec, or of another record.
///
/// # Errors
/// It is no such value; the text names the argument only.
pub fn parse<T: FromStr>(name: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("the argument `{name}` is not of the type that the spec gives it"),
        )
    })
}

/// Checks that a body has a value at one of these pointers.
///
/// # Errors
/// It has none of them.
pub fn any_of(body: &impl Serialize, pointers: &[&str]) -> Result<(), Error> {
    let body = serde_json::to_value(body).unwrap_or_default();
    if pointers
        .iter()
        .any(|pointer| body.pointer(pointer).is_some_and(|value| !value.is_null()))
    {
        return Ok(());
    }
    let names: Vec<&str> = pointers
        .iter()
        .map(|pointer| pointer.trim_start_matches('/'))
        .collect();
    Err(broken_rule(&format!(
        "one of `{}` is needed",
        names.join("`, `")
    )))
}

/// Reads a text without keeping it.
///
/// # Errors
/// Not a text, or none that `make` takes.
pub fn deserialize_text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    make: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Text<F>(F);
    impl<T, F: Fn(&str) -> Option<T>> de::Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one of the documented texts")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).ok_or_else(|| E::invalid_value(de::Unexpected::Other("text"), &self))
        }
    }
    deserializer.deserialize_str(Text(make))
}

impl WalkOptions {
    /// At most this many requests at once, where the server says how many pages there are.
    pub fn set_concurrency(&mut self, requests: usize) {
        self.concurrency = requests;
    }

    /// Whether repeated records are left out.
    pub fn set_dedupe(&mut self, dedupe: bool) {
        self.dedupe = Some(dedupe);
    }

    /// Where the walk begins.
    pub fn set_start(&mut self, operation: &'static Operation, cursor: &Cursor) {
        self.start = Some(cursor.of(operation).cloned().map_err(Arc::new));
    }
}

/// Types of page numbers and offsets.
pub trait PageNumber: Copy {
    /// As a position.
    fn position(self) -> Position;
    /// From a position; the largest value where it does not fit.
    fn from_number(number: u64) -> Self;
}

macro_rules! page_numbers {
    ($($ty:ty),*) => {$(
        impl PageNumber for $ty {
            fn position(self) -> Position {
                Position::Number(u64::try_from(self).unwrap_or_default())
            }
            fn from_number(number: u64) -> Self {
                <$ty>::try_from(number).unwrap_or(<$ty>::MAX)
            }
        }
    )*};
}
page_numbers!(u32, u64, i32, i64);

impl Position {
    /// The number, unless it is a cursor.
    pub fn number<N: PageNumber>(&self) -> Option<N> {
        match self {
            Self::Number(number) => Some(N::from_number(*number)),
            Self::Cursor(_) => None,
        }
    }

    /// The cursor, unless it is a number or the beginning.
    pub fn cursor(&self) -> Option<String> {
        match self {
            Self::Number(_) => None,
            Self::Cursor(cursor) => cursor.clone(),
        }
    }
}

/// The credentials in environment variables, by slot.
///
/// # Errors
/// None of the variables is set, or one is not Unicode.
pub fn credentials_from_env(info: &'static PlatformInfo) -> Result<CredentialSet, Error> {
    let mut found = CredentialSet::default();
    for credential in info.credentials {
        match Source::env(credential.env).read() {
            Ok(resolved) => found.set(credential.name, resolved.secret.into()),
            Err(error) => match error.problem() {
                SourceProblem::NotThere | SourceProblem::Empty => {}
                _ => return Err(Error::new(ErrorKind::Credentials, error.to_string())),
            },
        }
    }
    if found.is_empty() {
        let names: Vec<&str> = info
            .credentials
            .iter()
            .map(|credential| credential.env)
            .collect();
        let text = format!(
            "no credential of {} in the environment: set {}",
            info.name,
            names.join(", ")
        );
        return Err(Error::new(ErrorKind::Credentials, text));
    }
    Ok(found)
}
