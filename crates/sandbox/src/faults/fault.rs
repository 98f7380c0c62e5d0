//! A fault as people write it.

use super::kinds::{self, KINDS, Kind};
use crate::nearest::nearest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap as _};
use serde_json::{Map, Value};
use std::{error::Error, fmt, str::FromStr};

/// What every fault takes beside its own.
pub(crate) const SELECTION: [&str; 8] = [
    "platform",
    "operation",
    "method",
    "page",
    "times",
    "rate",
    "after",
    "seed",
];
const SEED: u64 = 1;

/// Something that goes wrong on purpose, and when.
///
/// Its text is a list: the kind, what the kind takes, and which requests it is done to.
///
/// ```
/// use botroster_sandbox::Fault;
///
/// // The third page fails twice.
/// let fault = Fault::parse("status=503,operation=list,page=3,times=2")?;
/// assert_eq!(fault.to_string(), "status=503,operation=list,page=3,times=2");
/// // One answer in ten comes two seconds late.
/// Fault::parse("latency=2000,rate=0.1,seed=7")?;
/// // A kind that takes one thing may be followed by it, or by its name.
/// assert_eq!(Fault::parse("status,status=503")?, Fault::parse("status=503")?);
/// # Ok::<(), botroster_sandbox::FaultError>(())
/// ```
///
/// | selects | means | otherwise |
/// |---|---|---|
/// | `platform` | its name | all |
/// | `operation` | its `operationId`, its name in the client, or a stream that is read with it | all |
/// | `method` | `GET`, `POST`, … | all |
/// | `page` | that page of a list, counted from 1 by what the request asks for | all |
/// | `after` | only when so many requests that fit have passed | 0 |
/// | `times` | so often at most | no end |
/// | `rate` | the share of requests that fit, from 0 to 1 | 1 |
/// | `seed` | another seed chooses others of them, and other places in their answers | 1 |
#[derive(Clone, PartialEq)]
pub struct Fault {
    pub(crate) kind: &'static Kind,
    /// What is given of what the kind takes, in the kind's order.
    arguments: Vec<(&'static str, i64)>,
    pub(crate) platform: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) page: Option<u64>,
    pub(crate) times: Option<u64>,
    pub(crate) rate: Option<f64>,
    pub(crate) after: Option<u64>,
    seed: Option<u64>,
}

/// Why a text is no fault, and what would be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(pub(crate) String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for FaultError {}

