//! A request to a platform, and the faults it suffers on its way to an answer.

use super::{
    Asked, Chosen, Faults, Group, body, paging, status,
    status::Seen,
    wire::{Takeover, Wire},
};
use crate::{
    connection::{Down, Outcome, Received},
    list::Place,
    params,
    platform::{Platform, Target},
    recorded::RecordedRequest,
    respond::{Content, Incoming, Reply, respond},
    route::{Route, route},
    server,
    spec::Operation,
};
use http::{Method, Request, header};
use jiff::Timestamp;
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::mpsc::UnboundedSender, time::Instant};

/// A platform that listens.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) platform: Arc<Platform>,
    pub(crate) faults: Arc<Faults>,
    /// Makes it refuse connections for a while.
    pub(crate) down: UnboundedSender<Duration>,
}

/// Answers a request.
pub(crate) async fn answer(site: Arc<Site>, request: Request<Received>) -> Outcome {
    let platform = &site.platform;
    platform.state().requests += 1;
    let (parts, body) = request.into_parts();
    let body = match body {
        Ok(body) => body,
        Err(unread) => return Outcome::Response(server::unread(platform, &parts, unread)),
    };
    let incoming = Incoming {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
    };
    if !site.faults.any() {
        // The rate limit follows the runtime's clock, which a test may have stopped.
        let clock = (SystemTime::now(), Instant::now().into_std());
        let (reply, recorded) = respond(platform, &incoming, clock);
        platform.state().note(recorded);
        return Outcome::Response(server::response(reply));
    }
    let (reply, network) = Suffering::new(&site, &incoming).reply();
    let response = server::response(reply);
    let Some(chosen) = network else {
        return Outcome::Response(response);
    };
    let fault = &chosen.fault;
    match Wire::of(fault) {
        None => {
            tokio::time::sleep(Duration::from_millis(fault.count("delay"))).await;
            Outcome::Response(response)
        }
        Some(wire) => Outcome::Takeover(Box::new(Takeover {
            response,
            wire,
            head_only: parts.method == Method::HEAD,
            down: (fault.kind.name == "down").then(|| Down {
                listener: site.down.clone(),
                time: Duration::from_secs(fault.count("seconds")),
            }),
        })),
    }
}

/// A request with the faults that are done to it.
struct Suffering<'a> {
    site: &'a Site,
    /// The platform in the scope that is meant.
    bot: Arc<Platform>,
    incoming: &'a Incoming<'a>,
    operation: Option<(usize, &'a Operation)>,
    place: Option<Place>,
    chosen: Vec<Chosen>,
    /// What was done, as it is recorded.
    done: Vec<String>,
}

impl<'a> Suffering<'a> {
    fn new(site: &'a Site, incoming: &'a Incoming<'a>) -> Self {
        let spec = &site.platform.spec;
        let mut bot = Arc::clone(&site.platform);
        let (mut operation, mut place) = (None, None);
        let found = route(spec, incoming.method, incoming.path);
        if let Route::Found {
            operation: number,
            path,
        } = found
            && let Some(found) = spec.operations.get(number)
        {
            let query = incoming.query.unwrap_or_default();
            let (params, _) = params::read(found, &spec.schemas, &path, query, incoming.headers);
            let body = serde_json::from_slice::<Value>(incoming.body).ok();
            bot = site.platform.meant((&params, body.as_ref()));
            place = bot.place((number, found), &params, body.as_ref());
            operation = Some((number, found));
        }
        let chosen = site.faults.choose(&Asked {
            platform: &spec.platform,
            operation: operation.map(|(_, operation)| operation),
            method: incoming.method,
            page: place.as_ref().map(Place::page),
        });
        Self {
            site,
            bot,
            incoming,
            operation,
            place,
            chosen,
            done: Vec::new(),
        }
    }

    fn take(&mut self, group: Group) -> Option<Chosen> {
        let at = self
            .chosen
            .iter()
            .position(|chosen| chosen.fault.kind.group == group)?;
        Some(self.chosen.remove(at))
    }

    /// Counts a fault as done, with a word about where, or takes it back.
    fn settle(&mut self, chosen: &Chosen, detail: Option<String>) {
        match detail {
            None => self.site.faults.undo(chosen.id),
            Some(detail) if detail.is_empty() => self.done.push(chosen.fault.to_string()),
            Some(detail) => self.done.push(format!("{}: {detail}", chosen.fault)),
        }
    }

