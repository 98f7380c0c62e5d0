//! The request builders, one per operation.

mod call;
mod field;
mod methods;
mod seek;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) use crate::facade::field::{ArgumentRole, RequestField};
use crate::{
    docs::{doc, many_arguments, opaque_debug},
    limits::Bounded,
    naming,
    raw::Raw,
    schema::{OperationOutput, output},
};
use botroster_spec::{Spec, idents::snake, model::Operation};

/// Returns the builders of all operations, in the order of the spec.
pub(crate) fn requests<'s>(spec: &'s Spec, raw: &Raw) -> Result<Vec<Request<'s>>> {
    spec.model
        .operations
        .iter()
        .map(|operation| Request::of(spec, operation, raw))
        .collect()
}

/// The request builder of an operation.
pub(crate) struct Request<'s> {
    spec: &'s Spec,
    pub(crate) operation: &'s Operation,
    pub(crate) fields: Vec<RequestField>,
    pub(crate) output: OperationOutput,
}

/// Returns the summary for use within a sentence: in lower case, unless it starts with an acronym.
fn summary(operation: &Operation) -> String {
    let text = operation.summary.trim();
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().collect::<String>()
                + text.get(first.len_utf8()..).unwrap_or_default()
        }
        _ => text.to_owned(),
    }
}

impl<'s> Request<'s> {
    pub(crate) fn of(spec: &'s Spec, operation: &'s Operation, raw: &Raw) -> Result<Self> {
        Ok(Self {
            spec,
            operation,
            fields: RequestField::all(spec, operation, raw)?,
            output: output(spec, operation)?,
        })
    }

    /// Returns the schema of an argument, as written.
    pub(crate) fn schema_of(&self, field: &RequestField) -> Option<&'s Value> {
        match &field.wire {
            None => self.operation.body_schema(),
            Some(wire) => Some(&self.operation.parameter(wire)?.schema),
        }
    }

    /// Returns the argument for a parameter.
    pub(crate) fn field(&self, wire: &str) -> Option<&RequestField> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.wire.as_deref() == Some(wire))
    }

    pub(crate) fn name(&self) -> Ident {
        format_ident!("{}", naming::builder(self.operation))
    }

    pub(super) fn with_role(&self, role: ArgumentRole) -> impl Iterator<Item = &RequestField> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    pub(super) fn emit(&self, bounded: &Bounded) -> Result<TokenStream> {
        let (name, operation) = (self.name(), self.operation);
        let debug = opaque_debug(&name);
        let (handle, method) = (
            naming::handle(&self.spec.model, operation),
            snake(&operation.name),
        );
        let about = doc(&format!(
            "Request builder for [`{handle}::{method}`](crate::{handle}::{method}): {}",
            summary(operation)
        ));
        let declared = self.fields.iter().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            match field.is_given() {
                true => quote!(#ident: #ty,),
                false => quote!(#ident: Option<#ty>,),
            }
        });
        let given = || self.fields.iter().filter(|field| field.is_given());
        let arguments = given().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            quote!(#ident: #ty)
        });
        let many = many_arguments(given().count() + 1);
        let initial = self.fields.iter().map(|field| {
            let ident = &field.ident;
            match field.is_given() {
                true => quote!(#ident,),
                false => quote!(#ident: None,),
            }
        });
        let set = self.fields.iter().filter(|field| !field.is_given());
        let setters = set.map(|field| {
            let (ident, docs) = (&field.ident, doc(&field.text));
            let (taken, given) = field.parameter();
            quote! {
                #docs
                pub fn #ident(mut self, #ident: #taken) -> Self {
                    self.#ident = Some(#given);
                    self
                }
            }
        });
        let methods = self.methods()?;
        let call = self.call(bounded)?;
        let is_list = matches!(self.output, OperationOutput::Page(_));
        let walk_field = is_list.then(|| quote!(walk: codegen::WalkOptions,));
        let walk_initial = is_list.then(|| quote!(walk: Default::default(),));
        Ok(quote! {
            #about
            #[derive(Clone)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #name { core: Core, #(#declared)* #walk_field options: codegen::CallOptions }
            impl #name {
                #many
                pub(in crate::generated) fn new(core: Core, #(#arguments),*) -> Self {
                    Self { core, #(#initial)* #walk_initial options: Default::default() }
                }
                #(#setters)*
                #methods
            }
            #debug
            #call
        })
    }
}
