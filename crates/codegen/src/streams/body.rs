//! Bodies of streams.

use anyhow::{Result, bail};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    facade::RequestField,
    paging,
    schema::{self, rust_type},
    streams::{Arm, required_size},
    types::{Presence, presence},
};
use botroster_spec::{idents, model::Carrier};

/// The properties of the body, as code.
#[derive(Default)]
struct Parts {
    /// Arguments of `new`.
    arguments: Vec<TokenStream>,
    /// Statements that set other fields.
    set: Vec<TokenStream>,
    deprecated: bool,
}

impl Parts {
    fn emit(&self, ty: &TokenStream) -> TokenStream {
        let Self {
            arguments,
            set,
            deprecated,
        } = self;
        let mutable = (!set.is_empty()).then(|| format_ident!("mut"));
        let made = quote! {
            let #mutable body = #ty::new(#(#arguments),*);
            #(#set)*
        };
        if *deprecated {
            quote!(#[allow(deprecated)] let body = { #made body };)
        } else {
            made
        }
    }
}

impl Arm<'_> {
    /// Generates the body, and returns whether the stream sets anything in it.
    pub(super) fn body(&self, field: &RequestField) -> Result<(TokenStream, bool)> {
        let ty = &field.ty;
        let schema = self.operation.body_schema();
        let Some(name) = schema.and_then(schema::reference) else {
            return Ok((quote!(let body = #ty::new();), false));
        };
        let mut parts = Parts::default();
        let properties = &self.spec.schema(name)?["properties"];
        for (wire, property) in properties.as_object().into_iter().flatten() {
            self.property(&mut parts, name, wire, property)?;
        }
        let is_set = !parts.set.is_empty() || !parts.arguments.is_empty();
        Ok((parts.emit(ty), is_set))
    }

    fn property(
        &self,
        parts: &mut Parts,
        component: &str,
        wire: &str,
        property: &Value,
    ) -> Result<()> {
        let presence = presence(self.spec, self.uses, component, wire)?;
        let ty = rust_type(property, &quote!(types::))?;
        let ident = idents::field(wire);
        let is_argument = matches!(presence, Presence::Required | Presence::RequiredOrNull);
        if let Some(value) = self.value(wire, property, &ty)? {
            parts.deprecated |= property["deprecated"] == true;
            let value = presence.wrap(value);
            if is_argument {
                parts.arguments.push(value);
            } else {
                parts.set.push(quote!(body.#ident = #value;));
            }
        } else if paging::size(self.operation, Carrier::Body) == Some(wire) {
            let size = presence.wrap(self.size_as(&ty)?);
            if is_argument {
                parts.arguments.push(required_size(&size));
            } else {
                parts.set.push(quote! {
                    if let Some(size) = core.page_size().or(stream.page_size) {
                        body.#ident = #size;
                    }
                });
            }
        } else if presence == Presence::RequiredOrNull {
            parts.arguments.push(quote!(None));
        } else if presence == Presence::Required {
            parts.arguments.push(self.position(wire, &ty)?);
        }
        Ok(())
    }

    /// Returns the value of a property, or `None` if the stream does not determine it.
    fn value(&self, wire: &str, property: &Value, ty: &TokenStream) -> Result<Option<TokenStream>> {
        if self.operation.parameter(wire).is_some() {
            return Ok(None);
        }
        if let Some(value) = self.stream.with.get(wire) {
            return self.literal(wire, property, value).map(Some);
        }
        Ok(self.supplied(wire, ty))
    }

    /// Returns the first position for a required property that paging sets.
    fn position(&self, wire: &str, ty: &TokenStream) -> Result<TokenStream> {
        match &self.operation.pagination {
            Some(paged) if paging::position(self.operation, Carrier::Body) == Some(wire) => {
                let first = Literal::u64_unsuffixed(paged.first());
                Ok(quote!(<#ty as codegen::PageNumber>::from_number(#first)))
            }
            _ => bail!(self.rejected()),
        }
    }
}
