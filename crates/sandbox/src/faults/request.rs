//! A request with the faults that apply to it.

use super::{
    active::{ActiveFaults, ChosenFault, FaultCandidate},
    body,
    kinds::FaultGroup,
    paging,
    status::{self, RequestLocation},
};
use crate::{
    platform::{Platform, target::OperationTarget},
    recorded::RecordedRequest,
    reply::{
        content::{Reply, ReplyBody},
        list::PagePosition,
        respond::respond,
    },
    request::{
        parsed::{ParsedRequest, RawRequest},
        route::Unrouted,
    },
    spec::Operation,
    values::moment::Moment,
};
use http::header;
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

pub(super) struct FaultedRequest<'a> {
    platform: &'a Arc<Platform>,
    faults: &'a ActiveFaults,
    raw: &'a RawRequest<'a>,
    parsed: &'a Result<ParsedRequest<'a>, Unrouted>,
    /// The platform in the scope that the request names.
    in_scope: &'a Arc<Platform>,
    position: Option<PagePosition>,
    chosen: Vec<ChosenFault>,
    /// The applied faults, for the record.
    applied: Vec<String>,
}

impl<'a> FaultedRequest<'a> {
    pub(super) fn new(
        platform: &'a Arc<Platform>,
        faults: &'a ActiveFaults,
        raw: &'a RawRequest<'a>,
        parsed: &'a Result<ParsedRequest<'a>, Unrouted>,
    ) -> Self {
        let call = parsed.as_ref().ok().map(ParsedRequest::call);
        let in_scope = call.and_then(|call| call.in_scope(platform));
        let in_scope = in_scope.unwrap_or(platform);
        let position = call.and_then(|call| in_scope.page_position(call));
        let chosen = faults.choose(&FaultCandidate {
            platform: &platform.spec.platform,
            operation: call.map(|call| call.operation),
            method: raw.method,
            page: position.as_ref().map(PagePosition::page),
        });
        Self {
            platform,
            faults,
            raw,
            parsed,
            in_scope,
            position,
            chosen,
            applied: Vec::new(),
        }
    }

