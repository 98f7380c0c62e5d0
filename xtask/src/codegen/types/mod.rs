//! The types of a platform: records that keep what they do not know, enumerations that stay open, `Debug` that hides people.

mod choice;
mod field;
mod record;

use anyhow::{Result, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

pub(crate) use self::field::{Presence, presence};
use self::{
    choice::{enumeration, one_of},
    record::record,
};
use super::{
    docs::doc,
    model::Spec,
    names::camel,
    schema::{self, Kind, Uses, rust_type},
};

/// `types.rs` and `codec.rs`.
pub(crate) fn emit(spec: &Spec, uses: &Uses) -> Result<(TokenStream, TokenStream)> {
    let (mut types, mut codecs) = (TokenStream::new(), TokenStream::new());
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
                    description(value, name),
                    rust_type(value, &quote!())?,
                );
                (quote!(#docs pub type #ident = #target;), quote!())
            }
        };
        types.extend(ty);
        codecs.extend(codec);
    }
    Ok((types, codecs))
}

fn description(value: &Value, name: &str) -> TokenStream {
    doc(value
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or(name))
}
