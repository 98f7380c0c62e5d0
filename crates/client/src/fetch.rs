//! One page: asked for, read, and what comes after it.

use crate::{
    Error, ErrorKind, Item,
    call::Call,
    cursor::{Cursor, Position},
    decode::{self, Captured, Records, Taken},
    envelope,
    item::written,
    operation::{Next, Operation, Pagination, Style},
    page::{Metadata, Page, Rejected, Totals},
    transport::Answer,
};

/// A page, and what the walk over the list needs besides.
pub(crate) struct Fetched<T> {
    pub(crate) page: Page<T>,
    pub(crate) next: Option<Position>,
    /// Records that came, also those that could not be decoded.
    pub(crate) count: u64,
    /// The page size that the server says it used.
    pub(crate) size: Option<u64>,
    /// There were records, and the last one lacks what the next request would need.
    pub(crate) is_stuck: bool,
}

/// What decides how a list goes on.
struct Facts {
    count: u64,
    pages: Option<u64>,
    total: Option<u64>,
    cursor: Option<String>,
}

impl Pagination {
    pub(crate) fn start(&self) -> Position {
        match self.style {
            Style::Cursor => Position::Cursor(None),
            Style::Page | Style::Offset | Style::Single => Position::Number(self.first),
        }
    }

    fn wanted(&self) -> impl Iterator<Item = &'static str> {
        let pointer = match self.next {
            Next::Pointer(pointer) => Some(pointer),
            Next::Counted | Next::LastItem(_) => None,
        };
        [self.total_pages, self.total, self.echo_size, pointer]
            .into_iter()
            .flatten()
    }

    /// The position after a page, or `None` at the end. Every style also ends on an empty page.
    fn after(&self, position: &Position, page: &Facts) -> Option<Position> {
        if page.count == 0 {
            return None;
        }
        match (self.style, position) {
            (Style::Page, Position::Number(number)) => {
                let walked = number.saturating_sub(self.first) + 1;
                let is_last = page.pages.is_some_and(|pages| walked >= pages);
                (!is_last).then(|| Position::Number(number + 1))
            }
            (Style::Offset, Position::Number(number)) => {
                // What came decides: a server may give fewer than it was asked for.
                let next = number + page.count;
                let is_last = page.total.is_some_and(|total| next >= total + self.first);
                (!is_last).then_some(Position::Number(next))
            }
            (Style::Cursor, _) => page
                .cursor
                .clone()
                .map(|cursor| Position::Cursor(Some(cursor))),
            (Style::Single | Style::Page | Style::Offset, _) => None,
        }
    }
}

/// Fetches the page that the call stands at.
pub(crate) async fn fetch<C: Call, T: Item>(
    call: &C,
    pagination: &Pagination,
    position: &Position,
) -> Result<Fetched<T>, Error> {
    let operation = call.operation();
    let answer = call
        .core()
        .transport()
        .run(operation, call.build()?)
        .await?;
    read(operation, pagination, position, answer)
}

fn read<T: Item>(
    operation: &'static Operation,
    pagination: &Pagination,
    position: &Position,
    answer: Answer,
) -> Result<Fetched<T>, Error> {
    if !answer.status.is_success() {
        return Err(crate::call::refuse(operation, answer));
    }
    let mut wanted: Vec<&'static str> = pagination.wanted().collect();
    wanted.extend(
        operation
            .envelope
            .fail_when
            .iter()
            .map(|condition| condition.at),
    );
    let read = match decode::take::<Records<T>>(&answer.body, pagination.items, &wanted) {
        Ok(Taken { data, captured }) => {
            let data = data.map(|records| records.0);
            Ok((Taken { data, captured }, Vec::new()))
        }
        Err(error) if error.syntax => Err(error),
        // Some record is not what the spec says: the others are still worth having.
        Err(_) => decode::take_leniently(&answer.body, pagination.items, &wanted),
    };
    let (Taken { data, captured }, rejected) = match read {
        Ok(read) => read,
        // An answer that says no may well hold something else where a success has its list.
        Err(_) if crate::call::says_no(operation, &answer) => {
            return Err(crate::call::refuse(operation, answer));
        }
        Err(unreadable) => return Err(crate::call::unreadable(operation, answer, &unreadable)),
    };
    if envelope::says_no(operation.envelope.fail_when, &captured) {
        return Err(crate::call::refuse(operation, answer));
    }
    let Some(items) = data else {
        let places = pagination.items.iter().map(|pointer| {
            if pointer.is_empty() {
                "the whole answer"
            } else {
                pointer
            }
        });
        let places = places.collect::<Vec<_>>().join(" or ");
        let text = format!("no list where the spec has one ({places})");
        return Err(Error::new(ErrorKind::Decode, text)
            .with_operation(operation)
            .with_answer(answer.status, answer.headers, answer.body)
            .with_attempts(answer.attempts));
    };
    let facts = Facts {
        count: u64::try_from(items.len() + rejected.len()).unwrap_or(u64::MAX),
        pages: captured.count(pagination.total_pages),
        total: captured.count(pagination.total),
        cursor: cursor(pagination, &captured, &items, &rejected),
    };
    let next = pagination.after(position, &facts);
    let is_stuck =
        facts.count > 0 && next.is_none() && matches!(pagination.next, Next::LastItem(_));
    let page = Page {
        items,
        rejected,
        repeated: 0,
        totals: Totals {
            items: facts.total,
            pages: facts.pages,
        },
        next: next.clone().map(|next| Cursor::new(operation, next)),
        metadata: Metadata::of(answer),
    };
    Ok(Fetched {
        page,
        next,
        count: facts.count,
        size: captured.count(pagination.echo_size),
        is_stuck,
    })
}

fn cursor<T: Item>(
    pagination: &Pagination,
    captured: &Captured,
    items: &[T],
    rejected: &[Rejected],
) -> Option<String> {
    let cursor = match pagination.next {
        Next::Counted => return None,
        Next::Pointer(pointer) => written(captured.get(pointer)?)?.into_owned(),
        Next::LastItem(pointer) => {
            // The last record decides, also where it could not be decoded.
            let count = items.len() + rejected.len();
            match rejected.last().filter(|record| record.index + 1 == count) {
                Some(record) => record.raw.text_at(pointer)?.into_owned(),
                None => items.last()?.text_at(pointer)?.into_owned(),
            }
        }
    };
    Some(cursor).filter(|cursor| !cursor.is_empty())
}
