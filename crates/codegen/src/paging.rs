//! The parameters and properties that paging sets.

use botroster_spec::{
    Spec,
    model::{Carrier, Operation},
};
use serde_json::Value;

use crate::schema as schemas;

/// Returns the parameter or property of the position, if the carrier holds it.
pub(crate) fn position(operation: &Operation, carrier: Carrier) -> Option<&str> {
    let at = operation.pagination.as_ref()?.at.as_ref()?;
    (at.carrier == carrier).then_some(&at.name)
}

/// Returns the parameter or property of the page size, if the carrier holds it.
pub(crate) fn size(operation: &Operation, carrier: Carrier) -> Option<&str> {
    position(operation, carrier)?;
    operation.pagination.as_ref()?.size.as_deref()
}

/// Returns the schema of a parameter or property.
pub(crate) fn schema<'s>(
    spec: &'s Spec,
    operation: &'s Operation,
    carrier: Carrier,
    name: &str,
) -> Option<&'s Value> {
    match carrier {
        Carrier::Query => Some(&operation.parameter(name)?.schema),
        Carrier::Body => {
            let body = schemas::resolve(spec, operation.body_schema()?).ok()?;
            body["properties"].get(name)
        }
    }
}
