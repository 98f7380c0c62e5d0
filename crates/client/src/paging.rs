//! The position of the next page: a pure function of the paging plan and of what a page contained.

use crate::{
    cursor::Position,
    operation::{CursorSource, PagingPlan, PagingStyle},
};

/// The facts of a page that decide how a list continues.
pub(crate) struct PageFacts {
    /// Records on the page, including those that could not be decoded.
    pub(crate) count: u64,
    /// The number of pages that the server reports.
    pub(crate) pages: Option<u64>,
    /// The number of records that the server reports.
    pub(crate) total: Option<u64>,
    /// The cursor of the next page.
    pub(crate) cursor: Option<String>,
}

impl PagingPlan {
    /// The position of the first page.
    pub(crate) fn start(&self) -> Position {
        match self.style {
            PagingStyle::Cursor => Position::Cursor(None),
            PagingStyle::Page | PagingStyle::Offset | PagingStyle::Single => {
                Position::Number(self.first)
            }
        }
    }

    /// The pointers of the values in a response that paging needs.
    pub(crate) fn pointers(&self) -> impl Iterator<Item = &'static str> {
        let pointer = match self.next {
            CursorSource::Pointer(pointer) => Some(pointer),
            CursorSource::Counted | CursorSource::LastItem(_) => None,
        };
        [self.total_pages, self.total, self.echo_size, pointer]
            .into_iter()
            .flatten()
            .chain(self.report.all())
    }

    /// The position after a page, or `None` at the end of the list. An empty page ends a list of every style.
    pub(crate) fn after(&self, position: &Position, page: &PageFacts) -> Option<Position> {
        if page.count == 0 {
            return None;
        }
        match (self.style, position) {
            (PagingStyle::Page, Position::Number(number)) => {
                let walked = number.saturating_sub(self.first) + 1;
                let is_last = page.pages.is_some_and(|pages| walked >= pages);
                (!is_last).then(|| Position::Number(number + 1))
            }
            (PagingStyle::Offset, Position::Number(number)) => {
                // Advance by the records received: a server may return fewer than requested.
                let next = number + page.count;
                let is_last = page.total.is_some_and(|total| next >= total + self.first);
                (!is_last).then_some(Position::Number(next))
            }
            (PagingStyle::Cursor, _) => page
                .cursor
                .clone()
                .map(|cursor| Position::Cursor(Some(cursor))),
            (PagingStyle::Single | PagingStyle::Page | PagingStyle::Offset, _) => None,
        }
    }
}
