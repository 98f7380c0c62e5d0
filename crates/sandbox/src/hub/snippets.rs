//! Code that calls an operation of the sandbox, to be copied.

mod call;
mod curl;
mod python;
mod rust;
mod sample;

use crate::platform::Platform;
use call::HttpCall;
use serde::Serialize;

/// The same call in several languages.
#[derive(Debug, Serialize)]
pub(super) struct Snippets {
    curl: String,
    python: String,
    /// With the generated client, if its documentation has an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    rust: Option<String>,
}

/// `None` if the operation does not exist. `address` is scheme, host and port.
pub(super) fn of(platform: &Platform, address: &str, operation: &str) -> Option<Snippets> {
    let call = HttpCall::new(platform, address, operation)?;
    Some(Snippets {
        curl: curl::snippet(&call),
        python: python::snippet(&call),
        rust: rust::snippet(platform, address, operation),
    })
}
