//! The paths that a piece of code names: those of `use` declarations, and those in the middle of code, macros included.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Macros whose body is the code of another crate.
const QUOTES: [&str; 4] = [
    "quote",
    "quote_spanned",
    "parse_quote",
    "parse_quote_spanned",
];

/// The keys of serde's attributes whose value is a path in a string.
const SERDE: [&str; 8] = [
    "with",
    "serialize_with",
    "deserialize_with",
    "default",
    "skip_serializing_if",
    "from",
    "try_from",
    "into",
];

/// A path as written, groups unfolded. The last segment of a glob is `*`.
pub(super) struct Found {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// All paths, and the single names that a glob may have brought: types, functions and macros where they are used.
pub(super) fn paths(tokens: TokenStream) -> Vec<Found> {
    let mut found = Vec::new();
    scan(tokens, &mut found);
    found
}

fn scan(tokens: TokenStream, found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => scan(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Some(path) = in_string(&tokens[..at], &literal.to_string()) {
                    let line = literal.span().start().line;
                    found.push(Found { path, line });
                }
            }
            TokenTree::Ident(ident) => {
                if QUOTES.iter().any(|quote| ident == quote) && is(&tokens, at + 1, '!') {
                    // The name, the exclamation mark and the body.
                    at += 3;
                    continue;
                }
                if starts_path(&tokens[..at]) {
                    at = path(&tokens, at, Vec::new(), found);
                    continue;
                }
            }
            TokenTree::Punct(_) => {}
        }
        at += 1;
    }
}

/// Adds the path that begins at a name, and returns where the rest begins.
fn path(
    tokens: &[TokenTree],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<Found>,
) -> usize {
    let line = tokens[at].span().start().line;
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        path.push(ident.to_string());
        at += 1;
        if !(is(tokens, at, ':') && is(tokens, at + 1, ':')) {
            break;
        }
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(_)) => at += 2,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
                path.push("*".into());
                at += 3;
                break;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                branches(group.stream(), &path, found);
                return at + 3;
            }
            // The arguments of a generic type.
            _ => break,
        }
    }
    if path.len() > 1 || is_use_of_name(&path[0], tokens, at) {
        found.push(Found { path, line });
    }
    at
}

/// The paths of `{a, b::c}` after `prefix::`.
fn branches(tokens: TokenStream, prefix: &[String], found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for branch in
        tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
    {
        match branch.first() {
            Some(TokenTree::Ident(ident)) if ident == "self" => found.push(Found {
                path: prefix.to_vec(),
                line: ident.span().start().line,
            }),
            Some(TokenTree::Ident(_)) => {
                path(branch, 0, prefix.to_vec(), found);
            }
            Some(TokenTree::Punct(punct)) => found.push(Found {
                path: prefix.iter().cloned().chain(["*".into()]).collect(),
                line: punct.span().start().line,
            }),
            _ => {}
        }
    }
}

/// Returns whether a name after these tokens begins a path: it is no field or method, and no part of a path of another crate or of a type.
fn starts_path(before: &[TokenTree]) -> bool {
    let last = before.len();
    let field = last > 0 && is(before, last - 1, '.') && !(last > 1 && is(before, last - 2, '.'));
    let part = last > 1 && is(before, last - 1, ':') && is(before, last - 2, ':');
    let definition = matches!(before.last(), Some(TokenTree::Ident(word))
        if ["fn", "mod", "struct", "enum", "trait", "type", "const", "static"].iter().any(|known| word == known));
    !(field || part || definition)
}

/// Returns whether a single name is that of a type, or called as a function or macro.
fn is_use_of_name(name: &str, tokens: &[TokenTree], after: usize) -> bool {
    let called = match tokens.get(after) {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '!',
        _ => false,
    };
    called || name.starts_with(char::is_uppercase)
}

/// The path in a string of one of serde's attributes.
fn in_string(before: &[TokenTree], literal: &str) -> Option<Vec<String>> {
    let [.., TokenTree::Ident(key), TokenTree::Punct(equals)] = before else {
        return None;
    };
    if equals.as_char() != '=' || !SERDE.iter().any(|known| key == known) {
        return None;
    }
    let path = literal.strip_prefix('"')?.strip_suffix('"')?;
    let path: Vec<String> = path.split("::").map(str::to_owned).collect();
    (path.len() > 1).then_some(path)
}

fn is(tokens: &[TokenTree], at: usize, what: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == what)
}
