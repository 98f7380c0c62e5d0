//! From a method and a raw path to an operation.

use crate::{
    nearest::nearest,
    params::decode,
    spec::{Operation, Segment, Spec},
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

/// Finds the operation. Of the paths that fit, the one with the fewest parameters is meant, with its methods only.
pub(crate) fn route(spec: &Spec, method: &str, path: &str) -> Route {
    let Some(rest) = path
        .strip_prefix(&spec.base_path)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return Route::Unknown;
    };
    let segments: Vec<&str> = rest.split('/').collect();
    let mut found: Vec<(usize, usize, BTreeMap<String, String>)> = Vec::new();
    for (number, operation) in spec.operations.iter().enumerate() {
        if let Some(path) = fit(&operation.template, &segments) {
            found.push((path.len(), number, path));
        }
    }
    let fewest = found.iter().map(|(parameters, ..)| *parameters).min();
    found.retain(|(parameters, ..)| Some(*parameters) == fewest);
    let methods: Vec<String> = found
        .iter()
        .filter_map(|(_, number, _)| Some(spec.operations.get(*number)?.method.to_string()))
        .collect();
    let wanted = found
        .into_iter()
        .zip(&methods)
        .find(|(_, own)| own.as_str() == method);
    match wanted {
        Some(((_, operation, path), _)) => Route::Found { operation, path },
        None if methods.is_empty() => Route::Unknown,
        None => Route::WrongMethod(methods),
    }
}

impl Route {
    /// Why there is no operation, and what was probably meant.
    pub(crate) fn message(&self, spec: &Spec, method: &str, path: &str) -> String {
        match self {
            Self::WrongMethod(methods) => {
                format!("this path takes {}, not {method}", methods.join(", "))
            }
            _ => format!("there is no such path{}", meant(spec, path)),
        }
    }
}

/// The path that was probably meant.
fn meant(spec: &Spec, path: &str) -> String {
    let base = spec.base_path.as_str();
    let is_there = |path: &str| !matches!(route(spec, "GET", path), Route::Unknown);
    let with_base = format!("{base}{path}");
    if !base.is_empty() && is_there(&with_base) {
        return format!("; paths begin with {base} here: {with_base}");
    }
    let once = path.strip_prefix(base).unwrap_or(path);
    if !base.is_empty() && is_there(once) {
        return format!("; {base} is there twice: {once}");
    }
    let tidy: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let tidy = format!("/{}", tidy.join("/"));
    if tidy != path && is_there(&tidy) {
        return format!("; there is a slash too many: {tidy}");
    }
    let rest = path.strip_prefix(base).unwrap_or(path);
    let segments: Vec<&str> = rest.split('/').skip(1).collect();
    let unlike = |operation: &&Operation| unlike(&operation.template, &segments);
    let nearest = spec.operations.iter();
    let nearest = nearest.min_by_key(|one| (unlike(one), one.path_parameters().count()));
    let nearest = nearest.filter(|operation| unlike(operation) <= 1 + segments.len() / 2 * 2);
    nearest.map_or_else(String::new, |operation| {
        format!("; the nearest is {base}{}", operation.path)
    })
}

/// How unlike a path is to a template: 0 where it fits.
fn unlike(template: &[Segment], segments: &[&str]) -> usize {
    let pairs = template.iter().zip(segments);
    let each = pairs.map(|(segment, text)| match segment {
        Segment::Literal(literal) if literal == text => 0,
        Segment::Literal(literal) if nearest(text, [literal.as_str()]).is_some() => 1,
        Segment::Literal(_) => 3,
        Segment::Parameter { .. } => usize::from(text.is_empty()),
    });
    each.sum::<usize>() + 2 * template.len().abs_diff(segments.len())
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
            Segment::Parameter { before, parameters } => {
                let text = decode(text, false)?;
                let mut rest = text.strip_prefix(before.as_str())?;
                for (number, (name, after)) in parameters.iter().enumerate() {
                    // The last one takes what is left, those before it as little as they can.
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
        Spec::read("test", &document.to_string()).unwrap()
    }

    fn found(path: &str) -> Option<(String, BTreeMap<String, String>)> {
        let spec = spec();
        match route(&spec, "GET", path) {
            Route::Found { operation, path } => Some((spec.operations[operation].id.clone(), path)),
            _ => None,
        }
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
    fn the_path_that_was_meant() {
        let spec = spec();
        for (path, expected) in [
            ("/users", "; paths begin with /v1 here: /v1/users"),
            ("/v1/v1/users", "; /v1 is there twice: /v1/users"),
            ("/v1/users/", "; there is a slash too many: /v1/users"),
            ("/v1//users", "; there is a slash too many: /v1/users"),
            ("/v1/user", "; the nearest is /v1/users"),
            ("/v1/Users/export", "; the nearest is /v1/users/export"),
            ("/v1/something/else/entirely", ""),
        ] {
            assert_eq!(meant(&spec, path), expected, "{path}");
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
        assert_eq!(wrong, Route::WrongMethod(vec!["GET".into(), "POST".into()]));
        let wrong = route(&spec(), "DELETE", "/v1/users/export");
        assert_eq!(wrong, Route::WrongMethod(vec!["GET".into()]));
    }
}
