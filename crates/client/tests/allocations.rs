//! What a signature takes from the heap, of a whole call.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the exception for tests in clippy.toml does not reach the helpers of an integration test"
)]

use std::{future::Future, pin::Pin, sync::Arc};

use allocation_counter::measure;
use botroster_client::{
    HttpSend, IncomingResponse, OutgoingRequest, SendError, Settings,
    codegen::{self, Operation},
};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use parley::{OPEN, Parley, READ};
use runtime::Runtime;

#[path = "behaviour/parley.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the contract tests")]
mod parley;
#[path = "behaviour/runtime.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the contract tests")]
mod runtime;

/// Answers at once and keeps nothing.
struct Here;

impl HttpSend for Here {
    fn send<'a>(
        &'a self,
        _: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        Box::pin(async {
            Ok(IncomingResponse {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                delimited: true,
                body: stream::iter([Ok(Bytes::from_static(b"{}"))]).boxed(),
            })
        })
    }
}

/// Allocations of a call that is made for the second time.
fn cost(operation: &'static Operation) -> u64 {
    let settings = Settings::new()
        .with_http(Arc::new(Here))
        .with_runtime(Arc::new(Runtime::new()));
    let parley = Parley::connect(settings);
    let call = || {
        let call = parley.call(operation, "/things?page=1", r#"{"name":"Ada"}"#);
        let answer = codegen::send_raw(call).now_or_never();
        assert!(answer.expect("nobody waits").is_ok());
    };
    call();
    measure(call).count_total
}

#[test]
fn a_signed_request_takes_at_most_four_pieces_more_than_an_unsigned_one() {
    let (signed, unsigned) = (cost(&READ), cost(&OPEN));
    assert!(
        (unsigned + 1..=unsigned + 4).contains(&signed),
        "{signed} and {unsigned}"
    );
}
