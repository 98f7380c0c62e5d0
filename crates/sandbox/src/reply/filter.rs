//! Filters: the records of one contact or conversation, or of a range of time.

use crate::{
    data::{Collection, View},
    platform::Platform,
    request::parsed::OperationCall,
    values::text::plain_text,
};
use botroster_spec::{
    model::{Location, Rule},
    pointer,
};

impl Platform {
    pub(super) fn filtered(
        &self,
        call: OperationCall<'_>,
        listed: (usize, &Collection),
        mut view: View,
    ) -> View {
        let (at, collection) = listed;
        let state = self.state();
        let references = collection.references();
        for (name, value) in call.params {
            if call.operation.parameter_in(Location::Query, name).is_none() {
                continue;
            }
            let name = name.to_ascii_lowercase();
            let reference = references.iter().find(|(place, ..)| {
                let leaf = pointer::leaf(place).to_ascii_lowercase();
                leaf.ends_with(&name)
            });
            let Some((place, field, code)) = reference else {
                continue;
            };
            let text = plain_text(value);
            let wanted = code.index(&text);
            view = state.store.filter(listed, &view, |index| {
                if state.store.is_created(at, index) {
                    let record = state.store.record(listed, index, &collection.shape);
                    return record.pointer(place).map(plain_text).as_ref() == Some(&text);
                }
                wanted.is_some() && collection.reference(index, *field) == wanted
            });
        }
        for rule in &call.operation.rules {
            let Rule::Less(names) = rule else { continue };
            let [from, to] = names.as_slice() else {
                continue;
            };
            let (from, to) = (instant(call, from), instant(call, to));
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

/// The value of a parameter that is an instant in milliseconds.
fn instant(call: OperationCall<'_>, name: &str) -> Option<i64> {
    let mut parameters = call.operation.parameters.iter();
    let parameter = parameters.find(|parameter| parameter.name == name)?;
    parameter.schema.get("x-timestamp")?;
    call.params.get(name)?.as_i64()
}
