//! The locations of personal data, for programs.

/// A field of a request or response that may contain personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonalField {
    /// Name of the schema in the spec. For a parameter, and for a body or response without a named schema, the `operationId`.
    pub schema: &'static str,
    /// JSON Pointer into the schema, where `*` matches every item of a list and every key of a map, and the empty string is the
    /// whole value. For a parameter, its wire name.
    pub field: &'static str,
    /// Category of the data.
    pub category: PersonalCategory,
}

/// A category of personal data.
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
    /// Location or time zone.
    Location,
    /// IP address.
    Ip,
    /// Identifier of a person or of something that belongs to one.
    Identifier,
    /// Gender, language and similar attributes.
    Demographic,
    /// URL of a page or image.
    Url,
    /// Message content.
    Message,
    /// Free-form content.
    FreeForm,
}
