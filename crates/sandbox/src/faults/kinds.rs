//! The kinds of faults and their arguments.

use serde::Serialize;

/// What a fault affects. At most one fault of each group applies to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FaultGroup {
    Network,
    Status,
    Body,
    Paging,
    Clock,
}

/// A kind of fault.
#[derive(Debug, PartialEq, Eq)]
pub struct FaultKind {
    pub(crate) name: &'static str,
    pub(crate) group: FaultGroup,
    pub(crate) summary: &'static str,
    /// The first one is set by `kind=value`.
    pub(crate) takes: &'static [FaultArgument],
}

/// An integer argument of a kind of fault.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FaultArgument {
    pub(crate) name: &'static str,
    pub(crate) min: i64,
    pub(crate) max: i64,
    /// `None` if it is required.
    pub(crate) default: Option<i64>,
}

const fn argument(name: &'static str, min: i64, max: i64, default: i64) -> FaultArgument {
    FaultArgument {
        name,
        min,
        max,
        default: Some(default),
    }
}

const YEAR: i64 = 366 * 24 * 3600;
const HOUR: i64 = 3600;

const NOTHING: &[FaultArgument] = &[];
const DOWN: &[FaultArgument] = &[argument("seconds", 1, HOUR, 5)];
const HELD: &[FaultArgument] = &[argument("seconds", 1, 24 * HOUR, HOUR)];
const DELAY: &[FaultArgument] = &[argument("delay", 1, HOUR * 1000, 1000)];
const RETRY: &[FaultArgument] = &[argument("seconds", 0, YEAR, 1)];
const LOCATION: &[FaultArgument] = &[argument("status", 300, 399, 302)];
const STATUS: &[FaultArgument] = &[FaultArgument {
    name: "status",
    min: 400,
    max: 599,
    default: None,
}];
const OFF: &[FaultArgument] = &[FaultArgument {
    name: "seconds",
    min: -YEAR,
    max: YEAR,
    default: None,
}];

const fn kind(
    name: &'static str,
    group: FaultGroup,
    takes: &'static [FaultArgument],
    summary: &'static str,
) -> FaultKind {
    FaultKind {
        name,
        group,
        summary,
        takes,
    }
}

use FaultGroup::{Body, Clock, Network, Paging, Status};

