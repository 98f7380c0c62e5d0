//! Names every type of the API of a client crate through that crate alone. That it compiles is the test; `exports` in
//! `tests/tests` checks that the list is complete.

use std::sync::Arc;

pub use botroster_peki::{
    BodyStream, Builder, CallFuture, Client, Completeness, Connection, CredentialInfo,
    CredentialSet, Credentials, Cursor, Error, ErrorCode, ErrorKind, Extra, HttpSend,
    IncomingResponse, Item, Items, Json, Map, Metadata, Nullable, Number, NumberOrText, Options,
    OutgoingRequest, PERSONAL_FIELDS, Page, PageReport, Pages, ParentInfo, PekiPlatform,
    PersonalCategory, PersonalField, Platform, PlatformInfo, ProvideSecret, RateLimit, RawPages,
    RawResponse, Rejected, ResolvedSecret, Rows, Runtime, Secret, SecretProviderError,
    SecretSource, SecretSourceError, SecretSourceProblem, SecretSourceWarning, SendError, Settings,
    StreamInfo, Timestamp, Totals, UnknownValue, errors, types,
};
use botroster_peki::{
    bytes::Bytes,
    futures_core::Stream,
    http::{HeaderMap, Method, StatusCode},
    serde_json::value::RawValue,
    url::Url,
};

/// Builds a client on another network and runtime.
///
/// # Errors
/// A setting is missing or malformed.
pub fn client(send: Arc<dyn HttpSend>, runtime: Arc<dyn Runtime>) -> Result<Client, Error> {
    let token: SecretSource = SecretSource::provider(|| -> Result<Secret, SecretProviderError> {
        Ok(Secret::new("an-example-secret"))
    });
    let credentials: Credentials = Credentials::new()
        .with_api_key("an-example-key")
        .with_api_secret(token);
    let set: CredentialSet = credentials.into();
    let builder: Builder<Client> = Client::builder().with_credentials(set);
    builder.with_http(send).with_runtime(runtime).build()
}

/// Sends one request with options of its own.
///
/// # Errors
/// The call fails.
pub async fn page(client: &Client, chatbot: &str) -> Result<Page<types::User>, Error> {
    let request = client.chatbot(chatbot).users().list().page_size(20);
    let call: CallFuture<Page<types::User>> = request.into_future();
    call.await
}

/// The parts of a page.
pub fn parts(
    page: &Page<types::User>,
) -> (Totals, &PageReport, &Metadata, &[Rejected], Option<&Cursor>) {
    let parts = (page.totals(), page.report(), page.metadata());
    (parts.0, parts.1, parts.2, page.rejected(), page.cursor())
}

/// The parts of a response.
pub fn response(raw: &RawResponse) -> (StatusCode, &HeaderMap, &Bytes) {
    (raw.status(), raw.headers(), raw.body())
}

/// A request to another URL.
pub fn request(url: Url) -> OutgoingRequest {
    OutgoingRequest {
        method: Method::GET,
        url,
        headers: HeaderMap::new(),
        body: Bytes::new(),
    }
}

/// The records of a stream, undecoded.
///
/// # Errors
/// A setting or argument is missing.
pub fn records(
    settings: Settings,
    stream: &'static StreamInfo,
) -> Result<impl Stream<Item = Result<Page<Box<RawValue>>, Error>>, Error> {
    let connection: Arc<dyn Connection> = PekiPlatform.connect(settings)?;
    let pages: RawPages = connection.walk(stream, &std::collections::BTreeMap::new())?;
    Ok(pages)
}
