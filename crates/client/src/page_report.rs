//! The metadata of a page that the platform reports.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::{ErrorCode, decode::Captured, operation::PagingPlan};

/// The documented metadata of a page, as the platform reports it. A value is `None` if the platform does not document or does
/// not send it.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageReport {
    /// Position of the page: its number or offset.
    pub position: Option<u64>,
    /// Page size that the platform used.
    pub page_size: Option<u64>,
    /// A number of records. The documents do not tell whether it is that of the page or of the list.
    pub count: Option<u64>,
    /// Whether the platform reports success.
    pub success: Option<bool>,
    /// Message of the platform. May contain personal data; `Debug` hides it.
    pub message: Option<String>,
    /// Status or error code of the platform.
    pub code: Option<ErrorCode>,
}

impl PageReport {
    pub(crate) fn of(plan: &PagingPlan, captured: &Captured) -> Self {
        let pointers = &plan.report;
        Self {
            position: captured.count(pointers.position),
            page_size: captured.count(plan.echo_size),
            count: captured.count(pointers.count),
            success: pointers
                .success
                .and_then(|pointer| captured.get(pointer)?.as_bool()),
            message: first(captured, pointers.message, |value| {
                value.as_str().map(str::to_owned)
            }),
            code: first(captured, pointers.code, ErrorCode::of),
        }
    }
}

fn first<T>(
    captured: &Captured,
    pointers: &[&'static str],
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    pointers
        .iter()
        .find_map(|pointer| read(captured.get(pointer)?))
}

impl fmt::Debug for PageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageReport")
            .field("position", &self.position)
            .field("page_size", &self.page_size)
            .field("count", &self.count)
            .field("success", &self.success)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}
