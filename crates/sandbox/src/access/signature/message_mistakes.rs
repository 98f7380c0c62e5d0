//! Mistakes in the composition of a message: separators, order, missing parts.

use super::{recipe::TemplatePiece, variants::PartVariants};

/// The message with other separators, another order, or missing parts.
pub(super) fn composition(
    own: &[TemplatePiece],
    is_empty: &dyn Fn(&str) -> bool,
) -> PartVariants<Vec<TemplatePiece>> {
    let mut found = PartVariants::new(own.to_vec());
    let is_text = |piece: &&TemplatePiece| matches!(piece, TemplatePiece::Text(_));
    let with_text = |from: &str, to: &str| -> Vec<TemplatePiece> {
        let pieces = own.iter().map(|piece| match piece {
            TemplatePiece::Text(text) => TemplatePiece::Text(text.replace(from, to)),
            slot => slot.clone(),
        });
        pieces.collect()
    };
    let texts: Vec<&str> = own
        .iter()
        .filter_map(|piece| match piece {
            TemplatePiece::Text(text) => Some(text.as_str()),
            TemplatePiece::Slot(_) => None,
        })
        .collect();
    if let Some(first) = texts.first() {
        for (other, name) in [
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
            found.or(name, with_text(first, other));
        }
    }
    let end = TemplatePiece::Text("\n".to_owned());
    let with_end = own.iter().cloned().chain([end.clone()]).collect();
    found.or("a line feed too many at the end", with_end);
    let with_start = [end].into_iter().chain(own.iter().cloned()).collect();
    found.or("a line feed too many at the start", with_start);
    let present: Vec<usize> = own
        .iter()
        .enumerate()
        .filter(|(_, piece)| matches!(piece, TemplatePiece::Slot(name) if !is_empty(name)))
        .map(|(at, _)| at)
        .collect();
    let slots: Vec<usize> = own
        .iter()
        .enumerate()
        .filter(|(_, piece)| !is_text(piece))
        .map(|(at, _)| at)
        .collect();
    if present.len() < slots.len() {
        let empty: Vec<usize> = slots
            .iter()
            .copied()
            .filter(|at| !present.contains(at))
            .collect();
        let fewer = empty
            .iter()
            .rev()
            .fold(own.to_vec(), |pieces, at| without(&pieces, *at));
        found.or("the empty line left out", fewer);
    }
    for at in &slots {
        let Some(TemplatePiece::Slot(name)) = own.get(*at) else {
            continue;
        };
        found.or(
            format!("without {{{name}}} and its line"),
            without(own, *at),
        );
    }
    // The separators between two parts, each omitted and each doubled.
    for (at, piece) in own.iter().enumerate() {
        let TemplatePiece::Text(text) = piece else {
            continue;
        };
        let swapped = |text: String| {
            let mut pieces = own.to_vec();
            if let Some(place) = pieces.get_mut(at) {
                *place = TemplatePiece::Text(text);
            }
            pieces
        };
        found.or("a separator missing", swapped(String::new()));
        found.or("a separator twice", swapped(format!("{text}{text}")));
    }
    for order in orders(slots.len()) {
        let mut pieces = own.to_vec();
        for (to, from) in slots.iter().zip(&order) {
            let moved = slots.get(*from).and_then(|from| own.get(*from)).cloned();
            if let (Some(place), Some(moved)) = (pieces.get_mut(*to), moved) {
                *place = moved;
            }
        }
        found.or("the parts in another order", pieces);
    }
    found
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
