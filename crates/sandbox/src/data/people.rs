//! Invented people: names from several cultures, reserved mail domains, reserved phone numbers.

use crate::hash::{Dice, mix};

/// A name as written, and in ASCII for addresses.
type Name = (&'static str, &'static str);

struct Culture {
    language: &'static str,
    country: &'static str,
    places: &'static [(&'static str, &'static str, &'static str)],
    female: &'static [Name],
    male: &'static [Name],
    family: &'static [Name],
}

/// City, region, time zone in `places`.
static CULTURES: [Culture; 8] = [
    Culture {
        language: "en",
        country: "US",
        places: &[
            ("Boulder", "Colorado", "America/Denver"),
            ("Portland", "Oregon", "America/Los_Angeles"),
        ],
        female: &[
            ("Hazel", "hazel"),
            ("Ruth", "ruth"),
            ("Maya", "maya"),
            ("Tess", "tess"),
        ],
        male: &[
            ("Owen", "owen"),
            ("Miles", "miles"),
            ("Jesse", "jesse"),
            ("Grant", "grant"),
        ],
        family: &[
            ("Whitlock", "whitlock"),
            ("Marsh", "marsh"),
            ("O'Dell", "odell"),
            ("Reyes-Hart", "reyeshart"),
        ],
    },
    Culture {
        language: "tr",
        country: "TR",
        places: &[
            ("İstanbul", "Marmara", "Europe/Istanbul"),
            ("İzmir", "Ege", "Europe/Istanbul"),
        ],
        female: &[("Elif", "elif"), ("Ayşe", "ayse"), ("Gülşen", "gulsen")],
        male: &[("Çağrı", "cagri"), ("Emre", "emre"), ("Oğuz", "oguz")],
        family: &[
            ("Yıldız", "yildiz"),
            ("Öztürk", "ozturk"),
            ("Şahin", "sahin"),
        ],
    },
    Culture {
        language: "de",
        country: "DE",
        places: &[
            ("Köln", "Nordrhein-Westfalen", "Europe/Berlin"),
            ("München", "Bayern", "Europe/Berlin"),
        ],
        female: &[("Käthe", "kaethe"), ("Ilse", "ilse"), ("Jördis", "joerdis")],
        male: &[("Jürgen", "juergen"), ("Malte", "malte"), ("Veit", "veit")],
        family: &[
            ("Großmann", "grossmann"),
            ("Bäcker", "baecker"),
            ("von der Heide", "vonderheide"),
        ],
    },
    Culture {
        language: "es",
        country: "MX",
        places: &[
            ("Mérida", "Yucatán", "America/Merida"),
            ("León", "Guanajuato", "America/Mexico_City"),
        ],
        female: &[("Inés", "ines"), ("Begoña", "begona"), ("Lucía", "lucia")],
        male: &[("Iñaki", "inaki"), ("Raúl", "raul"), ("Tomás", "tomas")],
        family: &[
            ("Núñez", "nunez"),
            ("Ibáñez Soto", "ibanezsoto"),
            ("Peña", "pena"),
        ],
    },
    Culture {
        language: "ja",
        country: "JP",
        places: &[
            ("札幌市", "北海道", "Asia/Tokyo"),
            ("京都市", "京都府", "Asia/Tokyo"),
        ],
        female: &[("さくら", "sakura"), ("美咲", "misaki"), ("葵", "aoi")],
        male: &[("大輔", "daisuke"), ("蓮", "ren"), ("悠真", "yuma")],
        family: &[
            ("田中", "tanaka"),
            ("小林", "kobayashi"),
            ("渡辺", "watanabe"),
        ],
    },
    Culture {
        language: "ar",
        country: "EG",
        places: &[
            ("القاهرة", "القاهرة", "Africa/Cairo"),
            ("الإسكندرية", "الإسكندرية", "Africa/Cairo"),
        ],
        female: &[("ليلى", "layla"), ("نور", "nour"), ("سلمى", "salma")],
        male: &[("كريم", "karim"), ("يوسف", "youssef"), ("طارق", "tarek")],
        family: &[
            ("منصور", "mansour"),
            ("حداد", "haddad"),
            ("الشريف", "elsherif"),
        ],
    },
    Culture {
        language: "pl",
        country: "PL",
        places: &[
            ("Łódź", "łódzkie", "Europe/Warsaw"),
            ("Kraków", "małopolskie", "Europe/Warsaw"),
        ],
        female: &[
            ("Małgorzata", "malgorzata"),
            ("Zofia", "zofia"),
            ("Róża", "roza"),
        ],
        male: &[("Paweł", "pawel"), ("Łukasz", "lukasz"), ("Igor", "igor")],
        family: &[
            ("Wójcik", "wojcik"),
            ("Dąbek", "dabek"),
            ("Źrebiec", "zrebiec"),
        ],
    },
    Culture {
        language: "hi",
        country: "IN",
        places: &[
            ("पुणे", "महाराष्ट्र", "Asia/Kolkata"),
            ("Kochi", "Kerala", "Asia/Kolkata"),
        ],
        female: &[("आरती", "aarti"), ("Divya", "divya"), ("Meera", "meera")],
        male: &[("Arjun", "arjun"), ("विकास", "vikas"), ("Rohan", "rohan")],
        family: &[
            ("Nair", "nair"),
            ("शर्मा", "sharma"),
            ("Deshpande", "deshpande"),
        ],
    },
];

const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];
const AREAS: [u16; 8] = [212, 303, 312, 415, 503, 617, 702, 808];

/// What a person is, the same in every field that tells it.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) handle: String,
    pub(crate) email: String,
    /// The national number, ten digits in an exchange reserved for fiction.
    pub(crate) number: String,
    pub(crate) city: &'static str,
    pub(crate) region: &'static str,
    pub(crate) country: &'static str,
    pub(crate) language: &'static str,
    pub(crate) timezone: &'static str,
    pub(crate) female: bool,
}

impl Person {
    /// The person of this number in a stream.
    pub(crate) fn new(stream: u64, index: u64) -> Self {
        let mut dice = Dice::new(mix(mix(stream, 0x9e0_91e), index));
        let number = choice(&mut dice, CULTURES.len());
        let [first_culture, ..] = &CULTURES;
        let culture = CULTURES.get(number).unwrap_or(first_culture);
        let (city, region, timezone) = dice.pick(culture.places);
        let female = dice.chance(500);
        let (first, first_ascii) = dice.pick(if female { culture.female } else { culture.male });
        let (last, last_ascii) = dice.pick(culture.family);
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
        }
    }

    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// The first cities, each of another culture.
pub(crate) fn cities(count: usize) -> Vec<&'static str> {
    let first = CULTURES.iter().filter_map(|culture| culture.places.first());
    first.map(|(city, ..)| *city).take(count).collect()
}

/// An index below `len`, which must not be 0.
fn choice(dice: &mut Dice, len: usize) -> usize {
    usize::try_from(dice.below(len as u64)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_stable_and_reserved() {
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
        assert_ne!(Person::new(1, 0).email, Person::new(2, 1).email);
    }
}
