//! Splits a template into literal text and `{placeholder}`s.

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// Splits a template. The error describes the problem with the braces.
pub(crate) fn split(template: &str) -> Result<Vec<Piece<'_>>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let (text, inner) = match rest.split_once('{') {
            Some((text, inner)) => (text, Some(inner)),
            None => (rest, None),
        };
        if text.contains('}') {
            return Err("a } without a {");
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        let Some(inner) = inner else { break };
        let (name, after) = inner.split_once('}').ok_or("a { without a }")?;
        if name.contains('{') {
            return Err("a { inside a placeholder");
        }
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    Ok(pieces)
}
