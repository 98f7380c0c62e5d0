//! One call on the network: every attempt in its order, until there is an answer or there cannot be one.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use botroster_auth::{Authenticator, SigningInput};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, USER_AGENT},
};

use crate::{
    Error, ErrorKind, HttpSend, Options, Outgoing, Runtime,
    attempts::{Attempt, Ended},
    base_url::BaseUrl,
    credentials::{Keyring, Ready},
    limiter::Limiter,
    operation::Operation,
    retry::{Budget, Failure},
    send::Incoming,
    skew::Skew,
};

/// What all calls of one client share.
pub(crate) struct Transport {
    pub(crate) base: BaseUrl,
    pub(crate) send: Arc<dyn HttpSend>,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) credentials: Keyring,
    pub(crate) omitted: Vec<String>,
    pub(crate) limiter: Limiter,
    pub(crate) budget: Budget,
    pub(crate) skew: Skew,
    pub(crate) options: Options,
    pub(crate) user_agent: HeaderValue,
}

/// An answer whose body was read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

/// An answer as it came, and how many attempts it took.
pub(crate) struct Opened {
    pub(crate) incoming: Incoming,
    pub(crate) attempts: u32,
}

impl Transport {
    /// Sends the request and reads the answer, whatever its status.
    pub(crate) async fn run(
        &self,
        operation: &'static Operation,
        request: Outgoing,
    ) -> Result<Answer, Error> {
        let started = self.runtime.monotonic();
        let limit = self.options.body_limit;
        let (attempt, attempts) = self
            .attempts(operation, &request, started, |incoming| {
                read(operation, incoming, limit)
            })
            .await?;
        let Attempt {
            status,
            headers,
            body,
        } = attempt;
        let elapsed = self.runtime.monotonic().duration_since(started);
        Ok(Answer {
            status,
            headers,
            body,
            attempts,
            elapsed,
        })
    }

    /// Sends the request and leaves the body of the answer to the caller.
    pub(crate) async fn open(
        &self,
        operation: &'static Operation,
        request: Outgoing,
    ) -> Result<Opened, Error> {
        let whole = |incoming: Incoming| async {
            let (status, headers) = (incoming.status, incoming.headers.clone());
            Ok(Attempt {
                status,
                headers,
                body: incoming,
            })
        };
        let started = self.runtime.monotonic();
        let (attempt, attempts) = self.attempts(operation, &request, started, whole).await?;
        Ok(Opened {
            incoming: attempt.body,
            attempts,
        })
    }

    /// The request with everything an attempt adds: constants, credentials with this moment's time.
    pub(crate) fn prepare(
        &self,
        operation: &'static Operation,
        request: &Outgoing,
        ready: &Ready,
        now: SystemTime,
    ) -> Result<Outgoing, Error> {
        if !self.base.is_origin_of(&request.url) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the request would leave the base URL's origin: nothing was sent",
            ));
        }
        let mut outgoing = request.clone();
        outgoing
            .headers
            .insert(ACCEPT, HeaderValue::from_static(operation.accept));
        outgoing.headers.insert(USER_AGENT, self.user_agent.clone());
        for (name, value) in operation.headers {
            outgoing.headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        self.authenticate(operation, &mut outgoing, ready, now)?;
        for name in &self.omitted {
            outgoing.headers.remove(name.as_str());
        }
        Ok(outgoing)
    }

    /// Only a signature has a time in it that another clock could refuse.
    pub(crate) fn may_correct_clock(&self, operation: &Operation, ready: &Ready) -> bool {
        self.options.clock_correction
            && ready
                .schemes(operation)
                .is_some_and(|schemes| schemes.iter().any(|scheme| ready.signing.contains(scheme)))
    }

    fn authenticate(
        &self,
        operation: &'static Operation,
        outgoing: &mut Outgoing,
        ready: &Ready,
        now: SystemTime,
    ) -> Result<(), Error> {
        let Some(schemes) = ready.schemes(operation) else {
            return match operation.security.first() {
                None => Ok(()),
                Some(first) => Err(ready.missing_credential(first)),
            };
        };
        let Outgoing {
            method,
            url,
            headers,
            body,
        } = outgoing;
        let authenticators = || {
            schemes
                .iter()
                .filter_map(|scheme| ready.authenticators.get(scheme))
        };
        let nonce = authenticators()
            .any(Authenticator::needs_nonce)
            .then(|| self.runtime.nonce());
        let input = SigningInput {
            method: method.as_str(),
            host: self.base.host_header(),
            path: url.path(),
            query: url.query(),
            body,
            nonce: nonce.as_deref(),
        };
        let now = self.skew.corrected(now);
        for authenticator in authenticators() {
            authenticator
                .authenticate(&input, now, headers)
                .map_err(|error| Error::new(ErrorKind::Credentials, error.to_string()))?;
        }
        Ok(())
    }
}

/// Reads at most `limit` bytes.
async fn read(
    operation: &'static Operation,
    mut incoming: Incoming,
    limit: usize,
) -> Result<Attempt<Bytes>, Ended> {
    let mut first = Bytes::new();
    let mut body = BytesMut::new();
    while let Some(chunk) = incoming.body.next().await {
        let chunk = chunk.map_err(|error| Ended::Failed(Failure::Send(error)))?;
        if first.len().max(body.len()) + chunk.len() > limit {
            let text = format!(
                "the answer is larger than {limit} bytes: raise the body limit if that is expected"
            );
            return Err(Ended::Fatal(
                Error::new(ErrorKind::TooLarge, text).with_operation(operation),
            ));
        }
        if first.is_empty() {
            // A small answer comes in one piece, which is not copied.
            first = chunk;
            continue;
        }
        if body.is_empty() {
            body.extend_from_slice(&first);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Attempt {
        status: incoming.status,
        headers: incoming.headers,
        body: if body.is_empty() {
            first
        } else {
            body.freeze()
        },
    })
}
