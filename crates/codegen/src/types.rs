//! Types of a platform: records that preserve unknown fields, open enumerations, and `Debug` without personal data.

mod choice;
mod field;
mod record;
mod setters;

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

pub(crate) use crate::types::field::{Presence, presence};
use crate::{
    docs::doc,
    evidence,
    imports::ImportCandidate,
    schema::{self, ComponentKind, ComponentUses, rust_type},
    types::{
        choice::{enumeration, one_of},
        record::record,
    },
};
use botroster_spec::{Spec, idents::camel, pointer::escape};

/// Generates the types of a spec with their serialization and `Debug`.
pub(crate) fn emit(spec: &Spec, uses: &ComponentUses) -> Result<Vec<GeneratedType>> {
    let mut types = Vec::new();
    for (name, value, at) in spec.tree.entries("/components/schemas") {
        let (sent, received) = (uses.sent.contains(name), uses.received.contains(name));
        if !sent && !received {
            continue;
        }
        let (ty, codec) = match schema::kind(value) {
            ComponentKind::Record => record(spec, uses, name, value, &at)?,
            ComponentKind::Enum(values) => enumeration(spec, name, value, &values, !received),
            ComponentKind::OneOf(variants) => one_of(spec, name, value, &variants)?,
            ComponentKind::Alias => {
                let (ident, docs, target) = (
                    camel(name),
                    description(spec, value, name),
                    rust_type(value, &quote!())?,
                );
                (quote!(#docs pub type #ident = #target;), quote!())
            }
        };
        types.push(GeneratedType {
            name: name.clone(),
            code: quote!(#ty #codec),
        });
    }
    Ok(types)
}

/// A generated type.
pub(crate) struct GeneratedType {
    /// Name in the spec.
    pub(crate) name: String,
    pub(crate) code: TokenStream,
}

/// Imports that types may need besides each other.
pub(super) fn imports() -> Vec<ImportCandidate> {
    let mut imports = ImportCandidate::several(&[
        ("std", "fmt"),
        ("std::borrow", "Cow"),
        ("std::convert", "Infallible"),
        ("std::str", "FromStr"),
        ("botroster_client", "Error Item codegen"),
        (
            "botroster_client::codegen",
            "Blank FieldMatch Hidden ObjectFields deserialize deserialize_text not_one_of or_blank put put_all put_list put_some required unknown",
        ),
        (
            "botroster_client::codegen::serde",
            "Deserialize Deserializer Serialize Serializer",
        ),
        ("botroster_client::codegen::serde::de", "MapAccess"),
    ]);
    let map = ImportCandidate::new("botroster_client::codegen::serde::ser", "SerializeMap");
    imports.push(map.or_method("serialize_map"));
    imports
}

/// Generates the documentation of a component, with its source.
fn description(spec: &Spec, value: &Value, name: &str) -> TokenStream {
    let text = value["description"].as_str().unwrap_or(name);
    match evidence::at(spec, &format!("/components/schemas/{}", escape(name))) {
        Some(from) => doc(&format!("{text}\n\nSource: {}.", evidence::named(&from))),
        None => doc(text),
    }
}
