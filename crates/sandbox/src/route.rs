//! From a method and a raw path to an operation.

use crate::{
    params::decode,
    spec::{Segment, Spec},
};
use std::collections::BTreeMap;

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Found {
        operation: usize,
        /// The path's parameters, decoded.
        path: BTreeMap<String, String>,
    },
    /// The path is known, the method is not; these are.
    WrongMethod(Vec<String>),
    Unknown,
}

/// Finds the operation; a literal segment goes before a parameter.
pub(crate) fn route(spec: &Spec, method: &str, path: &str) -> Route {
    let Some(rest) = path.strip_prefix(&spec.base_path).and_then(|rest| rest.strip_prefix('/')) else {
        return Route::Unknown;
    };
    let segments: Vec<&str> = rest.split('/').collect();
    let mut found: Vec<(usize, usize, BTreeMap<String, String>)> = Vec::new();
    for (number, operation) in spec.operations.iter().enumerate() {
        if let Some(path) = fit(&operation.template, &segments) {
            found.push((path.len(), number, path));
        }
    }
    found.sort_by_key(|(parameters, ..)| *parameters);
    let methods: Vec<String> = found
        .iter()
        .filter_map(|(_, number, _)| Some(spec.operations.get(*number)?.method.to_string()))
        .collect();
    let wanted = found.into_iter().zip(&methods).find(|(_, own)| own.as_str() == method);
    match wanted {
        Some(((_, operation, path), _)) => Route::Found { operation, path },
        None if methods.is_empty() => Route::Unknown,
        None => Route::WrongMethod(methods),
    }
}

fn fit(template: &[Segment], segments: &[&str]) -> Option<BTreeMap<String, String>> {
    if template.len() != segments.len() {
        return None;
    }
    let mut path = BTreeMap::new();
    for (segment, text) in template.iter().zip(segments) {
        match segment {
            Segment::Literal(literal) if decode(text, false)? == *literal => {}
            Segment::Literal(_) => return None,
            Segment::Parameter { before, name, after } => {
                let text = decode(text, false)?;
                let value = text.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
                if value.is_empty() {
                    return None;
                }
                path.insert(name.clone(), value.to_owned());
            }
        }
    }
    Some(path)
}
