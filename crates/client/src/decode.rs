//! Taking the payload and a few facts out of an answer, in one pass over its bytes.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{self, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{page::Rejected, record::NO_TEXT, surrogates};

/// The small values that decide what an answer means, by pointer.
#[derive(Debug, Default)]
pub(crate) struct Captured(Vec<(&'static str, Value)>);

impl Captured {
    /// The value at one of the pointers that were asked for.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(at, _)| *at == pointer)
            .map(|(_, value)| value)
    }

    pub(crate) fn count(&self, pointer: Option<&str>) -> Option<u64> {
        match self.get(pointer?)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Taken<D> {
    /// `None` where the answer has no payload, or null.
    pub(crate) data: Option<D>,
    pub(crate) captured: Captured,
}

/// Why an answer could not be read. Its text never repeats a value of the answer.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// Not JSON at all, as opposed to JSON of another shape.
    pub(crate) syntax: bool,
    pub(crate) text: String,
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let place = format!("line {}, column {}", error.line(), error.column());
        match error.classify() {
            // What the decoder would have said of a value.
            Category::Data if error.to_string().starts_with(NO_TEXT) => Self {
                syntax: true,
                text: format!("not JSON at {place}"),
            },
            Category::Data => Self {
                syntax: false,
                text: format!("{} at {place}", without_values(&error.to_string())),
            },
            Category::Eof => Self {
                syntax: true,
                text: format!("the JSON ends early, at {place}"),
            },
            Category::Syntax | Category::Io => Self {
                syntax: true,
                text: format!("not JSON at {place}"),
            },
        }
    }
}

/// serde's messages quote what they found: `invalid type: string "joe", expected u64`.
fn without_values(message: &str) -> String {
    let expected = message
        .rfind(", expected ")
        .and_then(|at| message.get(at + 11..));
    let expected = expected.and_then(|rest| rest.split(" at line ").next());
    let found = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split([' ', ',']).next());
    match (found, expected) {
        (Some(found), Some(expected)) => format!("{found} where the spec has {expected}"),
        (None, Some(expected)) => format!("another value where the spec has {expected}"),
        // Messages of our own name a field of the spec between backquotes and nothing else.
        _ => match message.split('`').nth(1) {
            Some(field) if message.contains("missing") || message.contains("null") => {
                format!("`{field}` is missing or null")
            }
            _ => "another shape than the spec's".to_owned(),
        },
    }
}

/// Reads a payload at the first of `at` that is there, and the values at `wanted`.
pub(crate) fn take<D: DeserializeOwned>(
    body: &[u8],
    at: &[&'static str],
    wanted: &[&'static str],
) -> Result<Taken<D>, Unreadable> {
    with_repair(body, |body| {
        let is_list = body.trim_ascii_start().starts_with('[');
        let whole = at.contains(&"") && (is_list || at.len() == 1);
        let mut taken = Taken {
            data: None,
            captured: Captured::default(),
        };
        if whole {
            taken.data = serde_json::from_str(body)?;
        }
        // In a list only pointers through its places lead anywhere.
        let leads = |pointer: &&str| {
            let first = pointer.strip_prefix('/').unwrap_or_default();
            !is_list || first.starts_with(|c: char| c.is_ascii_digit())
        };
        if (!whole && !is_list) || wanted.iter().chain(at).any(leads) {
            let walk = Walk {
                at: if whole { &[] } else { at },
                wanted,
                prefix: "",
                taken: &mut taken,
            };
            let mut deserializer = serde_json::Deserializer::from_str(body);
            walk.deserialize(&mut deserializer)?;
            deserializer.end()?;
        }
        Ok(taken)
    })
}

/// Records on one page at most: a few bytes each on the wire, a record takes hundreds in memory, so that the limit on the
/// body alone would not keep the memory bounded.
const MOST_RECORDS: usize = 200_000;

/// A page's list, bounded.
pub(crate) struct Records<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Records<T> {
    fn deserialize<S: de::Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        struct All<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for All<T> {
            type Value = Records<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {MOST_RECORDS} records")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Records<T>, A::Error> {
                let mut records = Vec::new();
                while let Some(record) = seq.next_element()? {
                    if records.len() == MOST_RECORDS {
                        return Err(de::Error::invalid_length(MOST_RECORDS + 1, &self));
                    }
                    records.push(record);
                }
                Ok(Records(records))
            }
        }
        deserializer.deserialize_seq(All(PhantomData))
    }
}

