//! A program that reads the first list of a platform.

use anyhow::Result;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    facade::{Request, Role},
    model::{OperationModel, Spec},
    names::snake,
    raw::Raw,
    schema::{self, rust_type},
    types::{Presence, presence},
};

/// The example, or `None` for a platform without a stream.
pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<Option<TokenStream>> {
    let Some(operation) = spec
        .operations
        .iter()
        .find(|operation| !operation.streams.is_empty())
    else {
        return Ok(None);
    };
    let request = Request::of(spec, operation, raw)?;
    let krate = spec.crate_ident();
    let (tag, name) = (snake(&operation.tag), snake(&operation.name));
    let handle = if spec.is_scoped(operation) {
        let scope = snake(&spec.scope_method());
        let arguments = spec.scope.iter().map(|wire| quote!(next(#wire)?));
        quote!(client.#scope(#(#arguments),*))
    } else {
        quote!(client)
    };
    let arguments = request
        .fields
        .iter()
        .filter(|field| field.role == Role::Argument)
        .map(|field| match &field.wire {
            Some(wire) => Ok(asked(wire, &field.ty, &krate)),
            None => {
                let ty = &field.ty;
                let required = required(spec, operation)?;
                let asked = required.iter().map(|(wire, ty)| asked(wire, ty, &krate));
                Ok(quote!(#krate::#ty::new(#(#asked),*)))
            }
        })
        .collect::<Result<Vec<_>>>()?;
    let base_url = spec
        .base_url
        .is_none()
        .then(|| quote!(.with_base_url(next("base URL")?)));
    let needs_arguments = base_url.is_some()
        || spec.is_scoped(operation)
        || request
            .fields
            .iter()
            .any(|field| field.role == Role::Argument && field.wire.is_some())
        || !required(spec, operation)?.is_empty();
    let next = needs_arguments.then(|| {
        quote! {
            let mut arguments = std::env::args().skip(1);
            let mut next = |name: &str| arguments.next().ok_or(format!("{name} is missing: give it as an argument"));
        }
    });
    let needs_credentials = spec.schemes.iter().any(|scheme| !scheme.slots().is_empty());
    let credentials =
        needs_credentials.then(|| quote!(.with_credentials(#krate::Credentials::from_env()?)));
    let deprecated = operation.deprecated.then(|| quote!(#[allow(deprecated)]));
    Ok(Some(quote! {
        #deprecated
        #[rustfmt::skip]
        #[tokio::main(flavor = "current_thread")]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            #next
            let client = #krate::Client::builder()#credentials #base_url.build()?;
            let mut pages = #handle.#tag().#name(#(#arguments),*).pages();
            let mut records = 0;
            while let Some(page) = pages.try_next().await? {
                records += page.items.len();
                println!("{records} records");
            }
            println!("{:?}", pages.completeness());
            Ok(())
        }
    }))
}

/// A value that is given as an argument of the program.
fn asked(wire: &str, ty: &TokenStream, krate: &Ident) -> TokenStream {
    match ty.to_string().as_str() {
        "String" => quote!(next(#wire)?),
        name if name.starts_with("types ::") => quote!(next(#wire)?.parse::<#krate::#ty>()?),
        _ => quote!(next(#wire)?.parse::<#ty>()?),
    }
}

/// The properties without which there is no body, by wire name, with their types.
fn required(spec: &Spec, operation: &OperationModel) -> Result<Vec<(String, TokenStream)>> {
    let Some(name) = operation.body.as_ref().and_then(schema::reference) else {
        return Ok(Vec::new());
    };
    let uses = schema::uses(spec)?;
    let mut required = Vec::new();
    for (wire, property, _) in spec
        .tree
        .entries(&format!("/components/schemas/{name}/properties"))
    {
        if presence(spec, &uses, name, wire)? == Presence::Required {
            required.push((wire.clone(), rust_type(property, &quote!(types::))?));
        }
    }
    Ok(required)
}
