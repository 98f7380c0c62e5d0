//! Rust identifiers of wire names.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use proc_macro2::Ident;
use quote::format_ident;

/// Returns the name of a field, argument or method, in snake_case.
pub fn snake(wire: &str) -> Ident {
    let name = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_snake_case();
    ident(&name, "v")
}

/// Returns the name of a property's field; `extra` is reserved for unknown properties.
pub fn field(wire: &str) -> Ident {
    let ident = snake(wire);
    if ident == "extra" {
        format_ident!("extra_")
    } else {
        ident
    }
}

/// Methods of request builders that are not setters of parameters.
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

/// Returns the name of a parameter's argument and setter.
pub fn argument(wire: &str) -> Ident {
    let ident = snake(wire);
    if OWN.iter().any(|own| ident == own) {
        format_ident!("{ident}_")
    } else {
        ident
    }
}

/// Returns the name of a type or variant, in PascalCase.
pub fn camel(wire: &str) -> Ident {
    let name = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_upper_camel_case();
    ident(&name, "V")
}

/// Returns the variant of an enum value. `Other` is reserved for unknown values; a leading `-`, as in the sort order `-name`, is kept distinct.
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

/// Returns an identifier; `first` precedes a name that does not start with a letter.
fn ident(name: &str, first: &str) -> Ident {
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        format!("{first}{name}")
    } else {
        name.to_owned()
    };
    match syn::parse_str::<Ident>(&name) {
        // A keyword of this edition that syn does not know.
        Ok(ident) if ident == "gen" => format_ident!("gen_"),
        Ok(ident) => ident,
        // Only a few keywords cannot be raw identifiers; a trailing underscore, as in `type_`, works for all of them.
        Err(_) => format_ident!("{name}_"),
    }
}

/// Returns the name of the method that opens a scope, after the last scope parameter: `chatbot` for `chatbotId`.
pub fn scope_method(last: &str) -> String {
    let last = last.to_snake_case();
    ["_id", "_key", "_uuid"]
        .iter()
        .find_map(|end| last.strip_suffix(end))
        .unwrap_or(&last)
        .to_owned()
}

/// Returns the name that progenitor gives the argument of a parameter.
pub fn is_argument_of(argument: &str, wire: &str) -> bool {
    let wanted = wire
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_snake_case();
    // An argument cannot start with a digit.
    let argument = argument.trim_start_matches("r#").trim_matches('_');
    argument == wanted.trim_matches('_')
}
