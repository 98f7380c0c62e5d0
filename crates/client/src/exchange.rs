//! Passes a call to the transport.

use crate::{
    Error, OutgoingRequest,
    call::Call,
    response::BufferedResponse,
    transport::{CallLimits, OpenResponse},
};

/// Sends a call and reads the response, whatever its status.
pub(crate) async fn run<C: Call>(call: &C) -> Result<BufferedResponse, Error> {
    let (request, limits) = prepare(call)?;
    let transport = call.core().transport();
    transport.run(call.operation(), request, limits).await
}

/// Sends a call and leaves the body of the response unread.
pub(crate) async fn open<C: Call>(call: &C) -> Result<OpenResponse, Error> {
    let (request, limits) = prepare(call)?;
    let transport = call.core().transport();
    transport.open(call.operation(), request, limits).await
}

fn prepare<C: Call>(call: &C) -> Result<(OutgoingRequest, CallLimits), Error> {
    let transport = call.core().transport();
    let mut request = call.build()?;
    let mut limits = CallLimits {
        deadline: transport.options.deadline,
        attempts: transport.options.attempts,
    };
    if let Some(options) = call.call_options() {
        options
            .apply(&mut request.headers, |name| {
                transport.credentials.sets_header(name)
            })
            .map_err(|error| error.with_operation(call.operation()))?;
        limits.deadline = options.deadline.unwrap_or(limits.deadline);
        limits.attempts = options.attempts.unwrap_or(limits.attempts);
    }
    Ok((request, limits))
}
