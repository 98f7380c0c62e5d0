//! The text forms of an instant. Each instant has exactly one text; any other is refused when reading.

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

/// Enough for each format: a `u64` has at most 20 digits, RFC 3339 in whole seconds has 20 characters.
const CAPACITY: usize = 20;

/// A formatted timestamp without an allocation.
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
        // All of it is ASCII: the fallback is never taken.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Written by hand, two digits at a time: `write!` would take a tenth of the time of a signature.
    fn set_decimal(&mut self, mut value: u64) {
        let (pairs, _) = self.bytes.as_chunks_mut::<2>();
        let mut start = CAPACITY;
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
        self.range = start..CAPACITY;
    }

    fn set(&mut self, value: impl std::fmt::Display) -> Option<()> {
        let mut rest = self.bytes.as_mut_slice();
        write!(rest, "{value}").ok()?;
        self.range = 0..CAPACITY - rest.len();
        Some(())
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

    /// Whether a timestamp can hold this character.
    pub(crate) fn may_hold(self, c: char) -> bool {
        c.is_ascii_digit() || (self == Self::Rfc3339 && matches!(c, '-' | ':' | 'T' | 'Z'))
    }

    /// Cuts what is finer than the format. `None` before 1970 and after what the format can say.
    ///
    /// Into a place of the caller's, because moving what was just written digit by digit stalls.
    pub(crate) fn write(self, instant: SystemTime, out: &mut TimestampText) -> Option<()> {
        let since_epoch = instant.duration_since(UNIX_EPOCH).ok()?;
        match self {
            Self::UnixSeconds => out.set_decimal(since_epoch.as_secs()),
            Self::UnixMillis => out.set_decimal(u64::try_from(since_epoch.as_millis()).ok()?),
            Self::Rfc3339 => {
                let seconds = i64::try_from(since_epoch.as_secs()).ok()?;
                out.set(jiff::Timestamp::from_second(seconds).ok()?)?;
            }
        }
        Some(())
    }

    /// Reads only what [`write`](Self::write) writes.
    pub(crate) fn read(self, text: &str) -> Option<SystemTime> {
        let since_epoch = match self {
            Self::UnixSeconds => Duration::from_secs(text.parse().ok()?),
            Self::UnixMillis => Duration::from_millis(text.parse().ok()?),
            Self::Rfc3339 => {
                Duration::try_from(text.parse::<jiff::Timestamp>().ok()?.as_duration()).ok()?
            }
        };
        let instant = UNIX_EPOCH.checked_add(since_epoch)?;
        let mut written = TimestampText::default();
        self.write(instant, &mut written)?;
        (written.as_str() == text).then_some(instant)
    }
}
