//! Text formats of the signed timestamp. Only the canonical text of an instant is accepted when reading.

use std::{
    io::Write as _,
    ops::Range,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimestampFormat {
    UnixSeconds,
    UnixMillis,
    /// UTC in whole seconds: `2025-01-01T00:00:00Z`.
    Rfc3339,
}

/// Fits every format: a `u64` has at most 20 digits, RFC 3339 in whole seconds has 20 characters.
const CAPACITY: usize = 20;

/// A timestamp formatted without allocating.
#[derive(Default)]
pub(crate) struct TimestampText {
    bytes: [u8; CAPACITY],
    range: Range<usize>,
}

impl TimestampText {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        // Always ASCII: the fallback is unreachable.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Two digits at a time: `write!` takes a tenth of the time of a whole signature.
    fn decimal(mut value: u64) -> Self {
        let mut bytes = [0; CAPACITY];
        let mut start = CAPACITY;
        let (pairs, _) = bytes.as_chunks_mut::<2>();
        for pair in pairs.iter_mut().rev() {
            let digits = (value % 100) as u8;
            *pair = [b'0' + digits / 10, b'0' + digits % 10];
            value /= 100;
            start -= 2;
            if value == 0 {
                start += usize::from(digits < 10);
                break;
            }
        }
        Self {
            bytes,
            range: start..CAPACITY,
        }
    }

    fn format(value: impl std::fmt::Display) -> Option<Self> {
        let mut bytes = [0; CAPACITY];
        let mut rest = bytes.as_mut_slice();
        write!(rest, "{value}").ok()?;
        let end = CAPACITY - rest.len();
        Some(Self {
            bytes,
            range: 0..end,
        })
    }
}

impl TimestampFormat {
    pub(crate) const NAMES: &str = "unix-seconds, unix-millis, rfc3339";

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "unix-seconds" => Some(Self::UnixSeconds),
            "unix-millis" => Some(Self::UnixMillis),
            "rfc3339" => Some(Self::Rfc3339),
            _ => None,
        }
    }

    /// Returns whether a timestamp can contain this character.
    pub(crate) fn may_hold(self, c: char) -> bool {
        c.is_ascii_digit() || (self == Self::Rfc3339 && matches!(c, '-' | ':' | 'T' | 'Z'))
    }

    /// Formats an instant, truncated to the precision of the format. Returns `None` before 1970 and beyond the range of the
    /// format.
    pub(crate) fn write(self, instant: SystemTime) -> Option<TimestampText> {
        let since_epoch = instant.duration_since(UNIX_EPOCH).ok()?;
        match self {
            Self::UnixSeconds => Some(TimestampText::decimal(since_epoch.as_secs())),
            Self::UnixMillis => u64::try_from(since_epoch.as_millis())
                .ok()
                .map(TimestampText::decimal),
            Self::Rfc3339 => {
                let seconds = i64::try_from(since_epoch.as_secs()).ok()?;
                TimestampText::format(jiff::Timestamp::from_second(seconds).ok()?)
            }
        }
    }

    /// Parses only the output of [`write`](Self::write).
    pub(crate) fn read(self, text: &str) -> Option<SystemTime> {
        let since_epoch = match self {
            Self::UnixSeconds => Duration::from_secs(text.parse().ok()?),
            Self::UnixMillis => Duration::from_millis(text.parse().ok()?),
            Self::Rfc3339 => {
                Duration::try_from(text.parse::<jiff::Timestamp>().ok()?.as_duration()).ok()?
            }
        };
        let instant = UNIX_EPOCH.checked_add(since_epoch)?;
        (self.write(instant)?.as_str() == text).then_some(instant)
    }
}
