//! Mistakes in the composition of a message: separators, order, missing parts.

use super::{recipe::TemplatePiece, variants::PartVariants};

type Compositions = PartVariants<Vec<TemplatePiece>>;

/// The message with other separators, another order, or missing parts.
pub(super) fn composition(own: &[TemplatePiece], is_empty: &dyn Fn(&str) -> bool) -> Compositions {
    let mut found = Compositions::new(own);
    let slots: Vec<(usize, &str)> = (0..)
        .zip(own)
        .filter_map(|(at, piece)| match piece {
            TemplatePiece::Slot(name) => Some((at, name.as_str())),
            TemplatePiece::Text(_) => None,
        })
        .collect();
    all_separators(own, &mut found);
    let end = [TemplatePiece::Text("\n".to_owned())];
    found.or("a line feed too many at the end", [own, &end].concat());
    found.or("a line feed too many at the start", [&end, own].concat());
    let empty = slots.iter().filter(|(_, name)| is_empty(name));
    let fewer = empty
        .rev()
        .fold(own.to_vec(), |pieces, (at, _)| without(&pieces, *at));
    found.or("the empty line left out", fewer);
    for (at, name) in &slots {
        let mistake = format!("without {{{name}}} and its line");
        found.or(mistake, without(own, *at));
    }
    single_separators(own, &mut found);
    for order in orders(slots.len()) {
        let mut pieces = own.to_vec();
        for ((to, _), from) in slots.iter().zip(&order) {
            let moved = slots.get(*from).and_then(|(from, _)| own.get(*from));
            if let (Some(place), Some(moved)) = (pieces.get_mut(*to), moved) {
                place.clone_from(moved);
            }
        }
        found.or("the parts in another order", pieces);
    }
    found
}

/// Another separator everywhere.
fn all_separators(own: &[TemplatePiece], found: &mut Compositions) {
    let mut texts = own.iter().filter_map(|piece| match piece {
        TemplatePiece::Text(text) => Some(text),
        TemplatePiece::Slot(_) => None,
    });
    let Some(separator) = texts.next() else {
        return;
    };
    for (other, mistake) in [
        ("\r\n", "carriage return and line feed between the lines"),
        ("\\n", "a backslash and an n between the lines"),
        ("", "nothing between the parts"),
        ("\n", "line feeds between the parts"),
        (" ", "spaces between the parts"),
        ("|", "| between the parts"),
        (":", ": between the parts"),
        (".", ". between the parts"),
        (",", ", between the parts"),
        (";", "; between the parts"),
        ("&", "& between the parts"),
        ("-", "- between the parts"),
    ] {
        let pieces = own.iter().map(|piece| match piece {
            TemplatePiece::Text(text) => TemplatePiece::Text(text.replace(separator, other)),
            slot => slot.clone(),
        });
        found.or(mistake, pieces.collect::<Vec<_>>());
    }
}

/// One separator omitted or doubled.
fn single_separators(own: &[TemplatePiece], found: &mut Compositions) {
    for (at, piece) in own.iter().enumerate() {
        let TemplatePiece::Text(text) = piece else {
            continue;
        };
        for (mistake, text) in [
            ("a separator missing", String::new()),
            ("a separator twice", text.repeat(2)),
        ] {
            let mut pieces = own.to_vec();
            if let Some(place) = pieces.get_mut(at) {
                *place = TemplatePiece::Text(text);
            }
            found.or(mistake, pieces);
        }
    }
}

/// The pieces without a slot and the separator next to it.
fn without(pieces: &[TemplatePiece], at: usize) -> Vec<TemplatePiece> {
    let separator = match pieces.get(at + 1) {
        Some(TemplatePiece::Text(_)) => at + 1,
        _ => at.saturating_sub(1),
    };
    let kept = pieces.iter().enumerate();
    kept.filter(|(own, _)| *own != at && *own != separator)
        .map(|(_, piece)| piece.clone())
        .collect()
}

/// All orders of up to five parts; none of more.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count > 5 {
        return Vec::new();
    }
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for next in 0..count {
        found = found
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut order = order.clone();
                    order.insert(at, next);
                    order
                })
            })
            .collect();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_a_few() {
        assert_eq!(orders(4).len(), 24);
        assert!(orders(6).is_empty());
    }
}
