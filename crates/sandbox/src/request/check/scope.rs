//! The scope: existing ids, and a key that may access them.

use crate::{
    access::control::Admission,
    platform::Platform,
    recorded::ViolationKind,
    request::{failure::RequestFailure, parsed::OperationCall},
};
use std::sync::Arc;

/// The platform in the scope that a request names, if its key may access that.
pub(super) fn find(
    platform: &Arc<Platform>,
    call: OperationCall<'_>,
    admitted: Option<&Admission>,
) -> Result<Arc<Platform>, RequestFailure> {
    let names = platform.spec.scope.iter();
    let given: Vec<(&str, String)> = names
        .filter_map(|name| Some((name.as_str(), call.text(name)?)))
        .collect();
    let Some(found) = call.in_scope(platform) else {
        return Err(unknown(platform, call, &given));
    };
    let scope = found.scope.iter().cloned().collect();
    let Some(admitted) = admitted.filter(|one| !platform.access.may_access(one, &scope)) else {
        return Ok(Arc::clone(found));
    };
    let key = platform.access.name(admitted);
    let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
    let (statuses, what) = match names.is_empty() {
        true => (&[403, 401][..], call.operation.id.clone()),
        false => (
            &[403, 401, 400, 404][..],
            format!("this {}", names.join(" and ")),
        ),
    };
    let status = call.operation.first_documented(statuses);
    let failure = RequestFailure::new(status, "No access.").kind(ViolationKind::Access);
    let failure = failure.about(names);
    Err(failure.recorded(format!("the key {key:?} has no access to {what}")))
}

fn unknown(
    platform: &Arc<Platform>,
    call: OperationCall<'_>,
    given: &[(&str, String)],
) -> RequestFailure {
    let known = |name: &str| -> Vec<&str> {
        let all = platform.all_scopes().flat_map(|one| &one.scope);
        let own = all.filter(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str()).collect()
    };
    let foreign: Vec<&str> = given
        .iter()
        .filter(|(name, value)| !known(name).contains(&value.as_str()))
        .map(|(name, _)| *name)
        .collect();
    let (about, recorded): (Vec<&str>, _) = if foreign.is_empty() {
        let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
        let recorded = format!("{} belong to different scopes", names.join(" and "));
        (names, recorded)
    } else {
        let sentences = foreign.iter().map(|name| {
            let known = known(name).join(", ");
            format!("{name} does not exist in this sandbox; known are {known}")
        });
        let recorded = sentences.collect::<Vec<_>>().join(", ");
        (foreign, recorded)
    };
    let status = call.operation.first_documented(&[403, 400, 404]);
    let message = format!("No access: {}.", about.join(", "));
    let failure = RequestFailure::new(status, message).about(about);
    failure.kind(ViolationKind::Scope).recorded(recorded)
}
