//! Setters of records that are sent, and conversions into records with one field.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::{
    docs::doc,
    types::field::{Presence, PropertyField},
};

/// Generates a `with_*` method for each field that is no parameter of `new`.
pub(super) fn setters(fields: &[PropertyField]) -> TokenStream {
    fields
        .iter()
        .filter(|field| !field.is_argument())
        .map(|field| setter(field, &name(field, fields)))
        .collect()
}

fn setter(field: &PropertyField, name: &Ident) -> TokenStream {
    let (ident, docs) = (&field.ident, doc(&format!("Sets `{}`.", field.wire)));
    let (taken, value) = argument(field);
    let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #docs
        #deprecated
        #[must_use]
        pub fn #name(mut self, #ident: #taken) -> Self {
            self.#ident = #value;
            self
        }
    }
}

/// The parameter of a setter, and the value of the field that is made of it.
fn argument(field: &PropertyField) -> (TokenStream, TokenStream) {
    let (ident, ty) = (&field.ident, &field.ty);
    let list = match (&field.item, field.presence) {
        (Some(item), Presence::List | Presence::Always) => Some(item),
        _ => None,
    };
    if let Some(item) = list {
        return (
            quote!(impl IntoIterator<Item = impl Into<#item>>),
            quote!(#ident.into_iter().map(Into::into).collect()),
        );
    }
    // An integer literal has no type to convert from.
    let is_plain = matches!(ty.to_string().as_str(), "bool" | "i64");
    let (taken, value) = if is_plain {
        (quote!(#ty), quote!(#ident))
    } else {
        (quote!(impl Into<#ty>), quote!(#ident.into()))
    };
    match field.presence {
        Presence::Nullable => {
            let full = field.full_type();
            (quote!(impl Into<#full>), quote!(#ident.into()))
        }
        Presence::Optional | Presence::AlwaysOrNull | Presence::RequiredOrNull => {
            (taken, quote!(Some(#value)))
        }
        Presence::Required | Presence::Always | Presence::List => (taken, value),
    }
}

/// Returns `with_` and the name of the field, without the escape of keywords unless that would collide.
fn name(field: &PropertyField, fields: &[PropertyField]) -> Ident {
    let bare = |field: &PropertyField| {
        let name = field.ident.to_string();
        name.trim_start_matches("r#")
            .trim_end_matches('_')
            .to_owned()
    };
    let own = bare(field);
    if fields.iter().filter(|other| bare(other) == own).count() == 1 {
        format_ident!("with_{own}")
    } else {
        format_ident!("with_{}", field.ident.to_string().trim_start_matches("r#"))
    }
}

/// Generates `From` for a record with one field.
pub(super) fn conversions(ident: &Ident, fields: &[PropertyField]) -> TokenStream {
    let [field] = fields else {
        return quote!();
    };
    let (ty, name) = (&field.ty, &field.ident);
    let value = match field.presence {
        Presence::Required | Presence::Always | Presence::List => quote!(#name),
        presence => {
            let value = presence.wrap(quote!(#name));
            quote!(#name: #value)
        }
    };
    let deprecated = field
        .deprecated
        .then(|| quote!(#[expect(deprecated, reason = "deprecated fields are still sent")]));
    let text = (ty.to_string() == "String").then(|| {
        quote! {
            impl From<&str> for #ident {
                fn from(#name: &str) -> Self {
                    Self::from(#name.to_owned())
                }
            }
        }
    });
    quote! {
        #deprecated
        impl From<#ty> for #ident {
            fn from(#name: #ty) -> Self {
                Self { #value, extra: Default::default() }
            }
        }
        #text
    }
}
