//! One page of a list: requested, decoded, and the position of the next one.

use crate::{
    Error, ErrorKind, Item,
    call::Call,
    cursor::{Cursor, Position},
    decode::{self, Captured, Records, Taken},
    envelope, exchange,
    item::{key_text, raw_text_at},
    operation::{CursorSource, Operation, PagingPlan},
    page::{Page, Totals},
    page_report::PageReport,
    paging::PageFacts,
    rejected::Rejected,
    response::{BufferedResponse, Metadata},
};

/// A page with the facts that a walk over the list needs.
pub(crate) struct Fetched<T> {
    pub(crate) page: Page<T>,
    pub(crate) next: Option<Position>,
    /// Records on the page, including those that could not be decoded.
    pub(crate) count: u64,
    /// The page size that the server reports.
    pub(crate) size: Option<u64>,
    /// The page has records, but its last one lacks the value that the next request needs.
    pub(crate) is_stuck: bool,
}

/// Fetches the page at the position that the call is set to.
pub(crate) async fn fetch<C: Call, T: Item>(
    call: &C,
    plan: &PagingPlan,
    position: &Position,
) -> Result<Fetched<T>, Error> {
    let operation = call.operation();
    let response = exchange::run(call).await?;
    read(operation, plan, position, response)
}

fn read<T: Item>(
    operation: &'static Operation,
    plan: &PagingPlan,
    position: &Position,
    response: BufferedResponse,
) -> Result<Fetched<T>, Error> {
    if !response.status.is_success() {
        return Err(envelope::failure(operation, response));
    }
    let wanted: Vec<&'static str> = plan
        .pointers()
        .chain(envelope::condition_pointers(operation))
        .collect();
    let (Taken { data, captured }, rejected) = match take(&response, plan, &wanted) {
        Ok(taken) => taken,
        // A response that reports a failure may have another value in place of the list.
        Err(_) if envelope::reports_failure(operation, &response) => {
            return Err(envelope::failure(operation, response));
        }
        Err(unreadable) => return Err(envelope::undecodable(operation, response, &unreadable)),
    };
    if envelope::is_failure(operation, &captured) {
        return Err(envelope::failure(operation, response));
    }
    let Some(items) = data else {
        return Err(no_list(operation, plan, response));
    };
    let facts = PageFacts {
        count: u64::try_from(items.len() + rejected.len()).unwrap_or(u64::MAX),
        pages: captured.count(plan.total_pages),
        total: captured.count(plan.total),
        cursor: cursor(plan, &captured, &items, &rejected),
    };
    let next = plan.after(position, &facts);
    let is_stuck =
        facts.count > 0 && next.is_none() && matches!(plan.next, CursorSource::LastItem(_));
    let page = Page {
        items,
        rejected,
        repeated: 0,
        totals: Totals {
            items: facts.total,
            pages: facts.pages,
        },
        report: PageReport::of(plan, &captured),
        next: next.clone().map(|next| Cursor::new(operation, next)),
        metadata: Metadata::of(response),
    };
    Ok(Fetched {
        page,
        next,
        count: facts.count,
        size: captured.count(plan.echo_size),
        is_stuck,
    })
}

/// Decodes the list at once, or record by record if one of them does not match the spec.
fn take<T: Item>(
    response: &BufferedResponse,
    plan: &PagingPlan,
    wanted: &[&'static str],
) -> Result<(Taken<Vec<T>>, Vec<Rejected>), decode::Unreadable> {
    match decode::take::<Records<T>>(&response.body, plan.items, wanted) {
        Ok(Taken { data, captured }) => {
            let data = data.map(|records| records.0);
            Ok((Taken { data, captured }, Vec::new()))
        }
        Err(error) if error.syntax => Err(error),
        Err(_) => decode::take_leniently(&response.body, plan.items, wanted),
    }
}

fn no_list(operation: &'static Operation, plan: &PagingPlan, response: BufferedResponse) -> Error {
    let pointers: Vec<&str> = plan
        .items
        .iter()
        .map(|pointer| {
            if pointer.is_empty() {
                "the root"
            } else {
                pointer
            }
        })
        .collect();
    let text = format!("the response has no list at {}", pointers.join(" or "));
    Error::new(ErrorKind::Decode, text)
        .with_operation(operation)
        .with_response(response)
}

fn cursor<T: Item>(
    plan: &PagingPlan,
    captured: &Captured,
    items: &[T],
    rejected: &[Rejected],
) -> Option<String> {
    let cursor = match plan.next {
        CursorSource::Counted => return None,
        CursorSource::Pointer(pointer) => key_text(captured.get(pointer)?)?.into_owned(),
        CursorSource::LastItem(pointer) => {
            // The last record decides, even if it could not be decoded.
            let count = items.len() + rejected.len();
            match rejected.last().filter(|record| record.index() + 1 == count) {
                Some(record) => raw_text_at(record.raw(), pointer)?.into_owned(),
                None => items.last()?.text_at(pointer)?.into_owned(),
            }
        }
    };
    Some(cursor).filter(|cursor| !cursor.is_empty())
}