/// A list whose records were decoded one by one because one of them could not be.
pub(crate) fn take_leniently<T: DeserializeOwned>(
    body: &[u8],
    at: &[&'static str],
    wanted: &[&'static str],
) -> Result<(Taken<Vec<T>>, Vec<Rejected>), Unreadable> {
    let Taken { data, captured } = take::<Records<Box<RawValue>>>(body, at, wanted)?;
    let mut rejected = Vec::new();
    let items = data.map(|Records(records)| {
        let mut items = Vec::with_capacity(records.len());
        for (index, raw) in records.into_iter().enumerate() {
            match with_repair(raw.get().as_bytes(), |text| {
                Ok(serde_json::from_str::<T>(text)?)
            }) {
                Ok(item) => items.push(item),
                Err(error) => rejected.push(Rejected::new(index, error.text, raw)),
            }
        }
        items
    });
    Ok((
        Taken {
            data: items,
            captured,
        },
        rejected,
    ))
}

/// Tries as it came, and once more with cut characters mended.
///
/// That all of it is text is found out at once, which is a fraction of what it costs to find out of every value.
fn with_repair<T>(
    body: &[u8],
    read: impl Fn(&str) -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    match read(text(body)?) {
        Err(error) if error.syntax => match surrogates::repair(body) {
            Some(mended) => read(text(&mended)?),
            None => Err(error),
        },
        other => other,
    }
}

fn text(body: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(body).map_err(|error| Unreadable {
        syntax: true,
        text: format!("not JSON: no UTF-8 at byte {}", error.valid_up_to()),
    })
}

/// One object on the way to a pointer. `prefix` is the part of the pointers walked so far.
struct Walk<'w, D> {
    at: &'w [&'static str],
    wanted: &'w [&'static str],
    prefix: &'static str,
    taken: &'w mut Taken<D>,
}

impl<D> Walk<'_, D> {
    /// The pointer walked so far with `key` behind it, if any pointer goes that way.
    fn step(&self, key: &str) -> Option<&'static str> {
        self.at.iter().chain(self.wanted).find_map(|pointer| {
            let rest = pointer.strip_prefix(self.prefix)?.strip_prefix('/')?;
            let tail = rest.strip_prefix(key)?;
            let end = pointer.len() - tail.len();
            (tail.is_empty() || tail.starts_with('/'))
                .then(|| pointer.get(..end))
                .flatten()
        })
    }
}

