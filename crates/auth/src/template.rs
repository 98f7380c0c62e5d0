//! Splits a template into literal text and `{placeholder}`s.

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// The pieces in order. The error says what is wrong with the braces.
pub(crate) fn split(template: &str) -> Result<Vec<Piece<'_>>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let (text, inner) = match rest.split_once('{') {
            Some((text, inner)) => (text, Some(inner)),
            None => (rest, None),
        };
        if text.contains('}') {
            return Err("a } without its {");
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        let Some(inner) = inner else { break };
        let (name, after) = inner.split_once('}').ok_or("a { without its }")?;
        if name.contains('{') {
            return Err("a { inside of a placeholder");
        }
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    Ok(pieces)
}
