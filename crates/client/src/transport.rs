//! One call on the network: every attempt in its order, until there is an answer or there cannot be one.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

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
    pub(crate) authenticators: BTreeMap<&'static str, Authenticator>,
    /// The schemes that sign a time.
    pub(crate) signing: Vec<&'static str>,
    /// For a scheme without a credential: what to set.
    pub(crate) missing: BTreeMap<&'static str, String>,
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
            .attempts(operation, &request, |incoming| {
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
        let (attempt, attempts) = self.attempts(operation, &request, whole).await?;
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
    ) -> Result<Outgoing, Error> {
        if !self.base.is_origin_of(&request.url) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the request would leave the base URL's origin: nothing was sent",
            ));
        }
        let mut outgoing = request.clone();
        // progenitor announces the spec's version to everybody.
        outgoing.headers.remove("api-version");
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
        self.authenticate(operation, &mut outgoing)?;
        for name in &self.omitted {
            outgoing.headers.remove(name.as_str());
        }
        Ok(outgoing)
    }

    /// The first alternative of the operation's security whose credentials are there.
    fn schemes(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        let ready = |schemes: &&&[&'static str]| {
            schemes
                .iter()
                .all(|scheme| self.authenticators.contains_key(scheme))
        };
        operation.security.iter().find(ready).copied()
    }

    /// Only a signature has a time in it that another clock could refuse.
    pub(crate) fn may_correct_clock(&self, operation: &Operation) -> bool {
        self.options.clock_correction
            && self
                .schemes(operation)
                .is_some_and(|schemes| schemes.iter().any(|scheme| self.signing.contains(scheme)))
    }

    fn authenticate(
        &self,
        operation: &'static Operation,
        outgoing: &mut Outgoing,
    ) -> Result<(), Error> {
        let Some(schemes) = self.schemes(operation) else {
            return match operation.security.first() {
                None => Ok(()),
                Some(first) => Err(self.missing_credential(first)),
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
                .filter_map(|scheme| self.authenticators.get(scheme))
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
        let now = self.skew.corrected(self.runtime.now());
        for authenticator in authenticators() {
            authenticator
                .authenticate(&input, now, headers)
                .map_err(|error| Error::new(ErrorKind::Credentials, error.to_string()))?;
        }
        Ok(())
    }

    fn missing_credential(&self, schemes: &[&'static str]) -> Error {
        let what = schemes.iter().find_map(|scheme| self.missing.get(scheme));
        let what = what.map_or("a credential is missing", String::as_str);
        Error::new(ErrorKind::Credentials, format!("{what}; nothing was sent"))
    }
}

/// Reads at most `limit` bytes.
async fn read(
    operation: &'static Operation,
    mut incoming: Incoming,
    limit: usize,
) -> Result<Attempt<Bytes>, Ended> {
    let mut body = BytesMut::new();
    while let Some(chunk) = incoming.body.next().await {
        let chunk = chunk.map_err(|error| Ended::Failed(Failure::Send(error)))?;
        if body.len() + chunk.len() > limit {
            let text = format!(
                "the answer is larger than {limit} bytes: raise the body limit if that is expected"
            );
            return Err(Ended::Fatal(
                Error::new(ErrorKind::TooLarge, text).with_operation(operation),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Attempt {
        status: incoming.status,
        headers: incoming.headers,
        body: body.freeze(),
    })
}
