//! What a platform offers and holds, for those who ask.

use crate::{keys::Scope, platform::Platform};
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
    /// How well it is documented: `documented`, `second-hand`, `inferred` or `reconstructed`.
    pub grade: String,
    /// What it does, in a line.
    pub summary: String,
    /// The streams that are read with it.
    pub streams: Vec<String>,
}

/// How many records a collection has, and what became of it since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CollectionState {
    /// The stream, or the operation that lists it.
    pub name: String,
    /// The ids it is asked for with.
    pub scope: Scope,
    /// Records that are there.
    pub records: u64,
    /// Records that were added.
    pub created: u64,
    /// Records that were changed.
    pub changed: u64,
    /// Records that were removed.
    pub removed: u64,
}

impl Platform {
    pub(crate) fn operations(&self) -> Vec<OperationInfo> {
        let operations = self.spec.operations.iter();
        let info = operations.map(|operation| OperationInfo {
            id: operation.id.clone(),
            method: operation.method.to_string(),
            path: format!("{}{}", self.spec.base_path, operation.path),
            grade: operation.grade.clone(),
            summary: operation.summary.clone(),
            streams: operation
                .streams
                .iter()
                .map(|stream| stream.name.clone())
                .collect(),
        });
        info.collect()
    }

    /// The collections that are no one's children, in each scope.
    pub(crate) fn collection_states(self: &Arc<Self>) -> Vec<CollectionState> {
        let bots = self.bots();
        let states = bots.iter().flat_map(|bot| {
            let own = bot.collections.iter().enumerate();
            let own = own.filter(|(_, collection)| collection.parent.is_none());
            own.map(|(at, collection)| {
                let operation = self.spec.operations.get(collection.operation);
                let listed = operation.map_or("", |operation| operation.id.as_str());
                let [records, created, changed, removed] =
                    bot.state().store.counts((at, collection));
                CollectionState {
                    name: collection.name.clone().unwrap_or_else(|| listed.to_owned()),
                    scope: bot.scope.iter().cloned().collect(),
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
