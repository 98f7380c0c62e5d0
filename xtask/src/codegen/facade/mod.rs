//! The API that users see: a client, handles for what is given once, one builder an operation.

mod call;
mod field;
mod methods;
mod seek;

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(crate) use self::field::{Field, Role};
use super::{
    docs::{doc, many_arguments},
    handles,
    model::{OperationModel, Spec},
    raw::Raw,
    schema::{Output, output},
};

/// `client.rs` and `requests.rs`.
pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<(TokenStream, TokenStream)> {
    let requests = spec
        .operations
        .iter()
        .map(|operation| Request::of(spec, operation, raw))
        .collect::<Result<Vec<_>>>()?;
    let builders = requests
        .iter()
        .map(Request::emit)
        .collect::<Result<Vec<_>>>()?;
    let client = handles::emit(spec, &requests)?;
    let requests = quote! {
        #[allow(unused_imports, reason = "which of them is used depends on the operations")]
        use botroster_client::{
            CallFuture, Error, Items, Outgoing, Page, Pages, RawResponse, Rows,
            codegen::{self, Call, Core, Operation, PageNumber, Position},
        };
        use super::{operations, raw};
        #[allow(unused_imports, reason = "what is sent may have no limits")]
        use super::limits;
        #[allow(unused_imports, reason = "a platform may document no type")]
        use crate::types;
        #(#builders)*
    };
    Ok((client, requests))
}

/// One operation's builder.
pub(crate) struct Request<'s> {
    spec: &'s Spec,
    pub(crate) operation: &'s OperationModel,
    pub(crate) fields: Vec<Field>,
    output: Output,
}

impl<'s> Request<'s> {
    pub(crate) fn of(spec: &'s Spec, operation: &'s OperationModel, raw: &Raw) -> Result<Self> {
        Ok(Self {
            spec,
            operation,
            fields: Field::all(spec, operation, raw)?,
            output: output(spec, operation)?,
        })
    }

    pub(crate) fn name(&self) -> Ident {
        format_ident!("{}", self.operation.builder_name())
    }

    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    fn emit(&self) -> Result<TokenStream> {
        let (name, operation) = (self.name(), self.operation);
        let label = name.to_string();
        let summary = doc(&format!("A request for: {}", operation.summary));
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
                let Field { ident, docs, .. } = field;
                let (taken, given) = field.parameter();
                let deprecated = operation.deprecated.then(|| quote!(#[allow(deprecated)]));
                quote! {
                    #docs
                    #deprecated
                    pub fn #ident(mut self, #ident: #taken) -> Self {
                        self.#ident = Some(#given);
                        self
                    }
                }
            });
        let methods = self.methods()?;
        let call = self.call()?;
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
            #summary
            #[derive(Clone)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #name { core: Core, #(#declared)* #walk_field }
            impl #name {
                #many
                pub(super) fn new(core: Core, #(#arguments),*) -> Self {
                    Self { core, #(#initial)* #walk_initial }
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
