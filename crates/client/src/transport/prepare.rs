//! The headers that each attempt adds: constants, and credentials with the current time.

use std::time::SystemTime;

use botroster_auth::{Authenticator, SigningInput};
use http::{
    HeaderName, HeaderValue,
    header::{ACCEPT, USER_AGENT},
};

use super::Transport;
use crate::{Error, ErrorKind, OutgoingRequest, credentials::Ready, operation::Operation};

impl Transport {
    /// The complete request of an attempt.
    ///
    /// # Errors
    /// The request has another origin than the base URL, or cannot be authenticated.
    pub(super) fn prepare(
        &self,
        operation: &'static Operation,
        request: &OutgoingRequest,
        ready: &Ready,
        now: SystemTime,
    ) -> Result<OutgoingRequest, Error> {
        if !self.base.is_origin_of(&request.url) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the request URL has another origin than the base URL: nothing was sent",
            ));
        }
        let mut outgoing = request.clone();
        outgoing
            .headers
            .insert(ACCEPT, HeaderValue::from_static(operation.accept));
        outgoing
            .headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
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

    /// Returns whether the clock may be corrected: only a signature contains a time that another clock could reject.
    pub(super) fn may_correct_clock(&self, operation: &Operation, ready: &Ready) -> bool {
        self.options.clock_correction
            && ready
                .schemes(operation)
                .is_some_and(|schemes| schemes.iter().any(|scheme| ready.signing.contains(scheme)))
    }

    fn authenticate(
        &self,
        operation: &'static Operation,
        outgoing: &mut OutgoingRequest,
        ready: &Ready,
        now: SystemTime,
    ) -> Result<(), Error> {
        let Some(schemes) = ready.schemes(operation) else {
            return match operation.security.first() {
                None => Ok(()),
                Some(first) => Err(ready.missing_credential(first)),
            };
        };
        let OutgoingRequest {
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
