//! From wire names to Rust names.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::Ident;
use quote::format_ident;

/// A field, argument or method.
pub fn snake(wire: &str) -> Ident {
    let name = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_snake_case();
    ident(&name, "v")
}

/// The field of a property. `extra` holds the properties that are not known.
pub fn field(wire: &str) -> Ident {
    let ident = snake(wire);
    if ident == "extra" {
        format_ident!("extra_")
    } else {
        ident
    }
}

/// What every request has besides the setters of its parameters.
const OWN: [&str; 14] = [
    "bytes",
    "clone",
    "core",
    "new",
    "pages",
    "resume",
    "rows",
    "send",
    "send_raw",
    "stream",
    "walk",
    "with_concurrency",
    "with_dedupe",
    "into_future",
];

/// The argument and the setter of a parameter.
pub fn argument(wire: &str) -> Ident {
    let ident = snake(wire);
    if OWN.iter().any(|own| ident == own) {
        format_ident!("{ident}_")
    } else {
        ident
    }
}

/// A type or variant.
pub fn camel(wire: &str) -> Ident {
    let name = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_upper_camel_case();
    ident(&name, "V")
}

/// A value of an enumeration. `Other` holds the values that are not known, and a sort order such as `-name` is not `name`.
pub fn variant(value: &str) -> Ident {
    let rest = value.strip_prefix('-').unwrap_or_default();
    let name = if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        camel(&format!("minus_{rest}"))
    } else {
        camel(value)
    };
    if name == "Other" {
        format_ident!("Other_")
    } else {
        name
    }
}

/// `first` goes before a name that has no letter to begin with.
fn ident(name: &str, first: &str) -> Ident {
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        format!("{first}{name}")
    } else {
        name.to_owned()
    };
    match syn::parse_str::<Ident>(&name) {
        // A word of this edition, which syn does not know.
        Ok(ident) if ident == "gen" => format_ident!("gen_"),
        Ok(ident) => ident,
        // Only the few that cannot be raw need another spelling; `type_` reads better than `r#type` in all of them.
        Err(_) => format_ident!("{name}_"),
    }
}

/// The method that opens a scope, after its last parameter: `chatbotId` gives `chatbot`.
pub fn scope_method(last: &str) -> String {
    let last = last.to_snake_case();
    ["_id", "_key", "_uuid"]
        .iter()
        .find_map(|end| last.strip_suffix(end))
        .unwrap_or(&last)
        .to_owned()
}

/// The name progenitor gives the argument of a parameter.
pub fn is_argument_of(argument: &str, wire: &str) -> bool {
    let wanted = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_snake_case();
    // A digit does not begin an argument.
    let argument = argument.trim_start_matches("r#").trim_matches('_');
    argument == wanted.trim_matches('_')
}
