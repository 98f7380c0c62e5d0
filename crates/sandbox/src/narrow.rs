//! Which rows a list has at this moment: fewer where it is filtered, others after each page where it changes.

use crate::{
    Churn,
    data::{Collection, View},
    params::{self, Params},
    platform::Platform,
    pointer,
    spec::{Location, Operation, words::Rule},
};
use std::ops::Range;

impl Platform {
    /// Lets rows come and go after a page, where the options say so; what belongs to a parent stays.
    pub(crate) fn come_and_go(
        &self,
        listed: (usize, &Collection),
        read: Range<u64>,
        arriving: bool,
    ) {
        let none = Churn::default();
        if self.churn == none || listed.1.parent.is_some() {
            return;
        }
        let mut state = self.state();
        let request = state.recorded + 1;
        let inserts = if arriving { self.churn.inserts } else { 0.0 };
        let churn = Churn {
            inserts,
            ..self.churn
        };
        state.store.churn(listed, churn, read, request);
    }

    /// Fewer records: those of one contact or conversation, or of a range of time.
    pub(crate) fn narrow(
        &self,
        operation: &Operation,
        listed: (usize, &Collection),
        view: View,
        params: &Params,
    ) -> View {
        let (at, collection) = listed;
        let state = self.state();
        let mut view = view;
        let references = collection.references();
        for (name, value) in params
            .iter()
            .filter(|(name, _)| operation.parameter(Location::Query, name).is_some())
        {
            let name = name.to_ascii_lowercase();
            let Some((place, field, code)) = references.iter().find(|(place, ..)| {
                let leaf = pointer::leaf(place).to_ascii_lowercase();
                leaf.ends_with(&name)
            }) else {
                continue;
            };
            let text = params::text(value);
            let wanted = code.index(&text);
            view = state.store.filter(listed, &view, |index| {
                if state.store.is_made(at, index) {
                    let record = state.store.record(listed, index, &collection.shape);
                    return record.pointer(place).map(params::text) == Some(text.clone());
                }
                wanted.is_some() && collection.reference(index, *field) == wanted
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
                view = state.store.filter(listed, &view, |index| {
                    let created = state.store.created_at(listed, index);
                    from.is_none_or(|from| created >= from) && to.is_none_or(|to| created <= to)
                });
            }
        }
        view
    }
}
