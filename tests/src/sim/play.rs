//! One walk with one fault, and everything that must be true of it afterwards.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use botroster_client::{Completeness, Options, OutgoingRequest};
use serde_json::Value;

use super::{
    canaries::{Canaries, Search},
    clock::{VirtualTime, true_time},
    faults::{FAULTS, Fault, Group, Position, Required, Scene},
    lists::{Clients, List, Walked},
    network::{Network, Reply, Switch},
    trace,
};

/// A fault at a place in a list.
#[derive(Clone, Copy)]
pub struct Case {
    /// The fault.
    pub fault: &'static Fault,
    /// The list.
    pub list: List,
    /// The page.
    pub position: Position,
    /// Number of times it shows; `None` is every time.
    pub times: Option<u32>,
    /// Chance.
    pub seed: u64,
}

impl Case {
    fn name(&self) -> String {
        let Self {
            fault,
            list,
            position,
            times,
            seed,
        } = self;
        format!(
            "{} on {list:?}, {position:?} page, {times:?} times, seed {seed}",
            fault.name
        )
    }
}

/// Every fault on every list and page that it can happen to: passing, twice in a row where that counts as passing, and staying.
pub fn matrix() -> Vec<Case> {
    let mut cases = Vec::new();
    for fault in FAULTS {
        for list in fault.lists {
            for position in fault.at {
                // Once is the lesser form of twice: one page is enough for it.
                let least = if *position == Position::First {
                    1
                } else {
                    fault.most.max(1)
                };
                let passing = (least..=fault.most).map(Some);
                for times in passing.chain([None]) {
                    let seed = cases.len() as u64;
                    let (list, position) = (*list, *position);
                    cases.push(Case {
                        fault,
                        list,
                        position,
                        times,
                        seed,
                    });
                }
            }
        }
    }
    cases
}

/// The server's side.
struct Server {
    case: Case,
    canaries: Canaries,
    records: Vec<Value>,
    size: usize,
    /// The page on which the fault shows.
    page: usize,
    fired: u32,
    first: Option<(usize, Duration)>,
    random: fastrand::Rng,
    clock: Arc<VirtualTime>,
    requests: u32,
    /// When the client may come again.
    not_before: Duration,
}

impl Server {
    fn answer(&mut self, request: &OutgoingRequest) -> Reply {
        let case = self.case;
        let now = self.clock.elapsed();
        assert!(
            now >= self.not_before,
            "a request before Retry-After has passed"
        );
        self.requests += 1;
        assert!(self.requests < 200, "{}: a walk without end", case.name());
        let start = case.list.start(request, &self.records, self.size);
        let page = start / self.size;
        let shows = if case.fault.goes_on {
            page >= self.page
        } else {
            page == self.page
        };
        let is_spent = case.times.is_some_and(|times| self.fired >= times);
        // After the last page nothing is left to go wrong with a record.
        if !shows || is_spent || (start >= self.records.len() && !case.fault.goes_on) {
            let body = case.list.answer(&self.records, start, self.size);
            return super::network::Answer::json(200, &body).into();
        }
        self.fired += 1;
        let (first_start, first_time) = *self.first.get_or_insert((start, now));
        let soon = true_time(now) + Duration::from_secs(7);
        let mut scene = Scene {
            list: case.list,
            request,
            records: &mut self.records,
            start,
            first_start,
            size: self.size,
            nth: self.fired,
            since: now - first_time,
            soon: httpdate::fmt_http_date(soon),
            canaries: &self.canaries,
            random: &mut self.random,
        };
        let reply = (case.fault.act)(&mut scene);
        if let Reply::Answer(answer) = &reply {
            let after = answer
                .headers
                .iter()
                .find(|(name, _)| *name == "retry-after");
            let seconds = after.and_then(|(_, text)| text.parse().ok()).unwrap_or(0);
            self.not_before = now + Duration::from_secs(seconds);
        }
        reply
    }
}

/// What the cases share: clients, because making one takes longer than a walk, and people to look for.
pub struct Stage {
    canaries: Canaries,
    search: Search,
    clock: Arc<VirtualTime>,
    switch: Switch,
    clients: Clients,
    played: u32,
}

impl Stage {
    /// With people of this seed. Time must be paused.
    pub fn new(seed: u64) -> Self {
        let (canaries, clock, switch) = (
            Canaries::new(seed),
            Arc::new(VirtualTime::new(seed)),
            Switch::default(),
        );
        Self {
            search: canaries.search(),
            clients: Clients::new(Arc::new(switch.clone()), clock.clone(), Options::new()),
            canaries,
            clock,
            switch,
            played: 0,
        }
    }

    /// Nothing is left of the case before: no pause that its server asked for, and after some cases no used up budget of retries.
    async fn clear(&mut self, seed: u64) {
        tokio::time::advance(Duration::from_secs(25 * 60 * 60)).await;
        self.clock.reseed(seed);
        self.played += 1;
        if self.played.is_multiple_of(60) {
            let network = Arc::new(self.switch.clone());
            self.clients = Clients::new(network, self.clock.clone(), Options::new());
        }
        trace::take();
    }
}

