//! From a method and a raw path to an operation.

use super::suggest;
use crate::{
    spec::{Segment, Spec},
    values::text::percent_decode,
};
use std::collections::BTreeMap;

/// The operation that a request is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Its position in the spec.
    pub(crate) number: usize,
    /// The path parameters, decoded.
    pub(crate) path: BTreeMap<String, String>,
}

/// The reason why there is no operation for a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unrouted {
    /// The path exists, with these methods.
    WrongMethod(Vec<String>),
    UnknownPath,
}

impl Unrouted {
    /// The reason, and which path was probably meant.
    pub(crate) fn message(&self, spec: &Spec, method: &str, path: &str) -> String {
        match self {
            Self::WrongMethod(methods) => {
                format!("this path accepts {}, not {method}", methods.join(", "))
            }
            Self::UnknownPath => {
                let exists = |path: &str| route(spec, "GET", path) != Err(Self::UnknownPath);
                let suggestion = suggest::path(spec, path, exists);
                format!("this path does not exist{suggestion}")
            }
        }
    }
}

/// Finds the operation. Of several matching paths, only those with the fewest parameters count.
pub(crate) fn route(spec: &Spec, method: &str, path: &str) -> Result<Route, Unrouted> {
    let rest = path.strip_prefix(&spec.base_path);
    let rest = rest.and_then(|rest| rest.strip_prefix('/'));
    let segments: Vec<&str> = rest.ok_or(Unrouted::UnknownPath)?.split('/').collect();
    let operations = spec.operations.iter().enumerate();
    let mut found: Vec<_> = operations
        .filter_map(|(number, operation)| {
            let path = parameters(&operation.template, &segments)?;
            Some((operation, Route { number, path }))
        })
        .collect();
    let fewest = found.iter().map(|(_, route)| route.path.len()).min();
    found.retain(|(_, route)| Some(route.path.len()) == fewest);
    let at = found
        .iter()
        .position(|(operation, _)| operation.method == method);
    match at {
        Some(at) => Ok(found.swap_remove(at).1),
        None if found.is_empty() => Err(Unrouted::UnknownPath),
        None => Err(Unrouted::WrongMethod(
            found
                .iter()
                .map(|(operation, _)| operation.method.to_string())
                .collect(),
        )),
    }
}

/// The parameters of a path that matches a template.
fn parameters(template: &[Segment], segments: &[&str]) -> Option<BTreeMap<String, String>> {
    if template.len() != segments.len() {
        return None;
    }
    let mut path = BTreeMap::new();
    for (segment, text) in template.iter().zip(segments) {
        match segment {
            Segment::Literal(literal) if percent_decode(text, false)? == *literal => {}
            Segment::Literal(_) => return None,
            Segment::Parameter { before, parameters } => {
                let text = percent_decode(text, false)?;
                let mut rest = text.strip_prefix(before.as_str())?;
                for (number, (name, after)) in parameters.iter().enumerate() {
                    // The last one takes the rest, the others as little as possible.
                    let (value, behind) = match number + 1 == parameters.len() {
                        true => (rest.strip_suffix(after.as_str())?, ""),
                        false => rest.split_once(after.as_str())?,
                    };
                    if value.is_empty() {
                        return None;
                    }
                    path.insert(name.clone(), value.to_owned());
                    rest = behind;
                }
            }
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec() -> Spec {
        let operation = json!({"responses": {"200": {"description": ""}}});
        let document = json!({
            "servers": [{"url": "https://host.invalid/v1/"}],
            "paths": {
                "/users": {"get": operation, "post": operation},
                "/users/{id}": {"get": operation, "delete": operation},
                "/users/export": {"get": operation},
                "/files/{name}.json": {"get": operation},
                "/days/{year}-{day}.{kind}": {"get": operation},
            },
        });
        crate::spec::testing::spec(&document)
    }

    fn found(path: &str) -> Option<(String, BTreeMap<String, String>)> {
        let spec = spec();
        let route = route(&spec, "GET", path).ok()?;
        let operation = &spec.operations[route.number];
        let id = format!(
            "{} {}",
            operation.method.as_str().to_lowercase(),
            operation.path
        );
        Some((id, route.path))
    }

    #[test]
    fn literals_go_before_parameters() {
        assert_eq!(found("/v1/users/export").unwrap().0, "get /users/export");
        let (id, path) = found("/v1/users/a%2Fb").unwrap();
        assert_eq!(
            (id.as_str(), path["id"].as_str()),
            ("get /users/{id}", "a/b")
        );
        assert_eq!(found("/v1/files/x.y.json").unwrap().1["name"], "x.y");
        let (_, path) = found("/v1/days/2026-01-31.a.b").unwrap();
        let values = ["year", "day", "kind"].map(|name| path[name].as_str());
        assert_eq!(values, ["2026", "01-31", "a.b"]);
    }

    #[test]
    fn suggested_paths() {
        let spec = spec();
        let exists = |path: &str| route(&spec, "GET", path) != Err(Unrouted::UnknownPath);
        for (path, expected) in [
            ("/users", "; paths start with /v1 here: /v1/users"),
            ("/v1/v1/users", "; /v1 is repeated: /v1/users"),
            ("/v1/users/", "; it has a superfluous slash: /v1/users"),
            ("/v1//users", "; it has a superfluous slash: /v1/users"),
            ("/v1/user", "; the closest is /v1/users"),
            ("/v1/Users/export", "; the closest is /v1/users/export"),
            ("/v1/something/else/entirely", ""),
        ] {
            assert_eq!(suggest::path(&spec, path, exists), expected, "{path}");
        }
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in [
            "/users",
            "/v1",
            "/v1/",
            "/v1/users/",
            "/v1//users",
            "/v1/users/%ZZ",
            "/v1/files/.json",
            "/v2/users",
        ] {
            assert_eq!(found(path), None, "{path}");
        }
        let wrong = route(&spec(), "PUT", "/v1/users");
        assert_eq!(
            wrong,
            Err(Unrouted::WrongMethod(vec!["GET".into(), "POST".into()]))
        );
        let wrong = route(&spec(), "DELETE", "/v1/users/export");
        assert_eq!(wrong, Err(Unrouted::WrongMethod(vec!["GET".into()])));
    }
}
