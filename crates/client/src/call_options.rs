//! Options of a single call.

use std::time::Duration;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
        CONTENT_TYPE, COOKIE, EXPECT, HOST, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING,
        UPGRADE,
    },
};

use crate::{Error, ErrorKind};

/// Headers that the client controls: authentication, the connection, the body and content negotiation.
const RESERVED: [HeaderName; 15] = [
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    EXPECT,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The options of a single call, in place of the client's.
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) deadline: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Sets the deadline.
    pub fn set_deadline(&mut self, limit: Duration) {
        self.deadline = Some(limit);
    }

    /// Sets the maximum number of attempts; at least 1.
    pub fn set_attempts(&mut self, attempts: u32) {
        self.attempts = Some(attempts.max(1));
    }

    /// Adds a header. It is validated when the call is sent.
    pub fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Adds the headers to those of a request. `is_authentication` tells the headers of the platform's security schemes.
    ///
    /// # Errors
    /// A name or value is malformed, or the client controls the header. The message does not contain a value.
    pub(crate) fn apply(
        &self,
        headers: &mut HeaderMap,
        is_authentication: impl Fn(&HeaderName) -> bool,
    ) -> Result<(), Error> {
        let invalid = |text: String| Error::new(ErrorKind::InvalidInput, text);
        for (name, value) in &self.headers {
            let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
                let text = "the name of an additional header is invalid: nothing was sent";
                return Err(invalid(text.to_owned()));
            };
            if is_authentication(&name) {
                return Err(invalid(format!(
                    "the header `{name}` is set by the authentication of the client: nothing was sent"
                )));
            }
            if RESERVED.contains(&name) {
                return Err(invalid(format!(
                    "the header `{name}` is controlled by the client: nothing was sent"
                )));
            }
            let Ok(mut value) = HeaderValue::from_str(value) else {
                return Err(invalid(format!(
                    "the value of the header `{name}` contains a character that a header cannot carry: nothing was sent"
                )));
            };
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(name: &str, value: &str) -> Result<HeaderMap, String> {
        let mut options = CallOptions::default();
        options.add_header(name, value);
        let mut headers = HeaderMap::new();
        options
            .apply(&mut headers, |name| name == "x-api-key")
            .map_err(|error| error.to_string())?;
        Ok(headers)
    }

    #[test]
    fn headers_are_added_and_marked_sensitive() {
        let headers = applied("X-Trace", "abc").unwrap();
        assert_eq!(headers["x-trace"], "abc");
        assert!(headers["x-trace"].is_sensitive());
    }

    #[test]
    fn headers_that_the_client_controls_are_rejected_without_their_value() {
        for (name, text) in [
            ("X-API-Key", "`x-api-key` is set by the authentication"),
            ("Authorization", "`authorization` is controlled"),
            ("Host", "`host` is controlled"),
            ("Content-Length", "`content-length` is controlled"),
            ("a b", "the name of an additional header is invalid"),
        ] {
            let error = applied(name, "tops3cret").unwrap_err();
            assert!(error.contains(text), "{error}");
            assert!(!error.contains("tops3cret"), "{error}");
            assert!(error.ends_with(": nothing was sent"), "{error}");
        }
        let error = applied("x-trace", "tops3cret\n").unwrap_err();
        assert!(
            error.contains("`x-trace`") && !error.contains("tops3cret"),
            "{error}"
        );
    }
}
