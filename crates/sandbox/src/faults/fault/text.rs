//! Faults as text and as JSON.

use super::{Fault, FaultError};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use std::{fmt, str::FromStr};

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

/// Writes the text that [`Fault::parse`] accepts.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name)?;
        let main = self.kind.takes.first().map(|argument| argument.name);
        let mut given = self.given();
        if let Some(value) = main.and_then(|name| given.shift_remove(name)) {
            write!(f, "={value}")?;
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

/// Writes an object: the kind as `fault`, arguments and selectors by name.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = ("fault".to_owned(), Value::from(self.kind.name));
        serializer.collect_map([kind].into_iter().chain(self.given()))
    }
}

/// Reads an object, or a string as [`Fault::parse`] accepts it.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = match Value::deserialize(deserializer)? {
            Value::String(text) => Self::parse(&text),
            Value::Object(members) => from_members(&members),
            _ => Err(FaultError("a fault is an object or a string".to_owned())),
        };
        read.map_err(de::Error::custom)
    }
}

fn from_members(members: &Map<String, Value>) -> Result<Fault, FaultError> {
    let name = members.get("fault").and_then(Value::as_str);
    let needed = || FaultError("'fault' is required: the kind, as a string".to_owned());
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
    use crate::faults::{fault::SELECTORS, kinds::KINDS};
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
    fn errors_suggest_what_was_meant() {
        assert_eq!(
            refused("statsu=503"),
            "fault 'statsu' does not exist; did you mean status?"
        );
        assert!(
            refused("xyz").starts_with("fault 'xyz' does not exist; known are refused, down, ")
        );
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
            "'status' must be an integer from 400 to 599, not '200'"
        );
        assert_eq!(
            refused("status=503,page=0"),
            "'page' must be an integer from 1, not '0'"
        );
        assert_eq!(
            refused("status"),
            "'status' requires 'status', an integer from 400 to 599"
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
            "'fault' is required: the kind, as a string"
        );
        assert_eq!(object(json!([])), "a fault is an object or a string");
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
                assert!(!SELECTORS.contains(&argument.name), "{}", kind.name);
            }
        }
    }
}
