//! A fault: its kind, its arguments, and the requests it applies to.

mod text;

use super::kinds::{self, FaultKind, KINDS};
use botroster_spec::nearest::nearest;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{error::Error, fmt};

/// The selectors that every fault has besides its arguments.
pub(crate) const SELECTORS: [&str; 8] = [
    "platform",
    "operation",
    "method",
    "page",
    "times",
    "rate",
    "after",
    "seed",
];
const DEFAULT_SEED: u64 = 1;

/// A fault to inject, and the requests to inject it into.
///
/// Its text is a comma-separated list: the kind, its arguments, and selectors of requests.
///
/// ```
/// use botroster_sandbox::Fault;
///
/// // The third page fails twice.
/// let fault = Fault::parse("status=503,operation=list,page=3,times=2")?;
/// assert_eq!(fault.to_string(), "status=503,operation=list,page=3,times=2");
/// // One response in ten is two seconds late.
/// Fault::parse("latency=2000,rate=0.1,seed=7")?;
/// // The first argument may be written after the kind, or by name.
/// assert_eq!(Fault::parse("status,status=503")?, Fault::parse("status=503")?);
/// # Ok::<(), botroster_sandbox::FaultError>(())
/// ```
///
/// | selector | meaning | default |
/// |---|---|---|
/// | `platform` | its name | all |
/// | `operation` | its `operationId`, its name in the client, or a stream it reads | all |
/// | `method` | `GET`, `POST`, … | all |
/// | `page` | the page of a list, from 1 | all |
/// | `after` | the number of matching requests to let pass first | 0 |
/// | `times` | the maximum number of times | unlimited |
/// | `rate` | the share of matching requests, from 0 to 1 | 1 |
/// | `seed` | chooses requests by `rate`, and places in responses | 1 |
#[derive(Clone, PartialEq)]
pub struct Fault {
    pub(crate) kind: &'static FaultKind,
    /// The given arguments of the kind.
    arguments: Vec<(&'static str, i64)>,
    pub(crate) only: Selectors,
}

/// The requests a fault applies to.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(crate) struct Selectors {
    pub(crate) platform: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) page: Option<u64>,
    pub(crate) times: Option<u64>,
    pub(crate) rate: Option<f64>,
    pub(crate) after: Option<u64>,
    seed: Option<u64>,
}

/// The reason why a fault is invalid, with a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(pub(crate) String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for FaultError {}

impl Fault {
    /// Parses a text such as `status=503,operation=list,page=3,times=2`.
    ///
    /// # Errors
    ///
    /// If the kind or an argument does not exist, a value is out of range, or a required argument is missing.
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

    /// Returns all kinds, grouped.
    pub fn kinds() -> &'static [FaultKind] {
        KINDS
    }

    pub(super) fn of(name: &str) -> Result<Self, FaultError> {
        let kind = kinds::named(name).ok_or_else(|| {
            let known = KINDS.iter().map(|kind| kind.name);
            FaultError(format!(
                "fault '{name}' does not exist{}",
                known_names(name, known)
            ))
        })?;
        Ok(Self {
            kind,
            arguments: Vec::new(),
            only: Selectors::default(),
        })
    }

    pub(super) fn set(&mut self, name: &str, text: &str) -> Result<(), FaultError> {
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
            "platform" => self.only.platform = Some(text.to_owned()),
            "operation" => self.only.operation = Some(text.to_owned()),
            "method" => self.only.method = Some(text.to_ascii_uppercase()),
            "page" => self.only.page = Some(count(1)?),
            "times" => self.only.times = Some(count(1)?),
            "after" => self.only.after = Some(count(0)?),
            "seed" => self.only.seed = Some(count(0)?),
            "rate" => {
                let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
                let wrong = || FaultError(format!("'rate' must be from 0 to 1, not '{text}'"));
                self.only.rate = Some(rate.ok_or_else(wrong)?);
            }
            _ => {
                let own = self.kind.takes.iter().map(|argument| argument.name);
                let known: Vec<&str> = own.chain(SELECTORS).collect();
                let kind = self.kind.name;
                let known = known_names(name, known.iter().copied());
                return Err(FaultError(format!("'{kind}' takes no '{name}'{known}")));
            }
        }
        Ok(())
    }

    pub(super) fn complete(self) -> Result<Self, FaultError> {
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
                    "'{name}' requires '{}', an integer from {min} to {max}",
                    argument.name
                )))
            }
        }
    }

    /// The value of an argument, or its default.
    pub(crate) fn argument(&self, name: &str) -> i64 {
        let given = self.arguments.iter().find(|(known, _)| *known == name);
        let default = || self.kind.argument(name)?.default;
        given.map(|(_, value)| *value).or_else(default).unwrap_or(0)
    }

    /// The value of an argument that cannot be negative.
    pub(crate) fn count(&self, name: &str) -> u64 {
        u64::try_from(self.argument(name)).unwrap_or(0)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.only.seed.unwrap_or(DEFAULT_SEED)
    }

    /// Arguments and selectors as given.
    pub(super) fn given(&self) -> Map<String, Value> {
        let arguments = self.arguments.iter();
        let arguments = arguments.map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        let mut given: Map<String, Value> = arguments.collect();
        if let Value::Object(selected) = json!(self.only) {
            given.extend(selected.into_iter().filter(|(_, value)| !value.is_null()));
        }
        given
    }
}

/// `; did you mean …?`, or the list of known names.
pub(crate) fn known_names<'a>(typed: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
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
            i64::MAX => format!("from {min}"),
            _ => format!("from {min} to {max}"),
        };
        FaultError(format!("'{name}' must be an integer {range}, not '{text}'"))
    })
}
