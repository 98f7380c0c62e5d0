//! Where personal data is, for programs.

/// A place in what a platform sends or is sent that may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonalField {
    /// Name of the schema in the spec; for a parameter, and for a body or an answer that is no schema, the `operationId`.
    pub schema: &'static str,
    /// JSON Pointer into it, where `*` is any item of a list and any key of a map, and the empty text the whole; a parameter
    /// by its wire name.
    pub field: &'static str,
    /// What kind of data it is.
    pub category: PersonalCategory,
}

/// A kind of personal data. New kinds may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PersonalCategory {
    /// Name of a person.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Postal address.
    Address,
    /// Where somebody is or lives; time zone.
    Location,
    /// IP address.
    Ip,
    /// What identifies a person, or what belongs to one.
    Identifier,
    /// Gender, language and the like.
    Demographic,
    /// Address of a page or a picture.
    Url,
    /// What somebody wrote.
    Message,
    /// May hold anything.
    FreeForm,
}
