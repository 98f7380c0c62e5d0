//! The types of a platform: records that keep what they do not know, enumerations that stay open, `Debug` that hides people.

mod choice;
mod field;
mod record;
mod setters;

use anyhow::{Result, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

pub(crate) use crate::types::field::{Presence, presence};
use crate::{
    docs::doc,
    evidence,
    imports::Import,
    schema::{self, Kind, Uses, rust_type},
    types::{
        choice::{enumeration, one_of},
        record::record,
    },
};
use botroster_spec::{Spec, idents::camel, pointer::escape};

/// The types of a spec, each with the code that reads, writes and shows it.
pub(crate) fn emit(spec: &Spec, uses: &Uses) -> Result<Vec<Type>> {
    let mut types = Vec::new();
    for (name, value, at) in spec.tree.entries("/components/schemas") {
        let (sent, received) = (uses.sent.contains(name), uses.received.contains(name));
        if !sent && !received {
            continue;
        }
        let (ty, codec) = match schema::kind(value) {
            Kind::OneOf(_) if received => bail!(
                "{}: `{name}` is read, and which of its forms an answer has cannot be told: write one object with the properties of all, or a component with a description only",
                spec.tree.locate(&at)
            ),
            Kind::Record => record(spec, uses, name, value, &at)?,
            Kind::Enum(values) => enumeration(spec, name, value, &values, !received, &at)?,
            Kind::OneOf(variants) => one_of(spec, name, value, &variants)?,
            Kind::Alias => {
                let (ident, docs, target) = (
                    camel(name),
                    description(spec, value, name),
                    rust_type(value, &quote!())?,
                );
                (quote!(#docs pub type #ident = #target;), quote!())
            }
        };
        types.push(Type {
            name: name.clone(),
            code: quote!(#ty #codec),
        });
    }
    Ok(types)
}

/// One type.
pub(crate) struct Type {
    /// Its name in the spec.
    pub(crate) name: String,
    pub(crate) code: TokenStream,
}

/// What types may use besides each other.
pub(super) fn imports() -> Vec<Import> {
    let mut imports = Import::several("std", "fmt");
    imports.push(Import::new("std::borrow", "Cow"));
    imports.push(Import::new("std::convert", "Infallible"));
    imports.push(Import::new("std::str", "FromStr"));
    imports.extend(Import::several("botroster_client", "Error Item codegen"));
    imports.extend(Import::several(
        "botroster_client::codegen",
        "Blank FieldMatch Hidden ObjectFields deserialize deserialize_text not_one_of or_blank put put_all put_list put_some required unknown",
    ));
    imports.extend(Import::several(
        "botroster_client::codegen::serde",
        "Deserialize Deserializer Serialize Serializer",
    ));
    imports.push(Import::new(
        "botroster_client::codegen::serde::de",
        "MapAccess",
    ));
    imports.push(
        Import::new("botroster_client::codegen::serde::ser", "SerializeMap")
            .or_method("serialize_map"),
    );
    imports
}

/// What is written about a component, and where that is from.
fn description(spec: &Spec, value: &Value, name: &str) -> TokenStream {
    let text = value["description"].as_str().unwrap_or(name);
    match evidence::at(spec, &format!("/components/schemas/{}", escape(name))) {
        Some(from) => doc(&format!("{text}\n\nFrom {}.", evidence::named(&from))),
        None => doc(text),
    }
}
