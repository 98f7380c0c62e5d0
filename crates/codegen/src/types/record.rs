//! Records: objects that preserve unknown fields.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::{
    docs::{doc, many_arguments},
    schema::{self, ComponentUses, or_null, rust_type},
    types::{
        description,
        field::{Presence, PropertyField, fields},
        setters,
    },
};
use botroster_spec::{Spec, idents::camel, pointer::child};

pub(super) fn record(
    spec: &Spec,
    uses: &ComponentUses,
    name: &str,
    value: &Value,
    at: &str,
) -> Result<(TokenStream, TokenStream)> {
    let fields = fields(spec, uses, name, at)?;
    let (ident, docs) = (camel(name), description(spec, value, name));
    let (extra, keep) = match value.get("additionalProperties") {
        Some(values) if values.is_object() => {
            let inner = or_null(values, rust_type(values, &quote!())?);
            let map = quote!(std::collections::BTreeMap<String, #inner>);
            (map, quote!(insert))
        }
        _ => (quote!(botroster_client::Extra), quote!(push)),
    };
    let declared = fields.iter().map(|field| {
        let (docs, ident, ty) = (&field.docs, &field.ident, field.full_type());
        let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
        quote!(#docs #deprecated pub #ident: #ty,)
    });
    let arguments: Vec<&PropertyField> =
        fields.iter().filter(|field| field.is_argument()).collect();
    let taken = arguments.iter().map(|field| {
        let (ident, ty) = (&field.ident, field.full_type());
        quote!(#ident: impl Into<#ty>)
    });
    let values = fields.iter().map(|field| {
        let (ident, first) = (&field.ident, &field.first);
        match field.presence {
            Presence::Required | Presence::RequiredOrNull => quote!(#ident: #ident.into(),),
            Presence::Always | Presence::AlwaysOrNull => quote!(#ident: #first,),
            Presence::List => quote!(#ident: Vec::new(),),
            Presence::Optional => quote!(#ident: None,),
            Presence::Nullable => quote!(#ident: botroster_client::Nullable::Absent,),
        }
    });
    let new_doc = doc(if arguments.is_empty() {
        "Creates a value with default contents."
    } else {
        "Creates a value from its required fields."
    });
    let many = many_arguments(arguments.len());
    let default = arguments.is_empty().then(|| {
        quote! {
            impl Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let is_sent = uses.sent.contains(name);
    let setters = is_sent.then(|| setters::setters(&fields));
    let conversions = is_sent.then(|| setters::conversions(&ident, &fields));
    let deprecated = expect_deprecated(&fields);
    let ty = quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#declared)*
            extra: #extra,
        }
        #deprecated
        impl #ident {
            #new_doc
            #many
            pub fn new(#(#taken),*) -> Self {
                Self { #(#values)* extra: Default::default() }
            }
            #setters
            /// Returns the fields that are not in the spec, by wire name.
            pub fn extra(&self) -> &#extra {
                &self.extra
            }
            /// Returns the fields that are not in the spec, for modification.
            pub fn extra_mut(&mut self) -> &mut #extra {
                &mut self.extra
            }
        }
        #default
        #conversions
    };
    let reading = if schema::holds_choice(spec, value, &mut Vec::new())? {
        quote!()
    } else {
        reading(&ident, name, &fields, &arguments, &keep)
    };
    let writing = writing(&ident, &fields);
    Ok((ty, quote!(#reading #writing)))
}

/// Generated code reads and writes deprecated fields like all others.
fn expect_deprecated(fields: &[PropertyField]) -> Option<TokenStream> {
    let any = fields.iter().any(|field| field.deprecated);
    any.then(
        || quote!(#[expect(deprecated, reason = "deprecated fields are still read and written")]),
    )
}

/// Generates deserialization. Records that contain a choice between forms are only sent.
fn reading(
    ident: &Ident,
    name: &str,
    fields: &[PropertyField],
    arguments: &[&PropertyField],
    keep: &TokenStream,
) -> TokenStream {
    let required: Vec<&PropertyField> = fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .collect();
    let wires = required.iter().map(|field| &field.wire);
    // `new` takes `impl Into`, which cannot be inferred from a blank: the types are named.
    let blank_lets = arguments.iter().map(|field| {
        let (ident, ty) = (&field.ident, field.full_type());
        quote!(let #ident: #ty = Blank::blank();)
    });
    let idents = arguments.iter().map(|field| &field.ident);
    let reads = fields.iter().map(|field| {
        let (wire, ident) = (&field.wire, &field.ident);
        let key = proc_macro2::Literal::byte_string(wire.as_bytes());
        match field.presence {
            Presence::Required => {
                let place = required.iter().position(|one| one.wire == field.wire).unwrap_or_default();
                let place = proc_macro2::Literal::usize_unsuffixed(place);
                quote!(#key => { self.#ident = required(#wire, map)?; FieldMatch::Required(#place) })
            }
            Presence::Always => quote!(#key => { if let Some(value) = map.next_value()? { self.#ident = value; } FieldMatch::Known }),
            Presence::List => quote!(#key => { self.#ident = or_blank(map)?; FieldMatch::Known }),
            Presence::Optional | Presence::RequiredOrNull | Presence::AlwaysOrNull | Presence::Nullable => {
                quote!(#key => { self.#ident = map.next_value()?; FieldMatch::Known })
            }
        }
    });
    // Keys are required strings or numbers, which need no JSON. Other fields are looked up in the record's JSON.
    let keys = required.iter().filter_map(|field| {
        let (ident, pointer) = (&field.ident, child("", &field.wire));
        let text = match field.ty.to_string().as_str() {
            "String" => quote!(Cow::Borrowed(&self.#ident)),
            "i64" => quote!(self.#ident.to_string().into()),
            "botroster_client :: NumberOrText" => quote!(self.#ident.as_text()),
            _ => return None,
        };
        Some((field.deprecated, quote!(#pointer => Some(#text),)))
    });
    let (are_old, keys): (Vec<bool>, Vec<TokenStream>) = keys.unzip();
    let old_key = are_old.contains(&true).then(|| expect_deprecated(fields));
    let text_at = (!keys.is_empty()).then(|| {
        quote! {
            fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
                match pointer {
                    #(#keys)*
                    _ => codegen::text_at(self, pointer),
                }
            }
        }
    });
    let deprecated = expect_deprecated(fields);
    quote! {
        #deprecated
        impl ObjectFields for #ident {
            const NAME: &'static str = #name;
            const REQUIRED: &'static [&'static str] = &[#(#wires),*];
            fn blank() -> Self {
                #(#blank_lets)*
                Self::new(#(#idents),*)
            }
            fn read<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<FieldMatch, A::Error> {
                Ok(match key {
                    #(#reads)*
                    _ => FieldMatch::Unknown,
                })
            }
            fn keep<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
                self.extra.#keep(key, map.next_value()?);
                Ok(())
            }
        }
        impl Blank for #ident {
            fn blank() -> Self {
                <Self as ObjectFields>::blank()
            }
        }
        #old_key
        impl Item for #ident {
            #text_at
        }
        impl<'de> Deserialize<'de> for #ident {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }
    }
}

/// Generates serialization and `Debug`.
fn writing(ident: &Ident, fields: &[PropertyField]) -> TokenStream {
    let writes = fields.iter().map(|field| {
        let (wire, ident) = (&field.wire, &field.ident);
        match field.presence {
            Presence::Required
            | Presence::RequiredOrNull
            | Presence::Always
            | Presence::AlwaysOrNull => quote!(put(&mut out, #wire, &self.#ident)?;),
            Presence::List => quote!(put_list(&mut out, #wire, &self.#ident)?;),
            Presence::Optional => quote!(put_some(&mut out, #wire, &self.#ident)?;),
            Presence::Nullable => quote!(codegen::put_nullable(&mut out, #wire, &self.#ident)?;),
        }
    });
    let shows = fields.iter().map(|field| {
        let (ident, label) = (&field.ident, field.ident.to_string());
        match (field.presence, field.safe) {
            (_, true) => quote!(.field(#label, &self.#ident)),
            (Presence::Optional | Presence::RequiredOrNull | Presence::AlwaysOrNull, false) => {
                quote!(.field(#label, &Hidden(self.#ident.is_some())))
            }
            (Presence::Nullable, false) => {
                quote!(.field(#label, &Hidden(self.#ident.value().is_some())))
            }
            (Presence::List, false) => quote!(.field(#label, &Hidden(!self.#ident.is_empty()))),
            (_, false) => quote!(.field(#label, &Hidden(true))),
        }
    });
    let label = ident.to_string();
    let deprecated = expect_deprecated(fields);
    quote! {
        #deprecated
        impl Serialize for #ident {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut out = serializer.serialize_map(None)?;
                #(#writes)*
                put_all(&mut out, self.extra.iter())?;
                out.end()
            }
        }
        #deprecated
        impl fmt::Debug for #ident {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#label)#(#shows)*.finish_non_exhaustive()
            }
        }
    }
}