/// All kinds.
#[rustfmt::skip]
pub(crate) const KINDS: &[FaultKind] = &[
    kind("refused", Network, DOWN, "Connections are refused for `seconds` from when the fault is set."),
    kind("down", Network, DOWN, "The connection is reset, and connections are refused for `seconds`."),
    kind("reset-before-head", Network, NOTHING, "The connection is reset before the head."),
    kind("reset-in-head", Network, NOTHING, "The connection is reset in the middle of the head."),
    kind("reset-in-body", Network, NOTHING, "The connection is reset in the middle of the body."),
    kind("close-before-head", Network, NOTHING, "The connection ends before the head."),
    kind("close-in-head", Network, NOTHING, "The connection ends in the middle of the head."),
    kind("close-in-body", Network, NOTHING, "The connection ends in the middle of a body with a length."),
    kind("missing-last-chunk", Network, NOTHING, "The body is chunked, without the final empty chunk."),
    kind("close-delimited", Network, NOTHING, "The body has no length and ends with the connection; it is complete."),
    kind("close-delimited-cut", Network, NOTHING, "The body has no length and ends with the connection, in the middle."),
    kind("silence", Network, HELD, "The request is read, and nothing is sent for `seconds`; then the connection ends."),
    kind("stalled-body", Network, HELD, "Half of the body is sent, then nothing for `seconds`; then the connection ends."),
    kind("slow-head", Network, DELAY, "The head is sent byte by byte, with `delay` milliseconds before each."),
    kind("slow-body", Network, DELAY, "The body is sent byte by byte, with `delay` milliseconds before each."),
    kind("slices", Network, &[argument("bytes", 1, 1 << 20, 1)], "The response is sent in pieces of `bytes`."),
    kind("latency", Network, DELAY, "The response is sent `delay` milliseconds late."),
    kind("bandwidth", Network, &[argument("bytes", 1, 1 << 30, 1024)], "The response is sent at `bytes` per second."),

    kind("status", Status, STATUS, "An error with this status, in the form of the platform; the request is not performed."),
    kind("rate-limited", Status, RETRY, "429 with a Retry-After of `seconds`."),
    kind("rate-limited-date", Status, RETRY, "429 with a Retry-After that is a date in `seconds`."),
    kind("rate-limited-garbage", Status, NOTHING, "429 with an unreadable Retry-After."),
    kind("rate-limited-none", Status, NOTHING, "429 without a Retry-After."),
    kind("rate-limited-huge", Status, NOTHING, "429 with a Retry-After that exceeds 64 bits."),
    kind("redirect", Status, LOCATION, "A redirect to another origin that also leads here, so that following it is noticed."),
    kind("redirect-same", Status, LOCATION, "A redirect to another path of this origin."),
    kind("html", Status, NOTHING, "200 with an HTML page."),
    kind("envelope", Status, NOTHING, "200 with the body of an error, in the form of the platform."),
    kind("empty", Status, NOTHING, "200 without a body."),

    kind("content-type", Body, NOTHING, "The media type is text/plain."),
    kind("no-content-type", Body, NOTHING, "The media type is missing."),
    kind("cut-json", Body, NOTHING, "Half of the JSON, with the length of that half."),
    kind("bad-json", Body, NOTHING, "Invalid JSON: a superfluous comma."),
    kind("lone-surrogate", Body, NOTHING, "An escaped lone surrogate in a string of a record."),
    kind("bad-utf8", Body, NOTHING, "Bytes that are not UTF-8 in a string of a record."),
    kind("bom", Body, NOTHING, "A byte order mark before the JSON."),
    kind("nul", Body, NOTHING, "An escaped NUL in a string of a record."),
    kind("wrong-type", Body, NOTHING, "An object in a record, where a string, number or boolean is documented."),
    kind("null-required", Body, NOTHING, "Null for a required property of a record."),
    kind("missing-required", Body, NOTHING, "A required property of a record is missing."),
    kind("unknown-enum", Body, NOTHING, "An undocumented enum value in a record."),
    kind("unknown-field", Body, NOTHING, "An undocumented property of a record."),
    kind("out-of-range", Body, NOTHING, "A number in a record that exceeds 64 bits."),
    kind("duplicate-key", Body, NOTHING, "A repeated property of a record, the second time null."),
    kind("duplicate-id", Body, NOTHING, "Two records of a page with the same id."),
    kind("depth-bomb", Body, &[argument("depth", 1, 1_000_000, 100_000)], "`depth` nested arrays in a record."),
    kind("gzip-bomb", Body, &[argument("mebibytes", 1, 4096, 256)], "gzip of `mebibytes` of spaces before the JSON, a thousandth of that on the wire."),
    kind("cut-gzip", Body, NOTHING, "gzip cut in the middle."),
    kind("wrong-encoding", Body, NOTHING, "The response is labelled gzip, but is not."),
    kind("header-flood", Body, &[argument("count", 1, 10_000, 200)], "`count` additional headers."),
    kind("date-form", Body, NOTHING, "A time in a record in another format: `Tue, 08 Apr 2025 12:00:00 GMT`."),

    kind("same-page", Paging, NOTHING, "Every page is the one requested first."),
    kind("cursor-cycle", Paging, &[argument("length", 2, 16, 2)], "Cursors lead back to the first page after `length` pages."),
    kind("empty-page", Paging, NOTHING, "A page without records that still announces more."),
    kind("wrong-totals", Paging, &[argument("by", -1_000_000, 1_000_000, 7)], "Totals are off by `by` records, and the number of pages accordingly."),
    kind("insert", Paging, &[argument("count", 1, 1000, 1)], "`count` records are inserted before the page is read."),
    kind("delete", Paging, &[argument("count", 1, 1000, 1)], "The first `count` records are deleted before the page is read."),
    kind("full-last-page", Paging, NOTHING, "The list ends with a full page, without the records of an incomplete last page."),

    kind("clock", Clock, OFF, "The clock of the platform is off by `seconds`, in the header Date and when it verifies signatures."),
    kind("date", Clock, OFF, "The header Date is off by `seconds`."),
    kind("clock-backwards", Clock, &[argument("seconds", 1, YEAR, 60)], "The clock of the platform goes back by another `seconds` with each request."),
];

/// The kind of this name.
pub(crate) fn named(name: &str) -> Option<&'static FaultKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

impl FaultKind {
    /// Returns how it is written: `latency[=DELAY]`, `status=STATUS`.
    pub fn usage(&self) -> String {
        match self.takes.first() {
            None => self.name.to_owned(),
            Some(main) => {
                let value = format!("={}", main.name.to_uppercase());
                let value = main.default.map_or(value.clone(), |_| format!("[{value}]"));
                format!("{}{value}", self.name)
            }
        }
    }

    /// Returns what it affects: `network`, `status`, `body`, `paging` or `clock`.
    pub fn group(&self) -> &'static str {
        match self.group {
            Network => "network",
            Status => "status",
            Body => "body",
            Paging => "paging",
            Clock => "clock",
        }
    }

    /// Returns what happens, in a sentence.
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&'static FaultArgument> {
        self.takes.iter().find(|argument| argument.name == name)
    }
}
