//! Enumerations, and bodies with several forms.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::{docs::doc, types::description};
use botroster_spec::{
    Spec,
    idents::{camel, variant},
};

pub(super) fn enumeration(
    spec: &Spec,
    name: &str,
    value: &Value,
    values: &[String],
    closed: bool,
) -> (TokenStream, TokenStream) {
    let (ident, docs) = (camel(name), description(spec, value, name));
    let variants: Vec<Ident> = values.iter().map(|value| variant(value)).collect();
    let variant_docs = values.iter().map(|value| doc(&format!("`{value}`")));
    let declared = quote!(#(#variant_docs #variants,)*);
    let arms = quote!(#(Self::#variants => #values,)*);
    let first = variants.first();
    // A closed enumeration rejects unlisted values, an open one preserves them.
    let open = (!closed).then(|| {
        quote! {
            impl From<&str> for #ident {
                fn from(text: &str) -> Self {
                    match text {
                        #(#values => Self::#variants,)*
                        _ => Self::Other(unknown(text.to_owned())),
                    }
                }
            }
        }
    });
    let (note, copy, other) = if closed {
        (None, Some(quote!(Copy,)), None)
    } else {
        let note = doc("\nUnlisted values are preserved as [`Other`](Self::Other).");
        let other = quote! {
            /// A value unknown to this version.
            Other(botroster_client::UnknownValue),
        };
        (Some(quote!(#[doc = ""] #note)), None, Some(other))
    };
    let other_arm = (!closed).then(|| quote!(Self::Other(value) => value.as_str(),));
    let (error, parsed, read, blank) = if closed {
        let parsed = quote! {
            match text {
                #(#values => Ok(Self::#variants),)*
                _ => Err(not_one_of(#name, &[#(#values),*])),
            }
        };
        let read = quote!(text.parse().ok());
        (quote!(Error), parsed, read, quote!(Self::#first))
    } else {
        let (parsed, read) = (quote!(Ok(text.into())), quote!(Some(text.into())));
        (quote!(Infallible), parsed, read, quote!("".into()))
    };
    let ty = quote! {
        #docs
        #note
        #[derive(Clone, #copy Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident { #declared #other }
    };
    let codec = quote! {
        impl #ident {
            /// Returns the value as it appears on the wire.
            pub fn as_str(&self) -> &str {
                match self { #arms #other_arm }
            }
        }
        #open
        impl FromStr for #ident {
            type Err = #error;
            fn from_str(text: &str) -> Result<Self, #error> {
                #parsed
            }
        }
        impl<'de> Deserialize<'de> for #ident {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_text(deserializer, |text| #read)
            }
        }
        impl Blank for #ident {
            fn blank() -> Self {
                #blank
            }
        }
        impl fmt::Display for #ident {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl Serialize for #ident {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
    (ty, codec)
}

/// Generates the type of a body with several forms, one of which is sent.
pub(super) fn one_of(
    spec: &Spec,
    name: &str,
    value: &Value,
    variants: &[String],
) -> Result<(TokenStream, TokenStream)> {
    let (ident, docs) = (camel(name), description(spec, value, name));
    let idents: Vec<Ident> = variants.iter().map(|variant| camel(variant)).collect();
    let variant_docs = variants
        .iter()
        .map(|variant| Ok(description(spec, spec.schema(variant)?, variant)))
        .collect::<Result<Vec<_>>>()?;
    let ty = quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variant_docs #idents(#idents),)*
        }
        #(impl From<#idents> for #ident {
            fn from(value: #idents) -> Self {
                Self::#idents(value)
            }
        })*
    };
    let codec = quote! {
        impl Serialize for #ident {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { #(Self::#idents(value) => value.serialize(serializer),)* }
            }
        }
    };
    Ok((ty, codec))
}
