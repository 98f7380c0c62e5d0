//! What can go wrong with a list, and how a walk over it has to end. `docs/faults.md` shows this table.

use std::{mem::discriminant, time::Duration};

use botroster_client::{ErrorKind, OutgoingRequest, SendError};
use serde_json::{Value, json};

use super::{
    canaries::Canaries,
    lists::List::{self, BotpenguinChats, BotpenguinContacts, ChatbotUsers, PekiUsers},
    network::{Answer, Piece, Reply},
};

/// How a walk has to end.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// Every record once, as the server has it.
    Exact,
    /// The same, with the broken record set aside as it came.
    SetAside,
    /// No record twice, none invented, and the walk says that nothing proves it whole.
    Unverified,
    /// One error of this kind, after records that are right.
    Error(ErrorKind),
}

/// A page on which a fault shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The first page.
    First,
    /// One in the middle.
    Middle,
    /// The last page with records.
    Last,
}

/// Everywhere.
pub const EVERYWHERE: &[Position] = &[Position::First, Position::Middle, Position::Last];

/// Where a fault belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Connections.
    Network,
    /// Statuses and headers.
    Status,
    /// Bodies.
    Body,
    /// Lists.
    Paging,
}

/// The server at the moment of a fault.
pub struct Scene<'s> {
    /// The list.
    pub list: List,
    /// What is asked for.
    pub request: &'s OutgoingRequest,
    /// What the server has; a fault may change it.
    pub records: &'s mut Vec<Value>,
    /// The first record of the page that is asked for.
    pub start: usize,
    /// Where the page begins on which the fault showed first.
    pub first_start: usize,
    /// Records of a page.
    pub size: usize,
    /// Number of times the fault was asked for, this time included.
    pub nth: u32,
    /// Time since the first.
    pub since: Duration,
    /// The wall clock, as HTTP writes it, in seven seconds.
    pub soon: String,
    /// People.
    pub canaries: &'s Canaries,
    /// Chance.
    pub random: &'s mut fastrand::Rng,
}

/// A fault.
pub struct Fault {
    /// What it is.
    pub name: &'static str,
    /// Where it belongs.
    pub group: Group,
    /// Lists it can happen to.
    pub lists: &'static [List],
    /// Pages it can happen to.
    pub at: &'static [Position],
    /// It goes on from its page to the end instead of showing on that page alone.
    pub goes_on: bool,
    /// Number of times in a row it shows at most to count as passing; 0 where it does not pass.
    pub most: u32,
    /// The end where it passes.
    pub passing: Required,
    /// The end where it stays.
    pub lasting: Required,
    /// What the server does instead of what is right.
    pub act: fn(&mut Scene<'_>) -> Reply,
}

impl Required {
    /// Returns whether an error is the one that is required.
    pub fn is(self, kind: ErrorKind) -> bool {
        matches!(self, Self::Error(wanted) if discriminant(&wanted) == discriminant(&kind))
    }

    fn words(self) -> String {
        match self {
            Self::Exact => "exact data".to_owned(),
            Self::SetAside => "exact data, the record set aside".to_owned(),
            Self::Unverified => "ends as `Unverified`".to_owned(),
            Self::Error(kind) => {
                let name = format!("{kind:?}");
                format!("error `{}`", name.split(' ').next().unwrap())
            }
        }
    }
}

impl Scene<'_> {
    /// What is right.
    pub fn honest(&self) -> Answer {
        Answer::json(200, &self.body())
    }

    /// What is right after a change to the list, the first time.
    fn after(&mut self, change: impl FnOnce(&mut Self)) -> Reply {
        if self.nth == 1 {
            change(self);
            self.start = self.list.start(self.request, self.records, self.size);
        }
        self.honest().into()
    }

    fn body(&self) -> Value {
        self.list.answer(self.records, self.start, self.size)
    }

    /// What is right, with another value at the top.
    fn with(&self, name: &str, value: impl Into<Value>) -> Reply {
        let mut body = self.body();
        body[name] = value.into();
        Answer::json(200, &body).into()
    }

    /// An error with people in everything that the server says.
    fn status(&self, status: u16) -> Answer {
        let Canaries { name, email, .. } = self.canaries;
        let words = json!({ "error": name, "message": email, "status": { "message": name } });
        Answer::json(status, &words)
    }