impl Fault {
    /// Reads a text such as `status=503,operation=list,page=3,times=2`.
    ///
    /// # Errors
    ///
    /// If there is no such kind, if it does not take what is given, or lacks what it needs.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let (name, value) = match first.split_once('=') {
            Some(("fault", name)) => (name, None),
            Some((name, value)) => (name, Some(value)),
            None => (first, None),
        };
        let mut fault = Self::of(name.trim())?;
        if let Some(value) = value {
            let Some(main) = fault.kind.takes.first() else {
                return Err(FaultError(format!("'{name}' takes no value: write {name}")));
            };
            fault.set(main.name, value.trim())?;
        }
        for part in parts {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| FaultError(format!("'{part}' has no value: write {part}=…")))?;
            fault.set(name.trim(), value.trim())?;
        }
        fault.complete()
    }

    /// Every kind that there is, those of a group together.
    pub fn kinds() -> &'static [Kind] {
        KINDS
    }

    fn of(name: &str) -> Result<Self, FaultError> {
        let kind = kinds::named(name).ok_or_else(|| {
            let known = KINDS.iter().map(|kind| kind.name);
            FaultError(format!("there is no fault '{name}'{}", advice(name, known)))
        })?;
        Ok(Self {
            kind,
            arguments: Vec::new(),
            platform: None,
            operation: None,
            method: None,
            page: None,
            times: None,
            rate: None,
            after: None,
            seed: None,
        })
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), FaultError> {
        if let Some(argument) = self.kind.argument(name) {
            let (min, max) = (argument.min, argument.max);
            let value = number(name, text, min, max)?;
            let others = self.arguments.iter().filter(|(known, _)| *known != name);
            self.arguments = others.copied().collect();
            self.arguments.push((argument.name, value));
            return Ok(());
        }
        let count = |min| number(name, text, min, i64::MAX).map(|value| value.unsigned_abs());
        match name {
            "platform" => self.platform = Some(text.to_owned()),
            "operation" => self.operation = Some(text.to_owned()),
            "method" => self.method = Some(text.to_ascii_uppercase()),
            "page" => self.page = Some(count(1)?),
            "times" => self.times = Some(count(1)?),
            "after" => self.after = Some(count(0)?),
            "seed" => self.seed = Some(count(0)?),
            "rate" => {
                let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
                let wrong = || FaultError(format!("'rate' must be from 0 to 1, not '{text}'"));
                self.rate = Some(rate.ok_or_else(wrong)?);
            }
            _ => {
                let own = self.kind.takes.iter().map(|argument| argument.name);
                let known: Vec<&str> = own.chain(SELECTION).collect();
                let kind = self.kind.name;
                let advice = advice(name, known.iter().copied());
                return Err(FaultError(format!("'{kind}' takes no '{name}'{advice}")));
            }
        }
        Ok(())
    }

    fn complete(self) -> Result<Self, FaultError> {
        let kind = self.kind;
        let given = |name| self.arguments.iter().any(|(known, _)| *known == name);
        let missing = kind
            .takes
            .iter()
            .find(|argument| argument.default.is_none() && !given(argument.name));
        match missing {
            None => Ok(self),
            Some(argument) => {
                let (name, min, max) = (kind.name, argument.min, argument.max);
                Err(FaultError(format!(
                    "'{name}' needs '{}', a whole number from {min} to {max}",
                    argument.name
                )))
            }
        }
    }

    /// What it was given by this name, or what it takes otherwise.
    pub(crate) fn argument(&self, name: &str) -> i64 {
        let given = self.arguments.iter().find(|(known, _)| *known == name);
        let default = || self.kind.argument(name)?.default;
        given.map(|(_, value)| *value).or_else(default).unwrap_or(0)
    }

    /// The same where it cannot be negative.
    pub(crate) fn count(&self, name: &str) -> u64 {
        u64::try_from(self.argument(name)).unwrap_or(0)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or(SEED)
    }

    /// All that was given but the kind, as it is written.
    fn given(&self) -> Vec<(&'static str, Value)> {
        let arguments = self.arguments.iter();
        let mut given: Vec<_> = arguments
            .map(|(name, value)| (*name, Value::from(*value)))
            .collect();
        let selected = [
            self.platform.clone().map(Value::from),
            self.operation.clone().map(Value::from),
            self.method.clone().map(Value::from),
            self.page.map(Value::from),
            self.times.map(Value::from),
            self.rate.map(Value::from),
            self.after.map(Value::from),
            self.seed.map(Value::from),
        ];
        let selected = SELECTION.into_iter().zip(selected);
        given.extend(selected.filter_map(|(name, value)| Some((name, value?))));
        given
    }
}