/// Plays a case, and fails unless it ends as it must.
pub async fn play(case: Case, stage: &mut Stage) {
    stage.clear(case.seed).await;
    let (canaries, clock) = (&stage.canaries, stage.clock.clone());
    let began = clock.elapsed();
    let mut random = fastrand::Rng::with_seed(case.seed);
    let (size, pages) = (random.usize(3..7), random.usize(4..7));
    let count = size * (pages - 1) + random.usize(2..=size);
    let records: Vec<Value> = (1..=count)
        .map(|number| case.list.record(canaries, number))
        .collect();
    let page = match case.position {
        Position::First => 0,
        Position::Middle => pages / 2,
        Position::Last => pages - 1,
    };
    let server = Arc::new(Mutex::new(Server {
        case,
        canaries: canaries.clone(),
        records: records.clone(),
        size,
        page,
        fired: 0,
        first: None,
        random,
        clock: clock.clone(),
        requests: 0,
        not_before: Duration::ZERO,
    }));
    let side = server.clone();
    stage.switch.to(Network(move |request: &OutgoingRequest| {
        side.lock().unwrap().answer(request)
    }));
    let walked = case.list.walk(&stage.clients).await;
    let server = server.lock().unwrap();
    let what = case.name();
    let required = if case.times.is_some() {
        case.fault.passing
    } else {
        case.fault.lasting
    };
    check_fired(&what, &server);
    check_end(&what, required, case.list, &walked);
    check_records(&what, required, &server, &records, &walked);
    let took = clock.elapsed() - began;
    assert!(took < Duration::from_secs(1_800), "{what}: took {took:?}");
    check_silence(&what, &stage.search, &walked);
}

/// The fault happened, and as often as it was to.
fn check_fired(what: &str, server: &Server) {
    assert!(server.fired > 0, "{what}: did not happen");
    let fault = server.case.fault;
    let is_overcome = matches!(
        (fault.passing, fault.lasting),
        (Required::Exact, Required::Error(_))
    );
    if let (true, Some(times)) = (is_overcome, server.case.times) {
        assert_eq!(server.fired, times, "{what}: happened");
    }
}

fn check_end(what: &str, required: Required, list: List, walked: &Walked) {
    let error = walked.error.as_ref().map(|error| error.kind());
    match (required, error) {
        (Required::Error(_), Some(kind)) if required.is(kind) => {}
        (Required::Error(kind), ended) => {
            panic!("{what}: must end in {kind:?}, ended in {ended:?}")
        }
        (_, Some(_)) => panic!("{what}: must not end in {:?}", walked.error),
        (Required::Unverified, None) => {
            assert_eq!(walked.completeness, Completeness::Unverified, "{what}");
        }
        (Required::Exact | Required::SetAside, None) => {
            let known = if list.has_totals() {
                Completeness::Complete
            } else {
                Completeness::Unverified
            };
            assert_eq!(walked.completeness, known, "{what}");
        }
    }
}

/// No record twice, none that the server does not have as it came; and all of them, where that is required.
fn check_records(
    what: &str,
    required: Required,
    server: &Server,
    before: &[Value],
    walked: &Walked,
) {
    let key = server.case.list.key();
    let has: BTreeMap<&str, &Value> = server
        .records
        .iter()
        .filter_map(|record| Some((record[key].as_str()?, record)))
        .collect();
    let had: BTreeMap<&str, &Value> = before
        .iter()
        .map(|record| (record[key].as_str().unwrap(), record))
        .collect();
    let mut came = BTreeMap::new();
    for item in &walked.items {
        let id = item[key].as_str().unwrap();
        assert!(came.insert(id, item).is_none(), "{what}: {id} came twice");
        let is_right = [has.get(id), had.get(id)]
            .iter()
            .flatten()
            .any(|record| **record == item);
        assert!(is_right, "{what}: not what the server has: {item}");
    }
    let broken: Vec<&Value> = server
        .records
        .iter()
        .filter(|record| !is_whole(record, key))
        .collect();
    let aside: Vec<&Value> = walked.set_aside.iter().collect();
    match required {
        Required::SetAside => assert_eq!(aside, broken, "{what}: set aside"),
        Required::Exact => assert!(aside.is_empty(), "{what}: set aside {aside:?}"),
        Required::Unverified | Required::Error(_) => return,
    }
    let stayed = has
        .iter()
        .filter(|(id, record)| had.contains_key(*id) && is_whole(record, key));
    for (id, _) in stayed {
        assert!(came.contains_key(id), "{what}: {id} is lost");
    }
    if server.case.fault.group != Group::Paging {
        let whole = server.records.iter().filter(|record| is_whole(record, key));
        assert!(walked.items.iter().eq(whole), "{what}: another order");
    }
}

/// Returns whether a record is one that the spec allows.
fn is_whole(record: &Value, key: &str) -> bool {
    let has_lists = record["lastReceivedText"].is_array()
        || record["userId"].is_array()
        || record["lastMessage"]["text"].is_array();
    record[key].is_string() && !has_lists && !record["websiteVisits"].is_f64()
}

fn check_silence(what: &str, search: &Search, walked: &Walked) {
    search.assert_clean(what, &walked.shown);
    let said = trace::take();
    assert!(
        said.contains("botroster_client"),
        "{what}: nothing was captured"
    );
    search.assert_clean(what, &said);
}
