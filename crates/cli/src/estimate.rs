//! How long a platform's documented limit makes a list take.

use std::collections::BTreeMap;
use std::time::Duration;

use botroster_client::{RateLimit, StreamInfo};
use botroster_sync::{Job, Progress};

/// What is worth saying before it begins.
const LONG: Duration = Duration::from_secs(60);

/// The least time for so many requests: the first `limit.requests` go at once, as many again after each `limit.per`.
pub(crate) fn least_time(requests: u64, limit: RateLimit) -> Duration {
    let windows = requests.saturating_sub(1) / u64::from(limit.requests.max(1));
    limit
        .per
        .saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
}

/// What to say about a stream that will take long because of its limit, as far as `progress` lets one know.
pub(crate) fn warning(label: &str, stream: &StreamInfo, progress: &Progress) -> Option<String> {
    let limit = stream.rate_limit?;
    let requests = match progress.expected {
        _ if progress.walks > 1 => progress.walks,
        // The first page shows how many records a page has.
        Some(expected) if progress.fetched > 0 => expected.div_ceil(progress.fetched),
        _ => return None,
    };
    announce(label, requests, limit)
}

/// Records on a page where the platform does not say; the sandbox's pages are so large.
const USUAL_PAGE: u64 = 100;

/// What to say before a run whose limited streams have `records` each. Streams of one operation share its limit.
pub(crate) fn forecast(jobs: &[Job], records: u64) -> Vec<String> {
    let mut said = Vec::new();
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
        said.extend(
            operations
                .values()
                .filter_map(|(limit, requests)| announce(label, *requests, *limit)),
        );
    }
    said
}

/// One for each page and one that finds the end; for a child at least one for each parent record.
fn requests(stream: &StreamInfo, records: u64) -> u64 {
    match stream.parent {
        Some(_) => records,
        None => records.div_ceil(stream.page_size.map_or(USUAL_PAGE, u64::from).max(1)) + 1,
    }
}

/// What to say about so many requests, if they take long.
pub(crate) fn announce(label: &str, requests: u64, limit: RateLimit) -> Option<String> {
    let time = least_time(requests, limit);
    (time > LONG).then(|| {
        format!(
            "{label}: takes at least {}, for about {} requests at {} in {}",
            crate::output::spoken(time),
            crate::output::grouped(requests),
            limit.requests,
            crate::output::spoken(limit.per),
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
    fn a_limit_costs_a_window_for_every_full_one_before() {
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
    fn only_what_takes_long_is_announced() {
        assert_eq!(announce("x", 200, LIMIT), None);
        let said = announce("x y", 1500, LIMIT).unwrap();
        assert_eq!(
            said,
            "x y: takes at least 14 min, for about 1,500 requests at 100 in 1 min"
        );
    }
}
