//! Suggestions for unknown paths.

use crate::spec::{Operation, Segment, Spec};
use botroster_spec::nearest::nearest;

/// A hint for an unknown path; empty if no path is similar.
pub(super) fn path(spec: &Spec, path: &str, exists: impl Fn(&str) -> bool) -> String {
    let base = spec.base_path.as_str();
    let with_base = format!("{base}{path}");
    if !base.is_empty() && exists(&with_base) {
        return format!("; paths start with {base} here: {with_base}");
    }
    let once = path.strip_prefix(base).unwrap_or(path);
    if !base.is_empty() && exists(once) {
        return format!("; {base} is repeated: {once}");
    }
    let tidy: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let tidy = format!("/{}", tidy.join("/"));
    if tidy != path && exists(&tidy) {
        return format!("; it has a superfluous slash: {tidy}");
    }
    let rest = path.strip_prefix(base).unwrap_or(path);
    let segments: Vec<&str> = rest.split('/').skip(1).collect();
    let distance = |operation: &&Operation| distance(&operation.template, &segments);
    let closest = spec.operations.iter();
    let closest = closest.min_by_key(|one| (distance(one), one.path_parameters().count()));
    let closest = closest.filter(|operation| distance(operation) <= 1 + segments.len() / 2 * 2);
    closest.map_or_else(String::new, |operation| {
        format!("; the closest is {base}{}", operation.path)
    })
}

/// How much a path differs from a template: 0 if it matches.
fn distance(template: &[Segment], segments: &[&str]) -> usize {
    let pairs = template.iter().zip(segments);
    let each = pairs.map(|(segment, text)| match segment {
        Segment::Literal(literal) if literal == text => 0,
        Segment::Literal(literal) if nearest(text, [literal.as_str()]).is_some() => 1,
        Segment::Literal(_) => 3,
        Segment::Parameter { .. } => usize::from(text.is_empty()),
    });
    each.sum::<usize>() + 2 * template.len().abs_diff(segments.len())
}