    fn limited(&self, after: &str) -> Reply {
        self.status(429).with("retry-after", after).into()
    }

    /// What is right, after a change to one record of the page that is not its last.
    fn edited(&mut self, change: impl FnOnce(&mut Value)) -> Reply {
        let last = (self.start + self.size).min(self.records.len()) - 1;
        let index = self.random.usize(self.start..last);
        change(&mut self.records[index]);
        self.honest().into()
    }

    /// What is right, with `from` written in another way, which means `value`.
    fn rewritten(&mut self, from: &str, to: &str, value: Value) -> Reply {
        let page = self.honest();
        let (quoted, end) = (format!("\"{from}\""), self.start + self.size);
        for record in self
            .records
            .iter_mut()
            .skip(self.start)
            .take(end - self.start)
        {
            replace(record, from, &value);
        }
        let text = String::from_utf8(page.bytes().to_vec()).unwrap();
        assert!(text.contains(&quoted), "{from} is not on the page");
        page.map(|_| text.replace(&quoted, to).into_bytes()).into()
    }
}

fn replace(value: &mut Value, from: &str, to: &Value) {
    match value {
        Value::String(text) if text == from => *value = to.clone(),
        Value::Object(map) => map.values_mut().for_each(|inner| replace(inner, from, to)),
        _ => {}
    }
}

fn broken(after: u64) -> Reply {
    Reply::Fail(SendError::Broken, Duration::from_millis(after))
}

fn not_sent(after: u64) -> Reply {
    Reply::Fail(SendError::NotSent, Duration::from_millis(after))
}

const ALL: &[List] = &List::ALL;
const WITHOUT_TOTALS: &[List] = &[ChatbotUsers, BotpenguinChats, BotpenguinContacts];
const NUMBERED_WITHOUT_TOTALS: &[List] = &[BotpenguinChats, BotpenguinContacts];
const WITH_SETS: &[List] = &[PekiUsers, BotpenguinChats, BotpenguinContacts];
const EXACT: Required = Required::Exact;
const INCOMPLETE: Required = Required::Error(ErrorKind::Incomplete {
    seen: 0,
    expected: 0,
});

/// The commonest row: on every list and page, a matter of one page.
const fn fault(
    group: Group,
    name: &'static str,
    passing: Required,
    lasting: Required,
    act: fn(&mut Scene<'_>) -> Reply,
) -> Fault {
    Fault {
        name,
        group,
        lists: ALL,
        at: EVERYWHERE,
        goes_on: false,
        most: 2,
        passing,
        lasting,
        act,
    }
}

impl Fault {
    const fn on(mut self, lists: &'static [List]) -> Self {
        self.lists = lists;
        self
    }

    const fn at(mut self, at: &'static [Position]) -> Self {
        self.at = at;
        self
    }

    const fn going_on(mut self) -> Self {
        self.goes_on = true;
        self
    }

    const fn for_good(mut self) -> Self {
        self.most = 0;
        self
    }

    const fn once(mut self) -> Self {
        self.most = 1;
        self
    }
}

const fn error(kind: ErrorKind) -> Required {
    Required::Error(kind)
}

/// A fault of the connection, which passes or ends in an error of this kind.
const fn network(name: &'static str, kind: ErrorKind, act: fn(&mut Scene<'_>) -> Reply) -> Fault {
    fault(Group::Network, name, EXACT, error(kind), act)
}

/// A status that passes or ends in an error of this kind.
const fn status(name: &'static str, kind: ErrorKind, act: fn(&mut Scene<'_>) -> Reply) -> Fault {
    fault(Group::Status, name, EXACT, error(kind), act)
}

/// An answer that is final.
const fn no(
    group: Group,
    name: &'static str,
    kind: ErrorKind,
    act: fn(&mut Scene<'_>) -> Reply,
) -> Fault {
    fault(group, name, error(kind), error(kind), act)
}

/// A peculiarity that changes nothing.
const fn harmless(group: Group, name: &'static str, act: fn(&mut Scene<'_>) -> Reply) -> Fault {
    fault(group, name, EXACT, EXACT, act)
}

