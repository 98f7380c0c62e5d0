//! The bodies of errors, typed.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{
    docs::doc,
    failures::ErrorBody,
    imports::Import,
    model::{OperationModel, Spec},
    schema::rust_type,
};

/// `errors.rs`: one enumeration for each operation whose errors have documented bodies.
pub(crate) fn emit(spec: &Spec) -> Result<TokenStream> {
    let enums = spec
        .operations
        .iter()
        .filter(|operation| !operation.error_bodies.is_empty())
        .map(enumeration)
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(#(#enums)*))
}

/// Whether there is any.
pub(crate) fn are_documented(spec: &Spec) -> bool {
    spec.operations
        .iter()
        .any(|operation| !operation.error_bodies.is_empty())
}

/// What they may use.
pub(super) fn imports() -> Vec<Import> {
    let mut imports = Import::several("botroster_client", "Error codegen");
    imports.push(Import::new("crate::generated", "operations"));
    imports.push(Import::new("crate", "types"));
    imports
}

fn enumeration(operation: &OperationModel) -> Result<TokenStream> {
    let name = format_ident!("{}Error", operation.builder_name());
    let row = format_ident!("{}", operation.static_name());
    let about = doc(&format!(
        "What the platform says in an error of `{}`, by its status.",
        operation.id
    ));
    let variants = operation
        .error_bodies
        .iter()
        .map(|body| {
            let (variant, docs) = (variant(body), doc(&body.summary));
            let ty = rust_type(&body.schema, &quote!(types::))?;
            Ok(quote!(#docs #variant(#ty),))
        })
        .collect::<Result<Vec<_>>>()?;
    // A status of its own goes before its class.
    let (classes, single): (Vec<_>, Vec<_>) = operation
        .error_bodies
        .iter()
        .partition(|body| body.status < 10);
    // What the spec says of one status holds, also where it says that there is no body.
    let is_bodiless = |status: &u16| {
        classes.iter().any(|class| class.status == status / 100)
            && !single.iter().any(|body| body.status == *status)
    };
    let bodiless: BTreeSet<u16> = operation
        .errors
        .iter()
        .filter(|error| error.code.is_none() && error.name.is_none())
        .map(|error| error.status)
        .filter(is_bodiless)
        .collect();
    let bodiless = bodiless.into_iter().map(|status| {
        let status = Literal::u16_unsuffixed(status);
        quote!(#status => None,)
    });
    let bodiless: Vec<_> = bodiless.collect();
    let arms = single.into_iter().chain(classes).map(|body| {
        let variant = variant(body);
        let status = Literal::u16_unsuffixed(body.status);
        let statuses = if body.status < 10 {
            quote!(status if status / 100 == #status)
        } else {
            quote!(#status)
        };
        quote!(#statuses => error.body().map(Self::#variant),)
    });
    Ok(quote! {
        #about
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
        impl #name {
            /// Reads the body of an error of this operation; `None` for an error of another one, for a status
            /// without a documented body, and for a body that is not what the spec says.
            pub fn of(error: &Error) -> Option<Self> {
                match codegen::answered(&operations::#row, error)? {
                    #(#bodiless)*
                    #(#arms)*
                    _ => None,
                }
            }
        }
    })
}

fn variant(body: &ErrorBody) -> Ident {
    if body.status < 10 {
        format_ident!("Status{}xx", body.status)
    } else {
        format_ident!("Status{}", body.status)
    }
}
