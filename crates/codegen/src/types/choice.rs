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
    let (ty, codec) = if closed {
        let first = variants.first();
        let ty = quote! {
            #docs
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #ident { #declared }
        };
        let codec = quote! {
            impl #ident {
                /// Returns the value as it appears on the wire.
                pub fn as_str(&self) -> &str {
                    match self { #arms }
                }
            }
            impl FromStr for #ident {
                type Err = Error;
                fn from_str(text: &str) -> Result<Self, Error> {
                    match text {
                        #(#values => Ok(Self::#variants),)*
                        _ => Err(not_one_of(#name, &[#(#values),*])),
                    }
                }
            }
            impl<'de> Deserialize<'de> for #ident {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserialize_text(deserializer, |text| text.parse().ok())
                }
            }
            impl Blank for #ident {
                fn blank() -> Self {
                    Self::#first
                }
            }
        };
        (ty, codec)
    } else {
        let ty = quote! {
            #docs
            ///
            /// Unlisted values are preserved as [`Other`](Self::Other).
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #ident {
                #declared
                /// A value unknown to this version.
                Other(botroster_client::UnknownValue),
            }
        };
        let codec = quote! {
            impl #ident {
                /// Returns the value as it appears on the wire.
                pub fn as_str(&self) -> &str {
                    match self {
                        #arms
                        Self::Other(value) => value.as_str(),
                    }
                }
            }
            impl From<&str> for #ident {
                fn from(text: &str) -> Self {
                    match text {
                        #(#values => Self::#variants,)*
                        _ => Self::Other(unknown(text.to_owned())),
                    }
                }
            }
            impl FromStr for #ident {
                type Err = Infallible;
                fn from_str(text: &str) -> Result<Self, Infallible> {
                    Ok(text.into())
                }
            }
            impl<'de> Deserialize<'de> for #ident {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserialize_text(deserializer, |text| Some(text.into()))
                }
            }
            impl Blank for #ident {
                fn blank() -> Self {
                    "".into()
                }
            }
        };
        (ty, codec)
    };
    let shared = quote! {
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
    (ty, quote!(#codec #shared))
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
