//! Summaries of the operations and collections of a platform.

use super::Platform;
use crate::keys::Scope;
use serde::Serialize;
use std::sync::Arc;

/// An operation of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationInfo {
    /// Its `operationId`.
    pub id: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, with the path of the base URL and parameters in braces.
    pub path: String,
    /// The grade of its evidence: `documented`, `second-hand`, `inferred` or `reconstructed`.
    pub grade: String,
    /// A one-line summary.
    pub summary: String,
    /// The streams it reads.
    pub streams: Vec<String>,
}

/// The record counts of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CollectionState {
    /// The stream, or the operation that lists it.
    pub name: String,
    /// The ids that requests must contain, by parameter.
    pub scope: Scope,
    /// Existing records.
    pub records: u64,
    /// Records added since the start.
    pub created: u64,
    /// Records changed since the start.
    pub changed: u64,
    /// Records removed since the start.
    pub removed: u64,
}

impl Platform {
    pub(crate) fn operations(&self) -> Vec<OperationInfo> {
        let operations = self.spec.operations.iter();
        let info = operations.map(|operation| OperationInfo {
            id: operation.id.clone(),
            method: operation.method.to_string(),
            path: format!("{}{}", self.spec.base_path, operation.path),
            grade: operation.grade().to_owned(),
            summary: operation.summary.clone(),
            streams: operation
                .streams
                .iter()
                .map(|stream| stream.name.clone())
                .collect(),
        });
        info.collect()
    }

    /// The collections without a parent, in each scope.
    pub(crate) fn collection_states(self: &Arc<Self>) -> Vec<CollectionState> {
        let states = self.all_scopes().flat_map(|one| {
            let own = one.collections.iter().enumerate();
            let own = own.filter(|(_, collection)| collection.parent.is_none());
            own.map(move |(at, collection)| {
                let operation = self.spec.operations.get(collection.operation);
                let listed = operation.map_or("", |operation| operation.id.as_str());
                let [records, created, changed, removed] =
                    one.state().store.counts((at, collection));
                CollectionState {
                    name: collection.name.clone().unwrap_or_else(|| listed.to_owned()),
                    scope: one.scope.iter().cloned().collect(),
                    records,
                    created,
                    changed,
                    removed,
                }
            })
        });
        states.collect()
    }
}
