//! Servers of lists, and what was asked of them.

use std::sync::Arc;

use crate::{
    clients::{self, Attach as _},
    network::{Answer, Network, query},
};
use botroster_client::Items;
use serde_json::{Value, json};

/// Peki's chatbot, each request sent once.
pub fn peki(network: &Arc<Network>) -> botroster_peki::Chatbot {
    clients::peki().once(network).chatbot("bot-1")
}

/// Users `u1`, `u2`, … over numbered pages.
pub fn numbered(total: u64, size: u64) -> Arc<Network> {
    Network::new(move |request| {
        let page = query(request, "page").map_or(1, |page| page.parse().unwrap());
        let ids = (page - 1) * size + 1..=(page * size).min(total);
        let data: Vec<Value> = ids.map(|id| json!({ "id": format!("u{id}") })).collect();
        let body = json!({ "data": data, "error": null, "totalItems": total, "totalPages": total.div_ceil(size) });
        Answer::json(200, &body).into()
    })
}

/// The ids of all users.
pub async fn ids(mut items: Items<botroster_peki::types::User>) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(user) = items.try_next().await.unwrap() {
        ids.push(user.id);
    }
    ids
}

/// The values of a query parameter, request by request.
pub fn asked(network: &Network, parameter: &str) -> Vec<Option<String>> {
    network
        .sent()
        .iter()
        .map(|request| query(request, parameter))
        .collect()
}

/// Numbers as [`asked`] gives them.
pub fn numbers(range: impl Iterator<Item = u64>) -> Vec<Option<String>> {
    range.map(|number| Some(number.to_string())).collect()
}

/// Users `u1`, `u2`, … after a given one.
pub fn after_id(total: u64, size: u64) -> Arc<Network> {
    Network::new(move |request| {
        let after = query(request, "after").map_or(0, |id| id[1..].parse().unwrap());
        let ids = after + 1..=(after + size).min(total);
        let data: Vec<Value> = ids.map(|id| json!({ "id": format!("u{id}") })).collect();
        Answer::json(200, &json!({ "data": data, "count": data.len() })).into()
    })
}
