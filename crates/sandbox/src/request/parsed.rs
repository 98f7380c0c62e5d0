//! A request in its raw form, and after routing and parsing, which happen once.

use super::{
    failure::RequestFailure,
    params::{self, Params},
    route::{Route, Unrouted, route},
};
use crate::{
    platform::Platform,
    spec::{Operation, Spec},
    values::text::plain_text,
};
use http::HeaderMap;
use serde_json::Value;
use std::sync::Arc;

/// A request as it arrived.
#[derive(Clone, Copy)]
pub(crate) struct RawRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl RawRequest<'_> {
    /// Path and query.
    pub(crate) fn target(&self) -> String {
        match self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// A request to an operation, parsed.
pub(crate) struct ParsedRequest<'a> {
    pub(crate) number: usize,
    pub(crate) operation: &'a Operation,
    params: Params,
    /// What is wrong with the parameters.
    pub(crate) params_failures: Vec<RequestFailure>,
    /// `None` without a body, or if the operation takes none.
    pub(crate) body: Option<Result<Value, serde_json::Error>>,
}

impl<'a> ParsedRequest<'a> {
    pub(crate) fn parse(spec: &'a Spec, raw: &RawRequest<'_>) -> Result<Self, Unrouted> {
        let Route { number, path } = route(spec, raw.method, raw.path)?;
        let operation = spec.operations.get(number).ok_or(Unrouted::UnknownPath)?;
        let query = raw.query.unwrap_or_default();
        let (params, params_failures) =
            params::read(operation, &spec.schemas, &path, query, raw.headers);
        let has_body = operation.body.is_some() && !raw.body.is_empty();
        Ok(Self {
            number,
            operation,
            params,
            params_failures,
            body: has_body.then(|| serde_json::from_slice(raw.body)),
        })
    }

    pub(crate) fn call(&self) -> OperationCall<'_> {
        OperationCall {
            number: self.number,
            operation: self.operation,
            params: &self.params,
            body: self.body.as_ref().and_then(|body| body.as_ref().ok()),
        }
    }
}

/// What a request asks of an operation.
#[derive(Clone, Copy)]
pub(crate) struct OperationCall<'a> {
    pub(crate) number: usize,
    pub(crate) operation: &'a Operation,
    pub(crate) params: &'a Params,
    pub(crate) body: Option<&'a Value>,
}

impl<'a> OperationCall<'a> {
    /// The value of a parameter, or of a property at the top of the body.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        let param = self.params.get(name);
        param.or_else(|| self.body?.get(name))
    }

    /// The same as a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(plain_text)
    }

    /// The platform in the scope that the request names, the first if it names none; `None` if there is no such scope.
    pub(crate) fn in_scope<'p>(&self, platform: &'p Arc<Platform>) -> Option<&'p Arc<Platform>> {
        let is_named = |(name, own): &(String, String)| {
            let given = self.text(name);
            given.is_none_or(|given| given == *own)
        };
        let mut all = platform.all_scopes();
        all.find(|one| one.scope.iter().all(is_named))
    }

    /// The properties at the top of the body.
    pub(crate) fn body_members(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let members = self.body.and_then(Value::as_object);
        members.into_iter().flatten()
    }
}
