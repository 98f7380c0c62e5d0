//! Suggestions for misspelt names.

/// Longest list of known names that a hint shows.
const LISTED: usize = 12;
/// Longest name that is compared, in bytes.
const LONGEST: usize = 100;

/// Returns the known name that is most similar to `word`, or `None` when none is similar.
///
/// Case and separators are ignored: `page_num`, `pageNum` and `page-num` are equal.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let own = letters(word);
    let ranked = known
        .into_iter()
        .filter_map(|name| Some((rank(&own, &letters(name))?, name)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}

/// Returns `; did you mean …?`, or a short list of known names, or an empty string.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(word, known.clone()) {
        return format!("; did you mean {name}?");
    }
    let names: Vec<&str> = known.into_iter().collect();
    match names.len() {
        0 => String::new(),
        1..=LISTED => format!("; known are {}", names.join(", ")),
        _ => String::new(),
    }
}

fn letters(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Dissimilarity of two names; `None` when they are not similar at all.
fn rank(own: &str, other: &str) -> Option<usize> {
    if own.is_empty() || other.is_empty() {
        return None;
    }
    let distance = strsim::osa_distance(own, other);
    if distance <= 1 + own.chars().count().min(24) / 4 && distance < other.chars().count() {
        return Some(2 * distance);
    }
    let (short, long) = match own.len() < other.len() {
        true => (own, other),
        false => (other, own),
    };
    let is_part = short.chars().count() >= 3 && (long.starts_with(short) || long.ends_with(short));
    is_part.then_some(50 + distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name() {
        let known = ["page", "pageSize", "userId", "sort.order", "id"];
        let is = |word| nearest(word, known);
        assert_eq!(is("pageNum"), Some("page"));
        assert_eq!(is("pagesize"), Some("pageSize"));
        assert_eq!(is("page_size"), Some("pageSize"));
        assert_eq!(is("user"), Some("userId"));
        assert_eq!(is("usrId"), Some("userId"));
        assert_eq!(is("sortOrder"), Some("sort.order"));
        assert_eq!(is("order"), Some("sort.order"));
        assert_eq!(is("colour"), None);
        assert_eq!(is("x"), None);
        assert_eq!(is(""), None);
        assert_eq!(is(&"page".repeat(1000)), None);
        assert_eq!(hint("colour", ["a", "b"]), "; known are a, b");
        assert_eq!(hint("colour", []), "");
    }
}
