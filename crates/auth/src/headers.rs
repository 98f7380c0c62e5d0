//! The headers that carry a signature: rendered by the signer, parsed by the verifier.

use crate::{
    RecipeError,
    credential::is_visible,
    encoding::Encoding,
    template::{Piece, split},
    timestamp::TimestampFormat,
};
use http::HeaderName;

/// A placeholder of a header template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Key,
    Signature,
    Timestamp,
    Nonce,
}

/// The values of the slots; `None` for a slot that no header uses.
#[derive(Default)]
pub(crate) struct Slots<'a> {
    pub(crate) key: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
    pub(crate) timestamp: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
}

#[derive(Clone, Debug)]
enum HeaderPart {
    Text(Box<str>),
    Slot(Slot),
}

/// A header name with the compiled template of its value.
#[derive(Clone, Debug)]
pub(crate) struct HeaderTemplate {
    pub(crate) name: HeaderName,
    parts: Vec<HeaderPart>,
}

impl HeaderTemplate {
    pub(crate) fn parse_all(
        headers: &[(&str, &str)],
        encoding: Encoding,
        timestamp: TimestampFormat,
    ) -> Result<Vec<Self>, RecipeError> {
        let mut parsed: Vec<Self> = Vec::with_capacity(headers.len());
        let mut slots: Vec<Slot> = Vec::new();
        for (name, template) in headers {
            let error = |problem: String| RecipeError::new(format!("headers.{name}"), problem);
            let header = Self::parse(name, template).map_err(error)?;
            header
                .check_separators(encoding, timestamp)
                .map_err(error)?;
            if parsed.iter().any(|other| other.name == header.name) {
                return Err(error("the header occurs twice".to_owned()));
            }
            for slot in header.slots() {
                if slots.contains(&slot) {
                    return Err(error(format!(
                        "{} occurs twice; it may occur once",
                        slot.placeholder()
                    )));
                }
                slots.push(slot);
            }
            parsed.push(header);
        }
        Ok(parsed)
    }

    fn parse(name: &str, template: &str) -> Result<Self, String> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
            "not a header name; allowed are letters, digits and !#$%&'*+-.^_`|~".to_owned()
        })?;
        if template.is_empty() || template.trim() != template || !is_visible(template) {
            return Err(
                "the template must be visible ASCII without surrounding white space".to_owned(),
            );
        }
        let parts = split(template)?
            .iter()
            .map(HeaderPart::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { name, parts })
    }

    /// A receiver must be able to find the end of a slot: the literal text after it starts with a character that the slot
    /// cannot contain.
    fn check_separators(
        &self,
        encoding: Encoding,
        timestamp: TimestampFormat,
    ) -> Result<(), String> {
        for pair in self.parts.windows(2) {
            let (slot, next) = match pair {
                [HeaderPart::Slot(slot), HeaderPart::Slot(next)] => {
                    let (slot, next) = (slot.placeholder(), next.placeholder());
                    return Err(format!("{slot} and {next} need literal text between them"));
                }
                [HeaderPart::Slot(slot), HeaderPart::Text(text)] => (slot, text.chars().next()),
                _ => continue,
            };
            let ambiguous = next.is_some_and(|c| match slot {
                Slot::Signature => encoding.may_hold(c),
                Slot::Timestamp => timestamp.may_hold(c),
                Slot::Key | Slot::Nonce => false,
            });
            if ambiguous {
                return Err(format!(
                    "the text after {} starts with a character that it can contain",
                    slot.placeholder()
                ));
            }
        }
        Ok(())
    }

    pub(crate) fn uses_signature(&self) -> bool {
        self.slots().any(|slot| slot == Slot::Signature)
    }

    pub(crate) fn uses_timestamp(&self) -> bool {
        self.slots().any(|slot| slot == Slot::Timestamp)
    }

    pub(crate) fn uses_nonce(&self) -> bool {
        self.slots().any(|slot| slot == Slot::Nonce)
    }

    pub(crate) fn uses_key(&self) -> bool {
        self.slots().any(|slot| slot == Slot::Key)
    }

    /// Returns whether the value must be marked sensitive.
    pub(crate) fn is_sensitive(&self) -> bool {
        self.uses_key() || self.uses_signature()
    }

    /// Returns whether the value is the same for every request with one credential.
    pub(crate) fn is_fixed(&self) -> bool {
        self.slots().all(|slot| slot == Slot::Key)
    }

    /// The character after the slot in this header.
    pub(crate) fn separator_after(&self, wanted: Slot) -> Option<char> {
        self.parts.windows(2).find_map(|pair| match pair {
            [HeaderPart::Slot(slot), HeaderPart::Text(text)] if *slot == wanted => {
                text.chars().next()
            }
            _ => None,
        })
    }

    pub(crate) fn render(&self, slots: &Slots<'_>) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                HeaderPart::Text(text) => text,
                HeaderPart::Slot(slot) => slots.get(*slot).unwrap_or_default(),
            })
            .collect()
    }

    /// Parses a value into `slots`. Returns `None` if it does not match the template.
    pub(crate) fn capture<'v>(&self, value: &'v str, slots: &mut Slots<'v>) -> Option<()> {
        let mut rest = value;
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                HeaderPart::Text(text) => rest = rest.strip_prefix(&**text)?,
                HeaderPart::Slot(slot) => {
                    let end = match parts.peek() {
                        Some(HeaderPart::Text(text)) => rest.find(text.chars().next()?)?,
                        _ => rest.len(),
                    };
                    let (text, after) = rest.split_at_checked(end)?;
                    if text.is_empty() {
                        return None;
                    }
                    *slots.get_mut(*slot) = Some(text);
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(())
    }

    fn slots(&self) -> impl Iterator<Item = Slot> {
        self.parts.iter().filter_map(|part| match part {
            HeaderPart::Slot(slot) => Some(*slot),
            HeaderPart::Text(_) => None,
        })
    }
}

impl HeaderPart {
    fn parse(piece: &Piece<'_>) -> Result<Self, String> {
        let name = match piece {
            Piece::Text(text) => return Ok(Self::Text((*text).into())),
            Piece::Placeholder(name) => *name,
        };
        Ok(Self::Slot(match name {
            "key" => Slot::Key,
            "signature" => Slot::Signature,
            "timestamp" => Slot::Timestamp,
            "nonce" => Slot::Nonce,
            _ => {
                let known = "{key}, {signature}, {timestamp}, {nonce}";
                return Err(format!(
                    "unknown placeholder {{{name}}} in a header; known are {known}"
                ));
            }
        }))
    }
}

impl Slot {
    fn placeholder(self) -> &'static str {
        match self {
            Self::Key => "{key}",
            Self::Signature => "{signature}",
            Self::Timestamp => "{timestamp}",
            Self::Nonce => "{nonce}",
        }
    }
}

impl<'a> Slots<'a> {
    fn get(&self, slot: Slot) -> Option<&'a str> {
        match slot {
            Slot::Key => self.key,
            Slot::Signature => self.signature,
            Slot::Timestamp => self.timestamp,
            Slot::Nonce => self.nonce,
        }
    }

    fn get_mut(&mut self, slot: Slot) -> &mut Option<&'a str> {
        match slot {
            Slot::Key => &mut self.key,
            Slot::Signature => &mut self.signature,
            Slot::Timestamp => &mut self.timestamp,
            Slot::Nonce => &mut self.nonce,
        }
    }
}
