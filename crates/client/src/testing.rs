//! An invented platform for unit tests: a list of numbers behind a scripted network and a virtual clock.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Method, StatusCode};

use crate::{
    Error, HttpSend, IncomingResponse, Options, OutgoingRequest, PlatformInfo, Runtime, SendError,
    Settings,
    codegen::{
        Call, Core, CursorSource, EnvelopeRules, Operation, PageReportPointers, PagingPlan,
        PagingStyle, PlatformSpec, Position, RetryClass, WalkOptions,
    },
};

/// A clock that only advances while a future sleeps.
pub(crate) struct Virtual {
    start: Instant,
    passed: Mutex<Duration>,
}

impl Virtual {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            passed: Mutex::new(Duration::ZERO),
        })
    }
}

impl Runtime for Virtual {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + *self.passed.lock().unwrap()
    }
    fn monotonic(&self) -> Instant {
        self.start + *self.passed.lock().unwrap()
    }
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        // The timeout of an attempt is a sleep as well and must not beat a response that is ready.
        if duration >= Duration::from_secs(60) {
            return Box::pin(std::future::pending());
        }
        *self.passed.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// Maps the requested position to the body of the response.
pub(crate) type Script = dyn FnMut(u64) -> serde_json::Value + Send;

pub(crate) struct Scripted(pub(crate) Mutex<Box<Script>>);

impl HttpSend for Scripted {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        let asked = request
            .url
            .query()
            .and_then(|query| query.strip_prefix("at="));
        let position = asked.and_then(|text| text.parse().ok()).unwrap_or_default();
        let body = (self.0.lock().unwrap())(position).to_string();
        Box::pin(async move {
            Ok(IncomingResponse {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                delimited: true,
                body: Box::pin(stream::iter([Ok(Bytes::from(body))])),
            })
        })
    }
}

const ENVELOPE: EnvelopeRules = EnvelopeRules {
    data: "",
    first: false,
    message: &[],
    code: &[],
    fail_when: &[],
};

pub(crate) const fn operation(pagination: PagingPlan) -> Operation {
    Operation {
        id: "list",
        method: "GET",
        path: "/list",
        security: &[],
        headers: &[],
        accept: "application/json",
        retry: RetryClass::Read,
        rate_limit: None,
        envelope: ENVELOPE,
        pagination: Some(pagination),
        errors: &[],
    }
}

const PAGES: PagingPlan = PagingPlan {
    style: PagingStyle::Page,
    first: 1,
    items: &["/items"],
    key: Some("/id"),
    next: CursorSource::Counted,
    total_pages: Some("/pages"),
    total: Some("/total"),
    echo_size: Some("/size"),
    report: PageReportPointers::NONE,
};
pub(crate) static PAGED: Operation = operation(PAGES);
pub(crate) static OFFSET: Operation = operation(PagingPlan {
    style: PagingStyle::Offset,
    first: 0,
    total_pages: None,
    ..PAGES
});
pub(crate) static UNTOTALLED: Operation = operation(PagingPlan {
    total_pages: None,
    total: None,
    ..PAGES
});
pub(crate) static KEYLESS: Operation = operation(PagingPlan {
    key: None,
    total_pages: None,
    total: None,
    ..PAGES
});
pub(crate) static CURSOR: Operation = operation(PagingPlan {
    style: PagingStyle::Cursor,
    next: CursorSource::Pointer("/next"),
    total_pages: None,
    total: None,
    ..PAGES
});

static INFO: PlatformInfo = PlatformInfo {
    name: "parley",
    title: "Parley",
    base_url: Some("https://api.parley.example"),
    scope: &[],
    credentials: &[],
    streams: &[],
};
static SPEC: PlatformSpec = PlatformSpec {
    info: &INFO,
    schemes: &[],
    user_agent: "botroster-parley/1",
};

/// A call of the list operation.
#[derive(Clone)]
pub(crate) struct List {
    core: Core,
    operation: &'static Operation,
    at: Position,
    pub(crate) walk: WalkOptions,
}

impl List {
    pub(crate) fn new(
        operation: &'static Operation,
        options: Options,
        script: impl FnMut(u64) -> serde_json::Value + Send + 'static,
    ) -> Self {
        let settings = Settings::new()
            .with_http(Arc::new(Scripted(Mutex::new(Box::new(script)))))
            .with_runtime(Virtual::new())
            .with_options(options);
        let at = operation.pagination.as_ref().unwrap().start();
        Self {
            core: Core::connect(&SPEC, settings).unwrap(),
            operation,
            at,
            walk: WalkOptions::default(),
        }
    }
}

impl Call for List {
    fn operation(&self) -> &'static Operation {
        self.operation
    }
    fn core(&self) -> &Core {
        &self.core
    }
    fn build(&self) -> Result<OutgoingRequest, Error> {
        let at = match &self.at {
            Position::Number(number) => number.to_string(),
            Position::Cursor(cursor) => cursor.clone().unwrap_or_default(),
        };
        let url = format!("{}/list?at={at}", self.core.base_url())
            .parse()
            .unwrap();
        Ok(OutgoingRequest {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    }
    fn position(&self) -> Option<Position> {
        Some(self.at.clone())
    }
    fn walk_options(&self) -> WalkOptions {
        self.walk.clone()
    }
    fn seek(&mut self, position: &Position) {
        self.at = position.clone();
    }
}
