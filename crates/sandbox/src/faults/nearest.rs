//! Names as people type them.

/// `: did you mean 'x'?`, or the list of what there is.
pub(crate) fn advice<'a>(typed: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let limit = (typed.chars().count() / 3).max(2);
    let distance = |name| strsim::damerau_levenshtein(&typed.to_lowercase(), name);
    let near = known.clone().map(|name| (distance(name), name));
    match near.filter(|(far, _)| *far <= limit).min() {
        Some((_, name)) => format!(": did you mean '{name}'?"),
        None => {
            let names: Vec<&str> = known.collect();
            format!(": there are {}", names.join(", "))
        }
    }
}
