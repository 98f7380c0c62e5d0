//! Lists: which records, which page of them, and the envelope around it.

use crate::{
    answer::{self, Blank},
    data::{Collection, Parent, View},
    failure::Failure,
    page::{self, Facts, Start, Window},
    params::{self, Params},
    platform::Platform,
    pointer,
    recorded::ViolationKind,
    schema::{kind, nullable, properties},
    spec::{Location, Operation, words::Next},
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl Platform {
    /// A page of the list that the request means.
    pub(crate) fn list(
        &self,
        number: usize,
        operation: &Operation,
        params: &Params,
        body: Option<&Value>,
        now: i64,
    ) -> Result<Value, Failure> {
        let Some((at, collection)) = self.wanted(number, params, body) else {
            return Err(Failure::new(500, "Nothing can be listed here."));
        };
        let view = self.view(operation, collection, (params, body))?;
        let view = self.narrow(operation, (at, collection), view, params);
        let view = self.arranged(operation, (at, collection), view, (params, body));
        let turned = ascending(operation, params, body);
        let Some(paged) = &operation.pagination else {
            let (records, _, total) = self.records(at, &view, 0, u64::MAX, turned);
            self.come_and_go((at, collection), 0..total, true);
            return Ok(self.envelope(operation, "", Value::Array(records), now));
        };
        let window = Window::read(
            (operation, &self.spec.schemas),
            paged,
            params,
            body,
            &self.tokens,
        )?;
        let start = match &window.start {
            Start::At(position) => *position,
            Start::After(token) => self.behind(at, collection, &view, token, turned),
        };
        let (records, end, total) = self.records(at, &view, start, window.size, turned);
        if let (Some(Next::LastItem(place)), Some(last)) = (&paged.next, records.last()) {
            let token = last.pointer(place).map(params::text).unwrap_or_default();
            let position = if turned { total - end } else { end - 1 };
            let mut state = self.state();
            let index = state.store.index((at, collection), &view, position);
            state.ends.extend(index.map(|index| ((at, token), index)));
        }
        let read = match turned {
            true => total - end..total,
            false => 0..end,
        };
        // Rows that arrive behind the last page would be read for ever.
        let arriving = !turned || end < total;
        self.come_and_go((at, collection), read, arriving);
        let shown = records.len();
        let said = page::echoes(paged, &window, &Facts { total, end }, &self.tokens);
        let said = self.fitted(operation, said);
        let payload = (paged.items_at(), Value::Array(records));
        let mut answer = self.answer(operation, payload, &said, now);
        self.count(
            operation,
            &mut answer,
            &said.into_keys().collect::<Vec<_>>(),
            shown,
        );
        Ok(answer)
    }

    /// Where in its list a request begins to read; `None` for what is no page.
    pub(crate) fn place(
        &self,
        (number, operation): (usize, &Operation),
        params: &Params,
        body: Option<&Value>,
    ) -> Option<Place> {
        let paged = operation.pagination.as_ref()?;
        let (at, collection) = self.wanted(number, params, body)?;
        let view = self.view(operation, collection, (params, body)).ok()?;
        let view = self.narrow(operation, (at, collection), view, params);
        let view = self.arranged(operation, (at, collection), view, (params, body));
        let schemas = (operation, &self.spec.schemas);
        let window = Window::read(schemas, paged, params, body, &self.tokens).ok()?;
        let turned = ascending(operation, params, body);
        let start = match &window.start {
            Start::At(position) => *position,
            Start::After(token) => self.behind(at, collection, &view, token, turned),
        };
        let (mut params, mut body) = (params.clone(), body.cloned());
        if let Some(at) = &paged.at {
            params.remove(&at.name);
            if let Some(Value::Object(members)) = &mut body {
                members.remove(&at.name);
            }
        }
        Some(Place {
            collection: at,
            start,
            size: window.size,
            total: self.state().store.len((at, collection), &view),
            list: format!("{number} {params:?} {body:?}"),
        })
    }

    /// The collection whose fixed values the request has; the first when none fits.
    fn wanted(
        &self,
        number: usize,
        params: &Params,
        body: Option<&Value>,
    ) -> Option<(usize, &Collection)> {
        let given = |name: &str| params.get(name).or_else(|| body?.get(name));
        let mut own = self
            .collections
            .iter()
            .enumerate()
            .filter(|(_, collection)| collection.operation == number);
        let fits = |collection: &Collection| {
            collection.with.iter().all(|(name, value)| {
                given(name).is_some_and(|given| params::text(given) == params::text(value))
            })
        };
        own.clone()
            .find(|(_, collection)| fits(collection))
            .or_else(|| own.next())
    }

    /// The whole list, the part that seeds ask for, or the records of one parent.
    fn view(
        &self,
        operation: &Operation,
        collection: &Collection,
        asked: Asked<'_>,
    ) -> Result<View, Failure> {
        if let Some(parent) = &collection.parent {
            return self.children(operation, parent, asked);
        }
        let Some(seeds) = &collection.seeds else {
            return Ok(View::All);
        };
        let mut others = seeds.others.iter();
        let foreign = others.find(|(name, value)| text(asked, name) != params::text(value));
        if let Some((name, _)) = foreign {
            if operation.documents(404) {
                return Err(
                    Failure::new(404, format!("No such value of '{name}'.")).about([name.as_str()])
                );
            }
            return Ok(View::Some(Vec::new()));
        }
        let value = text(asked, &seeds.last);
        let row = seeds
            .values
            .iter()
            .position(|own| params::text(own) == value);
        Ok(row.map_or(View::Some(Vec::new()), |row| View::Row(row as u64)))
    }

    /// The records of the parent whose id the request names, and whatever else is bound, where it names that.
    fn children(
        &self,
        operation: &Operation,
        parent: &Parent,
        asked: Asked<'_>,
    ) -> Result<View, Failure> {
        let missing = || {
            let name = parent.bind.keys().next();
            unknown(operation, name.map_or("", String::as_str))
        };
        let above = self
            .collections
            .get(parent.collection)
            .ok_or_else(missing)?;
        let listed = (parent.collection, above);
        let state = self.state();
        let is_meant = |index: &u64| {
            let record = state.store.record(listed, *index, &above.shape);
            let bound = parent.bound(&record, *index).into_iter();
            let mut named = bound.filter_map(|(name, own)| Some((given(asked, &name)?, own)));
            named.all(|(given, own)| given == own)
        };
        if !parent.bind.keys().any(|name| given(asked, name).is_some()) {
            return Err(missing());
        }
        let named = parent.codes.iter().find_map(|(name, code)| {
            let index = code.index(&text(asked, name))?;
            state.store.has(listed, index).then_some(index)
        });
        let index = match named {
            Some(index) => Some(index).filter(is_meant),
            None if parent.codes.is_empty() => (0..)
                .map_while(|position| state.store.index(listed, &View::All, position))
                .find(is_meant),
            None => None,
        };
        index.map(View::Children).ok_or_else(missing)
    }

    /// The position behind the record that a page ended with, or that has this key; behind the last one for any other text.
    fn behind(
        &self,
        at: usize,
        collection: &Collection,
        view: &View,
        token: &str,
        turned: bool,
    ) -> u64 {
        let state = self.state();
        let total = state.store.len((at, collection), view);
        let named = state.ends.get(&(at, token.to_owned())).copied();
        let key = || collection.key.as_ref()?.code.index(token);
        let index = named.or_else(key);
        let position = index.and_then(|index| state.store.position((at, collection), view, index));
        let is_there = index.is_some_and(|index| state.store.has((at, collection), index));
        match position {
            Some(position) if turned => total - position,
            // Of a row that is gone, the next one stands where it would be.
            Some(position) if !is_there => position,
            Some(position) => position + 1,
            None => total,
        }
    }

    /// What an answer says about its page, as its schema has it: numbers as texts, no null where none may be.
    fn fitted(
        &self,
        operation: &Operation,
        said: BTreeMap<String, Value>,
    ) -> BTreeMap<String, Value> {
        let schema = operation.success.json();
        let fitted = said.into_iter().filter_map(|(place, value)| {
            let documented = schema.and_then(|schema| self.spec.schemas.walk(schema, &place));
            let value = match documented {
                Some(schema) if value.is_null() && !nullable(&schema) => return None,
                Some(schema) if value.is_number() && kind(&schema) == Some("string") => {
                    Value::from(value.to_string())
                }
                _ => value,
            };
            Some((place, value))
        });
        fitted.collect()
    }

    /// An answer around its payload.
    pub(crate) fn envelope(
        &self,
        operation: &Operation,
        place: &str,
        payload: Value,
        now: i64,
    ) -> Value {
        self.answer(operation, (place, payload), &BTreeMap::new(), now)
    }

    /// An answer around its payload, that says something more.
    fn answer(
        &self,
        operation: &Operation,
        (place, payload): (&str, Value),
        said: &BTreeMap<String, Value>,
        now: i64,
    ) -> Value {
        let Some(schema) = operation.success.json() else {
            return payload;
        };
        let mut given = answer::success(operation, &self.spec.schemas);
        let more = said
            .iter()
            .map(|(place, value)| (place.clone(), value.clone()));
        given.extend(more);
        // Records are many: they are moved into their place, not copied.
        let empty = match payload {
            Value::Array(_) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
        given.insert(place.to_owned(), empty);
        let blank = Blank {
            schemas: &self.spec.schemas,
            given,
            now,
        };
        let mut body = blank.body(schema);
        pointer::set(&mut body, place, payload);
        for (place, value) in said {
            if body.pointer(place) != Some(value) {
                pointer::set(&mut body, place, value.clone());
            }
        }
        body
    }

    /// A number at the top that nothing else explains counts the records shown.
    fn count(&self, operation: &Operation, answer: &mut Value, said: &[String], shown: usize) {
        let Some(schema) = operation.success.json() else {
            return;
        };
        let schema = self.spec.schemas.flat(schema);
        for (name, property) in properties(&schema) {
            let place = pointer::child("", name);
            let free = !said.contains(&place) && !operation.envelope.code.contains(&place);
            let fails = operation
                .envelope
                .fail_when
                .iter()
                .any(|rule| rule.at == place);
            if free && !fails && kind(&self.spec.schemas.flat(property)) == Some("integer") {
                pointer::set(answer, &place, Value::from(shown));
            }
        }
    }
}

/// A page of a list.
pub(crate) struct Place {
    pub(crate) collection: usize,
    /// The position of its first record.
    pub(crate) start: u64,
    /// How many records a page has.
    pub(crate) size: u64,
    /// How many the list has.
    pub(crate) total: u64,
    /// The same for all pages of a list.
    pub(crate) list: String,
}

impl Place {
    /// Which page it is, from 1. Records that came or went since the first page move it by less than half a page.
    pub(crate) fn page(&self) -> u64 {
        let size = self.size.max(1);
        self.start.saturating_add(size / 2) / size + 1
    }
}

/// The parameters and the body of a request.
type Asked<'a> = (&'a Params, Option<&'a Value>);

/// What a request says by this name, in a parameter or at the top of its body.
fn given((params, body): Asked<'_>, name: &str) -> Option<String> {
    let given = params.get(name).or_else(|| body?.get(name));
    given.map(params::text)
}

/// The same, "" where it says nothing.
fn text(asked: Asked<'_>, name: &str) -> String {
    given(asked, name).unwrap_or_default()
}

/// A record that is not there: 404, or what the platform documents in its place.
pub(crate) fn unknown(operation: &Operation, parameter: &str) -> Failure {
    let message = "There is nothing under this id.";
    let bad = Failure::bad(parameter, message);
    let by_code = !operation.documents(404) && answer::platform_error(operation, &bad).is_some();
    let status = if by_code {
        400
    } else {
        operation.first_documented(&[404, 400])
    };
    let failure = Failure { status, ..bad }.kind(ViolationKind::NotFound);
    failure.telling(format!("{parameter} names nothing that is there"))
}

/// Whether the request asks for the oldest first, with a word of the pair asc and desc.
pub(crate) fn ascending(operation: &Operation, params: &Params, body: Option<&Value>) -> bool {
    let ordered = |name: &String| {
        let words = operation
            .parameter(Location::Query, name)
            .and_then(|parameter| parameter.schema.get("enum"));
        words
            .and_then(Value::as_array)
            .is_some_and(|words| words.iter().any(|word| word == "desc"))
    };
    let asked = params
        .iter()
        .any(|(name, value)| value == "asc" && ordered(name));
    let members = body.and_then(Value::as_object).into_iter().flatten();
    let inside = |value: &Value| {
        value
            .as_object()
            .is_some_and(|members| members.values().any(|value| value == "asc"))
    };
    asked || members.into_iter().any(|(_, value)| inside(value))
}