use ErrorKind::{
    Authentication, Connection, Decode, NotFound, Paging, RateLimited, Redirect, Rejected, Server,
    Timeout,
};
use Group::{Body, Network, Paging as Pages, Status};

/// All of them.
#[rustfmt::skip]
pub static FAULTS: &[Fault] = &[
    network("connection refused", Connection, |_| not_sent(0)),
    network("host name not found", Connection, |_| not_sent(5)),
    network("connection never answered", Connection, |_| not_sent(10_000)),
    network("certificate refused: other name, expired, unknown authority", Connection, |_| not_sent(30)),
    network("handshake stalls", Connection, |_| not_sent(10_000)),
    network("server down for 5 s", Connection, |scene| if scene.since < Duration::from_secs(5) { not_sent(1) } else { scene.honest().into() }),
    network("reset before the head", Connection, |_| broken(0)),
    network("reset in the head", Connection, |_| broken(5)),
    network("reset in the body", Connection, |scene| scene.honest().cut(Some(Piece::Break)).into()),
    network("end before the head", Connection, |_| broken(1)),
    network("end in a body with a length", Connection, |scene| scene.honest().cut(Some(Piece::Break)).with("content-length", "100000").into()),
    network("last chunk missing", Connection, |scene| { let mut answer = scene.honest(); answer.pieces.push(Piece::Break); answer.into() }),
    no(Network, "body delimited by the end of the connection, cut", Decode, |scene| Answer { delimited: false, ..scene.honest().cut(None) }.into()),
    harmless(Network, "body delimited by the end of the connection, complete", |scene| Answer { delimited: false, ..scene.honest() }.into()),
    network("silence after the request", Timeout, |_| Reply::Stall),
    network("head at one byte a second", Timeout, |scene| Answer { late: Duration::from_secs(300), ..scene.honest() }.into()),
    harmless(Network, "head after 20 s", |scene| Answer { late: Duration::from_secs(20), ..scene.honest() }.into()),
    network("body stalls", Timeout, |scene| scene.honest().cut(Some(Piece::Stall)).into()),
    network("body at one byte a second", Timeout, |scene| scene.honest().slow(1, Duration::from_secs(1)).into()),
    harmless(Network, "body in pieces of one byte", |scene| scene.honest().slow(1, Duration::ZERO).into()),
    harmless(Network, "slow link, 20 s a page", |scene| { let size = scene.honest().bytes().len() / 19; scene.honest().slow(size, Duration::from_secs(1)).into() }),

    status("429 with seconds", RateLimited, |scene| scene.limited("7")),
    status("429 with a date", RateLimited, |scene| scene.limited(&scene.soon)),
    status("429 without Retry-After", RateLimited, |scene| scene.status(429).into()),
    status("429 with an unreadable Retry-After", RateLimited, |scene| scene.limited("soon")),
    no(Status, "429 with a Retry-After past the deadline", RateLimited, |scene| scene.limited("99999999999999999999")),
    status("500", Server, |scene| scene.status(500).into()),
    status("502", Server, |scene| Answer { headers: vec![("content-type", "text/html".to_owned())], ..scene.status(502) }.into()),
    status("503", Server, |scene| scene.status(503).into()),
    status("503 with Retry-After", Server, |scene| scene.status(503).with("retry-after", "3").into()),
    status("504", Server, |scene| scene.status(504).into()),
    status("408", Rejected, |scene| scene.status(408).into()),
    no(Status, "400", Rejected, |scene| scene.status(400).into()),
    no(Status, "401", Authentication, |scene| scene.status(401).into()),
    no(Status, "403", Authentication, |scene| scene.status(403).into()),
    no(Status, "404", NotFound, |scene| scene.status(404).into()),
    no(Status, "redirect", Redirect, |scene| { let codes = [301, 302, 303, 307, 308]; let code = codes[scene.random.usize(..5)]; scene.status(code).with("location", "https://other.example/").into() }),
    no(Status, "200 with an HTML page", Decode, |scene| Answer::new(200, "text/html", format!("<p>{}", scene.canaries.email)).into()),
    no(Status, "200 with an error in the envelope", Rejected, |scene| Answer::json(200, &scene.list.refusal(scene.canaries)).into()).on(WITH_SETS),
    no(Status, "200 with an error in the envelope, where none is documented", Decode, |scene| Answer::json(200, &scene.list.refusal(scene.canaries)).into()).on(&[ChatbotUsers]),
    no(Status, "200 without a body", Decode, |_| Answer::new(200, "application/json", "").into()),
    no(Status, "204", Decode, |_| Answer::new(204, "application/json", "").into()),
    harmless(Status, "JSON with another media type", |scene| Answer { headers: vec![("content-type", "text/plain".to_owned())], ..scene.honest() }.into()),
    harmless(Status, "JSON without a media type", |scene| Answer { headers: Vec::new(), ..scene.honest() }.into()),

    no(Body, "truncated JSON", Decode, |scene| scene.honest().cut(None).into()),
    no(Body, "invalid JSON", Decode, |scene| scene.honest().map(|mut body| { body[0] = b'<'; body }).into()),
    harmless(Body, "lone surrogate in a documented field", |scene| scene.rewritten("mark", r#""a\ud83d""#, json!("a\u{fffd}"))),
    harmless(Body, "lone surrogate in an undocumented field", |scene| scene.rewritten("any", r#""a\ud83d""#, json!("a\u{fffd}"))),
    no(Body, "invalid UTF-8", Decode, |scene| scene.honest().map(|body| { let text = String::from_utf8(body).unwrap(); let at = text.find("\"mark\"").unwrap(); let mut body = text.into_bytes(); body[at + 1] = 0xFF; body }).into()),
    no(Body, "byte order mark", Decode, |scene| scene.honest().map(|body| [b"\xEF\xBB\xBF".as_slice(), &body].concat()).into()),
    harmless(Body, "NUL in a string", |scene| scene.rewritten("mark", r#""a\u0000b""#, json!("a\0b"))),
    fault(Body, "record that is not an object", Required::SetAside, Required::SetAside, |scene| scene.edited(|record| *record = json!([7]))),
    fault(Body, "key of another type", Required::SetAside, Required::SetAside, |scene| { let key = scene.list.key(); scene.edited(|record| record[key] = json!({ "$oid": 7 })) }),
    fault(Body, "required field null", Required::SetAside, Required::SetAside, |scene| { let key = scene.list.key(); scene.edited(|record| record[key] = Value::Null) }),
    fault(Body, "required field missing", Required::SetAside, Required::SetAside, |scene| { let key = scene.list.key(); scene.edited(|record| { record.as_object_mut().unwrap().remove(key); }) }),
    fault(Body, "documented string of another type", Required::SetAside, Required::SetAside, |scene| scene.edited(|record| replace(record, "mark", &json!(["x"])))),
    no(Body, "cursor missing in the last record of a page", Paging, |scene| { let last = (scene.start + scene.size).min(scene.records.len()); let mut body = scene.body(); body["data"][last - scene.start - 1].as_object_mut().unwrap().remove("id"); Answer::json(200, &body).into() }).on(&[ChatbotUsers]),
    harmless(Body, "unknown value of a documented set", |scene| { let pointer = scene.list.enumeration().unwrap(); scene.edited(|record| *record.pointer_mut(pointer).unwrap() = json!("TOMORROW")) }).on(WITH_SETS),
    harmless(Body, "unknown field", |scene| scene.edited(|record| record["tomorrow"] = json!({ "deep": [1, { "er": null }] }))),
    harmless(Body, "timestamp in another format", |scene| { let forms = ["", "yesterday", "2026-01-02 10:11:12.131Z", "2026-01-02T10:11:12+05:30", "2026-01-02T10:11:12.131999999Z", "0000-00-00T00:00:00Z"]; let form = forms[scene.random.usize(..forms.len())]; let pointer = scene.list.time(); scene.edited(|record| *record.pointer_mut(pointer).unwrap() = json!(form)) }),
    harmless(Body, "undocumented integer that exceeds 64 bits, as the nearest double", |scene| scene.rewritten("any", "18446744073709551616", json!(18_446_744_073_709_551_616.0_f64))),
    no(Body, "undocumented number that exceeds a double", Decode, |scene| scene.rewritten("any", "1e400", Value::Null)),
    fault(Body, "documented integer out of range", Required::SetAside, Required::SetAside, |scene| scene.edited(|record| record["websiteVisits"] = json!(1e30))).on(NUMBERED_WITHOUT_TOTALS),
    harmless(Body, "repeated field in a record, the last one counts", |scene| scene.rewritten("any", r#""first","undocumented":"last""#, json!("last"))),
    no(Body, "200 levels of nesting", Decode, |scene| { let deep = format!("{}{}", "[".repeat(200), "]".repeat(200)); scene.rewritten("any", &deep, Value::Null) }),
    harmless(Body, "labelled gzip, but not compressed", |scene| scene.honest().with("content-encoding", "gzip").into()),
    no(Body, "compressed without being requested", Decode, |scene| scene.honest().map(|_| b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\x56".to_vec()).with("content-encoding", "gzip").into()),
    no(Body, "null for a list", Decode, |scene| scene.with("data", Value::Null)),
    no(Body, "object for a list", Decode, |scene| scene.with("data", json!({}))),

    no(Pages, "the same page every time", Paging, |scene| { let mut body = scene.list.answer(scene.records, scene.first_start, scene.size); if scene.list.has_totals() { body["totalItems"] = json!(1_000_000); body["totalPages"] = json!(1_000_000); } Answer::json(200, &body).into() }).going_on().for_good(),
    no(Pages, "cyclic cursors", Paging, |scene| { let start = scene.random.usize(..=scene.first_start / scene.size) * scene.size; Answer::json(200, &scene.list.answer(scene.records, start, scene.size)).into() }).on(&[ChatbotUsers]).going_on().for_good(),
    fault(Pages, "empty page before the end, with a total", EXACT, INCOMPLETE, |scene| scene.with("data", json!([]))).on(&[PekiUsers]).once(),
    fault(Pages, "empty page before the end, without a total", Required::Unverified, Required::Unverified, |scene| scene.with("data", json!([]))).on(WITHOUT_TOTALS),
    fault(Pages, "total too high", EXACT, INCOMPLETE, |scene| scene.with("totalItems", scene.records.len() + 5)).on(&[PekiUsers]).going_on().once(),
    harmless(Pages, "total too low", |scene| scene.with("totalItems", 1)).on(&[PekiUsers]),
    fault(Pages, "number of pages too low", EXACT, INCOMPLETE, |scene| scene.with("totalPages", 1)).on(&[PekiUsers]).at(&[Position::First, Position::Middle]).once(),
    harmless(Pages, "number of pages too high", |scene| { let pages = scene.records.len().div_ceil(scene.size) + 3; scene.with("totalPages", pages) }).on(&[PekiUsers]),
    harmless(Pages, "total as a string", |scene| scene.with("totalItems", scene.records.len().to_string())).on(&[PekiUsers]),
    fault(Pages, "same record twice, with a total", INCOMPLETE, INCOMPLETE, twice).on(&[PekiUsers]),
    harmless(Pages, "same record twice, without a total", twice).on(WITHOUT_TOTALS),
    harmless(Pages, "new record at the front", |scene| scene.after(|scene| { let record = scene.list.record(scene.canaries, 0); scene.records.insert(0, record); })),
    harmless(Pages, "record deleted after it was read, with a total or a cursor", |scene| scene.after(|scene| { scene.records.remove(0); })).on(&[PekiUsers, ChatbotUsers]),
    harmless(Pages, "whole page deleted after it was read, with a total or a cursor", |scene| scene.after(|scene| { scene.records.drain(..scene.size); })).on(&[PekiUsers, ChatbotUsers]),
    fault(Pages, "record deleted after it was read, with neither", Required::Unverified, Required::Unverified, |scene| scene.after(|scene| { scene.records.remove(0); })).on(NUMBERED_WITHOUT_TOTALS),
    harmless(Pages, "last page exactly full", |scene| { let whole = scene.records.len() / scene.size * scene.size; scene.records.truncate(whole); scene.honest().into() }).at(&[Position::First]),
];

fn twice(scene: &mut Scene<'_>) -> Reply {
    scene.after(|scene| scene.records[scene.start + 1] = scene.records[scene.start].clone())
}

/// Faults below the HTTP client, on sockets: what the server does, and the end where it stays. `tests/tests/simulation.rs` plays them, and `tls.rs`
/// those with certificates.
pub const SOCKETS: [(&str, Required); 16] = [
    ("connection refused", error(Connection)),
    ("connection never answered", error(Connection)),
    ("handshake never answered", error(Connection)),
    ("certificate of another name", error(Connection)),
    ("certificate expired", error(Connection)),
    ("certificate of an unknown authority", error(Connection)),
    ("reset before the head", error(Connection)),
    ("reset in the head", error(Connection)),
    ("reset in the body", error(Connection)),
    ("end before the head", error(Connection)),
    ("end in a body with a length", error(Connection)),
    ("last chunk missing", error(Connection)),
    ("response in pieces of one byte", EXACT),
    ("200 headers", error(Connection)),
    ("body stalls", error(Timeout)),
    ("head stalls", error(Timeout)),
];

/// Clocks that are off by so many seconds while requests are signed, and the end. `tests/tests/limits.rs` plays them.
pub const CLOCKS: [(&str, i64, Required); 10] = [
    ("five minutes slow", -300, EXACT),
    ("five minutes fast", 300, EXACT),
    ("more than five minutes slow", -330, EXACT),
    ("more than five minutes fast", 330, EXACT),
    ("an hour slow", -3_600, EXACT),
    ("an hour fast", 3_600, EXACT),
    ("a day slow", -86_400 + 60, EXACT),
    ("a day fast", 86_400 - 60, EXACT),
    ("two days slow", -172_800, error(Authentication)),
    ("two days fast", 172_800, error(Authentication)),
];

/// The table as `docs/faults.md` has it.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for (group, title) in [
        (Network, "Network"),
        (Status, "Status"),
        (Body, "Body"),
        (Pages, "Paging"),
    ] {
        page.push_str(&format!(
            "\n## {title}\n\n| fault | lists | transient | permanent |\n|---|---|---|---|\n"
        ));
        for fault in FAULTS.iter().filter(|fault| fault.group == group) {
            let passing = if fault.most == 0 {
                "–".to_owned()
            } else {
                fault.passing.words()
            };
            let lasting = fault.lasting.words();
            page.push_str(&format!(
                "| {} | {} | {passing} | {lasting} |\n",
                fault.name,
                lists(fault.lists)
            ));
        }
    }
    page.push_str(SOCKETS_HEAD);
    for (name, required) in SOCKETS {
        page.push_str(&format!("| {name} | {} |\n", required.words()));
    }
    page.push_str(CLOCKS_HEAD);
    for (name, _, required) in CLOCKS {
        page.push_str(&format!("| {name} | {} |\n", required.words()));
    }
    page
}

fn lists(lists: &[List]) -> String {
    if lists.len() == List::ALL.len() {
        return "all".to_owned();
    }
    let names = lists.iter().map(|list| match list {
        PekiUsers => "Peki users",
        ChatbotUsers => "ChatBot users",
        BotpenguinChats => "BotPenguin chats",
        BotpenguinContacts => "BotPenguin contacts",
    });
    names.collect::<Vec<_>>().join(", ")
}

const HEAD: &str = "\
# Faults

How the walk over a list ends for each fault of the server or the network. Every row is a test: on the first, a middle and the last page of a
list with totals (Peki users), one with cursors (ChatBot users) and two that end with an empty page (BotPenguin chats and contacts).

A *transient* fault occurs at most twice in a row (once if it changes what a list says about itself), a *permanent* one every time. *Exact data*
means that every record that existed throughout is returned once and unchanged. Before an error, only correct records are returned.

The table is in `tests/src/sim/faults.rs`. A test compares this page with it; `BOTROSTER_WRITE=1 cargo test -p botroster-contract-tests --test
simulation` updates the page.
";

const SOCKETS_HEAD: &str = "
## On sockets

Permanent faults below the HTTP client, on loopback.

| fault | end |
|---|---|
";

const CLOCKS_HEAD: &str = "
## Clock

The clock of the client is wrong, and the server verifies signatures with a tolerance of five minutes.

| clock | end |
|---|---|
";
