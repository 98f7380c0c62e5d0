//! Names, places and sentences in several languages and scripts, from `cultures.json`.

use serde::Deserialize;
use std::sync::LazyLock;

/// A name as written, and in ASCII for addresses.
type Name = (&'static str, &'static str);

/// City, region, time zone.
type City = (&'static str, &'static str, &'static str);

/// How a full name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum NameOrder {
    GivenFirst,
    /// Family name first, with a space.
    FamilyFirst,
    /// Family name first, without a space.
    Joint,
}

#[derive(Debug, Deserialize)]
pub(super) struct Culture {
    pub(super) language: &'static str,
    pub(super) country: &'static str,
    pub(super) order: NameOrder,
    pub(super) places: Vec<City>,
    pub(super) female: Vec<Name>,
    pub(super) male: Vec<Name>,
    pub(super) family: Vec<Name>,
    /// What people write to a shop.
    pub(super) messages: Vec<&'static str>,
}

/// All cultures. The tests read the file, too: it is never empty.
pub(super) static CULTURES: LazyLock<Vec<Culture>> =
    LazyLock::new(|| serde_json::from_str(include_str!("cultures.json")).unwrap_or_default());

/// Without names; only for an empty list of cultures.
pub(super) static NO_CULTURE: Culture = Culture {
    language: "",
    country: "",
    order: NameOrder::GivenFirst,
    places: Vec::new(),
    female: Vec::new(),
    male: Vec::new(),
    family: Vec::new(),
    messages: Vec::new(),
};
