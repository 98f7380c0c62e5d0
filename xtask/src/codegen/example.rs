//! A program that reads the first list of a platform.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    facade::{Request, Role},
    model::{SchemeKind, Spec},
    names::snake,
    raw::Raw,
};

/// The example, or `None` for a platform without a stream.
pub(crate) fn emit(spec: &Spec, raw: &Raw) -> Result<Option<TokenStream>> {
    let Some(operation) = spec
        .operations
        .iter()
        .find(|operation| !operation.streams.is_empty() && !operation.deprecated)
    else {
        return Ok(None);
    };
    let request = Request::of(spec, operation, raw)?;
    let krate = quote::format_ident!("{}", spec.crate_name().replace('-', "_"));
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
        .map(|field| {
            let ty = &field.ty;
            match &field.wire {
                None => quote!(#krate::#ty::new()),
                Some(wire) if ty.to_string() == "String" => quote!(next(#wire)?),
                Some(wire) if ty.to_string().starts_with("types") => {
                    quote!(next(#wire)?.parse::<#krate::#ty>()?)
                }
                Some(wire) => quote!(next(#wire)?.parse::<#ty>()?),
            }
        });
    let base_url = spec
        .base_url
        .is_none()
        .then(|| quote!(.with_base_url(next("base URL")?)));
    let needs_arguments = base_url.is_some()
        || spec.is_scoped(operation)
        || request
            .fields
            .iter()
            .any(|field| field.role == Role::Argument && field.wire.is_some());
    let next = needs_arguments.then(|| {
        quote! {
            let mut arguments = std::env::args().skip(1);
            let mut next = |name: &str| arguments.next().ok_or(format!("{name} is missing: give it as an argument"));
        }
    });
    let needs_credentials = spec
        .schemes
        .iter()
        .any(|scheme| !matches!(scheme.kind, SchemeKind::Constant { .. }));
    let credentials =
        needs_credentials.then(|| quote!(.with_credentials(#krate::Credentials::from_env()?)));
    Ok(Some(quote! {
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