/// `; did you mean …?`, or the list of what there is.
pub(crate) fn advice<'a>(typed: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(typed, known.clone()) {
        Some(name) => format!("; did you mean {name}?"),
        None => format!("; known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

fn number(name: &str, text: &str, min: i64, max: i64) -> Result<i64, FaultError> {
    let value = text
        .parse()
        .ok()
        .filter(|value| (min..=max).contains(value));
    value.ok_or_else(|| {
        let range = match max {
            i64::MAX => format!("from {min} on"),
            _ => format!("from {min} to {max}"),
        };
        FaultError(format!(
            "'{name}' must be a whole number {range}, not '{text}'"
        ))
    })
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

/// The text that it can be read from.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name)?;
        let main = self.kind.takes.first().map(|argument| argument.name);
        let mut given = self.given();
        if let Some(at) = given.iter().position(|(name, _)| Some(*name) == main) {
            write!(f, "={}", given.remove(at).1)?;
        }
        for (name, value) in given {
            match value {
                Value::String(text) => write!(f, ",{name}={text}")?,
                value => write!(f, ",{name}={value}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

/// An object: the kind as `fault`, and the rest by name.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let given = self.given();
        let mut map = serializer.serialize_map(Some(given.len() + 1))?;
        map.serialize_entry("fault", self.kind.name)?;
        for (name, value) in given {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

/// An object, or a text as [`Fault::parse`] reads it.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = match Value::deserialize(deserializer)? {
            Value::String(text) => Self::parse(&text),
            Value::Object(members) => from_members(&members),
            _ => Err(FaultError("a fault is an object or a text".to_owned())),
        };
        read.map_err(de::Error::custom)
    }
}

fn from_members(members: &Map<String, Value>) -> Result<Fault, FaultError> {
    let name = members.get("fault").and_then(Value::as_str);
    let needed = || FaultError("'fault' is needed: the kind, as a text".to_owned());
    let mut fault = Fault::of(name.ok_or_else(needed)?)?;
    for (name, value) in members.iter().filter(|(name, _)| *name != "fault") {
        match value {
            Value::Null => {}
            Value::String(text) => fault.set(name, text)?,
            value => fault.set(name, &value.to_string())?,
        }
    }
    fault.complete()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(text: &str) -> String {
        Fault::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn texts_and_objects_say_the_same() {
        let text = "status=503,platform=peki,operation=list,method=GET,page=3,times=2,rate=0.1,after=4,seed=7";
        let fault = Fault::parse(text).unwrap();
        assert_eq!(fault.to_string(), text);
        let object = json!({
            "fault": "status", "status": 503, "platform": "peki", "operation": "list", "method": "GET",
            "page": 3, "times": 2, "rate": 0.1, "after": 4, "seed": 7,
        });
        assert_eq!(serde_json::to_value(&fault).unwrap(), object);
        assert_eq!(serde_json::from_value::<Fault>(object).unwrap(), fault);
        assert_eq!(serde_json::from_value::<Fault>(json!(text)).unwrap(), fault);
        assert_eq!(
            Fault::parse("fault=status, status=503")
                .unwrap()
                .to_string(),
            "status=503"
        );
        assert_eq!(
            Fault::parse("clock=-300").unwrap().argument("seconds"),
            -300
        );
        assert_eq!(Fault::parse("latency").unwrap().argument("delay"), 1000);
        assert_eq!(
            Fault::parse("latency=1,latency,delay=2").unwrap_err(),
            FaultError("'latency' has no value: write latency=…".into())
        );
        assert_eq!(
            Fault::parse("latency=1,delay=2").unwrap().argument("delay"),
            2
        );
    }

    #[test]
    fn mistakes_are_told_with_what_was_meant() {
        assert_eq!(
            refused("statsu=503"),
            "there is no fault 'statsu'; did you mean status?"
        );
        assert!(refused("xyz").starts_with("there is no fault 'xyz'; known are refused, down, "));
        assert_eq!(
            refused("status=503,pge=3"),
            "'status' takes no 'pge'; did you mean page?"
        );
        assert_eq!(
            refused("status=503,colour=1"),
            "'status' takes no 'colour'; known are status, platform, operation, method, page, times, rate, after, seed"
        );
        assert_eq!(
            refused("status=200"),
            "'status' must be a whole number from 400 to 599, not '200'"
        );
        assert_eq!(
            refused("status=503,page=0"),
            "'page' must be a whole number from 1 on, not '0'"
        );
        assert_eq!(
            refused("status"),
            "'status' needs 'status', a whole number from 400 to 599"
        );
        assert_eq!(refused("html=3"), "'html' takes no value: write html");
        assert_eq!(refused("html,page"), "'page' has no value: write page=…");
        assert_eq!(
            refused("html,rate=2"),
            "'rate' must be from 0 to 1, not '2'"
        );
        assert_eq!(
            refused("html,rate=NaN"),
            "'rate' must be from 0 to 1, not 'NaN'"
        );
        let object = |value| {
            serde_json::from_value::<Fault>(value)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            object(json!({"status": 503})),
            "'fault' is needed: the kind, as a text"
        );
        assert_eq!(object(json!([])), "a fault is an object or a text");
    }

    #[test]
    fn every_kind_can_be_written_and_read() {
        let mut names = std::collections::BTreeSet::new();
        for kind in KINDS {
            assert!(names.insert(kind.name), "{} twice", kind.name);
            let needed = kind
                .takes
                .iter()
                .filter(|argument| argument.default.is_none());
            let needed: String = needed
                .map(|argument| format!(",{}={}", argument.name, argument.max))
                .collect();
            let fault = Fault::parse(&format!("{}{needed}", kind.name)).unwrap();
            assert_eq!(Fault::parse(&fault.to_string()).unwrap(), fault);
            assert!(kind.summary.ends_with('.'), "{}", kind.name);
            for argument in kind.takes {
                assert!(!SELECTION.contains(&argument.name), "{}", kind.name);
            }
        }
    }
}
