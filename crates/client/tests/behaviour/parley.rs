//! A platform that does not exist, for what the shared transport can do and no real platform needs: signed bodies,
//! offsets, cursors in the answer.

use std::time::Duration;

use botroster_client::{
    Error, OutgoingRequest, PlatformInfo, RateLimit, Settings,
    codegen::{
        AuthScheme, Call, Core, CursorSource, EnvelopeRules, NamedScheme, Operation,
        PageReportPointers, PagingPlan, PagingStyle, PlatformSpec, Position, RetryClass,
    },
};
use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;

/// Its key.
pub const KEY: &str = "parley-key";
/// Its secret.
pub const SECRET: &str = "parley-secret";

static INFO: PlatformInfo = PlatformInfo {
    name: "parley",
    title: "Parley",
    base_url: Some("https://api.parley.example/v1"),
    scope: &[],
    credentials: &[],
    streams: &[],
};

static SPEC: PlatformSpec = PlatformSpec {
    info: &INFO,
    schemes: &[NamedScheme {
        name: "signature",
        scheme: AuthScheme::Signature {
            algorithm: "hmac-sha256",
            encoding: "base64",
            timestamp: "unix-seconds",
            message: "{method}\n{path_and_query}\n{body}\n{timestamp}",
            headers: &[
                ("X-API-Key", "{key}"),
                ("X-Signature", "{signature}"),
                ("X-Timestamp", "{timestamp}"),
            ],
            tolerance: 300,
        },
    }],
    user_agent: "botroster-parley/0",
};

const fn operation(id: &'static str, method: &'static str, retry: RetryClass) -> Operation {
    Operation {
        id,
        method,
        path: "/things",
        security: &[&["signature"]],
        headers: &[],
        accept: "application/json",
        retry,
        rate_limit: None,
        envelope: EnvelopeRules {
            data: "",
            first: false,
            message: &[],
            code: &[],
            fail_when: &[],
        },
        pagination: None,
        errors: &[],
    }
}

const fn list(id: &'static str, style: PagingStyle, next: CursorSource) -> Operation {
    let mut operation = operation(id, "GET", RetryClass::Read);
    operation.pagination = Some(PagingPlan {
        style,
        first: 0,
        items: &["/things"],
        next,
        total_pages: None,
        total: Some("/total"),
        echo_size: None,
        report: PageReportPointers::NONE,
        key: Some("/id"),
    });
    operation
}

/// A read with a body.
pub static READ: Operation = operation("read", "POST", RetryClass::Read);
/// The same for everybody, without a signature.
pub static OPEN: Operation = {
    let mut open = operation("open", "POST", RetryClass::Read);
    open.security = &[];
    open
};
/// A write that may be repeated.
pub static WRITE: Operation = operation("write", "PUT", RetryClass::Idempotent);
/// A write that must not be repeated.
pub static WRITE_ONCE: Operation = operation("write_once", "POST", RetryClass::Never);
/// Three requests in ten seconds.
pub static LIMITED: Operation = {
    let mut limited = operation("limited", "GET", RetryClass::Read);
    limited.rate_limit = Some(RateLimit {
        requests: 3,
        per: Duration::from_secs(10),
    });
    limited
};
/// A list by offsets.
pub static OFFSETS: Operation = list("offsets", PagingStyle::Offset, CursorSource::Counted);
/// A list by cursors that the answer gives.
pub static CURSORS: Operation = list(
    "cursors",
    PagingStyle::Cursor,
    CursorSource::Pointer("/meta/next"),
);

/// A connected client.
#[derive(Clone, Debug)]
pub struct Parley(Core);

impl Parley {
    /// With its own credentials.
    pub fn connect(settings: Settings) -> Self {
        let settings = settings
            .with_credential("api_key", KEY)
            .with_credential("api_secret", SECRET);
        Self(Core::connect(&SPEC, settings).unwrap())
    }

    /// A call of an operation; `target` is path and query as they go on the wire, without the path of the base URL.
    pub fn call(&self, operation: &'static Operation, target: &str, body: impl Into<Bytes>) -> Ask {
        Ask {
            core: self.0.clone(),
            operation,
            target: target.to_owned(),
            body: body.into(),
            position: None,
        }
    }
}

/// A call to be made.
#[derive(Clone)]
pub struct Ask {
    core: Core,
    operation: &'static Operation,
    target: String,
    body: Bytes,
    position: Option<Position>,
}

impl Ask {
    /// At a position of a list.
    #[must_use]
    pub fn from(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

impl Call for Ask {
    fn operation(&self) -> &'static Operation {
        self.operation
    }

    fn core(&self) -> &Core {
        &self.core
    }

    fn build(&self) -> Result<OutgoingRequest, Error> {
        let mut url = Url::parse(&format!("{}{}", self.core.base_url(), self.target)).unwrap();
        match &self.position {
            Some(Position::Number(number)) => {
                url.query_pairs_mut().append_pair("at", &number.to_string());
            }
            Some(Position::Cursor(Some(cursor))) => {
                url.query_pairs_mut().append_pair("at", cursor);
            }
            Some(Position::Cursor(None)) | None => {}
        }
        Ok(OutgoingRequest {
            method: Method::from_bytes(self.operation.method.as_bytes()).unwrap(),
            url,
            headers: HeaderMap::new(),
            body: self.body.clone(),
        })
    }

    fn position(&self) -> Option<Position> {
        self.position.clone()
    }

    fn seek(&mut self, position: &Position) {
        self.position = Some(position.clone());
    }
}
