//! Estimates how long a list takes because of the platform's documented rate limit.

use std::collections::BTreeMap;
use std::time::Duration;

use botroster_client::{RateLimit, StreamInfo};
use botroster_sync::{Job, Progress};

use crate::output::{grouped, human_duration};

/// Estimates below this are not shown.
const LONG: Duration = Duration::from_secs(60);

/// Returns the minimum time for a number of requests: `limit.requests` immediately, and as many after each `limit.per`.
pub(crate) fn least_time(requests: u64, limit: RateLimit) -> Duration {
    let windows = requests.saturating_sub(1) / u64::from(limit.requests.max(1));
    limit
        .per
        .saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
}

/// Returns a warning if the rate limit makes a stream slow, estimated from its progress.
pub(crate) fn warning(label: &str, stream: &StreamInfo, progress: &Progress) -> Option<String> {
    let limit = stream.rate_limit?;
    let requests = match progress.expected {
        _ if progress.walks > 1 => progress.walks,
        // The first page gives the number of records on a page.
        Some(expected) if progress.fetched > 0 => expected.div_ceil(progress.fetched),
        _ => return None,
    };
    slow_warning(label, requests, limit)
}

/// The number of records on a page if the spec gives none.
const DEFAULT_PAGE_SIZE: u64 = 100;

/// Returns the warnings before a run in which every stream has `records` records. Streams of one operation share its limit.
pub(crate) fn forecast(jobs: &[Job], records: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    for job in jobs {
        let mut operations: BTreeMap<&str, (RateLimit, u64)> = BTreeMap::new();
        for planned in job
            .plan()
            .iter()
            .filter(|planned| planned.skipped.is_none())
        {
            let Some(limit) = planned.stream.rate_limit else {
                continue;
            };
            operations
                .entry(planned.stream.operation)
                .or_insert((limit, 0))
                .1 += requests(planned.stream, records);
        }
        let label = job.platform().name;
        warnings.extend(
            operations
                .values()
                .filter_map(|(limit, requests)| slow_warning(label, *requests, *limit)),
        );
    }
    warnings
}

/// Estimates the requests of a stream: one for each page and one that finds the end; for a child stream, at least one
/// for each parent record.
fn requests(stream: &StreamInfo, records: u64) -> u64 {
    match stream.parent {
        Some(_) => records,
        None => records.div_ceil(stream.page_size.map_or(DEFAULT_PAGE_SIZE, u64::from).max(1)) + 1,
    }
}

/// Returns a warning if this number of requests takes long.
pub(crate) fn slow_warning(label: &str, requests: u64, limit: RateLimit) -> Option<String> {
    let time = least_time(requests, limit);
    (time > LONG).then(|| {
        format!(
            "{label}: takes at least {}: about {} requests, limited to {} per {}",
            human_duration(time),
            grouped(requests),
            limit.requests,
            human_duration(limit.per),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit {
        requests: 100,
        per: Duration::from_secs(60),
    };

    #[test]
    fn each_full_window_delays_the_next_one() {
        for (requests, minutes) in [
            (0, 0),
            (1, 0),
            (100, 0),
            (101, 1),
            (200, 1),
            (201, 2),
            (1000, 9),
        ] {
            assert_eq!(
                least_time(requests, LIMIT),
                Duration::from_secs(60 * minutes),
                "{requests}"
            );
        }
        assert_eq!(
            least_time(
                u64::MAX,
                RateLimit {
                    requests: 0,
                    per: Duration::MAX
                }
            ),
            Duration::MAX
        );
    }

    #[test]
    fn only_long_estimates_give_a_warning() {
        assert_eq!(slow_warning("x", 200, LIMIT), None);
        let warning = slow_warning("x y", 1500, LIMIT).unwrap();
        assert_eq!(
            warning,
            "x y: takes at least 14 min: about 1,500 requests, limited to 100 per 1 min"
        );
    }
}
