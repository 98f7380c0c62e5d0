//! The types of a platform: records that keep what they do not know, enumerations that stay open, `Debug` that hides people.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{
    docs::doc,
    model::Spec,
    names::{camel, snake},
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
            Kind::Record => record(spec, name, value, &at)?,
            Kind::Enum(values) => enumeration(spec, name, value, &values, !received, &at)?,
            Kind::OneOf(variants) => one_of(name, value, &variants),
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

/// How a property becomes a field.
struct Field {
    wire: String,
    ident: Ident,
    docs: TokenStream,
    ty: TokenStream,
    presence: Presence,
    /// `Debug` may show it.
    safe: bool,
    deprecated: bool,
}

enum Presence {
    /// Without it there is no such record.
    Required,
    /// Sent also when empty; the tokens are its first value.
    Always(TokenStream),
    /// A list that is empty where it is absent.
    List,
    Optional,
}

impl Field {
    fn full_type(&self) -> TokenStream {
        let ty = &self.ty;
        if matches!(self.presence, Presence::Optional) {
            quote!(Option<#ty>)
        } else {
            quote!(#ty)
        }
    }
}

fn fields(spec: &Spec, value: &Value, at: &str) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for (wire, property, _) in spec.tree.entries(&format!("{at}/properties")) {
        let ty = rust_type(property, &quote!())?;
        let target = schema::resolve(spec, property)?;
        let presence = match schema::presence(spec, value, wire)? {
            schema::Presence::Always => Presence::Always(first_value(property, target)?),
            schema::Presence::Required => Presence::Required,
            schema::Presence::List => Presence::List,
            schema::Presence::Optional => Presence::Optional,
        };
        fields.push(Field {
            ident: snake(wire),
            docs: doc(property["description"].as_str().unwrap_or(wire)),
            safe: is_safe(spec, property)?,
            deprecated: property["deprecated"].as_bool().unwrap_or_default(),
            wire: wire.clone(),
            ty,
            presence,
        });
    }
    schema::unique(
        spec,
        at,
        fields
            .iter()
            .map(|field| (field.wire.as_str(), field.ident.to_string())),
    )?;
    Ok(fields)
}

/// Numbers, truth values, moments, known words and what the spec calls nobody's.
fn is_safe(spec: &Spec, property: &Value) -> Result<bool> {
    let target = schema::resolve(spec, property)?;
    if property["x-personal"] == "none"
        || target["x-personal"] == "none"
        || target.get("x-timestamp").is_some()
    {
        return Ok(true);
    }
    Ok(match (schema::kind(target), target["type"].as_str()) {
        (Kind::Record | Kind::Enum(_) | Kind::OneOf(_), _) => true,
        (Kind::Alias, Some("boolean" | "integer" | "number")) => {
            property.get("x-personal").is_none()
        }
        (Kind::Alias, Some("array")) => is_safe(spec, &target["items"])?,
        (Kind::Alias, _) => false,
    })
}

/// What a property that is always sent holds before anybody sets it.
fn first_value(property: &Value, target: &Value) -> Result<TokenStream> {
    let default = property.get("default").or_else(|| target.get("default"));
    Ok(match default {
        Some(Value::String(text)) if target.get("x-timestamp").is_none() => {
            match schema::kind(target) {
                Kind::Enum(_) => {
                    let (ty, variant) = (rust_type(property, &quote!())?, camel(text));
                    quote!(#ty::#variant)
                }
                _ => quote!(#text.to_owned()),
            }
        }
        Some(Value::String(text)) => quote!(botroster_client::Timestamp::from(#text)),
        Some(Value::Bool(value)) => quote!(#value),
        Some(Value::Number(number)) if target["type"] == "number" => {
            let number = proc_macro2::Literal::f64_unsuffixed(number.as_f64().unwrap_or_default());
            quote!(botroster_client::codegen::number(#number))
        }
        Some(Value::Number(number)) if number.is_i64() => {
            let number = proc_macro2::Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            if target.get("x-timestamp").is_some() {
                quote!(botroster_client::Timestamp::from(#number))
            } else {
                quote!(#number)
            }
        }
        None if target["type"] == "number" => quote!(botroster_client::codegen::number(0.0)),
        None if target["type"] == "integer" && target.get("x-timestamp").is_some() => {
            quote!(botroster_client::Timestamp::from(0))
        }
        _ if matches!(schema::kind(target), Kind::Record) => {
            let ty = rust_type(property, &quote!())?;
            quote!(#ty::new())
        }
        _ => quote!(Default::default()),
    })
}

fn record(spec: &Spec, name: &str, value: &Value, at: &str) -> Result<(TokenStream, TokenStream)> {
    let fields = fields(spec, value, at)?;
    let (ident, docs) = (camel(name), description(value, name));
    let extra = match value.get("additionalProperties") {
        Some(values) if values.is_object() => {
            let inner = rust_type(values, &quote!())?;
            let inner = if values["nullable"] == true {
                quote!(Option<#inner>)
            } else {
                inner
            };
            quote!(std::collections::BTreeMap<String, #inner>)
        }
        _ => quote!(botroster_client::Extra),
    };
    let declared = fields.iter().map(|field| {
        let (docs, ident, ty) = (&field.docs, &field.ident, field.full_type());
        let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
        quote!(#docs #deprecated pub #ident: #ty,)
    });
    let required: Vec<&Field> = fields
        .iter()
        .filter(|field| matches!(field.presence, Presence::Required))
        .collect();
    let arguments = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        quote!(#ident: impl Into<#ty>)
    });
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        match &field.presence {
            Presence::Required => quote!(#ident: #ident.into(),),
            Presence::Always(value) => quote!(#ident: #value,),
            Presence::List => quote!(#ident: Vec::new(),),
            Presence::Optional => quote!(#ident: None,),
        }
    });
    let new_doc = if required.is_empty() {
        "Nothing set but what is always sent."
    } else {
        "The required fields; the others can be set afterwards."
    };
    let default = required.is_empty().then(|| {
        quote! {
            impl Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let deprecated = allow_deprecated(&fields);
    let ty = quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#declared)*
            pub(super) extra: #extra,
        }
        #deprecated
        impl #ident {
            #[doc = #new_doc]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values)* extra: Default::default() }
            }
            /// Fields that the spec does not name, by their wire names.
            pub fn extra(&self) -> &#extra {
                &self.extra
            }
            /// Fields that the spec does not name, to add some.
            pub fn extra_mut(&mut self) -> &mut #extra {
                &mut self.extra
            }
        }
        #default
    };
    let keep = if value["additionalProperties"].is_object() {
        quote!(insert)
    } else {
        quote!(push)
    };
    Ok((ty, record_codec(&ident, name, &fields, &required, &keep)))
}

/// The crate's own code treats deprecated fields as all others.
fn allow_deprecated(fields: &[Field]) -> Option<TokenStream> {
    let any = fields.iter().any(|field| field.deprecated);
    any.then(|| quote!(#[allow(deprecated)]))
}

fn record_codec(
    ident: &Ident,
    name: &str,
    fields: &[Field],
    required: &[&Field],
    keep: &TokenStream,
) -> TokenStream {
    let wires = required.iter().map(|field| &field.wire);
    // `new` takes `impl Into`, which cannot be inferred from a blank: the types are named.
    let blank_lets = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        quote!(let #ident: #ty = Blank::blank();)
    });
    let idents = required.iter().map(|field| &field.ident);
    let reads = fields.iter().map(|field| {
        let (wire, ident) = (&field.wire, &field.ident);
        match &field.presence {
            Presence::Required => {
                let place = required.iter().position(|one| one.wire == field.wire).unwrap_or_default();
                let place = proc_macro2::Literal::u32_unsuffixed(u32::try_from(place).unwrap_or_default());
                quote!(#wire => { self.#ident = required(#wire, map)?; Field::Required(#place) })
            }
            Presence::Always(_) => quote!(#wire => { if let Some(value) = map.next_value()? { self.#ident = value; } Field::Known }),
            Presence::List => quote!(#wire => { self.#ident = or_blank(map)?; Field::Known }),
            Presence::Optional => quote!(#wire => { self.#ident = map.next_value()?; Field::Known }),
        }
    });
    let writes = fields.iter().map(|field| {
        let (wire, ident) = (&field.wire, &field.ident);
        match &field.presence {
            Presence::Required | Presence::Always(_) => {
                quote!(put(&mut out, #wire, &self.#ident)?;)
            }
            Presence::List => quote!(put_list(&mut out, #wire, &self.#ident)?;),
            Presence::Optional => quote!(put_some(&mut out, #wire, &self.#ident)?;),
        }
    });
    let shows = fields.iter().map(|field| {
        let (ident, label) = (&field.ident, field.ident.to_string());
        match (&field.presence, field.safe) {
            (_, true) => quote!(.field(#label, &self.#ident)),
            (Presence::Optional, false) => quote!(.field(#label, &Hidden(self.#ident.is_some()))),
            (Presence::List, false) => quote!(.field(#label, &Hidden(!self.#ident.is_empty()))),
            (_, false) => quote!(.field(#label, &Hidden(true))),
        }
    });
    // Keys are required texts: they are lent, anything else is looked up in the record's JSON.
    let keys: Vec<_> = required
        .iter()
        .filter(|field| field.ty.to_string() == "String")
        .collect();
    let text_at = (!keys.is_empty()).then(|| {
        let pointers = keys
            .iter()
            .map(|field| format!("/{}", super::tree::escape(&field.wire)));
        let idents = keys.iter().map(|field| &field.ident);
        quote! {
            fn text_at(&self, pointer: &'static str) -> Option<Cow<'_, str>> {
                match pointer {
                    #(#pointers => Some(Cow::Borrowed(&self.#idents)),)*
                    _ => codegen::text_at(self, pointer),
                }
            }
        }
    });
    let label = ident.to_string();
    let deprecated = allow_deprecated(fields);
    quote! {
        #deprecated
        impl Record for #ident {
            const NAME: &'static str = #name;
            const REQUIRED: &'static [&'static str] = &[#(#wires),*];
            fn blank() -> Self {
                #(#blank_lets)*
                Self::new(#(#idents),*)
            }
            fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<Field, A::Error> {
                Ok(match key {
                    #(#reads)*
                    _ => Field::Unknown,
                })
            }
            fn keep<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
                self.extra.#keep(key, map.next_value()?);
                Ok(())
            }
        }
        impl Blank for #ident {
            fn blank() -> Self {
                <Self as Record>::blank()
            }
        }
        impl Item for #ident {
            #text_at
        }
        impl<'de> Deserialize<'de> for #ident {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }
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

fn enumeration(
    spec: &Spec,
    name: &str,
    value: &Value,
    values: &[String],
    closed: bool,
    at: &str,
) -> Result<(TokenStream, TokenStream)> {
    let (ident, docs) = (camel(name), description(value, name));
    let variants: Vec<Ident> = values.iter().map(|value| camel(value)).collect();
    schema::unique(
        spec,
        at,
        values
            .iter()
            .map(String::as_str)
            .zip(variants.iter().map(ToString::to_string)),
    )?;
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
                /// The value as it is sent.
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
            /// Values that are not listed are kept as they came.
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #ident {
                #declared
                /// A value that this version does not know.
                Other(botroster_client::UnknownValue),
            }
        };
        let codec = quote! {
            impl #ident {
                /// The value as it is sent.
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
    Ok((ty, quote!(#codec #shared)))
}

/// Bodies of which exactly one form is sent.
fn one_of(name: &str, value: &Value, variants: &[String]) -> (TokenStream, TokenStream) {
    let (ident, docs) = (camel(name), description(value, name));
    let idents: Vec<Ident> = variants.iter().map(|variant| camel(variant)).collect();
    let variant_docs = variants.iter().map(|variant| doc(&format!("`{variant}`.")));
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
    (ty, codec)
}
