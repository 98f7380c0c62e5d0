//! Correction of a wrong local clock, which invalidates every signature, by the `Date` of a response.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode, header};

const LEAST: Duration = Duration::from_secs(30);
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// The offset of the local clock. It is corrected at most once for each client: a second 401 has another cause.
#[derive(Debug, Default)]
pub(crate) struct Skew(Mutex<Option<Offset>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offset {
    /// The server is ahead.
    Ahead(Duration),
    /// The server is behind.
    Behind(Duration),
}

impl Skew {
    /// The estimated time of the server.
    pub(crate) fn corrected(&self, now: SystemTime) -> SystemTime {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            None => now,
            Some(Offset::Ahead(by)) => now.checked_add(by).unwrap_or(now),
            Some(Offset::Behind(by)) => now.checked_sub(by).unwrap_or(now),
        }
    }

    /// Learns the offset from a rejection. Returns whether the request should be signed again.
    ///
    /// It requires a 401 with `Date` and without `Age` (the date of a cached response is outdated), and clocks that differ by
    /// 30 s to 24 h at the middle of the round trip. `was_corrected` tells whether the rejected signature had the correction; a
    /// request that was in flight while another call learned it is signed again as well.
    pub(crate) fn learn(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        sent: SystemTime,
        round_trip: Duration,
        was_corrected: bool,
    ) -> bool {
        if status != StatusCode::UNAUTHORIZED || headers.contains_key(header::AGE) {
            return false;
        }
        let date = headers
            .get(header::DATE)
            .and_then(|date| date.to_str().ok());
        let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
            return false;
        };
        let ours = sent + round_trip / 2;
        let offset = match theirs.duration_since(ours) {
            Ok(by) => Offset::Ahead(by),
            Err(before) => Offset::Behind(before.duration()),
        };
        let (Offset::Ahead(by) | Offset::Behind(by)) = offset;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let helps = !was_corrected && (LEAST..=MOST).contains(&by);
        if helps && known.is_none() {
            *known = Some(offset);
        }
        helps
    }

    /// Returns whether the clock has been corrected.
    pub(crate) fn is_known(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const NOW: Duration = Duration::from_secs(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT

    fn learn(skew: &Skew, status: u16, date: &str, age: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, HeaderValue::from_str(date).unwrap());
        if age {
            headers.insert(header::AGE, HeaderValue::from_static("1"));
        }
        let sent = SystemTime::UNIX_EPOCH + NOW - Duration::from_secs(1);
        skew.learn(
            StatusCode::from_u16(status).unwrap(),
            &headers,
            sent,
            Duration::from_secs(2),
            skew.is_known(),
        )
    }

    #[test]
    fn only_a_clear_difference_on_a_401_counts() {
        for (status, date, age, learns) in [
            (401, "Sun, 06 Nov 1994 08:50:07 GMT", false, true),
            (401, "Sun, 06 Nov 1994 08:49:07 GMT", false, true),
            (401, "Mon, 07 Nov 1994 08:49:37 GMT", false, true),
            (401, "Sun, 06 Nov 1994 08:50:06 GMT", false, false),
            (401, "Mon, 07 Nov 1994 08:49:38 GMT", false, false),
            (401, "Sun, 06 Nov 1994 08:59:37 GMT", true, false),
            (403, "Sun, 06 Nov 1994 08:59:37 GMT", false, false),
            (401, "yesterday", false, false),
        ] {
            assert_eq!(
                learn(&Skew::default(), status, date, age),
                learns,
                "{status} {date} {age}"
            );
        }
    }

    #[test]
    fn the_correction_holds_and_is_made_once() {
        let skew = Skew::default();
        let now = SystemTime::UNIX_EPOCH + NOW;
        assert_eq!(skew.corrected(now), now);
        assert!(learn(&skew, 401, "Sun, 06 Nov 1994 08:39:37 GMT", false));
        assert_eq!(skew.corrected(now), now - Duration::from_secs(600));
        assert!(!learn(&skew, 401, "Sun, 06 Nov 1994 09:39:37 GMT", false));
    }
}
