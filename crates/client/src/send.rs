//! Sends a call once its arguments are known, and interprets the response.

use serde::de::DeserializeOwned;

use crate::{
    Error, ErrorKind, Item, Items, Page, Pages, RawResponse,
    call::Call,
    decode::{self, First},
    envelope, exchange, fetch,
    operation::Operation,
    response::BufferedResponse,
};

/// Sends a call and returns the response without interpreting it.
///
/// # Errors
/// The request cannot be built or the network fails. No status is an error.
pub async fn send_raw<C: Call>(call: C) -> Result<RawResponse, Error> {
    Ok(RawResponse::of(exchange::run(&call).await?))
}

/// Sends a call and decodes the payload.
///
/// # Errors
/// Any [`ErrorKind`] except those of lists.
pub async fn send<C: Call, T: DeserializeOwned>(call: C) -> Result<T, Error> {
    let response = exchange::run(&call).await?;
    read_one(call.operation(), response)
}

/// Sends a call whose success has no payload. A body is only examined for failure conditions.
///
/// # Errors
/// Any [`ErrorKind`] except those of lists and of decoding.
pub async fn send_for_nothing<C: Call>(call: C) -> Result<(), Error> {
    let operation = call.operation();
    let response = exchange::run(&call).await?;
    if !response.status.is_success() || envelope::reports_failure(operation, &response) {
        return Err(envelope::failure(operation, response));
    }
    Ok(())
}

/// Sends a call and decodes one page of a list.
///
/// # Errors
/// Any [`ErrorKind`].
pub async fn send_page<C: Call, T: Item>(mut call: C) -> Result<Page<T>, Error> {
    let Some(plan) = call.operation().pagination.as_ref() else {
        return Err(
            Error::new(ErrorKind::InvalidInput, "this operation is not a list")
                .with_operation(call.operation()),
        );
    };
    let position = call
        .walk_options()
        .start()?
        .or_else(|| call.position())
        .unwrap_or_else(|| plan.start());
    call.seek(&position);
    Ok(fetch::fetch(&call, plan, &position).await?.page)
}

/// Returns the pages of a list.
pub fn pages<C: Call, T: Item>(call: C) -> Pages<T> {
    Pages::of(call)
}

/// Returns the items of a list, over all its pages.
pub fn stream<C: Call, T: Item>(call: C) -> Items<T> {
    Items::of(Pages::of(call))
}

fn read_one<T: DeserializeOwned>(
    operation: &'static Operation,
    response: BufferedResponse,
) -> Result<T, Error> {
    if !response.status.is_success() {
        return Err(envelope::failure(operation, response));
    }
    let rules = &operation.envelope;
    let wanted: Vec<&'static str> = envelope::condition_pointers(operation).collect();
    let taken = if rules.first {
        decode::take::<First<T>>(&response.body, &[rules.data], &wanted)
            .map(|taken| (taken.data.and_then(|first| first.0), taken.captured))
    } else {
        decode::take::<T>(&response.body, &[rules.data], &wanted)
            .map(|taken| (taken.data, taken.captured))
    };
    let (data, captured) = match taken {
        Ok(taken) => taken,
        // A response that reports a failure may lack what a success contains.
        Err(_) if envelope::reports_failure(operation, &response) => {
            return Err(envelope::failure(operation, response));
        }
        Err(error) => return Err(envelope::undecodable(operation, response, &error)),
    };
    if envelope::is_failure(operation, &captured) {
        return Err(envelope::failure(operation, response));
    }
    data.ok_or_else(|| {
        let text = "the response contains neither data nor an error";
        Error::new(ErrorKind::Decode, text)
            .with_operation(operation)
            .with_response(response)
    })
}