    fn operation(&self) -> Option<&'a Operation> {
        let parsed = self.parsed.as_ref().ok()?;
        Some(parsed.operation)
    }

    fn take(&mut self, group: FaultGroup) -> Option<ChosenFault> {
        let mut chosen = self.chosen.iter();
        let at = chosen.position(|chosen| chosen.fault.kind.group == group)?;
        Some(self.chosen.remove(at))
    }

    /// Records a fault as applied, with the place if it has one; uncounts it if it was not applied.
    fn settle(&mut self, chosen: &ChosenFault, place: Option<String>) {
        match place {
            None => self.faults.undo(chosen.id),
            Some(place) if place.is_empty() => self.applied.push(chosen.fault.to_string()),
            Some(place) => self.applied.push(format!("{}: {place}", chosen.fault)),
        }
    }

    /// The response, and the network fault still to be applied to it.
    pub(super) fn reply(mut self) -> (Reply, Option<ChosenFault>) {
        let (moment, date) = self.shift_clock();
        let paging = self.take(FaultGroup::Paging);
        let moved_rows = paging.as_ref().is_some_and(|chosen| self.move_rows(chosen));
        let (mut reply, mut record) = match self.take(FaultGroup::Status) {
            Some(chosen) => self.replace_status(&chosen, moment),
            None => respond(self.platform, self.raw, self.parsed, moment),
        };
        if let Some(chosen) = paging {
            let applied = moved_rows || self.falsify_paging(&chosen, &mut reply);
            self.settle(&chosen, applied.then(String::new));
        }
        if let Some(mut chosen) = self.take(FaultGroup::Body) {
            let schemas = &self.platform.spec.schemas;
            let fault = &chosen.fault;
            let operation = self.operation();
            let place = body::corrupt(fault, operation, schemas, &mut reply, &mut chosen.dice);
            self.settle(&chosen, place);
        }
        reply.headers.extend(date.map(|date| (header::DATE, date)));
        let network = self.take(FaultGroup::Network);
        if let Some(chosen) = &network {
            self.settle(chosen, Some(String::new()));
        }
        record.status = reply.status;
        record.fault = (!self.applied.is_empty()).then(|| self.applied.join("; "));
        self.platform.state().record(record);
        (reply, network)
    }

    /// The moment according to the platform, and its header `Date` if that is wrong.
    fn shift_clock(&mut self) -> (Moment, Option<String>) {
        let mut moment = Moment::now();
        let Some(chosen) = self.take(FaultGroup::Clock) else {
            return (moment, None);
        };
        let (seconds, fired) = (chosen.fault.argument("seconds"), chosen.fired);
        let seconds = match chosen.fault.kind.name {
            "clock-backwards" => -seconds.saturating_mul(i64::try_from(fired).unwrap_or(1)),
            _ => seconds,
        };
        let shifted = shift(moment.time, seconds);
        if chosen.fault.kind.name != "date" {
            moment.time = shifted;
        }
        self.settle(&chosen, Some(String::new()));
        (moment, Some(httpdate::fmt_http_date(shifted)))
    }

    /// A response with another status. Operations that write are not performed.
    fn replace_status(&mut self, chosen: &ChosenFault, moment: Moment) -> (Reply, RecordedRequest) {
        let parsed = self.parsed.as_ref().ok();
        let target = parsed.and_then(|parsed| self.platform.targets.get(parsed.number));
        let record = match target {
            Some(OperationTarget::Write { .. }) => self.unhandled_record(moment),
            _ => respond(self.platform, self.raw, self.parsed, moment).1,
        };
        let host = self.raw.headers.get(header::HOST);
        let location = RequestLocation {
            host: host.and_then(|host| host.to_str().ok()).unwrap_or_default(),
            path: self.raw.path,
            query: self.raw.query,
        };
        let schemas = &self.platform.spec.schemas;
        let reply = status::reply(&chosen.fault, self.operation(), schemas, &location, moment);
        self.settle(chosen, Some(String::new()));
        (reply, record)
    }

    fn unhandled_record(&self, moment: Moment) -> RecordedRequest {
        RecordedRequest {
            operation: self.operation().map(|operation| operation.id.clone()),
            notes: vec!["not performed, because of the fault".to_owned()],
            ..RecordedRequest::new(moment.timestamp(), self.raw.method, self.raw.target())
        }
    }

    /// Inserts or deletes rows before the list is read; false if it could not.
    fn move_rows(&self, chosen: &ChosenFault) -> bool {
        let Some(at) = self.position.as_ref().map(|position| position.collection) else {
            return false;
        };
        // The records of a parent stay as they are.
        let own = self.in_scope.collections.get(at);
        let Some(collection) = own.filter(|collection| collection.parent.is_none()) else {
            return false;
        };
        let request = self.platform.state().requests;
        let mut state = self.in_scope.state();
        let times = 0..chosen.fault.count("count");
        match chosen.fault.kind.name {
            "insert" => {
                times.for_each(|_| state.store.insert(at, request));
                true
            }
            "delete" => {
                let deleted = times.take_while(|_| state.store.remove_first((at, collection)));
                deleted.count() > 0
            }
            _ => false,
        }
    }

    /// Makes a list contradict itself; false if it could not.
    fn falsify_paging(&self, chosen: &ChosenFault, reply: &mut Reply) -> bool {
        let (Some(position), Some(operation)) = (&self.position, self.operation()) else {
            return false;
        };
        let (ReplyBody::Json(body), true) = (&mut reply.body, reply.status < 300) else {
            return false;
        };
        let applied = self.faults.with_pages(chosen.id, |pages| {
            paging::falsify(&chosen.fault, operation, position, body, pages)
        });
        applied.unwrap_or(false)
    }
}

fn shift(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let shifted = match seconds < 0 {
        true => time.checked_sub(by),
        false => time.checked_add(by),
    };
    shifted.unwrap_or(time)
}
