//! Lists: which records, which page of them, and the envelope around it.

use crate::{
    answer::{self, Blank},
    data::{Collection, Parent, View},
    failure::Failure,
    page::{self, Facts, Start, Window},
    params::{self, Params},
    platform::Platform,
    pointer,
    schema::{kind, properties},
    spec::{
        Location, Operation,
        words::{Next, Rule},
    },
};
use serde_json::Value;

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
        let view = narrow(operation, collection, view, params);
        let turned = ascending(operation, params, body);
        let Some(paged) = &operation.pagination else {
            let (records, ..) = self.records(at, &view, 0, u64::MAX, turned);
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
        let shown = records.len();
        let mut answer = self.envelope(operation, paged.items_at(), Value::Array(records), now);
        let said = page::echoes(paged, &window, &Facts { total, end }, &self.tokens);
        for (place, value) in &said {
            pointer::set(&mut answer, place, value.clone());
        }
        self.count(
            operation,
            &mut answer,
            &said.into_keys().collect::<Vec<_>>(),
            shown,
        );
        Ok(answer)
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
        match position {
            Some(position) if turned => total - position,
            Some(position) => position + 1,
            None => total,
        }
    }

    /// An answer around its payload.
    pub(crate) fn envelope(
        &self,
        operation: &Operation,
        place: &str,
        payload: Value,
        now: i64,
    ) -> Value {
        let Some(schema) = operation.success.json() else {
            return payload;
        };
        let mut given = answer::success(operation, &self.spec.schemas);
        given.insert(place.to_owned(), payload);
        let blank = Blank {
            schemas: &self.spec.schemas,
            given,
            now,
        };
        let mut body = blank.body(schema);
        if let Some(payload) = blank
            .given
            .get(place)
            .filter(|payload| body.pointer(place) != Some(*payload))
        {
            pointer::set(&mut body, place, payload.clone());
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
    Failure { status, ..bad }
}

/// Fewer records: those of one contact or conversation, or of a range of time.
fn narrow(operation: &Operation, collection: &Collection, view: View, params: &Params) -> View {
    let mut view = view;
    let references = collection.references();
    for (name, value) in params
        .iter()
        .filter(|(name, _)| operation.parameter(Location::Query, name).is_some())
    {
        let name = name.to_ascii_lowercase();
        let Some((field, code)) = references.iter().find_map(|(place, field, code)| {
            let leaf = pointer::leaf(place).to_ascii_lowercase();
            leaf.ends_with(&name).then_some((*field, *code))
        }) else {
            continue;
        };
        let wanted = code.index(&params::text(value));
        view = collection.filter(&view, |index| {
            wanted.is_some() && collection.reference(index, field) == wanted
        });
    }
    for rule in &operation.rules {
        let Rule::Less(names) = rule else { continue };
        let [from, to] = names.as_slice() else {
            continue;
        };
        let at = |name: &String| {
            let mut parameters = operation.parameters.iter();
            let parameter = parameters.find(|parameter| parameter.name == *name)?;
            parameter.schema.get("x-timestamp")?;
            params.get(name)?.as_i64()
        };
        let (from, to) = (at(from), at(to));
        if from.is_some() || to.is_some() {
            view = collection.filter(&view, |index| {
                let created = collection.created(index);
                from.is_none_or(|from| created >= from) && to.is_none_or(|to| created <= to)
            });
        }
    }
    view
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
