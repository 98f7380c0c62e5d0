//! Invented people, with names from several cultures, reserved mail domains and phone numbers reserved for fiction.
//!
//! Not a crate such as `fake`: people are pure functions of an index, stable across versions, and include what is hard to
//! process, in sixteen scripts and languages.

use super::cultures::{CULTURES, NO_CULTURE, NameOrder};
use crate::hash::{Dice, mix};

const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];
const AREAS: [u16; 8] = [212, 303, 312, 415, 503, 617, 702, 808];

/// A person, consistent across all fields of a record.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) handle: String,
    pub(crate) email: String,
    /// The national number: ten digits in an exchange reserved for fiction.
    pub(crate) number: String,
    pub(crate) city: &'static str,
    pub(crate) region: &'static str,
    pub(crate) country: &'static str,
    pub(crate) language: &'static str,
    pub(crate) timezone: &'static str,
    pub(crate) female: bool,
    order: NameOrder,
    /// What people write in their language.
    pub(crate) messages: &'static [&'static str],
}

impl Person {
    /// The person with this index in a stream.
    pub(crate) fn new(stream: u64, index: u64) -> Self {
        let mut dice = Dice::new(mix(mix(stream, 0x9e0_91e), index));
        let at = usize::try_from(dice.below(CULTURES.len() as u64)).unwrap_or_default();
        let culture = CULTURES.get(at).unwrap_or(&NO_CULTURE);
        let (city, region, timezone) = dice.pick(&culture.places);
        let female = dice.chance(500);
        let (first, first_ascii) = dice.pick(match female {
            true => &culture.female,
            false => &culture.male,
        });
        let (last, last_ascii) = dice.pick(&culture.family);
        let handle = format!("{first_ascii}.{last_ascii}{index}");
        let domain = dice.pick(&DOMAINS);
        let number = format!("{}55501{:02}", dice.pick(&AREAS), dice.below(100));
        Self {
            first,
            last,
            email: format!("{handle}@{domain}"),
            handle,
            number,
            city,
            region,
            country: culture.country,
            language: culture.language,
            timezone,
            female,
            order: culture.order,
            messages: &culture.messages,
        }
    }

    pub(crate) fn full_name(&self) -> String {
        let (first, last) = (self.first, self.last);
        match self.order {
            NameOrder::GivenFirst => format!("{first} {last}"),
            NameOrder::FamilyFirst => format!("{last} {first}"),
            NameOrder::Joint => format!("{last}{first}"),
        }
    }
}

/// Cities, each from another culture.
pub(crate) fn cities(count: usize) -> Vec<&'static str> {
    let first = CULTURES.iter().filter_map(|culture| culture.places.first());
    first.map(|(city, ..)| *city).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_stable_and_reserved() {
        assert_eq!(CULTURES.len(), 16);
        let mut non_ascii = 0;
        for index in 0..500 {
            let person = Person::new(1, index);
            assert_eq!(person.email, Person::new(1, index).email);
            let domain = person.email.split_once('@').unwrap().1;
            assert!(DOMAINS.contains(&domain));
            assert!(person.email.is_ascii());
            assert_eq!(&person.number[3..8], "55501");
            assert_eq!(person.number.len(), 10);
            non_ascii += u32::from(!person.full_name().is_ascii());
        }
        assert!(non_ascii > 100, "{non_ascii}");
        let scripts = [
            'A', 'Ж', 'Ω', 'ع', 'ש', 'अ', '中', 'か', '한', 'ก', 'አ', 'ễ',
        ];
        let blocks = |c: char| u32::from(c) >> 8;
        let names: String = (0..3000)
            .map(|index| Person::new(1, index).full_name())
            .collect();
        for script in scripts {
            let found = names
                .chars()
                .any(|c| blocks(c) == blocks(script) || c == script);
            assert!(found || script == '中' && names.contains('陳'), "{script}");
        }
        assert_ne!(Person::new(1, 0).email, Person::new(2, 1).email);
    }
}
