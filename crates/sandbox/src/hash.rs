//! Randomness without state: every choice is a pure function of its subject.
//!
//! Not a crate such as `rand` or `fastrand`: the same seed gives the same people in every version, also after an upgrade.

/// Mixes `b` into `a`; the result is spread over all 64 bits.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The hash of a string, the same in every build.
pub(crate) fn text(value: &str) -> u64 {
    let folded = value
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    mix(folded, value.len() as u64)
}

/// A sequence of choices derived from a number.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(from: u64) -> Self {
        Self(from)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = mix(self.0, 0x5bd1);
        self.0
    }

    /// A number below `bound`; 0 if the bound is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        match bound {
            0 => 0,
            bound => self.next() % bound,
        }
    }

    /// True in about `per_mille` of 1000 cases.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the values; the default of the type if there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, values: &[T]) -> T {
        let at = usize::try_from(self.below(values.len() as u64)).unwrap_or_default();
        values.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_repeat_and_differ() {
        let (mut one, mut two) = (Dice::new(7), Dice::new(7));
        let first: Vec<u64> = (0..50).map(|_| one.below(1000)).collect();
        let second: Vec<u64> = (0..50).map(|_| two.below(1000)).collect();
        assert_eq!(first, second);
        assert!(first.windows(2).any(|pair| pair[0] != pair[1]));
        assert_ne!(mix(1, 2), mix(2, 1));
        assert_ne!(text("/a/b"), text("/b/a"));
    }

    #[test]
    fn chances_are_about_what_they_say() {
        let hits = (0..10_000).filter(|n| Dice::new(*n).chance(100)).count();
        assert!((800..1200).contains(&hits), "{hits}");
    }
}
