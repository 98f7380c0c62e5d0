//! Typed bodies of errors.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{docs::doc, failures, naming, schema::rust_type};
use botroster_spec::{
    Spec,
    model::{Operation, Response},
};

/// Generates `errors.rs`: one enum per operation whose errors have documented bodies.
pub(crate) fn emit(spec: &Spec) -> Result<TokenStream> {
    documented(spec).map(enumeration).collect()
}

/// Returns whether any operation documents error bodies.
pub(crate) fn are_documented(spec: &Spec) -> bool {
    documented(spec).next().is_some()
}

fn documented(spec: &Spec) -> impl Iterator<Item = &Operation> {
    let operations = spec.model.operations.iter();
    operations.filter(|operation| failures::with_bodies(operation).next().is_some())
}

fn enumeration(operation: &Operation) -> Result<TokenStream> {
    let name = format_ident!("{}", naming::error(operation));
    let row = format_ident!("{}", naming::table(operation));
    let about = doc(&format!("Error bodies of `{}`, by status.", operation.id));
    let variants = failures::with_bodies(operation)
        .map(|body| {
            let (variant, docs) = (variant(body), doc(&body.description));
            let schema = body.json().unwrap_or(&Value::Null);
            let ty = rust_type(schema, &quote!(types::))?;
            Ok(quote!(#docs #variant(#ty),))
        })
        .collect::<Result<Vec<_>>>()?;
    // A status precedes its class.
    let (classes, single): (Vec<_>, Vec<_>) =
        failures::with_bodies(operation).partition(|body| body.status < 10);
    // A documented status without a body is not decoded as its class.
    let is_bodiless = |status: &u16| {
        classes.iter().any(|class| class.status == status / 100)
            && !single.iter().any(|body| body.status == *status)
    };
    let bodiless: BTreeSet<u16> = failures::known(operation)
        .filter(|error| error.code.is_none() && error.name.is_none())
        .map(|error| error.status)
        .filter(is_bodiless)
        .collect();
    let bodiless = bodiless.into_iter().map(|status| {
        let status = Literal::u16_unsuffixed(status);
        quote!(#status => None,)
    });
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
            /// Decodes the body of an error of this operation.
            ///
            /// Returns `None` if the error is from another operation, if no body is documented for its status, or if the body
            /// does not match the documentation.
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

fn variant(body: &Response) -> Ident {
    if body.status < 10 {
        format_ident!("Status{}xx", body.status)
    } else {
        format_ident!("Status{}", body.status)
    }
}
