//! The interface of the generated crates. Not for other use: it changes with the generator.

mod arguments;
mod request;
mod request_builder;
mod text;

pub use crate::{
    call::Call,
    call_options::CallOptions,
    core::{Core, PlatformSpec},
    credential_set::{CredentialSet, credentials_from_env},
    credentials::{AuthScheme, NamedScheme},
    csv::{open_bytes, open_rows},
    cursor::{PageNumber, Position},
    item::look_up as text_at,
    limits::{
        Bounds, NumberBound, NumberValue, ValueLimits, VariantLimits, check, check_body,
        check_finite,
    },
    operation::{
        CursorSource, DocumentedCode, DocumentedError, EnvelopeRules, FailureCondition, Operation,
        PageReportPointers, PagingPlan, PagingStyle, RetryClass, ValueTest,
    },
    query::{ParameterStyle, QueryString},
    record::{
        Blank, FieldMatch, Hidden, ObjectFields, deserialize, or_blank, put, put_all, put_list,
        put_nullable, put_some, required,
    },
    segment::{check as check_segment, encode as encode_segment},
    send::{pages, send, send_for_nothing, send_page, send_raw, stream},
    walk_options::WalkOptions,
};
pub use arguments::{any_of, argument, broken_rule, no_such_stream, not_one_of, parse};
pub use request::put_body;
pub use request_builder::{QueryParam, RequestBuilder, RequestError, Requests};
pub use text::{answered, deserialize_text, number, unknown};

pub use futures_core::Stream;

pub use bytes;
pub use http;
pub use serde;
pub use serde_json;