impl<D: DeserializeOwned> Walk<'_, D> {
    fn is_payload(&self, pointer: &str) -> bool {
        self.at.contains(&pointer) && self.taken.data.is_none()
    }

    /// Whether a wanted value stands inside what is at the pointer.
    fn looks_into(&self, pointer: &str) -> bool {
        let mut wanted = self.wanted.iter();
        wanted.any(|wanted| {
            wanted
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// The payload, and what is wanted of it.
    fn take_raw<E: de::Error>(&mut self, pointer: &'static str, raw: &RawValue) -> Result<(), E> {
        self.taken.data = serde_json::from_str(raw.get()).map_err(E::custom)?;
        let inner = Walk {
            at: &[],
            wanted: self.wanted,
            prefix: pointer,
            taken: &mut *self.taken,
        };
        let mut deserializer = serde_json::Deserializer::from_str(raw.get());
        inner.deserialize(&mut deserializer).map_err(E::custom)
    }
}

impl<'de, D: DeserializeOwned> DeserializeSeed<'de> for Walk<'_, D> {
    type Value = ();

    fn deserialize<S: de::Deserializer<'de>>(self, deserializer: S) -> Result<(), S::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, D: DeserializeOwned> Visitor<'de> for Walk<'_, D> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(crate::record::Key)? {
            let Some(pointer) = self.step(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if self.is_payload(pointer) {
                if self.looks_into(pointer) {
                    self.take_raw(pointer, &map.next_value::<Box<RawValue>>()?)?;
                } else {
                    self.taken.data = map.next_value()?;
                }
            } else if self.wanted.contains(&pointer) {
                self.taken.captured.0.push((pointer, map.next_value()?));
            } else {
                let inner = Walk {
                    at: self.at,
                    wanted: self.wanted,
                    prefix: pointer,
                    taken: &mut *self.taken,
                };
                map.next_value_seed(inner)?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        for place in 0_usize.. {
            let walked = match self.step(&place.to_string()) {
                None => seq.next_element::<IgnoredAny>()?.map(|_| ()),
                Some(pointer) if self.is_payload(pointer) => {
                    let raw = seq.next_element::<Box<RawValue>>()?;
                    raw.map(|raw| self.take_raw(pointer, &raw)).transpose()?
                }
                Some(pointer) if self.wanted.contains(&pointer) => seq
                    .next_element()?
                    .map(|value| self.taken.captured.0.push((pointer, value))),
                Some(pointer) => seq.next_element_seed(Walk {
                    at: self.at,
                    wanted: self.wanted,
                    prefix: pointer,
                    taken: &mut *self.taken,
                })?,
            };
            if walked.is_none() {
                break;
            }
        }
        Ok(())
    }

    // Something else than an object or a list stands where the pointers lead through: they find nothing there.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// A payload that is documented as a list of one; a bare object counts too.
pub(crate) struct First<T>(pub(crate) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<S: de::Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        struct One<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for One<T> {
            type Value = First<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of one, or the one")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<First<T>, A::Error> {
                let first = seq.next_element()?;
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<First<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|one| First(Some(one)))
            }
        }
        deserializer.deserialize_any(One(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_and_facts_come_out_of_nested_envelopes() {
        let body = br#"{"skip":{"data":[9]},"result":{"meta":{"total":"12","next":"c"},"list":[1,2]},"ok":true}"#;
        let taken: Taken<Vec<u8>> = take(
            body,
            &["/result/list"],
            &["/result/meta/total", "/result/meta/next", "/ok", "/gone"],
        )
        .unwrap();
        assert_eq!(taken.data, Some(vec![1, 2]));
        assert_eq!(taken.captured.count(Some("/result/meta/total")), Some(12));
        assert_eq!(taken.captured.get("/ok"), Some(&Value::Bool(true)));
        assert_eq!(taken.captured.get("/gone"), None);
    }

    #[test]
    fn the_first_list_that_is_there_counts() {
        let at = ["/conversations", "/messages", ""];
        for body in [r#"{"messages":[1]}"#, r#"{"conversations":[1]}"#, "[1]"] {
            assert_eq!(
                take::<Vec<u8>>(body.as_bytes(), &at, &[]).unwrap().data,
                Some(vec![1]),
                "{body}"
            );
        }
        assert_eq!(take::<Vec<u8>>(b"{\"x\":1}", &at, &[]).unwrap().data, None);
    }

    #[test]
    fn the_whole_answer_can_be_the_payload_and_still_have_facts() {
        let taken: Taken<Value> =
            take(br#"{"status":{"code":200}}"#, &[""], &["/status/code"]).unwrap();
        assert!(taken.data.is_some());
        assert_eq!(taken.captured.count(Some("/status/code")), Some(200));
    }

    #[test]
    fn facts_can_stand_in_a_list() {
        let body = br#"[{"id":"a","status":{"code":400}}]"#;
        let taken: Taken<First<Value>> = take(
            body,
            &[""],
            &["/0/status/code", "/status/code", "/1/status"],
        )
        .unwrap();
        assert!(taken.data.is_some_and(|first| first.0.is_some()));
        assert_eq!(taken.captured.count(Some("/0/status/code")), Some(400));
        assert_eq!(taken.captured.get("/status/code"), None);
        let nested: Taken<Value> = take(br#"{"a":[[],{"b":1}]}"#, &["/none"], &["/a/1/b"]).unwrap();
        assert_eq!(nested.captured.count(Some("/a/1/b")), Some(1));
    }

    #[test]
    fn the_payload_can_be_a_place_of_a_list_and_have_facts_inside() {
        for (body, at) in [
            (r#"{"result":[{"ok":false}]}"#, "/result/0"),
            (r#"[{"ok":false}]"#, "/0"),
            (r#"{"result":{"list":{"ok":false}}}"#, "/result/list"),
        ] {
            let fact: &'static str = match at {
                "/result/0" => "/result/0/ok",
                "/0" => "/0/ok",
                _ => "/result/list/ok",
            };
            let taken: Taken<Value> = take(body.as_bytes(), &[at], &[fact]).unwrap();
            assert_eq!(taken.data, Some(serde_json::json!({"ok": false})), "{body}");
            assert_eq!(
                taken.captured.get(fact),
                Some(&Value::Bool(false)),
                "{body}"
            );
        }
        let none: Taken<Value> = take(br#"{"result":[]}"#, &["/result/0"], &[]).unwrap();
        assert!(none.data.is_none());
        let error = take::<u8>(br#"{"result":["joe"]}"#, &["/result/0"], &[]).unwrap_err();
        assert!(
            !error.syntax && !error.text.contains("joe"),
            "{}",
            error.text
        );
    }

    #[test]
    fn one_bad_record_does_not_take_the_others_with_it() {
        let body = br#"{"data":[{"a":1},{"a":"joe@example.com"},{"a":3}]}"#;
        type Row = std::collections::BTreeMap<String, u8>;
        assert!(take::<Vec<Row>>(body, &["/data"], &[]).is_err());
        let (taken, rejected) = take_leniently::<Row>(body, &["/data"], &[]).unwrap();
        assert_eq!(taken.data.unwrap().len(), 2);
        assert_eq!(rejected[0].index(), 1);
        assert!(
            !rejected[0].reason().contains("joe"),
            "{}",
            rejected[0].reason()
        );
    }

    #[test]
    fn reasons_never_quote_the_answer() {
        for body in [
            r#"{"data":"joe@example.com"}"#,
            r#"{"data":[300]}"#,
            r#"{"data":[joe]}"#,
            r#"{"data":["joe"]}"#,
        ] {
            let error = take::<Vec<u8>>(body.as_bytes(), &["/data"], &[]).unwrap_err();
            assert!(
                !error.text.contains("joe") && !error.text.contains("300"),
                "{}",
                error.text
            );
        }
    }

    #[test]
    fn half_an_emoji_does_not_lose_the_page() {
        let taken: Taken<Vec<String>> = take(br#"{"data":["a\ud83d"]}"#, &["/data"], &[]).unwrap();
        assert_eq!(taken.data.unwrap(), ["a\u{fffd}"]);
    }
}
