//! Categories of personal data, as `x-personal` names them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A category of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Personal {
    /// Name of a person.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Postal address.
    Address,
    /// Location, or data that reveals it, such as a time zone.
    Location,
    /// IP address.
    Ip,
    /// Identifier of a person or of something that belongs to one.
    Identifier,
    /// Gender, language and the like.
    Demographic,
    /// Address of a page or file that shows a person.
    Url,
    /// Text that a person wrote or read.
    Message,
    /// Anything: the document does not restrict it.
    FreeForm,
    /// No personal data.
    None,
}

impl Personal {
    /// All categories, in the order of the reference.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Location,
        Self::Ip,
        Self::Identifier,
        Self::Demographic,
        Self::Url,
        Self::Message,
        Self::FreeForm,
        Self::None,
    ];

    /// Returns the word of the vocabulary.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Location => "location",
            Self::Ip => "ip",
            Self::Identifier => "identifier",
            Self::Demographic => "demographic",
            Self::Url => "url",
            Self::Message => "message",
            Self::FreeForm => "free-form",
            Self::None => "none",
        }
    }

    /// Reads the word `x-personal` of a schema; `None` where it is absent or unknown.
    pub fn of(schema: &Value) -> Option<Self> {
        let word = schema.get("x-personal")?.as_str()?;
        Self::ALL.into_iter().find(|known| known.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_serde_writes() {
        for personal in Personal::ALL {
            assert_eq!(serde_json::to_value(personal).unwrap(), personal.word());
            let schema = serde_json::json!({ "x-personal": personal.word() });
            assert_eq!(Personal::of(&schema), Some(personal));
        }
        assert_eq!(Personal::of(&serde_json::json!({})), None);
    }
}
