//! The API that users see: a client, handles for what is given once, one builder an operation.

mod call;
mod field;
mod methods;
mod seek;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(crate) use crate::facade::field::{Field, Role};
use crate::{
    docs::{doc, many_arguments},
    imports::Import,
    limits::Bounded,
    naming,
    raw::Raw,
    schema::{Output, output},
};
use botroster_spec::{Spec, idents::snake, model::Operation};

/// The builders of all operations, in the spec's order.
pub(crate) fn requests<'s>(spec: &'s Spec, raw: &Raw) -> Result<Vec<Request<'s>>> {
    spec.model
        .operations
        .iter()
        .map(|operation| Request::of(spec, operation, raw))
        .collect()
}

/// What builders may use.
pub(super) fn imports() -> Vec<Import> {
    let mut imports = Import::several(
        "botroster_client",
        "CallFuture Error Items OutgoingRequest Page Pages RawResponse Rows codegen",
    );
    imports.extend(Import::several(
        "botroster_client::codegen",
        "Call Core Operation Position",
    ));
    imports.push(Import::new("botroster_client::codegen", "PageNumber").or_method("position"));
    imports.extend(Import::several("crate::generated", "limits operations raw"));
    imports.push(Import::new("crate", "types"));
    imports
}

/// One operation's builder.
pub(crate) struct Request<'s> {
    spec: &'s Spec,
    pub(crate) operation: &'s Operation,
    pub(crate) fields: Vec<Field>,
    pub(crate) output: Output,
}

/// The summary within a sentence: it starts with a small letter, unless its first word is a name.
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
            fields: Field::all(spec, operation, raw)?,
            output: output(spec, operation)?,
        })
    }

    pub(crate) fn name(&self) -> Ident {
        format_ident!("{}", naming::builder(self.operation))
    }

    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    pub(super) fn emit(&self, bounded: &Bounded) -> Result<TokenStream> {
        let (name, operation) = (self.name(), self.operation);
        let label = name.to_string();
        let (handle, method) = (
            naming::handle(&self.spec.model, operation),
            snake(&operation.name),
        );
        let about = doc(&format!(
            "Request builder of [`{handle}::{method}`](crate::{handle}::{method}): {}",
            summary(operation)
        ));
        let declared = self.fields.iter().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            match field.role {
                Role::Scope | Role::Argument => quote!(#ident: #ty,),
                Role::Option | Role::Position => quote!(#ident: Option<#ty>,),
            }
        });
        let given: Vec<&Field> = self
            .fields
            .iter()
            .filter(|field| field.is_given())
            .collect();
        let arguments = given.iter().map(|field| {
            let (ident, ty) = (&field.ident, &field.ty);
            quote!(#ident: #ty)
        });
        let many = many_arguments(given.len() + 1);
        let initial = self.fields.iter().map(|field| {
            let ident = &field.ident;
            match field.role {
                Role::Scope | Role::Argument => quote!(#ident,),
                Role::Option | Role::Position => quote!(#ident: None,),
            }
        });
        let setters = self
            .fields
            .iter()
            .filter(|field| !field.is_given())
            .map(|field| {
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
        let is_list = matches!(self.output, Output::Page(_));
        let (walk_field, walk_initial) = if is_list {
            (
                quote!(walk: codegen::WalkOptions,),
                quote!(walk: Default::default(),),
            )
        } else {
            (quote!(), quote!())
        };
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
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(#label).finish_non_exhaustive()
                }
            }
            #call
        })
    }
}
