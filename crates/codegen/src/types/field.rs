//! Fields of records, from properties.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::{
    docs::doc,
    evidence,
    schema::{self, ComponentKind, ComponentUses, rust_type},
};
use botroster_spec::{
    Spec,
    idents::{self, variant},
};

pub(super) struct PropertyField {
    pub(super) wire: String,
    pub(super) ident: Ident,
    pub(super) docs: TokenStream,
    pub(super) ty: TokenStream,
    /// The type of a list's items.
    pub(super) item: Option<TokenStream>,
    pub(super) presence: Presence,
    /// Initial value, if the field is always sent.
    pub(super) first: TokenStream,
    /// Whether `Debug` may show the value.
    pub(super) safe: bool,
    pub(super) deprecated: bool,
}

/// Whether a property may be missing or null, in each direction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Present and not null.
    Required,
    /// Always sent; null if there is no value.
    RequiredOrNull,
    /// Always sent, with an initial value.
    Always,
    AlwaysOrNull,
    /// A list; absent means empty.
    List,
    Optional,
    /// Absent, null or a value, which requests tell apart.
    Nullable,
}

impl Presence {
    /// Wraps a value for the type of the field.
    pub(crate) fn wrap(self, value: TokenStream) -> TokenStream {
        match self {
            Self::Required | Self::Always | Self::List => value,
            Self::RequiredOrNull | Self::AlwaysOrNull | Self::Optional => quote!(Some(#value)),
            Self::Nullable => quote!(botroster_client::Nullable::Value(#value)),
        }
    }
}

impl PropertyField {
    pub(super) fn full_type(&self) -> TokenStream {
        let ty = &self.ty;
        match self.presence {
            Presence::Required | Presence::Always | Presence::List => quote!(#ty),
            Presence::RequiredOrNull | Presence::AlwaysOrNull | Presence::Optional => {
                quote!(Option<#ty>)
            }
            Presence::Nullable => quote!(botroster_client::Nullable<#ty>),
        }
    }

    /// Returns whether the field is a parameter of `new`.
    pub(super) fn is_argument(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::RequiredOrNull)
    }
}

pub(super) fn fields(
    spec: &Spec,
    uses: &ComponentUses,
    name: &str,
    at: &str,
) -> Result<Vec<PropertyField>> {
    let mut fields = Vec::new();
    for (wire, property, place) in spec.tree.entries(&format!("{at}/properties")) {
        let ty = rust_type(property, &quote!())?;
        let target = schema::resolve(spec, property)?;
        let presence = presence(spec, uses, name, wire)?;
        let ty = if is_circle(spec, name, property) {
            quote!(std::boxed::Box<#ty>)
        } else {
            ty
        };
        fields.push(PropertyField {
            item: item(property)?,
            ident: idents::field(wire),
            docs: doc(&evidence::noted(
                spec,
                property["description"].as_str().unwrap_or(wire),
                (&place, at),
            )),
            safe: is_safe(spec, property)?,
            deprecated: property["deprecated"].as_bool().unwrap_or_default(),
            first: match presence {
                Presence::Always => first_value(property, target)?,
                Presence::AlwaysOrNull if default(property, target) == Some(&Value::Null) => {
                    quote!(None)
                }
                Presence::AlwaysOrNull => presence.wrap(first_value(property, target)?),
                _ => quote!(),
            },
            wire: wire.clone(),
            ty,
            presence,
        });
    }
    Ok(fields)
}

/// Returns the presence of a property of a component.
///
/// Responses are read leniently: null is treated as absent. Requests represent exactly what the caller sets. If a schema is used in
/// both directions, the simpler type wins over an explicit null.
pub(crate) fn presence(
    spec: &Spec,
    uses: &ComponentUses,
    name: &str,
    wire: &str,
) -> Result<Presence> {
    let schema = spec.schema(name)?;
    let property = &schema["properties"][wire];
    let target = schema::resolve(spec, property)?;
    let (sent, received) = (uses.sent.contains(name), uses.received.contains(name));
    let is_required = schema::requires(schema, wire);
    let nullable = schema::nullable(property) || schema::nullable(target);
    Ok(match (property.get("x-send").is_some(), nullable) {
        (true, true) => Presence::AlwaysOrNull,
        (true, false) => Presence::Always,
        (false, false) if is_required => Presence::Required,
        (false, true) if is_required && sent => Presence::RequiredOrNull,
        (false, true) if sent && !received => Presence::Nullable,
        _ if target["type"] == "array" => Presence::List,
        _ => Presence::Optional,
    })
}

/// Returns the item type of an inline list.
fn item(property: &Value) -> Result<Option<TokenStream>> {
    let items = property.get("items");
    let items = items.filter(|items| property["type"] == "array" && !schema::nullable(items));
    items.map(|items| rust_type(items, &quote!())).transpose()
}

/// Returns whether a property contains its own record without indirection.
fn is_circle(spec: &Spec, name: &str, property: &Value) -> bool {
    let (mut seen, mut waiting) = (Vec::new(), vec![property]);
    while let Some(schema) = waiting.pop() {
        let Some(next) = schema::reference(schema) else {
            continue;
        };
        if next == name {
            return true;
        }
        if seen.contains(&next) {
            continue;
        }
        seen.push(next);
        if let Ok(schema) = spec.schema(next) {
            waiting.push(schema);
            waiting.extend(schema["oneOf"].as_array().into_iter().flatten());
            waiting.extend(schema::properties(schema).map(|(_, property)| property));
        }
    }
    false
}

/// Returns whether `Debug` may show the value: numbers, booleans, timestamps, enumerations and fields marked as not personal.
fn is_safe(spec: &Spec, property: &Value) -> Result<bool> {
    let target = schema::resolve(spec, property)?;
    if property["x-personal"] == "none"
        || target["x-personal"] == "none"
        || target.get("x-timestamp").is_some()
    {
        return Ok(true);
    }
    Ok(match (schema::kind(target), target["type"].as_str()) {
        (ComponentKind::Record | ComponentKind::Enum(_) | ComponentKind::OneOf(_), _) => true,
        (ComponentKind::Alias, Some("boolean" | "integer" | "number")) => {
            property.get("x-personal").is_none() && target.get("x-personal").is_none()
        }
        (ComponentKind::Alias, Some("array")) => is_safe(spec, &target["items"])?,
        (ComponentKind::Alias, _) => false,
    })
}

fn default<'v>(property: &'v Value, target: &'v Value) -> Option<&'v Value> {
    property.get("default").or_else(|| target.get("default"))
}

/// Returns the initial value of a property that is always sent.
fn first_value(property: &Value, target: &Value) -> Result<TokenStream> {
    Ok(match default(property, target) {
        Some(Value::String(text)) if target.get("x-timestamp").is_none() => {
            match schema::kind(target) {
                ComponentKind::Enum(_) => {
                    let (ty, variant) = (rust_type(property, &quote!())?, variant(text));
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
        _ if matches!(schema::kind(target), ComponentKind::Record) => {
            let ty = rust_type(property, &quote!())?;
            quote!(#ty::new())
        }
        _ => quote!(Default::default()),
    })
}
