//! Strings for fields.

use super::{context::RecordContext, people::Person, roles::ModelField};
use crate::hash::{Dice, mix};
use botroster_spec::Personal;

/// Messages in any language, including what is hard to process: quotes, line breaks, combining marks, emoji sequences, both
/// directions.
const MESSAGES: [&str; 12] = [
    "OK",
    "👍🏽",
    "1042",
    "Thanks, that helps 🙏",
    "She said \"later\", so I wait",
    "first line\nsecond line",
    "tab\there, comma, semicolon; 50 % off",
    "👩‍👩‍👧‍👦 we are four 🇨🇭",
    "e\u{301} is not é to everybody",
    "order #1042 — שלום, مرحبا, 1042#",
    "<b>bold</b> & C:\\new\\table",
    "😂😂😂",
];
const SUBJECTS: [&str; 6] = [
    "Late delivery",
    "Opening hours",
    "Question about an invoice",
    "Exchange",
    "Réservation",
    "Other",
];
const WORDS: [&str; 8] = [
    "amber",
    "newsletter",
    "spring offer",
    "B2B",
    "günstig",
    "trial",
    "north",
    "returning",
];
const TAGS: [&str; 7] = [
    "vip",
    "newsletter",
    "b2b",
    "überfällig",
    "spring offer",
    "trial",
    "returning",
];
const KEYS: [&str; 6] = [
    "plan",
    "favourite_colour",
    "order count",
    "größe",
    "referral",
    "loyal",
];
const SOURCES: [&str; 4] = ["web", "whatsapp", "telegram", "messenger"];
const STATUSES: [&str; 3] = ["open", "pending", "closed"];
const AUTHORS: [&str; 3] = ["user", "bot", "agent"];
const NETWORKS: [&str; 4] = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8::"];

/// A key of an additional property.
pub(crate) fn key(dice: &mut Dice) -> &'static str {
    dice.pick(&KEYS)
}

/// The string for a mapped field.
pub(crate) fn of_field(
    field: ModelField,
    context: &RecordContext,
    dice: &mut Dice,
) -> Option<String> {
    let person = &context.person;
    let fixed = |text: &str| Some(text.to_owned());
    match field {
        ModelField::DisplayName if dice.chance(150) => fixed(person.first),
        ModelField::DisplayName => Some(person.full_name()),
        ModelField::FirstName => fixed(person.first),
        ModelField::LastName => fixed(person.last),
        ModelField::Username => Some(person.handle.clone()),
        ModelField::Email => Some(person.email.clone()),
        ModelField::Phone => Some(phone(person, dice)),
        ModelField::PhonePrefix => fixed(if dice.chance(150) { "+1" } else { "1" }),
        ModelField::PhoneNumber => Some(local_phone(person, dice)),
        ModelField::AvatarUrl => Some(url(dice)),
        ModelField::Language => fixed(person.language),
        ModelField::Timezone => fixed(person.timezone),
        ModelField::Gender => Some(gender(context)),
        ModelField::Country => fixed(person.country),
        ModelField::Region => fixed(person.region),
        ModelField::City => fixed(person.city),
        ModelField::Source => fixed(dice.pick(&SOURCES)),
        ModelField::Tags => fixed(dice.pick(&TAGS)),
        ModelField::PairKey => fixed(key(dice)),
        ModelField::Message => fixed(message(person, dice)),
        ModelField::Subject => fixed(dice.pick(&SUBJECTS)),
        ModelField::Status => fixed(dice.pick(&STATUSES)),
        ModelField::Author => fixed(dice.pick(&AUTHORS)),
        // One of few agents, so that records share them.
        ModelField::AgentId => Some(identifier(mix(context.seed, dice.below(5)))),
        ModelField::Id
        | ModelField::ContactId
        | ModelField::ConversationId
        | ModelField::ExternalId => Some(uuid(dice)),
        _ => None,
    }
}

/// A string of which only the content is known.
pub(crate) fn of_kind(personal: Personal, context: &RecordContext, dice: &mut Dice) -> String {
    let person = &context.person;
    match personal {
        Personal::Name => person.full_name(),
        Personal::Email => person.email.clone(),
        Personal::Phone => phone(person, dice),
        Personal::Address => format!("{} Sample Street, {}", dice.below(200) + 1, person.city),
        Personal::Location => person.city.to_owned(),
        Personal::Ip => format!("{}{}", dice.pick(&NETWORKS), dice.below(254) + 1),
        Personal::Identifier => uuid(dice),
        Personal::Demographic => person.language.to_owned(),
        Personal::Url => url(dice),
        Personal::Message => message(person, dice).to_owned(),
        Personal::FreeForm | Personal::None => dice.pick(&WORDS).to_owned(),
    }
}

/// A message from a person, mostly in their language.
fn message(person: &Person, dice: &mut Dice) -> &'static str {
    match dice.chance(300) {
        true => dice.pick(&MESSAGES),
        false => dice.pick(person.messages),
    }
}

/// Twenty-four hexadecimal digits.
pub(crate) fn identifier(from: u64) -> String {
    format!("{:016x}{:08x}", mix(from, 1), mix(from, 2) >> 32)
}

fn uuid(dice: &mut Dice) -> String {
    let (high, low) = (dice.next(), dice.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

fn url(dice: &mut Dice) -> String {
    format!("https://media.example.com/{:08x}.png", dice.next() >> 32)
}

fn gender(context: &RecordContext) -> String {
    let word = if context.person.female {
        "female"
    } else {
        "male"
    };
    // Consistent within a stream.
    if context.seed.is_multiple_of(2) {
        word.to_owned()
    } else {
        word.to_uppercase()
    }
}

fn parts(person: &Person) -> (&str, &str, &str) {
    let part = |range: std::ops::Range<usize>| person.number.get(range).unwrap_or_default();
    (part(0..3), part(3..6), part(6..10))
}

fn phone(person: &Person, dice: &mut Dice) -> String {
    let (area, exchange, rest) = parts(person);
    match dice.below(20) {
        0 => format!("001{}", person.number),
        1 => format!("({area}) {exchange}-{rest}"),
        2..=4 => format!("+1 {area}-{exchange}-{rest}"),
        _ => format!("+1{}", person.number),
    }
}

fn local_phone(person: &Person, dice: &mut Dice) -> String {
    let (area, exchange, rest) = parts(person);
    match dice.below(20) {
        0 => format!("+1{}", person.number),
        1..=3 => format!("{area}-{exchange}-{rest}"),
        _ => person.number.clone(),
    }
}
