//! The request builder of progenitor's layer. It has the part of reqwest's interface that progenitor's code uses.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, InvalidHeaderValue},
};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::{Error, ErrorKind, OutgoingRequest, segment::encode};

/// Starts requests.
#[derive(Debug, Clone, Copy)]
pub struct Requests;

macro_rules! methods {
    ($($name:ident $method:ident),*) => {
        impl Requests {$(
            #[doc = concat!("Starts a ", stringify!($method), " request.")]
            pub fn $name(self, url: Url) -> RequestBuilder {
                RequestBuilder::new(Method::$method, url)
            }
        )*}
    };
}
methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE, head HEAD);

/// An argument that a request cannot be built from. It carries no detail, because a detail could contain the argument.
#[derive(Debug)]
pub struct RequestError;

impl From<InvalidHeaderValue> for RequestError {
    fn from(_: InvalidHeaderValue) -> Self {
        Self
    }
}

impl From<RequestError> for Error {
    fn from(_: RequestError) -> Self {
        let text = "the request cannot be built from its arguments: nothing was sent";
        Self::new(ErrorKind::InvalidInput, text)
    }
}

/// A query parameter with a single value. An absent value adds nothing.
pub struct QueryParam<'p, T> {
    name: &'p str,
    value: &'p T,
}

impl<'p, T: Serialize> QueryParam<'p, T> {
    /// Creates a parameter.
    pub fn new(name: &'p str, value: &'p T) -> Self {
        Self { name, value }
    }

    fn text(&self) -> Result<Option<String>, RequestError> {
        match serde_json::to_value(self.value).map_err(|_| RequestError)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            Value::Bool(flag) => Ok(Some(flag.to_string())),
            Value::Number(number) => Ok(Some(number.to_string().replace("e+", "e"))),
            Value::Array(_) | Value::Object(_) => Err(RequestError),
        }
    }
}

/// A request under construction.
pub struct RequestBuilder {
    request: OutgoingRequest,
    query: String,
    is_invalid: bool,
}

impl RequestBuilder {
    fn new(method: Method, url: Url) -> Self {
        Self {
            request: OutgoingRequest {
                method,
                url,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            },
            query: String::new(),
            is_invalid: false,
        }
    }

    /// Appends a query parameter, percent-encoded down to RFC 3986's unreserved characters.
    #[must_use]
    pub fn query<T: Serialize>(mut self, parameter: &QueryParam<'_, T>) -> Self {
        match parameter.text() {
            Err(RequestError) => self.is_invalid = true,
            Ok(None) => {}
            Ok(Some(text)) => {
                if !self.query.is_empty() {
                    self.query.push('&');
                }
                self.query.push_str(&encode(parameter.name));
                self.query.push('=');
                self.query.push_str(&encode(&text));
            }
        }
        self
    }

    /// Sets headers, replacing those of the same names.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        let names: Vec<_> = headers.keys().cloned().collect();
        for name in names {
            self.request.headers.remove(&name);
            for value in headers.get_all(&name) {
                self.request.headers.append(&name, value.clone());
            }
        }
        self
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.request.body = bytes.into(),
            Err(_) => self.is_invalid = true,
        }
        self.request
            .headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
        self
    }

    /// Returns the request.
    ///
    /// # Errors
    /// A query parameter has more than one value, or a value cannot be serialised.
    pub fn build(mut self) -> Result<OutgoingRequest, RequestError> {
        if self.is_invalid {
            return Err(RequestError);
        }
        if !self.query.is_empty() {
            self.request.url.set_query(Some(&self.query));
        }
        Ok(self.request)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url() -> Url {
        Url::parse("https://api.example.com/things").unwrap()
    }

    /// The query that reqwest would send, percent-encoded.
    fn by_reqwest(name: &str, value: &impl Serialize) -> Option<String> {
        let request = reqwest::Client::new().get(url()).query(&[(name, value)]);
        let request = request.build().unwrap();
        request.url().query().map(|query| {
            query
                .replace('+', "%20")
                .replace('*', "%2A")
                .replace("%7E", "~")
        })
    }

    fn query(name: &str, value: &impl Serialize) -> Option<String> {
        let request = Requests.get(url()).query(&QueryParam::new(name, value));
        request.build().unwrap().url.query().map(str::to_owned)
    }

    #[test]
    fn absent_values_are_omitted_and_lists_are_rejected() {
        assert_eq!(query("a", &None::<u32>), None);
        assert_eq!(query("a", &Some(7)), Some("a=7".to_owned()));
        let list = Requests.get(url()).query(&QueryParam::new("a", &[1, 2]));
        assert!(list.build().is_err());
    }

    #[test]
    fn numbers_are_written_as_reqwest_writes_them() {
        for number in [0.0, 1.0, -2.5, 1e16, 1e30, 1e-7, 123_456_789.125] {
            assert_eq!(query("x", &number), by_reqwest("x", &number), "{number}");
        }
        assert_eq!(query("x", &u64::MAX), by_reqwest("x", &u64::MAX));
        assert_eq!(query("x", &true), by_reqwest("x", &true));
    }

    #[test]
    fn a_body_sets_the_content_type_unless_a_header_does() {
        let body = serde_json::json!({ "a": 1 });
        let request = Requests.post(url()).json(&body).build().unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.headers[CONTENT_TYPE], "application/json");
        assert_eq!(&*request.body, br#"{"a":1}"#);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x"));
        let request = Requests.put(url()).json(&body).headers(headers).build();
        assert_eq!(request.unwrap().headers[CONTENT_TYPE], "application/x");
    }

    proptest! {
        #[test]
        fn strings_are_encoded_as_reqwest_encodes_them(name in "[a-zA-Z\\[\\]_ ]{1,8}", value in ".{0,20}") {
            prop_assert_eq!(query(&name, &value), by_reqwest(&name, &value));
        }
    }
}
