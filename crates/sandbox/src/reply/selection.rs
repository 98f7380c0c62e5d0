//! Which records a list consists of, before filters: all, those of one seed, or those of one parent.

use super::refusal;
use crate::{
    data::{Collection, ParentList, View},
    platform::Platform,
    recorded::ViolationKind,
    request::{failure::RequestFailure, parsed::OperationCall},
    spec::Operation,
    values::text::plain_text,
};

impl Platform {
    pub(super) fn selected(
        &self,
        call: OperationCall<'_>,
        collection: &Collection,
    ) -> Result<View, RequestFailure> {
        if let Some(parent) = &collection.parent {
            return self.children(call, parent);
        }
        let Some(seeds) = &collection.seeds else {
            return Ok(View::All);
        };
        let text = |name: &str| call.text(name).unwrap_or_default();
        let mut others = seeds.others.iter();
        let foreign = others.find(|(name, value)| text(name) != plain_text(value));
        if let Some((name, _)) = foreign {
            if call.operation.documents(404) {
                let failure = RequestFailure::new(404, format!("No such value of '{name}'."));
                return Err(failure.about([name.as_str()]));
            }
            return Ok(View::Some(Vec::new()));
        }
        let value = text(&seeds.last);
        let mut values = seeds.values.iter();
        let row = values.position(|own| plain_text(own) == value);
        Ok(row.map_or(View::Some(Vec::new()), |row| View::Row(row as u64)))
    }

    /// The records of the parent that the request names by its id, and by other bound parameters if it has them.
    fn children(
        &self,
        call: OperationCall<'_>,
        parent: &ParentList,
    ) -> Result<View, RequestFailure> {
        let missing = || {
            let name = parent.bind.keys().next();
            not_found(call.operation, name.map_or("", String::as_str))
        };
        let above = self.collections.get(parent.collection);
        let above = above.ok_or_else(missing)?;
        let listed = (parent.collection, above);
        let state = self.state();
        let is_named = |index: &u64| {
            let record = state.store.record(listed, *index, &above.shape);
            let bound = parent.bound(&record, *index).into_iter();
            let mut given = bound.filter_map(|(name, own)| Some((call.text(&name)?, own)));
            given.all(|(given, own)| given == own)
        };
        if !parent.bind.keys().any(|name| call.value(name).is_some()) {
            return Err(missing());
        }
        let by_id = parent.codes.iter().find_map(|(name, code)| {
            let index = code.index(&call.text(name).unwrap_or_default())?;
            state.store.has(listed, index).then_some(index)
        });
        let index = match by_id {
            Some(index) => Some(index).filter(is_named),
            None if parent.codes.is_empty() => (0..)
                .map_while(|position| state.store.index(listed, &View::All, position))
                .find(is_named),
            None => None,
        };
        index.map(View::Children).ok_or_else(missing)
    }
}

/// A record that does not exist: 404, or what the platform documents instead.
pub(super) fn not_found(operation: &Operation, parameter: &str) -> RequestFailure {
    let message = "There is nothing under this id.";
    let bad = RequestFailure::bad(parameter, message);
    let by_code = !operation.documents(404) && refusal::platform_error(operation, &bad).is_some();
    let status = if by_code {
        400
    } else {
        operation.first_documented(&[404, 400])
    };
    let failure = RequestFailure { status, ..bad }.kind(ViolationKind::NotFound);
    failure.recorded(format!("{parameter} refers to nothing that exists"))
}