    /// The answer, and the fault of the network that it is still to suffer.
    fn reply(mut self) -> (Reply, Option<Chosen>) {
        let clock = self.take(Group::Clock);
        let (mut time, mut date) = (SystemTime::now(), None);
        if let Some(chosen) = &clock {
            let (seconds, fired) = (chosen.fault.argument("seconds"), chosen.fired);
            let seconds = match chosen.fault.kind.name {
                "clock-backwards" => -seconds.saturating_mul(i64::try_from(fired).unwrap_or(1)),
                _ => seconds,
            };
            let shown = shifted(time, seconds);
            date = Some(httpdate::fmt_http_date(shown));
            if chosen.fault.kind.name != "date" {
                time = shown;
            }
            self.settle(chosen, Some(String::new()));
        }
        let paging = self.take(Group::Paging);
        let changed = paging.as_ref().is_some_and(|chosen| self.change(chosen));
        let status = self.take(Group::Status);
        let (mut reply, mut recorded) = match &status {
            Some(chosen) => self.instead(chosen, time),
            None => respond(
                &self.site.platform,
                self.incoming,
                (time, Instant::now().into_std()),
            ),
        };
        if let Some(chosen) = paging {
            let done = changed || self.lie(&chosen, &mut reply);
            self.settle(&chosen, done.then(String::new));
        }
        if let Some(mut chosen) = self.take(Group::Body) {
            let schemas = &self.site.platform.spec.schemas;
            let operation = self.operation.map(|(_, operation)| operation);
            let done = body::spoil(
                &chosen.fault,
                operation,
                schemas,
                &mut reply,
                &mut chosen.dice,
            );
            self.settle(&chosen, done);
        }
        reply.headers.extend(date.map(|date| (header::DATE, date)));
        let network = self.take(Group::Network);
        if let Some(chosen) = &network {
            self.settle(chosen, Some(String::new()));
        }
        recorded.status = reply.status;
        recorded.fault = (!self.done.is_empty()).then(|| self.done.join("; "));
        self.site.platform.state().note(recorded);
        (reply, network)
    }

    /// Another answer than the request deserves. What would change something is not done.
    fn instead(&mut self, chosen: &Chosen, time: SystemTime) -> (Reply, RecordedRequest) {
        let platform = &self.site.platform;
        let target = self
            .operation
            .and_then(|(number, _)| platform.targets.get(number));
        let recorded = match target {
            Some(Target::Write { .. }) => self.unheard(time),
            _ => respond(platform, self.incoming, (time, Instant::now().into_std())).1,
        };
        let host = self.incoming.headers.get(header::HOST);
        let seen = Seen {
            host: host.and_then(|host| host.to_str().ok()).unwrap_or_default(),
            path: self.incoming.path,
            query: self.incoming.query,
            time,
            now: millis(time),
        };
        let operation = self.operation.map(|(_, operation)| operation);
        let reply = status::reply(&chosen.fault, operation, &platform.spec.schemas, &seen);
        self.settle(chosen, Some(String::new()));
        (reply, recorded)
    }

    /// What is recorded about a request that was not looked at.
    fn unheard(&self, time: SystemTime) -> RecordedRequest {
        let query = self.incoming.query.map(|query| format!("?{query}"));
        RecordedRequest {
            number: 0,
            time: Timestamp::try_from(time).unwrap_or_default(),
            method: self.incoming.method.to_owned(),
            target: format!("{}{}", self.incoming.path, query.unwrap_or_default()),
            operation: self.operation.map(|(_, operation)| operation.id.clone()),
            status: 0,
            violations: Vec::new(),
            notes: vec!["not carried out, because of the fault".to_owned()],
            fault: None,
            signature: None,
        }
    }

    /// Lets rows come and go before the list is read; false where none did.
    fn change(&self, chosen: &Chosen) -> bool {
        let Some(at) = self.place.as_ref().map(|place| place.collection) else {
            return false;
        };
        let own = self.bot.collections.get(at);
        // Those of a parent stay as they are.
        let Some(collection) = own.filter(|collection| collection.parent.is_none()) else {
            return false;
        };
        let request = self.site.platform.state().requests;
        let mut state = self.bot.state();
        let times = 0..chosen.fault.count("count");
        match chosen.fault.kind.name {
            "insert" => {
                times.for_each(|_| state.store.insert(at, request));
                true
            }
            "delete" => {
                let gone = times.take_while(|_| state.store.remove_first((at, collection)));
                gone.count() > 0
            }
            _ => false,
        }
    }

    /// Lets a list say something else than the truth.
    fn lie(&self, chosen: &Chosen, reply: &mut Reply) -> bool {
        let (Some(place), Some((_, operation))) = (&self.place, self.operation) else {
            return false;
        };
        let (Content::Json(body), true) = (&mut reply.content, reply.status < 300) else {
            return false;
        };
        let faults = &self.site.faults;
        let done = faults.with_pages(chosen.id, |pages| {
            paging::spoil(&chosen.fault, operation, place, body, pages)
        });
        done.unwrap_or(false)
    }
}

fn shifted(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let shifted = if seconds < 0 {
        time.checked_sub(by)
    } else {
        time.checked_add(by)
    };
    shifted.unwrap_or(time)
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).ok();
    let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
    millis.unwrap_or(0)
}
